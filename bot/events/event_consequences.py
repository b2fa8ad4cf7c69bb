"""What follows for people from a change of a published event.

Needs the event's row as `bot.storage.events.lock` gave it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.events import booking, event_lists, waiting_list
from bot.events.event_draft import TIMES, Plan
from bot.storage import events, registrations, service_messages
from bot.storage.events import EventRow
from bot.storage.registrations import OFFERED, OPEN, RegistrationRow

TOLD = (*TIMES, "sessions", "place_name", "place_address", "online_link")
"""What those who have registered have to know."""
REBOOKED = (*TIMES, "reminder_minutes", "asks_feedback")
A_BATCH = 500


@dataclass(frozen=True, slots=True)
class Consequences:
    told: int = 0
    """Registrations whose people hear of the change, those by telephone too."""
    by_telephone: int = 0
    """Of those: whom LINE does not reach, or not any more."""
    given: int = 0
    """Parties in the line that have, or are offered, a seat now."""
    over: int = 0
    """People more than there are seats: nobody loses theirs."""


def is_told(changed: Collection[str]) -> bool:
    return not set(TOLD).isdisjoint(changed)


def follow(
    db: Session, event: EventRow, *, before: Plan, changed: Collection[str], tells: bool, now: datetime
) -> Consequences:
    if event.state != events.PUBLISHED:
        return Consequences()
    if "starts_at" in changed:
        _forget_answers(db, event)
    if not set(REBOOKED).isdisjoint(changed):
        booking.rebook(db, event, now=now)
    told = by_telephone = 0
    if tells and is_told(changed) and event.ends_at > now:
        told, by_telephone = _tell(db, event, now=now)
    given = over = 0
    if "capacity" in changed:
        if event.capacity is None or (before.capacity is not None and event.capacity > before.capacity):
            given = len(waiting_list.fill(db, event, now=now))
        over = seats_over(db, event)
    return Consequences(told, by_telephone, given, over)


def seats_over(db: Session, event: EventRow, *, capacity: int | None = None) -> int:
    """How many more people have seats than `capacity`, by default the event's, allows."""
    most = event.capacity if capacity is None else capacity
    return 0 if most is None else max(registrations.count_seats(db, event.id) - most, 0)


def _tell(db: Session, event: EventRow, *, now: datetime) -> tuple[int, int]:
    """Who has not heard of the change before this one hears of both at once."""
    service_messages.drop_for_event(db, event.id, kinds=(booking.CHANGED,), why="changed again", now=now)
    told = 0
    for rows in _batches(db, event.id, states=OPEN):
        told += booking.tell_all(db, rows, booking.CHANGED, occurrence=event.version, now=now)
    return told, event_lists.count_reach(db, event.id).by_telephone


def _forget_answers(db: Session, event: EventRow) -> None:
    """That somebody comes was said of another day; and no offer lasts longer than until the event begins."""
    for rows in _batches(db, event.id, states=(registrations.CONFIRMED, OFFERED)):
        for row in rows:
            if row.coming is not None:
                row.coming = None
            if row.offer_until is not None and row.offer_until > event.starts_at:
                row.offer_until = event.starts_at
        db.flush()


def _batches(db: Session, event_id: int, *, states: Collection[str]) -> Iterator[list[RegistrationRow]]:
    last = 0
    while rows := registrations.list_of_event(db, event_id, states=states, limit=A_BATCH, after=last):
        yield rows
        last = rows[-1].id
