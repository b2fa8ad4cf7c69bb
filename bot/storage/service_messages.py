"""What registrants are told without having written: booked once, accounted for until told, dropped or held."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    String,
    UniqueConstraint,
    and_,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, BigId, insert_into
from bot.storage.events import PUBLISHED, EventRow
from bot.storage.incoming import IncomingRow
from bot.storage.outgoing import OutgoingRow
from bot.storage.people import PersonRow
from bot.storage.registrations import WAITING, RegistrationRow

BOOKED, QUEUED, SENT, DROPPED, HELD, FAILED = "booked", "queued", "sent", "dropped", "held", "failed"
LONGEST_TRIED = timedelta(days=2)
"""Between the time that something is due and its end, at most, where nobody held it."""


class ServiceMessageRow(Base):
    __tablename__ = "service_messages"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    registration_id: Mapped[int] = mapped_column(BigId, ForeignKey("registrations.id", ondelete="CASCADE"))
    event_id: Mapped[int] = mapped_column(BigId, ForeignKey("events.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    occurrence: Mapped[int] = mapped_column(default=0)
    """Which of its kind: a schedule's version, or a registration's turn."""
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(8), default=BOOKED)
    why: Mapped[str] = mapped_column(String(40), default="")
    """Why it was dropped, held or failed: a word of ours, nothing personal."""
    incoming_id: Mapped[int | None] = mapped_column(BigId, index=True)
    settled_at: Mapped[datetime | None]
    telephoned_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("staff.id", ondelete="SET NULL"))
    """Who told them by voice what LINE could not."""

    __table_args__ = (
        UniqueConstraint("registration_id", "kind", "occurrence"),
        Index("ix_service_messages_due", "state", "due_at"),
    )


WithEvent = tuple[ServiceMessageRow, RegistrationRow, EventRow]
_JOINED = (
    select(ServiceMessageRow, RegistrationRow, EventRow)
    .join(RegistrationRow, RegistrationRow.id == ServiceMessageRow.registration_id)
    .join(EventRow, EventRow.id == ServiceMessageRow.event_id)
    .execution_options(populate_existing=True)
)
_BY_EVENT = (EventRow.starts_at, EventRow.id, ServiceMessageRow.due_at, ServiceMessageRow.id)
_UNTOLD = (ServiceMessageRow.state == FAILED, ServiceMessageRow.telephoned_by.is_(None))


def book(db: Session, rows: Sequence[dict[str, Any]]) -> int:
    """Each once: what is booked, told or held already is left as it is. What was dropped before anybody was told is
    booked again. Returns how many are booked now that were not before."""
    if not rows:
        return 0
    statement = insert_into(db, ServiceMessageRow)
    columns = {name: statement.excluded[name] for name in ("state", "why", "due_at", "settled_at")}
    again = statement.on_conflict_do_update(
        index_elements=["registration_id", "kind", "occurrence"],
        set_=columns,
        where=(ServiceMessageRow.state == DROPPED) & ServiceMessageRow.incoming_id.is_(None),
    )
    return len(db.execute(again.returning(ServiceMessageRow.id), rows).all())


def find(db: Session, message_id: int) -> ServiceMessageRow | None:
    statement = select(ServiceMessageRow).where(ServiceMessageRow.id == message_id)
    return db.scalar(statement.execution_options(populate_existing=True))


def find_of_turn(db: Session, registration_id: int, *, kind: str, occurrence: int) -> ServiceMessageRow | None:
    statement = select(ServiceMessageRow).where(
        ServiceMessageRow.registration_id == registration_id, ServiceMessageRow.kind == kind,
        ServiceMessageRow.occurrence == occurrence,
    )  # fmt: skip
    return db.scalar(statement.execution_options(populate_existing=True))


def list_under_way(
    db: Session, event_id: int, *, kinds: Collection[str], now: datetime
) -> set[tuple[int, str, datetime]]:
    """Registrations, kinds and times of what is due, and not in anybody's lane yet."""
    statement = select(ServiceMessageRow.registration_id, ServiceMessageRow.kind, ServiceMessageRow.due_at).where(
        ServiceMessageRow.event_id == event_id, ServiceMessageRow.kind.in_(kinds),
        ServiceMessageRow.state == BOOKED, ServiceMessageRow.due_at <= now,
    )  # fmt: skip
    return {(registration_id, kind, due_at) for registration_id, kind, due_at in db.execute(statement)}


def list_due(db: Session, *, now: datetime, limit: int) -> list[ServiceMessageRow]:
    statement = select(ServiceMessageRow).where(ServiceMessageRow.state == BOOKED, ServiceMessageRow.due_at <= now)
    ordered = statement.order_by(ServiceMessageRow.due_at, ServiceMessageRow.id).limit(limit)
    return list(db.scalars(ordered.with_for_update(skip_locked=True)))


def list_left_over(db: Session, *, settled_before: datetime, queued_before: datetime, limit: int) -> list[int]:
    """Incoming rows of what was put into a lane and whose end nobody wrote down: its process died, or it never came
    that far."""
    nothing_said = OutgoingRow.id.is_(None)
    statement = (
        select(IncomingRow.id)
        .join(ServiceMessageRow, ServiceMessageRow.incoming_id == IncomingRow.id)
        .outerjoin(OutgoingRow, OutgoingRow.incoming_id == IncomingRow.id)
        .where(
            ServiceMessageRow.state == QUEUED,
            or_(
                OutgoingRow.settled_at < settled_before,
                and_(nothing_said, IncomingRow.settled_at < settled_before),
                and_(nothing_said, IncomingRow.settled_at.is_(None), IncomingRow.received_at < queued_before),
            ),
        )
    )
    return list(db.scalars(statement.order_by(IncomingRow.id).limit(limit)))


def list_with_events(db: Session, message_ids: Collection[int]) -> dict[int, WithEvent]:
    found = _with_events(db, _JOINED.where(ServiceMessageRow.id.in_(message_ids)))
    return {one[0].id: one for one in found}


def hold_late(db: Session, registration_id: int, *, due_before: datetime, why: str, now: datetime) -> int:
    late = update(ServiceMessageRow).where(
        ServiceMessageRow.registration_id == registration_id, ServiceMessageRow.state == BOOKED,
        ServiceMessageRow.due_at < due_before,
    )  # fmt: skip
    return len(db.execute(late.values(state=HELD, why=why, settled_at=now).returning(ServiceMessageRow.id)).all())


def has_failed_since(db: Session, *, why: str, since: datetime) -> bool:
    """Whether LINE was asked, and that came of it."""
    failed = exists().where(
        ServiceMessageRow.state == FAILED, ServiceMessageRow.due_at > since - LONGEST_TRIED,
        ServiceMessageRow.why == why, ServiceMessageRow.settled_at > since, ServiceMessageRow.incoming_id.is_not(None),
    )  # fmt: skip
    return bool(db.scalar(select(failed)))


def count_to_come(db: Session, *, until: datetime) -> int:
    """Messages that are booked until then, and one for each party that may still be offered a seat."""
    booked = select(func.count()).select_from(ServiceMessageRow)
    booked = booked.where(ServiceMessageRow.state.in_((BOOKED, QUEUED)), ServiceMessageRow.due_at < until)
    waiting = select(func.count()).select_from(RegistrationRow).join(EventRow, EventRow.id == RegistrationRow.event_id)
    waiting = waiting.where(RegistrationRow.state == WAITING, EventRow.starts_at < until, EventRow.state == PUBLISHED)
    return (db.scalar(booked) or 0) + (db.scalar(waiting) or 0)


def first_due_at(db: Session) -> datetime | None:
    return db.scalar(select(func.min(ServiceMessageRow.due_at)).where(ServiceMessageRow.state == BOOKED))


def move(
    db: Session, message_ids: Collection[int], *, states: Collection[str], to: str, now: datetime, why: str = "",
    **values: Any,  # noqa: ANN401 - further columns
) -> int:  # fmt: skip
    """Those that are still in one of `states`; how many they were."""
    settled = now if to not in {BOOKED, QUEUED} else None
    moved = (
        update(ServiceMessageRow)
        .where(ServiceMessageRow.id.in_(message_ids), ServiceMessageRow.state.in_(states))
        .values(state=to, why=why, settled_at=settled, **values)
        .returning(ServiceMessageRow.id)
    )
    return len(db.execute(moved).all())


def drop_for_registration(db: Session, registration_id: int, *, kinds: Collection[str], why: str, now: datetime) -> int:
    """What is not on its way yet."""
    return _drop(db, why, now, ServiceMessageRow.registration_id == registration_id, ServiceMessageRow.kind.in_(kinds))


def drop_for_event(db: Session, event_id: int, *, kinds: Collection[str] | None, why: str, now: datetime) -> int:
    """`kinds` None: of every kind."""
    some = () if kinds is None else (ServiceMessageRow.kind.in_(kinds),)
    return _drop(db, why, now, ServiceMessageRow.event_id == event_id, *some)


def hold_all(db: Session, *, why: str, now: datetime) -> int:
    """After a restore nobody is told anything before a person has looked."""
    held = update(ServiceMessageRow).where(ServiceMessageRow.state.in_((BOOKED, QUEUED)))
    return len(db.execute(held.values(state=HELD, why=why, settled_at=now).returning(ServiceMessageRow.id)).all())


def list_in_state(db: Session, state: str, *, limit: int, event_id: int | None = None) -> list[ServiceMessageRow]:
    statement = select(ServiceMessageRow).where(ServiceMessageRow.state == state)
    if event_id is not None:
        statement = statement.where(ServiceMessageRow.event_id == event_id)
    return list(db.scalars(statement.order_by(ServiceMessageRow.due_at, ServiceMessageRow.id).limit(limit)))


def list_of_registration(db: Session, registration_id: int, *, limit: int) -> list[ServiceMessageRow]:
    """The first due first."""
    statement = select(ServiceMessageRow).where(ServiceMessageRow.registration_id == registration_id)
    return list(db.scalars(statement.order_by(ServiceMessageRow.due_at, ServiceMessageRow.id).limit(limit)))


def find_with_event(db: Session, message_id: int) -> WithEvent | None:
    found = _with_events(db, _JOINED.where(ServiceMessageRow.id == message_id))
    return found[0] if found else None


def list_failed(db: Session, *, ends_after: datetime, limit: int, event_id: int | None = None) -> list[WithEvent]:
    """Of events that end after that moment, the next event first; told by telephone already or not."""
    failed = _JOINED.where(ServiceMessageRow.state == FAILED, EventRow.ends_at > ends_after, *_of_event(event_id))
    return _with_events(db, failed.order_by(*_BY_EVENT).limit(limit))


def count_to_telephone(db: Session, event_id: int, *, ends_after: datetime) -> int:
    """Of `list_failed`, those that nobody has told by telephone."""
    statement = select(func.count()).select_from(ServiceMessageRow)
    joined = statement.join(EventRow, EventRow.id == ServiceMessageRow.event_id)
    return db.scalar(joined.where(*_UNTOLD, ServiceMessageRow.event_id == event_id, EventRow.ends_at > ends_after)) or 0


def count_parties_to_telephone(db: Session, event_id: int) -> int:
    """Registrations with something that failed and that nobody has told them by telephone."""
    statement = select(func.count(ServiceMessageRow.registration_id.distinct()))
    return db.scalar(statement.where(*_UNTOLD, ServiceMessageRow.event_id == event_id)) or 0


def note_telephoned(db: Session, message_id: int, *, staff_id: int) -> bool:
    """False: it was noted before, or has not failed."""
    noted = update(ServiceMessageRow).where(ServiceMessageRow.id == message_id, *_UNTOLD).values(telephoned_by=staff_id)
    return db.execute(noted.returning(ServiceMessageRow.id)).first() is not None


def forget_telephoned(db: Session, message_id: int) -> bool:
    """False: it was not noted."""
    told = (ServiceMessageRow.state == FAILED, ServiceMessageRow.telephoned_by.is_not(None))
    forgotten = update(ServiceMessageRow).where(ServiceMessageRow.id == message_id, *told).values(telephoned_by=None)
    return db.execute(forgotten.returning(ServiceMessageRow.id)).first() is not None


def list_held(db: Session, *, limit: int, event_id: int | None = None) -> list[WithEvent]:
    """The next event first."""
    held = _JOINED.where(ServiceMessageRow.state == HELD, *_of_event(event_id))
    return _with_events(db, held.order_by(*_BY_EVENT).limit(limit))


def list_held_of_event(db: Session, event_id: int, *, after: int, limit: int) -> list[WithEvent]:
    """By id, those after `after`."""
    held = _JOINED.where(ServiceMessageRow.state == HELD, ServiceMessageRow.id > after, *_of_event(event_id))
    return _with_events(db, held.order_by(ServiceMessageRow.id).limit(limit))


def count_held(db: Session) -> dict[int, int]:
    """By event."""
    statement = select(ServiceMessageRow.event_id, func.count()).where(ServiceMessageRow.state == HELD)
    return dict(db.execute(statement.group_by(ServiceMessageRow.event_id)).all())


def count_by_state(db: Session, event_id: int) -> dict[tuple[str, str], int]:
    """By kind and state."""
    statement = (
        select(ServiceMessageRow.kind, ServiceMessageRow.state, func.count())
        .where(ServiceMessageRow.event_id == event_id)
        .group_by(ServiceMessageRow.kind, ServiceMessageRow.state)
    )
    return {(kind, state): number for kind, state, number in db.execute(statement)}


def find_recipients(db: Session, registration_ids: Collection[int]) -> dict[int, str]:
    """LINE's ids of those who hear about these registrations and have not left, by the registration."""
    statement = (
        select(RegistrationRow.id, PersonRow.line_user_id)
        .join(PersonRow, PersonRow.id == RegistrationRow.person_id)
        .where(RegistrationRow.id.in_(registration_ids), PersonRow.following.is_(True))
    )
    return {registration: user_id for registration, user_id in db.execute(statement)}  # noqa: C416 - typed rows


def find_by_incoming(db: Session, incoming_id: int) -> ServiceMessageRow | None:
    return db.scalar(select(ServiceMessageRow).where(ServiceMessageRow.incoming_id == incoming_id))


def _of_event(event_id: int | None) -> tuple[ColumnElement[bool], ...]:
    return () if event_id is None else (ServiceMessageRow.event_id == event_id,)


def _with_events(db: Session, statement: Select[ServiceMessageRow, RegistrationRow, EventRow]) -> list[WithEvent]:
    return [(message, row, event) for message, row, event in db.execute(statement)]


def _drop(db: Session, why: str, now: datetime, *conditions: Any) -> int:  # noqa: ANN401 - SQL conditions
    dropped = update(ServiceMessageRow).where(ServiceMessageRow.state.in_((BOOKED, HELD)), *conditions)
    return len(db.execute(dropped.values(state=DROPPED, why=why, settled_at=now).returning(ServiceMessageRow.id)).all())
