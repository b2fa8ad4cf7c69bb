"""Events as staff look for them, and how many people are in each. A page takes the same number of queries whatever it
shows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.events.event_checks import LONGEST_EVENT
from bot.storage import events, places, service_messages
from bot.storage.events import CALLED_OFF, DRAFT, PUBLISHED, EventRow

COMING, DRAFTS, PAST, OFF = "coming", "drafts", "past", "called_off"
LISTS = (COMING, DRAFTS, PAST, OFF)


@dataclass(frozen=True, slots=True)
class Crowd:
    """`seats` are taken or kept; `waiting` and `pending` are parties."""

    seats: int = 0
    waiting: int = 0
    pending: int = 0


@dataclass(frozen=True, slots=True)
class Reach:
    """Parties with a place, or in the line for one: those whom LINE reaches, and those to telephone."""

    by_line: int
    by_telephone: int


def list_page(db: Session, which: str, *, now: datetime, limit: int, offset: int = 0) -> list[EventRow]:
    """What is coming by day, the next first; all else the latest first."""
    if which == COMING:  # no event is longer than LONGEST_EVENT
        return events.list_coming(db, after=now, begun_after=now - LONGEST_EVENT, limit=limit, offset=offset)
    if which == PAST:
        return events.list_over(db, now=now, limit=limit, offset=offset)
    return events.list_all(db, state=DRAFT if which == DRAFTS else CALLED_OFF, limit=limit, offset=offset)


def count_lists(db: Session, *, now: datetime) -> Mapping[str, int]:
    states = events.count_by_state(db)
    coming = events.count_coming(db, after=now, begun_after=now - LONGEST_EVENT)
    past = states.get(PUBLISHED, 0) - coming
    return {COMING: coming, DRAFTS: states.get(DRAFT, 0), PAST: past, OFF: states.get(CALLED_OFF, 0)}


def count_crowds(db: Session, event_ids: Collection[int]) -> Mapping[int, Crowd]:
    return {event_id: Crowd(*counts) for event_id, counts in places.count_crowds(db, event_ids).items()}


def count_reach(db: Session, event_id: int) -> Reach:
    everybody, by_line = places.count_reached(db, event_id)
    return Reach(by_line, everybody - by_line)


def count_to_telephone(db: Session, event_id: int) -> int:
    """Parties that LINE could not tell something, and that nobody has told by voice yet."""
    return service_messages.count_parties_to_telephone(db, event_id)
