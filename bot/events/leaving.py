"""Somebody is erased: their places go to others, and no registration of theirs says any more whose it was."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.events import booking, registration, waiting_list
from bot.storage import erasing, events, registrations
from bot.storage.events import EventRow
from bot.storage.registrations import CANCELLED, OPEN, RegistrationRow

BY = "person"
Listed = Sequence[tuple[int, int]]
"""Registrations and their events, by id."""


@dataclass(frozen=True, slots=True)
class Coming:
    """A place, or a place in a line, that would be given up."""

    registration_id: int
    event_id: int
    title: str
    starts_at: datetime
    state: str
    party_size: int
    kind: str
    """Of whom: their own, a neighbour's or a class's."""


@dataclass(frozen=True, slots=True)
class Left:
    """The ids of all that were emptied, and how many of them had still stood for a place."""

    registration_ids: tuple[int, ...]
    ended: int


def list_coming(db: Session, listed: Listed, *, now: datetime) -> list[Coming]:
    """Those of the registrations that `leave` would end, the next event first."""
    found = []
    for row_id, event_id in listed:
        row, event = registrations.find(db, row_id), events.find(db, event_id)
        if row is not None and event is not None and _is_to_end(event, row, now):
            found.append(Coming(row.id, event.id, event.title, event.starts_at, row.state, row.party_size, row.kind))
    return sorted(found, key=lambda one: (one.starts_at, one.registration_id))


def lock_events(db: Session, list_mine: Callable[[], Listed], *, locked: AbstractSet[int] = frozenset()) -> set[int]:
    """Locks the events of these registrations in the order of their ids, so that no two who leave ever wait for each
    other; again where one was added meanwhile. Call it before anything else is locked. `locked`: events that are so
    already. Returns the ids of all."""
    locked = set(locked)
    while missing := {event_id for _, event_id in list_mine()} - locked:
        for event_id in sorted(missing):
            events.lock(db, event_id)
        locked |= missing
    return locked


def leave(db: Session, listed: Listed, *, now: datetime) -> Left:
    """Ends what is still to come, empties every one of them, and hands on what is free then. Needs the events' locks:
    see `lock_events`."""
    ended = 0
    by_event: dict[int, list[int]] = {}
    for row_id, event_id in listed:
        by_event.setdefault(event_id, []).append(row_id)
    for event_id, row_ids in sorted(by_event.items()):
        event = events.lock(db, event_id)
        freed = [_leave_one(db, event, row_id, now) for row_id in row_ids] if event is not None else []
        ended += sum(freed)
        if event is not None and any(freed):
            waiting_list.fill(db, event, now=now)
    return Left(tuple(row_id for row_id, _ in listed), ended)


def _leave_one(db: Session, event: EventRow, row_id: int, now: datetime) -> bool:
    """Whether a place became free."""
    row = registrations.find(db, row_id)
    if row is None:
        return False
    ends = _is_to_end(event, row, now)
    if ends:
        registrations.change(
            db, row, state=CANCELLED, seats=0, offer_until=None, ended_at=now, ended_by=BY, turn=row.turn + 1
        )
        booking.drop_for(db, row, event, why="erased", now=now)
    _empty(db, row)
    return ends


def _is_to_end(event: EventRow, row: RegistrationRow, now: datetime) -> bool:
    """What has begun is left as it is: it says how many came."""
    return row.state in OPEN and event.starts_at > now


def _empty(db: Session, row: RegistrationRow) -> None:
    """Its ticket and its code lead nowhere any more."""
    erasing.empty_beside_registration(db, row.id)
    registrations.change(
        db, row, name=b"", phone=None, phone_hash=None, details=None, notes=None, district=None, person_id=None,
        claim_hash=None, claim_until=None, coming=None, owner_key=f"gone/{row.id}", forgotten=True,
        ticket=secrets.token_urlsafe(24), code=registration.new_code(db, row.event_id),
    )  # fmt: skip
