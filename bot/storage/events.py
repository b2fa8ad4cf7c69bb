"""Civic events: what is on, when and where, how many may come, and what they are asked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, String, Text, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, BigId

DRAFT, PUBLISHED, CALLED_OFF = "draft", "published", "called_off"


class EventRow(Base):
    __tablename__ = "events"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    """In addresses that anybody may see: says nothing of how many events there are."""
    source_key: Mapped[str | None] = mapped_column(String(200), unique=True)
    """Of the file that it came from: imported again, it is the same event."""
    state: Mapped[str] = mapped_column(String(12), default=DRAFT)
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text, default="")
    programme: Mapped[str | None] = mapped_column(String(24))
    district: Mapped[str | None] = mapped_column(String(40))
    place_name: Mapped[str] = mapped_column(String(200), default="")
    place_address: Mapped[str] = mapped_column(String(300), default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    online_link: Mapped[str] = mapped_column(String(500), default="")
    """Only for those who have a place."""
    bring: Mapped[str] = mapped_column(Text, default="")
    contact: Mapped[str] = mapped_column(String(200), default="")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    schedule_version: Mapped[int] = mapped_column(default=1)
    """Raised when the time changes: reminders of an earlier schedule are others."""
    capacity: Mapped[int | None]
    """Seats; None: as many as come."""
    party_most: Mapped[int] = mapped_column(default=1)
    """How many seats one registration may take."""
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    """None: registration is open until the event begins."""
    has_waiting_list: Mapped[bool] = mapped_column(default=True)
    offer_minutes: Mapped[int] = mapped_column(default=180)
    """How long a free seat is kept for somebody who waited; 0: they get it at once, unasked."""
    admits_each: Mapped[bool] = mapped_column(default=False)
    """Staff decide about every registration before it has a seat."""
    phone_rule: Mapped[str] = mapped_column(String(8), default="optional")
    """`no`, `optional` or `required`."""
    asks_district: Mapped[bool] = mapped_column(default=False)
    asks_companions: Mapped[bool] = mapped_column(default=False)
    """Whether the name of everybody in a party is asked."""
    for_classes: Mapped[bool] = mapped_column(default=False)
    """Teachers register a class, with themselves as the contact."""
    minors: Mapped[str] = mapped_column(String(8), default="any")
    """`any`: of no matter; `guardian`: a minor needs a guardian's yes; `adults`: no minors."""
    purpose: Mapped[str] = mapped_column(Text, default="")
    """What the data is asked for, in words for the notice; empty: the usual words."""
    retention_days: Mapped[int] = mapped_column(default=90)
    reminder_minutes: Mapped[list[int]] = mapped_column(JSON, default=lambda: [1440, 120])
    asks_feedback: Mapped[bool] = mapped_column(default=True)
    gives_certificate: Mapped[bool] = mapped_column(default=False)
    form_version: Mapped[int] = mapped_column(default=1)
    """Raised when what is asked changes: an answer given to an earlier form is asked for again."""
    version: Mapped[int] = mapped_column(default=1)
    """Raised with every edit: two people never overwrite one another unseen."""
    created_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("staff.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    called_off_at: Mapped[datetime | None]
    called_off_why: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (Index("ix_events_state_starts_at", "state", "starts_at"),)


class EventSessionRow(Base):
    """The parts of an event of several days or rounds. An event of one part has none."""

    __tablename__ = "event_sessions"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    event_id: Mapped[int] = mapped_column(BigId, ForeignKey("events.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(120), default="")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class EventQuestionRow(Base):
    """One thing that this event asks. One that was asked is never reworded into another: it is removed, and a new one
    takes its place, so that an answer always stands beside the question it was given to."""

    __tablename__ = "event_questions"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    event_id: Mapped[int] = mapped_column(BigId, ForeignKey("events.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    label: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(8))
    """`text`, `choice`, `yes_no` or `number`."""
    choices: Mapped[list[str]] = mapped_column(JSON, default=list)
    required: Mapped[bool] = mapped_column(default=False)
    removed_at: Mapped[datetime | None]


def add(db: Session, row: EventRow) -> EventRow:
    db.add(row)
    db.flush()
    return row


def find(db: Session, event_id: int) -> EventRow | None:
    return db.get(EventRow, event_id)


def find_by_public_id(db: Session, public_id: str) -> EventRow | None:
    return db.scalar(select(EventRow).where(EventRow.public_id == public_id))


def find_by_source(db: Session, source_key: str) -> EventRow | None:
    return db.scalar(select(EventRow).where(EventRow.source_key == source_key))


def lock(db: Session, event_id: int) -> EventRow | None:
    """The event as it is now, and nobody else's to change before this transaction ends. Whoever gives, takes or offers
    a seat of it calls this first. On SQLite a writing transaction already is the only one."""
    statement = select(EventRow).where(EventRow.id == event_id).with_for_update()
    return db.scalar(statement.execution_options(populate_existing=True))


def amend(db: Session, event_id: int, *, seen: int, **values: Any) -> bool:  # noqa: ANN401 - the columns of an event
    """False: somebody else has changed it since version `seen`."""
    changed = (
        update(EventRow)
        .where(EventRow.id == event_id, EventRow.version == seen)
        .values(version=seen + 1, **values)
        .returning(EventRow.id)
    )
    return db.execute(changed).first() is not None


def list_coming(
    db: Session,
    *,
    after: datetime,
    before: datetime | None = None,
    programme: str | None = None,
    districts: Collection[str] = (),
    begun_after: datetime | None = None,
    limit: int,
    offset: int = 0,
) -> list[EventRow]:
    """Published events that end after `after`, the next one first; with `before`, those that begin before it. Whoever
    knows that all of them begin after `begun_after` says so: the index by start then leaves out what is long past."""
    statement = select(EventRow).where(*_not_over(after, begun_after))
    if before is not None:
        statement = statement.where(EventRow.starts_at < before)
    if programme is not None:
        statement = statement.where(EventRow.programme == programme)
    if districts:
        statement = statement.where(EventRow.district.in_(districts))
    return list(db.scalars(statement.order_by(EventRow.starts_at, EventRow.id).limit(limit).offset(offset)))


def list_over(db: Session, *, now: datetime, limit: int, offset: int = 0) -> list[EventRow]:
    """Published events that are past, the latest first."""
    statement = select(EventRow).where(EventRow.state == PUBLISHED, EventRow.ends_at <= now)
    ordered = statement.order_by(EventRow.starts_at.desc(), EventRow.id.desc())
    return list(db.scalars(ordered.limit(limit).offset(offset)))


def list_all(db: Session, *, limit: int, offset: int = 0, state: str | None = None) -> list[EventRow]:
    """For staff: the latest first, drafts and past ones too."""
    statement = select(EventRow)
    if state is not None:
        statement = statement.where(EventRow.state == state)
    return list(
        db.scalars(statement.order_by(EventRow.starts_at.desc(), EventRow.id.desc()).limit(limit).offset(offset))
    )


def count(db: Session) -> int:
    return db.scalar(select(func.count()).select_from(EventRow)) or 0


def count_by_state(db: Session) -> dict[str, int]:
    return dict(db.execute(select(EventRow.state, func.count()).group_by(EventRow.state)).all())


def count_coming(db: Session, *, after: datetime, begun_after: datetime) -> int:
    """Of `list_coming`."""
    return db.scalar(select(func.count()).select_from(EventRow).where(*_not_over(after, begun_after))) or 0


def list_sessions(db: Session, event_id: int) -> list[EventSessionRow]:
    statement = select(EventSessionRow).where(EventSessionRow.event_id == event_id)
    return list(db.scalars(statement.order_by(EventSessionRow.position, EventSessionRow.id)))


def replace_sessions(db: Session, event_id: int, rows: Sequence[EventSessionRow]) -> None:
    """Those whose ids are kept stay what they were, so that what hangs on them stays too."""
    kept = [row.id for row in rows if row.id is not None]
    db.execute(delete(EventSessionRow).where(EventSessionRow.event_id == event_id, EventSessionRow.id.not_in(kept)))
    for row in rows:
        db.merge(row)
    db.flush()


def list_questions(db: Session, event_id: int, *, removed_too: bool = False) -> list[EventQuestionRow]:
    statement = select(EventQuestionRow).where(EventQuestionRow.event_id == event_id)
    if not removed_too:
        statement = statement.where(EventQuestionRow.removed_at.is_(None))
    return list(db.scalars(statement.order_by(EventQuestionRow.position, EventQuestionRow.id)))


def add_question(db: Session, row: EventQuestionRow) -> int:
    db.add(row)
    db.flush()
    return row.id


def remove_question(db: Session, question_id: int, *, now: datetime) -> None:
    db.execute(update(EventQuestionRow).where(EventQuestionRow.id == question_id).values(removed_at=now))


def _not_over(now: datetime, begun_after: datetime | None) -> tuple[ColumnElement[bool], ...]:
    published = (EventRow.state == PUBLISHED, EventRow.ends_at > now)
    return published if begun_after is None else (*published, EventRow.starts_at > begun_after)
