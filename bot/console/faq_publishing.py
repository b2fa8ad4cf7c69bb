"""Putting the checked draft in force, and going back."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.console import records
from bot.console.access import Pages, row_id, visitor
from bot.console.premises import Premises
from bot.faq import publishing
from bot.faq.publishing import Published
from bot.faq.refusals import Blocked, NothingBefore, NothingToPublish, NotPrepared, Stale
from bot.outreach.permissions import Permission

LONGEST_REASON = 1_000
SHORTEST_REASON = 10


def add_pages(pages: Pages, premises: Premises) -> None:
    @pages.page("/faq/publish", needs=Permission.PUBLISH_FAQ, methods=("POST",))
    def publish() -> ResponseReturnValue:
        return _publish(premises, reason=None)

    @pages.page("/faq/publish/override", needs=Permission.OVERRIDE_GATE, methods=("POST",))
    def override() -> ResponseReturnValue:
        reason = request.form.get("reason", "").strip()[:LONGEST_REASON]
        if len(reason) < SHORTEST_REASON:
            flash(f"ขอเหตุผลอย่างน้อย {SHORTEST_REASON} ตัวอักษรค่ะ เหตุผลนี้เก็บไว้ให้ตรวจสอบภายหลัง", "danger")
            return redirect(url_for("faq.check"))
        return _publish(premises, reason=reason)

    @pages.page("/faq/versions/back", needs=Permission.PUBLISH_FAQ, methods=("POST",))
    def go_back() -> ResponseReturnValue:
        return _go_back(premises, request.form.get("seen", ""))


def _publish(premises: Premises, *, reason: str | None) -> ResponseReturnValue:
    seen, again = request.form.get("seen", 0, type=row_id), redirect(url_for("faq.check"))
    try:
        done = publishing.publish(
            premises.database, seen_revision=seen, by=visitor().account.id, now=premises.now(), override_reason=reason
        )
    except Stale:
        flash("ฉบับร่าง หรือฉบับที่ใช้อยู่ เปลี่ยนไปหลังการตรวจค่ะ ตรวจอีกครั้งก่อนเผยแพร่นะคะ", "warning")
        return again
    except NotPrepared:
        flash("ฉบับร่างนี้ยังไม่ได้ตรวจค่ะ ตรวจก่อนเผยแพร่นะคะ", "warning")
        return again
    except Blocked:
        flash("ยังเผยแพร่ไม่ได้ค่ะ มีข้อทดสอบที่ไม่ผ่าน", "danger")
        return again
    except NothingToPublish:
        flash("ฉบับร่างเหมือนฉบับที่ใช้อยู่ค่ะ ไม่มีอะไรให้เผยแพร่", "info")
        return again
    _note(premises, done, reason if done.overridden else None)
    flash("เผยแพร่แล้วค่ะ บอตใช้คำตอบชุดใหม่ภายในไม่กี่วินาที", "success")
    return redirect(url_for("faq.versions"))


def _note(premises: Premises, done: Published, reason: str | None) -> None:
    after = {"version": done.version} | ({} if reason is None else {"override_reason": reason})
    with premises.database.transaction() as db:
        records.record(
            db, premises, "faq.published", ("faq_version", done.version[:12]),
            before={"version": done.before}, after=after,
        )  # fmt: skip


def _go_back(premises: Premises, seen: str) -> ResponseReturnValue:
    back = redirect(url_for("faq.versions"))
    try:
        version = publishing.roll_back(premises.database, seen=seen, now=premises.now())
    except Stale:
        flash("มีการเผยแพร่ไปก่อนแล้วค่ะ ดูรายการล่าสุดก่อนนะคะ", "warning")
        return back
    except NothingBefore:
        flash("ยังไม่เคยมีฉบับอื่นที่ใช้ก่อนหน้านี้ค่ะ", "info")
        return back
    with premises.database.transaction() as db:
        records.record(
            db, premises, "faq.rolled_back", ("faq_version", version[:12]),
            before={"version": seen}, after={"version": version},
        )  # fmt: skip
    flash("กลับไปใช้ฉบับก่อนแล้วค่ะ มีผลภายในไม่กี่วินาที", "success")
    return back
