"""Notices that are in no hurry ride along with the free answer to whoever writes before their deadline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.storage import notice_recipients, notices, people, preferences

A_BATCH = 200


@dataclass(frozen=True, slots=True)
class Rider:
    """`rendered` is sealed."""

    notice_id: int
    rendered: bytes


def find_for(db: Session, *, person_id: int, now: datetime) -> Rider | None:
    """The first that waits for this person, and that they still want."""
    for notice_id in notices.list_riding(db, now=now):
        row = notices.find(db, notice_id)
        if row is None or row.rendered is None or not notice_recipients.rides(db, notice_id, person_id):
            continue
        wish = preferences.find(db, person_id)
        wanted = wish is not None and wish.wants_notices and (wish.paused_until is None or wish.paused_until <= now)
        if wanted and not people.is_restricted(db, person_id):
            return Rider(notice_id, row.rendered)
    return None


def take_along(db: Session, rider: Rider, *, person_id: int) -> bool:
    """In the transaction of the answer. False: another answer has it already."""
    return notice_recipients.take_ride(db, notice_id=rider.notice_id, person_id=person_id)


def note_answer(db: Session, rider: Rider, *, person_id: int, outgoing_id: int) -> None:
    notice_recipients.note_ride(db, notice_id=rider.notice_id, person_id=person_id, outgoing_id=outgoing_id)


def tidy(db: Session) -> int:
    """Whose answer was certainly not delivered rides again, or is sent it where the deadline is over."""
    return sum(
        notice_recipients.take_back_rides(db, notice_id=notice_id, limit=A_BATCH)
        for notice_id in notices.list_landing(db)
    )
