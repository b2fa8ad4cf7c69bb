"""The list of an event's registrants as a file to take away: CSV or XLSX, noted in the audit log each time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import abort, make_response, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot import clock
from bot.console import event_editing, records, registrants_words
from bot.console.access import Pages
from bot.console.premises import Premises
from bot.console.registrants_one import count_came, get_event
from bot.console.tables import CSV_TYPE, XLSX_TYPE, Cell, Table, to_csv, to_xlsx
from bot.events import registrants as listing
from bot.events.registrants import ORDER, Registrant
from bot.outreach.permissions import Permission
from bot.storage import events
from bot.storage.events import EventQuestionRow, EventRow
from bot.storage.registrations import OPEN

FORMATS = {"csv": CSV_TYPE, "xlsx": XLSX_TYPE}
Column = tuple[str, Callable[[Registrant], Cell]]


def add_pages(pages: Pages, premises: Premises) -> None:
    @pages.page("/events/<int:event_id>/registrants/download", needs=Permission.EXPORT_PEOPLE, methods=("POST",))
    def download(event_id: int) -> ResponseReturnValue:
        return _download(premises, event_id)


def _download(premises: Premises, event_id: int) -> ResponseReturnValue:
    form = request.form.get("format", "")
    if form not in FORMATS:
        abort(400)
    states = ORDER if request.form.get("ended") == "yes" else OPEN
    now = premises.now()
    with premises.database.reading() as db:
        event = get_event(db, event_id)
        table = make_table(db, premises, event, states=states)
    data = to_csv(table) if form == "csv" else to_xlsx([table])
    kept = {"event_id": event_id, "count": len(table.rows), "columns": list(table.columns), "format": form}
    with premises.database.transaction() as db:
        records.record(db, premises, "export.registrants", ("export", "registrants"), after=kept)
    response = make_response(data)
    response.headers["Content-Type"] = FORMATS[form]
    file = f"registrants-{event_id}-{clock.bangkok_date(now).isoformat()}.{form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return response


def make_table(db: Session, premises: Premises, event: EventRow, *, states: Sequence[str]) -> Table:
    """A column only for what this event asks, or somebody has given. Who they are on LINE, their tickets and the notes
    about them are in none."""
    found = listing.list_all(db, premises.vault, event.id, states=states)
    questions = events.list_questions(db, event.id, removed_too=True)
    districts = {one.id: one.name.get("th", one.id) for one in event_editing.pack_of(premises).districts}
    came = count_came(db, found)
    columns = [
        *_who(found, districts),
        *[_question(one) for one in questions if one.removed_at is None or _answered(found, one)],
        *_how(came),
    ]
    numbered = [(number, *(read(one) for _, read in columns)) for number, one in enumerate(found, start=1)]
    return Table("registrants", "ผู้ลงทะเบียน", ("ที่", *(name for name, _ in columns)), tuple(numbered))


def _who(found: Sequence[Registrant], districts: dict[str, str]) -> list[Column]:
    columns: list[Column] = [
        ("สถานะ", lambda one: registrants_words.STATES[one.row.state]),
        ("ชื่อ", lambda one: one.form.name if one.readable else registrants_words.NAMELESS),
    ]
    if any(one.form.phone for one in found):
        columns.append(("เบอร์โทร", lambda one: one.form.phone and registrants_words.local_number(one.form.phone)))
    if any(one.form.district for one in found):
        columns.append(("อำเภอ", lambda one: districts.get(one.form.district or "", one.form.district)))
    columns.append(("จำนวนคน", lambda one: one.row.party_size))
    if any(one.form.companions for one in found):
        columns.append(("คนที่มาด้วย", lambda one: "\n".join(one.form.companions) or None))
    if any(one.form.school for one in found):
        columns.append(("โรงเรียน", lambda one: one.form.school.name if one.form.school else None))
        columns.append(("ชั้น", lambda one: one.form.school.level if one.form.school else None))
    if any(one.form.minor is not None for one in found):
        columns.append(("อายุไม่ถึง 20 ปี", lambda one: _yes(one.form.minor)))
        columns.append(("ผู้ปกครองยินยอม", lambda one: _yes(one.form.guardian)))
    return columns


def _how(came: dict[int, int]) -> list[Column]:
    columns: list[Column] = [
        ("รหัส", lambda one: one.row.code),
        ("ลงทะเบียนทาง", lambda one: registrants_words.WAYS.get(one.row.way, one.row.way)),
        ("ลงทะเบียนเมื่อ", lambda one: registrants_words.moment(one.row.created_at)),
    ]
    if came:
        columns.append(("มาจริง (คน)", lambda one: came.get(one.row.id)))
    return columns


def _question(question: EventQuestionRow) -> Column:
    title = question.label
    if question.removed_at is not None:
        title = f"{title} {registrants_words.REMOVED}"
    return title, lambda one: _answer(one.form.answers.get(question.id), question.kind)


def _answer(text: str | None, kind: str) -> Cell:
    if text is None:
        return None
    if kind == "number" and text.isdecimal():
        return int(text)
    return registrants_words.answer(text, kind)


def _answered(found: Sequence[Registrant], question: EventQuestionRow) -> bool:
    return any(question.id in one.form.answers for one in found)


def _yes(value: bool | None) -> str | None:  # noqa: FBT001 - what was answered
    return None if value is None else registrants_words.YES_NO["yes" if value else "no"]
