"""Answers that staff use again and again: the list, a new one, mending one, and the end of one."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.cases import canned as answers
from bot.cases.refusals import (
    CaseRefused,
    ChangedMeanwhile,
    NoSuchCannedAnswer,
    TextRefused,
    TitleRefused,
    UnknownGaps,
)
from bot.console import case_words, records
from bot.console.access import Pages, row_id, visitor
from bot.console.event_forms import CONTROL
from bot.console.faq_working import list_names
from bot.console.premises import Premises
from bot.outreach.permissions import Permission
from bot.storage.canned_answers import CannedAnswerRow

SEE, EDIT = Permission.ANSWER_CASES, Permission.EDIT_FAQ
LONGEST_FIELD = 20_000


def add_pages(pages: Pages, premises: Premises) -> None:
    @pages.page("/cases/canned", needs=SEE)
    def canned() -> ResponseReturnValue:
        with premises.database.reading() as db:
            rows, names = answers.list_all(db), list_names(db)
        return render_template("console/case_canned.html", rows=rows, names=names)

    @pages.page("/cases/canned/new", needs=EDIT, methods=("GET", "POST"))
    def new_canned() -> ResponseReturnValue:
        return _save(premises, None) if request.method == "POST" else _page(None, version=0)

    @pages.page("/cases/canned/<int:canned_id>", needs=EDIT, methods=("GET", "POST"))
    def edit_canned(canned_id: int) -> ResponseReturnValue:
        with premises.database.reading() as db:
            row = _get(db, canned_id)
        return _save(premises, row) if request.method == "POST" else _page(row, version=row.version)

    @pages.page("/cases/canned/<int:canned_id>/delete", needs=EDIT, methods=("POST",))
    def delete_canned(canned_id: int) -> ResponseReturnValue:
        return _delete(premises, canned_id)


def _get(db: Session, canned_id: int) -> CannedAnswerRow:
    try:
        return answers.get(db, canned_id)
    except NoSuchCannedAnswer:
        abort(404)


def _save(premises: Premises, row: CannedAnswerRow | None) -> ResponseReturnValue:
    title = " ".join(CONTROL.sub("", request.form.get("title", "")).split())[:LONGEST_FIELD]
    text = CONTROL.sub("", request.form.get("text", "").replace("\r\n", "\n")).strip()[:LONGEST_FIELD]
    seen = request.form.get("version", type=row_id)
    if row is not None and seen is None:
        abort(400)
    try:
        with premises.database.transaction() as db:
            saved = answers.save(
                db, answer_id=row.id if row is not None else None, title=title, text=text,
                by=visitor().account.id, version=seen if row is not None else None, now=premises.now(),
            )  # fmt: skip
            records.record(
                db, premises, "canned.saved", ("canned_answer", saved.id),
                before={"title": row.title, "text": row.text} if row is not None else None,
                after={"title": title, "text": text},
            )  # fmt: skip
    except CaseRefused as refused:
        return _refused(premises, row, refused)
    flash(case_words.CANNED_SAVED, "success")
    return redirect(url_for("cases.canned"))


def _refused(premises: Premises, row: CannedAnswerRow | None, refused: CaseRefused) -> ResponseReturnValue:
    match refused:
        case ChangedMeanwhile() if row is not None:
            with premises.database.reading() as db:
                theirs = _get(db, row.id)
            return _page(row, version=theirs.version, refused=[case_words.CANNED_CHANGED], theirs=theirs, status=409)
        case TitleRefused(taken=taken):
            why = case_words.TITLE_TAKEN if taken else case_words.TITLE_LENGTH
            return _page(row, faults={"title": why}, status=422)
        case UnknownGaps(names=names):
            return _page(row, faults={"text": case_words.unknown_gaps(names)}, status=422)
        case TextRefused(units=units):
            return _page(row, faults={"text": case_words.TOO_LONG if units else case_words.NO_TEXT}, status=422)
        case NoSuchCannedAnswer():
            abort(404)
    raise refused


def _delete(premises: Premises, canned_id: int) -> ResponseReturnValue:
    seen = request.form.get("version", type=row_id)
    if seen is None:
        abort(400)
    try:
        with premises.database.transaction() as db:
            row = _get(db, canned_id)
            before = {"title": row.title, "text": row.text}
            answers.delete(db, canned_id, version=seen)
            records.record(db, premises, "canned.deleted", ("canned_answer", canned_id), before=before)
    except ChangedMeanwhile:
        flash(case_words.CANNED_CHANGED, "warning")
        return redirect(url_for("cases.edit_canned", canned_id=canned_id))
    flash(case_words.CANNED_DELETED, "success")
    return redirect(url_for("cases.canned"))


def _page(
    row: CannedAnswerRow | None,
    *,
    version: int | None = None,
    faults: dict[str, str] | None = None,
    refused: list[str] | None = None,
    theirs: CannedAnswerRow | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    written = {"title": row.title, "text": row.text} if row is not None else {"title": "", "text": ""}
    typed = {name: request.form.get(name, kept) for name, kept in written.items()}
    page = render_template(
        "console/case_canned_form.html", row=row, typed=typed, faults=faults or {}, refused=refused or [],
        theirs=theirs, version=version if version is not None else request.form.get("version", 0, type=row_id),
        gaps=case_words.GAPS,
    )  # fmt: skip
    return page, status
