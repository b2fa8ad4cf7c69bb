"""Keyed hashes by which rows are found again, put in place of those that an earlier key made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, bindparam, select, true, update
from sqlalchemy.orm import Session

from bot.storage.incoming import IncomingRow
from bot.storage.jobs import RUNNING, JobRow
from bot.storage.questions import QuestionRow

LANES: Mapping[str, tuple[Any, ColumnElement[bool]]] = MappingProxyType(
    {"lanes": (IncomingRow, true()), "lanes_of_work": (JobRow, JobRow.status != RUNNING)}
)
"""Where lanes are written down. Whoever runs a job just now knows it by the lane that it had."""
A_BATCH = 500
"""So many values go into one statement."""


def change_askers(db: Session, anew: Mapping[str, str]) -> int:
    """`anew` are hashes by those of before. Returns how many questions had one of these."""
    before, count = list(anew), 0
    for start in range(0, len(before), A_BATCH):
        wanted = QuestionRow.asker.in_(before[start : start + A_BATCH])
        found = db.execute(select(QuestionRow.id, QuestionRow.asker).where(wanted).order_by(QuestionRow.id))
        count += _change(db, QuestionRow, "asker", [(number, str(asker)) for number, asker in found], anew)
    return count


def change_lanes(db: Session, name: str, *, anew: Mapping[str, str], after: int, limit: int) -> tuple[int, int]:
    """Of the next rows, by id. Returns the last id, 0 at the end, and how many had one of these lanes."""
    row_type, whose = LANES[name]
    wanted = select(row_type.id, row_type.lane).where(row_type.id > after, row_type.lane.is_not(None), whose)
    rows = [(number, lane) for number, lane in db.execute(wanted.order_by(row_type.id).limit(limit))]
    return (rows[-1][0] if rows else 0), _change(db, row_type, "lane", rows, anew)


def _change(db: Session, row_type: Any, name: str, rows: Sequence[tuple[int, str]], anew: Mapping[str, str]) -> int:  # noqa: ANN401 - a table's class
    """Where it still is as it was read: what was erased meanwhile stays without."""
    table = cast(Table, row_type.__table__)
    column = table.c[name]
    changed = update(table).where(table.c.id == bindparam("its_id"), column == bindparam("before"))
    values = [{"its_id": number, "before": one, "anew": anew[one]} for number, one in rows if one in anew]
    if values:
        db.connection().execute(changed.values({column: bindparam("anew")}), values)
    return len(values)
