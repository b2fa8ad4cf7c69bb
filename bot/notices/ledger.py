"""The ledger of a notice: who is to get it, and in which requests, all written down before the first is made."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.notices import audience, drafting, starting
from bot.notices.rules import Rules
from bot.storage import locks, notice_audience, notice_chunks, notice_recipients, notices
from bot.storage.notice_recipients import RIDING
from bot.storage.notices import HELD, PLANNING, NoticeRow

LARGEST_CHUNK = 500
"""People whom LINE takes in one multicast."""
A_BATCH = 20_000
"""Person ids that are looked at in one transaction: the rest of the bot waits for it on SQLite."""
LANDING = 5_000
_KEYS = uuid.UUID("6f1a4c52-0a55-4f0e-9d3b-5f0f5d3f9a7e")
_LOCK = "notice/plan"


def write_batch(db: Session, notice_id: int, *, rules: Rules, now: datetime) -> bool:
    """The next part. False: the ledger is complete. May be asked again at any point. One notice at a time writes, so
    that nobody gets more in a week than the cap allows. What was interrupted for long is held."""
    locks.hold(db, [_LOCK])
    row = notices.lock(db, notice_id)
    if row is None or row.state != PLANNING:
        return False
    if starting.was_interrupted(row, now=now):
        notices.move(db, notice_id, states=(PLANNING,), to=HELD, now=now, why=starting.INTERRUPTED)
        return False
    last = notice_audience.highest_id(db)
    if row.planned_to >= last:
        return False
    upto = min(row.planned_to + A_BATCH, last)
    plan = drafting.plan_of(row)
    selection = audience.selection_of(
        plan.audience, event_id=row.event_id, rules=rules, now=now, but=notice_id
    )  # fmt: skip
    riding = row.rides_until is not None and row.rides_until > now
    portion = RIDING if riding else 0
    chosen = notice_audience.people_after(db, selection, after=row.planned_to, upto=upto)
    notice_recipients.add_selected(db, notice_id=notice_id, portion=portion, people=chosen)
    if not riding:
        ids = notice_recipients.list_ids(
            db, notice_id=notice_id, portion=0, after=row.planned_to, limit=upto - row.planned_to
        )  # fmt: skip
        before = notice_recipients.count(db, notice_id, portion=0) - len(ids) if row.per_day else 0
        notice_chunks.add_all(db, list(chunks_of(row, ids, portion=0, begins_at=now, before=before)))
    notices.change(db, notice_id, planned_to=upto, touched_at=now)
    return upto < last


def land_batch(db: Session, notice_id: int, *, now: datetime) -> bool:
    """After the deadline: those whom no free answer took along are sent it, which was due then. False: none are
    left."""
    row = notices.lock(db, notice_id)
    if row is None or row.state != notices.SENDING or row.rides_until is None or row.rides_until > now:
        return False
    ids = notice_recipients.list_ids(db, notice_id=notice_id, portion=RIDING, after=0, limit=LANDING)
    if not ids:
        return False
    portion = _new_portion(db, notice_id)
    notice_recipients.set_portion(db, notice_id, ids, portion=portion)
    notice_chunks.add_all(db, list(chunks_of(row, ids, portion=portion, begins_at=row.rides_until)))
    return True


def defer(db: Session, row: NoticeRow, person_ids: list[int], *, until: datetime) -> None:
    """These are in their own quiet hours: in a request of their own, later."""
    portion = _new_portion(db, row.id)
    notice_recipients.set_portion(db, row.id, person_ids, portion=portion)
    chunks = list(chunks_of(row, sorted(person_ids), portion=portion, begins_at=until))
    notice_chunks.add_all(db, chunks)


def _new_portion(db: Session, notice_id: int) -> int:
    """That no request has had: not even one whose people are all gone, or that somebody writes at the same moment."""
    locks.hold(db, [f"notice/{notice_id}/portion"])
    return notice_chunks.highest_portion(db, notice_id) + 1


def chunks_of(
    row: NoticeRow, ids: list[int], *, portion: int, begins_at: datetime, before: int = 0
) -> Iterator[dict[str, Any]]:
    """`before`: how many people of the ledger come before these, where only so many are sent it a day."""
    size = 1 if row.personal else LARGEST_CHUNK
    position = 0
    while position < len(ids):
        day, room = 0, size
        if row.per_day:
            day, within = divmod(before + position, row.per_day)
            room = min(size, row.per_day - within)
        part = ids[position : position + room]
        position += len(part)
        yield {
            "notice_id": row.id, "portion": portion, "first": part[0], "last": part[-1], "people": len(part),
            "state": notice_chunks.WAITING, "due_at": begins_at + timedelta(days=day),
            "retry_key": key_of(row.uid, portion, part[0], part[-1]), "tries": 0, "why": "",
        }  # fmt: skip


def key_of(uid: str, portion: int, first: int, last: int) -> str:
    """The same for the same people of the same notice, also in a database that was restored."""
    return str(uuid.uuid5(_KEYS, f"{uid}/{portion}/{first}/{last}"))
