"""The versions of the FAQ: which were in force, how they differ, and an old one as the draft again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.console import faq_differences, records
from bot.console.access import Pages, row_id, visitor
from bot.console.faq_working import Working, catalogue_of, list_names, open_working, show
from bot.console.premises import Premises
from bot.faq import exchange
from bot.outreach.permissions import Permission
from bot.storage import faq_gate_reports, faq_history, faq_versions

A_PAGE = 30
SHIPPED = "shipped files"


@dataclass(frozen=True, slots=True)
class Version:
    name: str
    created_at: datetime
    published_at: datetime | None
    came_with_release: bool
    published_by: int | None
    override_reason: str | None


def add_pages(pages: Pages, premises: Premises) -> None:
    @pages.page("/faq/versions", needs=Permission.EDIT_FAQ)
    def versions() -> ResponseReturnValue:
        begin = max(request.args.get("from", 0, type=row_id), 0)
        with premises.database.reading() as db:
            working = open_working(premises, db)
            found, names = list_versions(db, offset=begin, limit=A_PAGE + 1), list_names(db)
            before = faq_history.find_published_before(db, working.version)
        more = begin + A_PAGE if len(found) > A_PAGE else None
        return show("faq_versions", working, versions=found[:A_PAGE], names=names, before=before, more=more)

    @pages.page("/faq/versions/<name>", needs=Permission.EDIT_FAQ)
    def version(name: str) -> ResponseReturnValue:
        with premises.database.reading() as db:
            working = open_working(premises, db)
            found = _find_version(db, name)
            if found is None:
                abort(404)
            other = request.args.get("with") or working.version
            compared = _find_version(db, other)
            if compared is None:
                abort(404)
            old, new = catalogue_of(premises, db, compared.name), catalogue_of(premises, db, found.name)
            listed = list_versions(db, offset=0, limit=A_PAGE)
        return show(
            "faq_version", working, version=found, compared=compared, listed=listed,
            differences=faq_differences.describe(old, new), topics=len(new.entries),
        )  # fmt: skip

    @pages.page("/faq/versions/<name>/draft", needs=Permission.EDIT_FAQ, methods=("POST",))
    def draft_from(name: str) -> ResponseReturnValue:
        return _draft_from(premises, name)


def list_versions(db: Session, *, offset: int, limit: int) -> list[Version]:
    """The newest first, without their content."""
    rows = faq_versions.list_outlines(db, offset=offset, limit=limit)
    published = faq_gate_reports.find_publishers(db, [row.version for row in rows])
    return [
        Version(
            row.version,
            row.created_at,
            row.published_at,
            row.source == SHIPPED,
            *published.get(row.version, (None, None)),
        )
        for row in rows
    ]


def _find_version(db: Session, name: str) -> Version | None:
    row = faq_versions.find_outline(db, name)
    if row is None:
        return None
    return Version(row.version, row.created_at, row.published_at, row.source == SHIPPED, None, None)


def _draft_from(premises: Premises, name: str) -> ResponseReturnValue:
    """The draft says what that version said, as one edit that can be undone."""
    by, now = visitor().account.id, premises.now()
    with premises.database.reading() as db:
        working = open_working(premises, db)
        if _find_version(db, name) is None:
            abort(404)
        wanted = catalogue_of(premises, db, name)
    if _same(working, name):
        flash("ฉบับร่างเหมือนฉบับนี้อยู่แล้วค่ะ", "info")
        return redirect(url_for("faq.draft"))
    with premises.database.transaction() as db:
        exchange.import_content(db, catalogue=wanted, base=working.catalogue, source=f"ฉบับ {name[:12]}", by=by, now=now)
        records.record(db, premises, "faq.draft_from_version", ("faq_version", name[:12]))
    flash("ฉบับร่างเป็นเหมือนฉบับนั้นแล้วค่ะ ตรวจก่อนเผยแพร่นะคะ", "success")
    return redirect(url_for("faq.draft"))


def _same(working: Working, name: str) -> bool:
    return working.catalogue.version == name
