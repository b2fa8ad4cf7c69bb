"""How a notice gets on, live; what came of it afterwards, and that as a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import abort, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot import clock, thai_dates
from bot.console import notice_facts, records
from bot.console import notice_step_words as words
from bot.console.access import Pages
from bot.console.premises import Premises
from bot.console.tables import CSV_TYPE, XLSX_TYPE, Cell, Table, to_csv, to_xlsx
from bot.notices import export as exporting
from bot.notices import results as counting
from bot.notices.export import MOST_REQUESTS, Line, Reason
from bot.notices.results import CREDITED_FOR
from bot.outreach.permissions import Permission
from bot.storage import notice_chunks
from bot.storage.notices import APPROVED, OVER, PLANNING, SENDING, NoticeRow

WRITE = Permission.WRITE_NOTICES
FORMATS = {"csv": CSV_TYPE, "xlsx": XLSX_TYPE}
MOVING = (PLANNING, SENDING)
SOON = timedelta(minutes=15)
SEEN, TOUCHED = "uniqueImpression", "uniqueClick"


@dataclass(frozen=True, slots=True)
class Alongside:
    """`rests_until`: nothing goes out before then, because it is night, or because of what was asked for. `moving`: it
    is worth looking every other second."""

    rests_until: datetime | None
    moving: bool


def add_pages(pages: Pages, premises: Premises) -> None:
    @pages.page("/notices/<int:notice_id>/progress", needs=WRITE)
    def progress(notice_id: int) -> ResponseReturnValue:
        return _progress(premises, notice_id)

    @pages.page("/notices/<int:notice_id>/results", needs=WRITE)
    def results(notice_id: int) -> ResponseReturnValue:
        return _results(premises, notice_id)

    @pages.page("/notices/<int:notice_id>/export", needs=Permission.SEND_NOTICES, methods=("POST",))
    def export(notice_id: int) -> ResponseReturnValue:
        return _export(premises, notice_id)


def alongside_of(db: Session, premises: Premises, row: NoticeRow, *, now: datetime) -> Alongside:
    rules = notice_facts.rules_of(premises)
    rests_until = None
    if row.state == SENDING:
        due = notice_chunks.first_due_at(db, row.id) or row.rides_until or now
        begins = rules.next_day_begins(max(due, now))
        rests_until = begins if (begins - now).total_seconds() > 60 else None
    soon = row.state == APPROVED and row.begins_at is not None and row.begins_at - now < SOON
    return Alongside(rests_until, soon or (row.state in MOVING and rests_until is None))


def _progress(premises: Premises, notice_id: int) -> ResponseReturnValue:
    now = premises.now()
    with premises.database.reading() as db:
        row = notice_facts.get(db, notice_id)
        found = counting.progress_of(db, row, now=now)
        alongside = alongside_of(db, premises, row, now=now)
    drawn = render_template(
        "console/notice_progress.html", progress=found, row=row, words=words, alongside=alongside, now=now
    )
    return jsonify(
        state=row.state, why=row.why, done=found.done, total=found.total, over=row.state in OVER, drawn=drawn
    )  # fmt: skip


def _results(premises: Premises, notice_id: int) -> ResponseReturnValue:
    now = premises.now()
    with premises.database.reading() as db:
        row = notice_facts.get(db, notice_id)
        if row.began_at is None:
            abort(404)
        facts = notice_facts.gather(db, premises, row)
        found = counting.progress_of(db, row, now=now)
        reasons = exporting.list_reasons(db, row, found)
        registered = counting.count_registrations(db, row)
    counted = row.statistics or {}
    return render_template(
        "console/notice_results.html", facts=facts, row=row, progress=found, words=words, registered=registered,
        failed=exporting.list_failed(reasons), seen=counted.get(SEEN), touched=counted.get(TOUCHED),
        credited_until=row.began_at + CREDITED_FOR, still=row.began_at + CREDITED_FOR > now,
    )  # fmt: skip


def _export(premises: Premises, notice_id: int) -> ResponseReturnValue:
    form, now = request.form.get("format", ""), premises.now()
    if form not in FORMATS:
        abort(400)
    with premises.database.reading() as db:
        row = notice_facts.get(db, notice_id)
        if row.began_at is None:
            abort(404)
        found = counting.progress_of(db, row, now=now)
        reasons = exporting.list_reasons(db, row, found)
        lines = exporting.list_lines(db, row)
    tables = [reasons_table(reasons), lines_table(lines[:MOST_REQUESTS], more=len(lines) > MOST_REQUESTS)]
    which = request.form.get("table", "requests")
    table = tables[0] if which == "reasons" else tables[1]
    data = to_csv(table) if form == "csv" else to_xlsx(tables)
    after = {"format": form, "tables": [table.name] if form == "csv" else [one.name for one in tables]}
    with premises.database.transaction() as db:
        records.record(db, premises, "notice.exported", ("notice", notice_id), after=after)
    response = make_response(data)
    response.headers["Content-Type"] = FORMATS[form]
    name = f"notice-{notice_id}" if form == "xlsx" else f"notice-{notice_id}-{table.name}"
    file = f"{name}-{clock.bangkok_date(now).isoformat()}.{form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return response


def reasons_table(reasons: Sequence[Reason]) -> Table:
    rows = tuple((words.outcome(one.outcome), words.reason(one.outcome, one.why), one.people) for one in reasons)
    return Table("reasons", "สรุป", ("ผล", "เพราะ", "จำนวนคน"), rows)


def lines_table(lines: Sequence[Line], *, more: bool) -> Table:
    columns = (
        "ที่",
        "จำนวนคน",
        "ผล",
        "เพราะ",
        "ลองกี่ครั้ง",
        "ลองครั้งแรก",
        "จบเมื่อ",
        "LINE บอกว่ารับไว้แล้วก่อนหน้า",
        "เลขคำขอของ LINE",
    )
    rows: list[tuple[Cell, ...]] = [
        (
            one.number, one.people, words.outcome(one.state), words.reason(one.state, one.why), one.tries,
            _moment(one.first_tried_at), _moment(one.settled_at), "ใช่" if one.told_before else "", one.request_id,
        )
        for one in lines
    ]  # fmt: skip
    if more:
        rows.append((None, None, f"ยังมีอีก ไฟล์นี้มีแค่ {MOST_REQUESTS:,} รอบแรก", "", None, "", "", "", ""))
    return Table("requests", "รอบที่ส่ง", columns, tuple(rows))


def _moment(moment: datetime | None) -> str:
    return thai_dates.short_date_and_time(moment) if moment is not None else ""
