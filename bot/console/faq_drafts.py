"""The draft: what it would change, every edit in it, and giving it up."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.console import faq_differences, faq_faults, faq_merging, faq_sentences, records
from bot.console.access import Pages, row_id, visitor
from bot.console.faq_working import list_names, open_working, show
from bot.console.premises import Premises
from bot.faq import drafts
from bot.faq.refusals import BadContent, CannotUndo
from bot.outreach.permissions import Permission
from bot.storage.faq_drafts import StoredEdit

EDIT = Permission.EDIT_FAQ
NEVER_UNDONE = frozenset({"opened", "merged", "discarded", "published"})


def add_pages(pages: Pages, premises: Premises) -> None:
    @pages.page("/faq/draft", needs=EDIT)
    def draft() -> ResponseReturnValue:
        with premises.database.reading() as db:
            working = open_working(premises, db)
            edits, names = drafts.list_edits(db), list_names(db)
            waiting = faq_merging.find_waiting(db, working)
        return show(
            "faq_draft", working, differences=faq_differences.describe(working.in_force, working.catalogue),
            edits=[(edit, _what(edit, working.titles), _can_undo(edit)) for edit in edits], names=names,
            waiting=waiting,
        )  # fmt: skip

    @pages.page("/faq/draft/undo", needs=EDIT, methods=("POST",))
    def undo() -> ResponseReturnValue:
        return _undo(premises, request.form.get("revision", 0, type=row_id))

    @pages.page("/faq/draft/discard", needs=EDIT, methods=("POST",))
    def discard() -> ResponseReturnValue:
        seen, by, now = request.form.get("seen", 0, type=row_id), visitor().account.id, premises.now()
        with premises.database.transaction() as db:
            drafts.discard_draft(db, seen_revision=seen, by=by, now=now)
            records.record(db, premises, "faq.draft_discarded", ("faq_draft", seen))
        flash("ทิ้งฉบับร่างแล้วค่ะ คำตอบที่ใช้อยู่ไม่เปลี่ยน", "success")
        return redirect(url_for("faq.index"))


def _undo(premises: Premises, revision: int) -> ResponseReturnValue:
    back = redirect(url_for("faq.draft"))
    try:
        with premises.database.transaction() as db:
            now_at = drafts.undo(db, revision=revision, by=visitor().account.id, now=premises.now())
            records.record(
                db, premises, "faq.edit_undone", ("faq_draft", now_at), after={"undone": revision}
            )  # fmt: skip
    except CannotUndo:
        flash(faq_sentences.CANNOT_UNDO, "warning")
        return back
    except BadContent as bad:
        with premises.database.reading() as db:
            titles = open_working(premises, db).titles
        told = faq_faults.tell_all(bad.faults, owner="", titles=titles)
        flash(f"ย้อนไม่ได้ค่ะ {told[0].words}", "danger")
        return back
    flash("ย้อนแล้วค่ะ การแก้ครั้งอื่นยังอยู่ครบ", "success")
    return back


def _what(edit: StoredEdit, titles: dict[str, str]) -> str:
    kind = faq_sentences.EDITS.get(edit.kind, edit.kind)
    if edit.kind == "opened":
        return kind
    if edit.kind == "merged":
        return f"{kind} ({edit.subject[:12]})"
    return f"{kind} {faq_sentences.subject(edit.subject, titles)}"


def _can_undo(edit: StoredEdit) -> bool:
    return edit.kind not in NEVER_UNDONE and not edit.undone
