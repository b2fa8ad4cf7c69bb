"""Registrations: a party's place at an event, or its place in the line for one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    and_,
    cast,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, BigId
from bot.storage.consents import ConsentRow
from bot.storage.events import PUBLISHED, EventRow
from bot.storage.people import PersonRow

PENDING, WAITING, OFFERED, CONFIRMED = "pending", "waiting", "offered", "confirmed"
CANCELLED, REFUSED = "cancelled", "refused"
OPEN = (PENDING, WAITING, OFFERED, CONFIRMED)
SEATED = (OFFERED, CONFIRMED)
"""An offered seat is kept, and taken as far as anybody else is concerned."""


class RegistrationRow(Base):
    __tablename__ = "registrations"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    event_id: Mapped[int] = mapped_column(BigId, ForeignKey("events.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id", ondelete="SET NULL"), index=True)
    """Who hears about it on LINE: whoever comes, or registered somebody else. None: nobody does."""
    owner_key: Mapped[str] = mapped_column(String(64))
    """Whose place it is: one place each, however often it is asked for."""
    kind: Mapped[str] = mapped_column(String(12), default="self")
    """`self`, `neighbour` or `class`."""
    way: Mapped[str] = mapped_column(String(8), default="line")
    """`line`, `staff`, `walk_in` or `paper`."""
    state: Mapped[str] = mapped_column(String(12))
    party_size: Mapped[int] = mapped_column(default=1)
    seats: Mapped[int] = mapped_column(default=0)
    """How many seats are taken by it, or kept for it: at most `party_size`, and 0 while it waits."""
    offer_until: Mapped[datetime | None]
    whole_only: Mapped[bool] = mapped_column(default=False)
    """They would rather wait than come with fewer."""
    ticket: Mapped[str] = mapped_column(String(43), unique=True)
    code: Mapped[str] = mapped_column(String(8))
    name: Mapped[bytes] = mapped_column(LargeBinary)
    """Sealed, as are the next three."""
    phone: Mapped[bytes | None] = mapped_column(LargeBinary)
    details: Mapped[bytes | None] = mapped_column(LargeBinary)
    notes: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_hash: Mapped[str | None] = mapped_column(String(24), index=True)
    district: Mapped[str | None] = mapped_column(String(40))
    form_version: Mapped[int] = mapped_column(default=1)
    coming: Mapped[bool | None]
    """What was answered to a reminder."""
    claim_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    """Of the code with which somebody takes it to a new LINE account."""
    claim_until: Mapped[datetime | None]
    joined_at: Mapped[datetime]
    """Its place in the line."""
    confirmed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(String(12))
    """`person`, `staff`, `offer` (it ran out) or `event` (it was called off)."""
    created_at: Mapped[datetime]
    forgotten: Mapped[bool] = mapped_column(default=False)
    """Its time of keeping is over: it says how many came, and no longer who."""
    turn: Mapped[int] = mapped_column(default=1)
    """Raised with every change of state: what is told about one of them is told once."""

    __table_args__ = (
        UniqueConstraint("event_id", "owner_key"),
        UniqueConstraint("event_id", "code"),
        Index("ix_registrations_line", "event_id", "state", "joined_at", "id"),
        Index("ix_registrations_offer_until", "state", "offer_until"),
    )


def add(db: Session, row: RegistrationRow) -> RegistrationRow:
    db.add(row)
    db.flush()
    return row


def find(db: Session, registration_id: int) -> RegistrationRow | None:
    """As it is now, whatever this session had read of it before."""
    statement = select(RegistrationRow).where(RegistrationRow.id == registration_id)
    return db.scalar(statement.execution_options(populate_existing=True))


def find_by_owner(db: Session, *, event_id: int, owner_key: str) -> RegistrationRow | None:
    statement = select(RegistrationRow).where(
        RegistrationRow.event_id == event_id, RegistrationRow.owner_key == owner_key
    )
    return db.scalar(statement.execution_options(populate_existing=True))


def find_by_ticket(db: Session, ticket: str) -> RegistrationRow | None:
    return db.scalar(select(RegistrationRow).where(RegistrationRow.ticket == ticket))


def find_by_code(db: Session, *, event_id: int, code: str) -> RegistrationRow | None:
    return db.scalar(select(RegistrationRow).where(RegistrationRow.event_id == event_id, RegistrationRow.code == code))


def find_by_claim(db: Session, claim_hash: str, *, now: datetime) -> RegistrationRow | None:
    statement = select(RegistrationRow).where(
        RegistrationRow.claim_hash == claim_hash, RegistrationRow.claim_until > now
    )
    return db.scalar(statement.execution_options(populate_existing=True))


def list_of_person(db: Session, person_id: int, *, states: Collection[str] = OPEN, limit: int) -> list[RegistrationRow]:
    """The latest first."""
    statement = select(RegistrationRow).where(RegistrationRow.person_id == person_id, RegistrationRow.state.in_(states))
    return list(db.scalars(statement.order_by(RegistrationRow.id.desc()).limit(limit)))


def list_of_event(
    db: Session, event_id: int, *, states: Collection[str] = OPEN, limit: int, after: int = 0
) -> list[RegistrationRow]:
    """By id, those after `after`, as they are now."""
    statement = select(RegistrationRow).where(
        RegistrationRow.event_id == event_id, RegistrationRow.state.in_(states), RegistrationRow.id > after
    )
    ordered = statement.order_by(RegistrationRow.id).limit(limit)
    return list(db.scalars(ordered.execution_options(populate_existing=True)))


def count_seats(db: Session, event_id: int) -> int:
    """Taken or kept."""
    statement = select(func.coalesce(func.sum(RegistrationRow.seats), 0)).where(
        RegistrationRow.event_id == event_id, RegistrationRow.state.in_(SEATED)
    )
    return int(db.scalar(statement) or 0)


def count_seats_of(db: Session, event_ids: Collection[int]) -> dict[int, int]:
    statement = (
        select(RegistrationRow.event_id, func.sum(RegistrationRow.seats))
        .where(RegistrationRow.event_id.in_(event_ids), RegistrationRow.state.in_(SEATED))
        .group_by(RegistrationRow.event_id)
    )
    return {event_id: int(seats) for event_id, seats in db.execute(statement)}


def count_by_state(db: Session, event_id: int) -> dict[str, tuple[int, int]]:
    """Registrations and the people in them, by state."""
    statement = (
        select(RegistrationRow.state, func.count(), func.sum(RegistrationRow.party_size))
        .where(RegistrationRow.event_id == event_id)
        .group_by(RegistrationRow.state)
    )
    return {state: (number, int(people)) for state, number, people in db.execute(statement)}


def count_of_person(db: Session, *, event_id: int, person_id: int) -> int:
    return _count(db, RegistrationRow.event_id == event_id, RegistrationRow.person_id == person_id)


def count_of_phone(db: Session, *, event_id: int, phone_hash: str) -> int:
    return _count(db, RegistrationRow.event_id == event_id, RegistrationRow.phone_hash == phone_hash)


def list_line(db: Session, event_id: int, *, limit: int | None = None) -> list[RegistrationRow]:
    """Who waits and can be told so, first come first: whoever blocked the bot is passed over. Those without LINE are
    told by telephone; whoever had it and was erased is nobody's to tell."""
    statement = _in_line(select(RegistrationRow), event_id).limit(limit)
    return list(db.scalars(statement.execution_options(populate_existing=True)))


def list_line_sizes(db: Session, event_id: int) -> list[int]:
    """How many people are in each party of the line, first come first."""
    return list(db.scalars(_in_line(select(RegistrationRow.party_size), event_id)))


def _in_line(statement: Any, event_id: int) -> Any:  # noqa: ANN401 - a selection keeps its type
    never_on_line = and_(
        RegistrationRow.person_id.is_(None),
        RegistrationRow.way != "line",
        RegistrationRow.owner_key.not_like("person/%"),
    )
    return (
        statement.outerjoin(PersonRow, PersonRow.id == RegistrationRow.person_id)
        .where(
            RegistrationRow.event_id == event_id,
            RegistrationRow.state == WAITING,
            or_(never_on_line, PersonRow.following.is_(True)),
        )
        .order_by(RegistrationRow.joined_at, RegistrationRow.id)
    )


def find_last_in_line(db: Session, event_id: int) -> datetime | None:
    """When the last of those joined who wait, or may again: once staff have said yes, or after an offer."""
    statement = select(func.max(RegistrationRow.joined_at)).where(
        RegistrationRow.event_id == event_id, RegistrationRow.state.in_((PENDING, WAITING, OFFERED))
    )
    return db.scalar(statement)


def count_ahead(db: Session, row: RegistrationRow) -> int:
    """How many parties stand in the line before this one."""
    earlier = or_(
        RegistrationRow.joined_at < row.joined_at,
        and_(RegistrationRow.joined_at == row.joined_at, RegistrationRow.id < row.id),
    )
    return _count(db, RegistrationRow.event_id == row.event_id, earlier, states=(WAITING,))


def list_run_out(db: Session, *, now: datetime, limit: int) -> list[tuple[int, int]]:
    """Ids, and their events', of offers that nobody took in time."""
    statement = (
        select(RegistrationRow.id, RegistrationRow.event_id)
        .where(RegistrationRow.state == OFFERED, RegistrationRow.offer_until <= now)
        .order_by(RegistrationRow.offer_until, RegistrationRow.id)
        .limit(limit)
    )
    return [(row_id, event_id) for row_id, event_id in db.execute(statement)]


def list_events_with_a_line(db: Session, *, limit: int, now: datetime | None = None) -> list[int]:
    """With `now`, of what has not begun, the next event first: what is past keeps its line for ever."""
    waits = exists().where(RegistrationRow.event_id == EventRow.id, RegistrationRow.state == WAITING)
    statement = select(EventRow.id).where(EventRow.state == PUBLISHED, waits)
    if now is not None:
        statement = statement.where(EventRow.starts_at > now)
    return list(db.scalars(statement.order_by(EventRow.starts_at, EventRow.id).limit(limit)))


def empty(db: Session, event_id: int) -> int:
    """What is left of a registration says how many came, and nothing about who."""
    db.execute(
        delete(ConsentRow).where(
            ConsentRow.registration_id.in_(select(RegistrationRow.id).where(RegistrationRow.event_id == event_id))
        )
    )
    emptied = (
        update(RegistrationRow)
        .where(RegistrationRow.event_id == event_id, RegistrationRow.forgotten.is_(False))
        .values(
            name=b"", phone=None, phone_hash=None, details=None, notes=None, district=None, person_id=None,
            claim_hash=None,
            owner_key=literal("gone/") + cast(RegistrationRow.id, String), forgotten=True,
        )
        .returning(RegistrationRow.id)
    )  # fmt: skip
    return len(db.execute(emptied).all())


def list_sealed(db: Session, *, after: int, limit: int) -> list[RegistrationRow]:
    """By id, and nobody else's to change before the transaction ends."""
    statement = select(RegistrationRow).where(RegistrationRow.id > after, RegistrationRow.forgotten.is_(False))
    return list(db.scalars(statement.order_by(RegistrationRow.id).limit(limit).with_for_update()))


def change(db: Session, row: RegistrationRow, **values: Any) -> RegistrationRow:  # noqa: ANN401 - its columns
    """Of a row that was read under its event's lock."""
    for name, value in values.items():
        setattr(row, name, value)
    db.flush()
    return row


def set_aside(db: Session, row: RegistrationRow) -> None:
    """It stands for nobody any more who may register: their next place is another."""
    change(db, row, owner_key=f"gone/{row.id}")


def _count(db: Session, *conditions: Any, states: Sequence[str] = OPEN) -> int:  # noqa: ANN401 - SQL conditions
    statement = select(func.count()).select_from(RegistrationRow)
    return db.scalar(statement.where(RegistrationRow.state.in_(states), *conditions)) or 0


def end_all(db: Session, event_id: int, *, now: datetime) -> list[int]:
    """All open registrations of an event that is called off; their ids."""
    ended = (
        update(RegistrationRow)
        .where(RegistrationRow.event_id == event_id, RegistrationRow.state.in_(OPEN))
        .values(
            state=CANCELLED, seats=0, offer_until=None, ended_at=now, ended_by="event", turn=RegistrationRow.turn + 1
        )
        .returning(RegistrationRow.id)
    )
    return list(db.scalars(ended))
