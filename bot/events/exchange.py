"""Events out to files and in again: CSV, XLSX, iCalendar. What comes in is a draft, or changes what it was before.

No file holds anything of those who have registered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy.orm import Session

from bot import clock
from bot.events import exchange_weighing, planning
from bot.events.calendar import event_calendar
from bot.events.event_draft import Plan, is_dated
from bot.events.exchange_csv import read_csv, write_csv
from bot.events.exchange_ics import read_ics
from bot.events.exchange_rows import Batch, Planned, from_sheet, to_cells
from bot.events.exchange_table import MOST_EVENTS
from bot.events.exchange_weighing import Step
from bot.events.exchange_xlsx import read_xlsx, write_xlsx
from bot.storage import events
from knowledge.pack import Pack

Format = Literal["csv", "xlsx", "ics"]


@dataclass(frozen=True)
class Exported:
    data: bytes
    count: int
    undated: int = 0
    """Drafts that a calendar has no place for."""
    more: bool = False
    """There are more events than a file may hold: the latest are in it."""


def export_events(db: Session, form: Format, *, pack: Pack, base_url: str, now: datetime) -> Exported:
    """All events: drafts, past ones and those called off too, the earliest first."""
    found = events.list_all(db, limit=MOST_EVENTS + 1)
    rows, more = found[:MOST_EVENTS][::-1], len(found) > MOST_EVENTS
    if form == "ics":
        undated = sum(not is_dated(event) for event in rows)
        return Exported(event_calendar(rows, base_url=base_url, now=now), len(rows) - undated, undated, more)
    table = [to_cells(event, planning.read_plan(db, event), pack=pack) for event in rows]
    writer = write_csv if form == "csv" else write_xlsx
    return Exported(writer(table), len(rows), more=more)


def read_file(name: str, data: bytes, *, pack: Pack, now: datetime) -> Batch:
    """What a file called `name` holds, with every fault of its cells. Raises ImportRefused where there is no reading it
    at all."""
    if name.lower().endswith(".ics"):
        return read_ics(data, pack=pack)
    read = read_xlsx if name.lower().endswith((".xlsx", ".xlsm")) else read_csv
    return from_sheet(read(data), pack=pack, today=clock.bangkok_date(now))


def weigh(db: Session, batch: Batch, *, pack: Pack, now: datetime) -> tuple[Step, ...]:
    """What importing it would do; nothing is written. Raises ImportRefused with everything that is wrong."""
    return tuple(step for step, _ in exchange_weighing.weigh(db, batch, pack=pack, now=now))


def import_events(db: Session, batch: Batch, *, pack: Pack, created_by: int | None, now: datetime) -> tuple[Step, ...]:
    """All of it or nothing. What is not here yet becomes a draft; an event that is here is amended, and those who have
    registered for it hear of another time, place or link. Raises ImportRefused, planning.ChangedMeanwhile."""
    weighed = exchange_weighing.weigh(db, batch, pack=pack, now=now)
    return tuple(
        _write(db, step, planned, values, pack=pack, created_by=created_by, now=now)
        for (step, values), planned in zip(weighed, batch.events, strict=True)
    )


def _write(
    db: Session, step: Step, planned: Planned, values: Mapping[str, Any], *, pack: Pack, created_by: int | None,
    now: datetime,
) -> Step:  # fmt: skip
    if step.outcome == "new":
        plan, key = Plan(**values), planned.key
        made = planning.create(db, plan, created_by=created_by, now=now, pack=pack, source_key=key)
        return replace(step, event_id=made.id)
    if step.outcome == "changed" and step.event_id is not None:
        done = planning.amend(db, event_id=step.event_id, seen=step.version, changes=values, now=now, pack=pack)
        return replace(step, changed=done.changed, after=done.after, consequences=done.consequences)
    return step
