"""Booked messages that need a person: those that LINE did not carry are told by telephone, those that were held are
released or dropped."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.events import booking
from bot.queue import jobs
from bot.queue.kinds import SERVICE, JobKind
from bot.storage import events, service_messages
from bot.storage.events import EventRow
from bot.storage.registrations import (
    CANCELLED,
    CONFIRMED,
    OFFERED,
    OPEN,
    REFUSED,
    WAITING,
    RegistrationRow,
)
from bot.storage.service_messages import BOOKED, DROPPED, HELD, ServiceMessageRow, WithEvent

BY_STAFF = "by staff"
ASKED_FOR = timedelta(days=14)
"""After an event; later nobody wants to be asked how it was."""
A_BATCH = 500


@dataclass(frozen=True, slots=True)
class ByHand:
    """`true` says whether the message says what is so at this moment."""

    message: ServiceMessageRow
    registration: RegistrationRow
    event: EventRow
    true: bool


@dataclass(frozen=True, slots=True)
class Released:
    """`untrue` were left as they are: what they say is not so any more. `kinds` counts those that go out."""

    released: int
    untrue: int
    kinds: Mapping[str, int]


def list_calls(db: Session, *, now: datetime, limit: int, event_id: int | None = None) -> list[ByHand]:
    """What LINE did not carry, of events that are not over: told by telephone already or not, the next event first."""
    return _read(service_messages.list_failed(db, ends_after=now, limit=limit, event_id=event_id), now)


def count_calls(db: Session, *, now: datetime, event_id: int) -> int:
    """Of those that nobody has made; also such as are not called for any more."""
    return service_messages.count_to_telephone(db, event_id, ends_after=now)


def list_held(db: Session, *, now: datetime, limit: int, event_id: int | None = None) -> list[ByHand]:
    return _read(service_messages.list_held(db, limit=limit, event_id=event_id), now)


def count_held(db: Session) -> dict[int, int]:
    """By event."""
    return service_messages.count_held(db)


def find(db: Session, message_id: int, *, now: datetime) -> ByHand | None:
    found = service_messages.find_with_event(db, message_id)
    return _read([found], now)[0] if found is not None else None


def tell_by_telephone(db: Session, message_id: int, *, staff_id: int) -> bool:
    """Somebody has told them. False: it was noted before, or need not be told."""
    return service_messages.note_telephoned(db, message_id, staff_id=staff_id)


def undo_telephone(db: Session, message_id: int) -> bool:
    """It was noted by mistake. False: it was not."""
    return service_messages.forget_telephoned(db, message_id)


def release(db: Session, *, now: datetime, message_id: int | None = None, event_id: int | None = None) -> Released:
    """Sends what was held, one or all of an event: at once, or at its time where that is still to come. Only what is so
    still."""
    kinds: dict[str, int] = {}
    untrue = 0
    for batch in _held(db, message_id, event_id, now):
        going = [one.message for one in batch if one.true]
        untrue += len(batch) - len(going)
        for kind, due in {(message.kind, message.due_at <= now) for message in going}:
            ids = [message.id for message in going if (message.kind, message.due_at <= now) == (kind, due)]
            anew: dict[str, Any] = {"incoming_id": None, **({"due_at": now} if due else {})}
            kinds[kind] = kinds.get(kind, 0) + service_messages.move(
                db, ids, states=(HELD,), to=BOOKED, now=now, **anew
            )
    released = sum(kinds.values())
    if released:
        jobs.enqueue(db, JobKind.SERVICE_DUE, now=now, subject_ids=[(None, booking.LANE)], priority=SERVICE)
    return Released(released, untrue, kinds)


def drop(db: Session, *, now: datetime, message_id: int | None = None, event_id: int | None = None) -> int:
    """What was held is not told to anybody, one or all of an event; how many."""
    dropped = 0
    for batch in _held(db, message_id, event_id, now):
        ids = [one.message.id for one in batch]
        dropped += service_messages.move(db, ids, states=(HELD,), to=DROPPED, now=now, why=BY_STAFF)
    return dropped


def is_true(message: ServiceMessageRow, row: RegistrationRow, event: EventRow, *, now: datetime) -> bool:
    """Whether what it says is so still, and will be of use when it goes out: a reminder of what has begun is not."""
    kind, at = message.kind, max(message.due_at, now)
    if kind == booking.CALLED_OFF:
        return event.state == events.CALLED_OFF and row.ended_by == "event" and event.ends_at > at
    if event.state != events.PUBLISHED:
        return False
    if kind == booking.FEEDBACK:
        lately = event.ends_at <= at < event.ends_at + ASKED_FOR
        scheduled = message.occurrence == event.schedule_version
        return lately and scheduled and event.asks_feedback and row.state == CONFIRMED
    return event.starts_at > at and _is_true_before(message, row, event, at)


def _is_true_before(message: ServiceMessageRow, row: RegistrationRow, event: EventRow, at: datetime) -> bool:
    """Of what is told before the event begins."""
    kind = message.kind
    if kind.startswith(booking.REMINDER):
        wanted = message.occurrence == event.schedule_version and kind in booking.reminder_kinds(event)
        return wanted and row.state == CONFIRMED and row.coming is not False
    if kind == booking.CHANGED:
        return row.state in OPEN
    stands = _STANDS.get(kind)
    return stands is not None and message.occurrence == row.turn and stands(row, at)


_STANDS: Mapping[str, Callable[[RegistrationRow, datetime], bool]] = {
    booking.OFFER: lambda row, now: row.state == OFFERED and row.offer_until is not None and row.offer_until > now,
    booking.PROMOTED: lambda row, _: row.state == CONFIRMED,
    booking.OFFER_OVER: lambda row, _: row.state == CANCELLED and row.ended_by == "offer",
    booking.ADMITTED: lambda row, _: row.state == CONFIRMED,
    booking.WAITLISTED: lambda row, _: row.state == WAITING,
    booking.BACK_IN_LINE: lambda row, _: row.state == WAITING,
    booking.REFUSED: lambda row, _: row.state == REFUSED,
    booking.MOVED: lambda row, _: row.state in OPEN,
    booking.STAFF_CANCELLED: lambda row, _: row.state == CANCELLED and row.ended_by == "staff",
}


def _read(found: Sequence[WithEvent], now: datetime) -> list[ByHand]:
    return [ByHand(message, row, event, is_true(message, row, event, now=now)) for message, row, event in found]


def _held(db: Session, message_id: int | None, event_id: int | None, now: datetime) -> Iterator[Sequence[ByHand]]:
    """That one message, or all of the event's; never those of all events at once."""
    if message_id is not None:
        found = find(db, message_id, now=now)
        if found is not None and found.message.state == HELD:
            yield [found]
        return
    last = 0
    while event_id is not None:
        batch = _read(service_messages.list_held_of_event(db, event_id, after=last, limit=A_BATCH), now)
        if not batch:
            return
        yield batch
        last = batch[-1].message.id
