"""Booking what registrants are told without having written: each thing once, at a time of day when it may be told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.events import hours
from bot.messages import Failure
from bot.queue import jobs
from bot.queue.kinds import SERVICE, JobKind
from bot.storage import people, preferences, registrations, service_messages
from bot.storage.events import EventRow
from bot.storage.registrations import RegistrationRow
from bot.storage.service_messages import ServiceMessageRow

OFFER, PROMOTED, OFFER_OVER = "offer", "promoted", "offer_over"
ADMITTED, WAITLISTED, REFUSED, MOVED = "admitted", "waitlisted", "refused", "moved"
CHANGED, CALLED_OFF, FEEDBACK = "changed", "called_off", "feedback"
BACK_IN_LINE = "back_in_line"
"""An offer ran out that may or may not have been read: how it stands is said once more."""
STAFF_CANCELLED = "staff_cancelled"
"""Staff have ended a registration, and say so to the person."""
REMINDER = "reminder/"
LANE = "service_due"
FEEDBACK_AFTER = timedelta(hours=1)
NO_LINE, LEFT, LATE = "no_line", "left", "late"
UNTOLD = (NO_LINE, LEFT, LATE, Failure.QUOTA_SPENT.value)
"""Why something failed of which its person has certainly not heard."""
NOT_TOLD = frozenset(
    {service_messages.BOOKED, service_messages.HELD, service_messages.QUEUED, service_messages.DROPPED}
)
A_BATCH = 500


def reminder_kinds(event: EventRow) -> tuple[str, ...]:
    return tuple(f"{REMINDER}{minutes}" for minutes in event.reminder_minutes)


def is_wanted(db: Session, kind: str, *, person_id: int | None) -> bool:
    """Asked when it is about to be told. What concerns the place itself is told whatever somebody wants to hear of;
    they are not reminded who said no, and neither reminded nor asked how it was whose data may only be kept."""
    if person_id is None or not (kind == FEEDBACK or kind.startswith(REMINDER)):
        return True
    if people.is_restricted(db, person_id):
        return False
    return kind == FEEDBACK or preferences.wants_reminders(db, person_id)


def tell(db: Session, row: RegistrationRow, kind: str, *, now: datetime) -> None:
    """Of a change of state, as soon as possible. Whoever is not on LINE goes straight to the list for telephoning."""
    _book(db, [_Entry(row, kind, row.turn, now)], now=now)


def tell_each(db: Session, told: Iterable[tuple[RegistrationRow, str]], *, now: datetime) -> None:
    """As `tell`, many at once."""
    _book(db, [_Entry(row, kind, row.turn, now) for row, kind in told], now=now)


def tell_all(db: Session, rows: Iterable[RegistrationRow], kind: str, *, occurrence: int, now: datetime) -> int:
    """The same to many, once each; how many were booked."""
    return _book(db, [_Entry(row, kind, occurrence, now) for row in rows], now=now)


def book_reminders(
    db: Session, event: EventRow, rows: Sequence[RegistrationRow], *, now: datetime,
    under_way: Collection[tuple[int, str, datetime]] = (),
) -> int:  # fmt: skip
    """For those who have a seat, whatever was booked before; what would be late already is not booked, unless it was
    about to go out."""
    due = {f"{REMINDER}{minutes}": hours.reminder_at(event.starts_at, minutes) for minutes in event.reminder_minutes}
    if event.asks_feedback:
        due[FEEDBACK] = hours.next_day_begins(event.ends_at + FEEDBACK_AFTER)
    entries = [
        _Entry(row, kind, event.schedule_version, at)
        for row in rows
        if row.person_id is not None
        for kind, at in due.items()
        if at > now or (row.id, kind, at) in under_way
    ]
    return _book(db, entries, now=now)


def drop_for(db: Session, row: RegistrationRow, event: EventRow, *, why: str, now: datetime) -> None:
    """The registration has ended: nothing of what was booked for it is told any more."""
    kinds = (*reminder_kinds(event), FEEDBACK, OFFER, BACK_IN_LINE, PROMOTED, ADMITTED, WAITLISTED, CHANGED)
    service_messages.drop_for_registration(db, row.id, kinds=kinds, why=why, now=now)


def find_untold(db: Session, row: RegistrationRow, kind: str) -> ServiceMessageRow | None:
    """The message booked for this turn of which nobody is known to have heard: it is held, dropped, waits still or is
    on its way, or LINE did not carry it and nobody has telephoned. None also for what LINE refused, or may have
    carried, and for what was said in an answer."""
    message = service_messages.find_of_turn(db, row.id, kind=kind, occurrence=row.turn)
    if message is None or message.telephoned_by is not None:
        return None
    failed = message.state == service_messages.FAILED and message.why in UNTOLD
    return message if failed or message.state in NOT_TOLD else None


def drop_offer(db: Session, row: RegistrationRow, *, now: datetime) -> None:
    service_messages.drop_for_registration(db, row.id, kinds=(OFFER,), why="ran out", now=now)


def rebook(db: Session, event: EventRow, *, now: datetime) -> int:
    """After the event's time or its reminders have changed: those of the earlier schedule are dropped. What had its
    time a moment ago, and has it still, goes out all the same."""
    kinds = _kinds_booked(db, event)
    under_way = service_messages.list_under_way(db, event.id, kinds=kinds, now=now)
    service_messages.drop_for_event(db, event.id, kinds=kinds, why="rescheduled", now=now)
    booked, last = 0, 0
    while rows := registrations.list_of_event(
        db, event.id, states=(registrations.CONFIRMED,), limit=A_BATCH, after=last
    ):
        booked += book_reminders(db, event, rows, now=now, under_way=under_way)
        last = rows[-1].id
    return booked


def _kinds_booked(db: Session, event: EventRow) -> list[str]:
    counted = service_messages.count_by_state(db, event.id)
    return [kind for kind, _ in counted if kind.startswith(REMINDER) or kind == FEEDBACK]


@dataclass(frozen=True, slots=True)
class _Entry:
    row: RegistrationRow
    kind: str
    occurrence: int
    due_at: datetime

    @property
    def by_telephone(self) -> bool:
        return self.row.person_id is None

    def values(self, now: datetime) -> dict[str, object]:
        values: dict[str, object] = {
            "registration_id": self.row.id, "event_id": self.row.event_id, "kind": self.kind,
            "occurrence": self.occurrence, "due_at": self.due_at, "state": service_messages.BOOKED, "why": "",
            "settled_at": None,
        }  # fmt: skip
        if self.by_telephone:
            values.update(state=service_messages.FAILED, why=NO_LINE, settled_at=now)
        return values


def _book(db: Session, entries: Sequence[_Entry], *, now: datetime) -> int:
    booked = service_messages.book(db, [entry.values(now) for entry in entries])
    if any(entry.due_at <= now and not entry.by_telephone for entry in entries):
        jobs.enqueue(db, JobKind.SERVICE_DUE, now=now, subject_ids=[(None, LANE)], priority=SERVICE)
    return booked
