"""Calling an event off: everybody with a place, or in the line for one, is told exactly once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.events import booking, refusals
from bot.storage import events, registrations, service_messages

A_BATCH = 500


@dataclass(frozen=True, slots=True)
class Ended:
    """How many registrations have ended, and how many of them LINE does not reach: those are telephoned."""

    registrations: int
    by_telephone: int
    new: bool = True


def call_off(db: Session, *, event_id: int, why: str, now: datetime) -> Ended:
    """Ends every registration and books the one message about it; whatever else was booked is dropped. Called off
    already, nothing changes. Raises NoSuchEvent for a draft, EventOver for what is past."""
    event = events.lock(db, event_id)
    if event is None or event.state == events.DRAFT:
        raise refusals.NoSuchEvent
    if event.state == events.CALLED_OFF:
        return Ended(0, 0, new=False)
    if event.ends_at <= now:
        raise refusals.EventOver
    open_ones = []
    last = 0
    while rows := registrations.list_of_event(db, event_id, limit=A_BATCH, after=last):
        open_ones += rows
        last = rows[-1].id
    event.state, event.called_off_at, event.called_off_why = events.CALLED_OFF, now, why
    event.version += 1
    service_messages.drop_for_event(db, event_id, kinds=None, why="called off", now=now)
    ended = set(registrations.end_all(db, event_id, now=now))
    rows_ended = [row for row in open_ones if row.id in ended]
    booking.tell_all(db, rows_ended, booking.CALLED_OFF, occurrence=0, now=now)
    return Ended(len(rows_ended), sum(row.person_id is None for row in rows_ended))
