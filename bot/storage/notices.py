"""Notices: what is announced, to whom, by whose leave, and how far it has got."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, Index, LargeBinary, String, false, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, BigId

DRAFT, SUBMITTED, APPROVED = "draft", "submitted", "approved"
PLANNING, SENDING = "planning", "sending"
PAUSED, HELD, STOPPED, FINISHED = "paused", "held", "stopped", "finished"
UNDER_WAY = (PLANNING, SENDING, PAUSED, HELD)
OVER = (STOPPED, FINISHED)


class NoticeRow(Base):
    """A draft is edited under its `version`; from the approval on text and audience are fixed by their hash."""

    __tablename__ = "notices"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    uid: Mapped[str] = mapped_column(String(24), unique=True)
    """Random: retry keys are made from it, and its name in LINE's statistics."""
    state: Mapped[str] = mapped_column(String(10), default=DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    event_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("events.id", ondelete="SET NULL"), index=True)
    title: Mapped[str] = mapped_column(String(120), default="")
    """For staff: people never see it."""
    content: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    audience: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    author_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("staff.id", ondelete="SET NULL"))
    """Whose words they are now: of whoever edited it last."""
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    sent_back: Mapped[str] = mapped_column(String(500), default="")
    """Why the approver gave it back, in their words."""
    approver_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("staff.id", ondelete="SET NULL"))
    approved_at: Mapped[datetime | None]
    approved_hash: Mapped[str | None] = mapped_column(String(64))
    approved_count: Mapped[int | None]
    """How many people it would have reached when it was approved."""
    send_at: Mapped[datetime | None]
    """None: as soon as the cooling-off is over."""
    begins_at: Mapped[datetime | None]
    """Not before: the later of `send_at` and the end of the cooling-off, by day. Set by the approval."""
    repeats: Mapped[str] = mapped_column(String(8), default="")
    """``, `weekly` or `monthly`."""
    repeats_until: Mapped[datetime | None]
    repeat_of: Mapped[int | None] = mapped_column(BigId, ForeignKey("notices.id", ondelete="SET NULL"))
    per_day: Mapped[int | None]
    """At most so many people a day; None: all at once."""
    rides_until: Mapped[datetime | None]
    """Until then it rides along with whatever free answer its people get; the others are sent it after that."""
    planned_to: Mapped[int] = mapped_column(BigId, default=0)
    """The ledger is written for people up to this id."""
    rendered: Mapped[bytes | None] = mapped_column(LargeBinary)
    """What LINE is sent, sealed: fixed when the sending begins."""
    personal: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    """Has a name in it: a push for each person."""
    began_at: Mapped[datetime | None]
    touched_at: Mapped[datetime | None]
    """When it was last worked on: what was interrupted for long is not taken up again by itself."""
    why: Mapped[str] = mapped_column(String(24), default="")
    """Why it is paused, held or stopped: a word of ours."""
    finished_at: Mapped[datetime | None]
    statistics: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """LINE's own, where there are enough people."""
    statistics_at: Mapped[datetime | None]
    kept_counts: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """What the ledger said in numbers, once its lines are forgotten."""

    __table_args__ = (Index("ix_notices_state_begins_at", "state", "begins_at"),)


def add(db: Session, row: NoticeRow) -> NoticeRow:
    db.add(row)
    db.flush()
    return row


def find(db: Session, notice_id: int) -> NoticeRow | None:
    return db.scalar(select(NoticeRow).where(NoticeRow.id == notice_id).execution_options(populate_existing=True))


def lock(db: Session, notice_id: int) -> NoticeRow | None:
    """Nobody else changes it before this transaction ends."""
    statement = select(NoticeRow).where(NoticeRow.id == notice_id).with_for_update()
    return db.scalar(statement.execution_options(populate_existing=True))


def move(
    db: Session, notice_id: int, *, states: Collection[str], to: str, now: datetime, why: str = "",
    **values: Any,  # noqa: ANN401 - further columns
) -> bool:  # fmt: skip
    """True for the one who moved it, where it still was in one of `states`."""
    moved = update(NoticeRow).where(NoticeRow.id == notice_id, NoticeRow.state.in_(states))
    moved = moved.values(state=to, why=why, changed_at=now, **values)
    return db.execute(moved.returning(NoticeRow.id)).first() is not None


def change(db: Session, notice_id: int, **values: Any) -> None:  # noqa: ANN401 - the columns to change
    db.execute(update(NoticeRow).where(NoticeRow.id == notice_id).values(**values))


def edit(db: Session, notice_id: int, *, seen: int, **values: Any) -> bool:  # noqa: ANN401 - the columns to change
    """False: somebody else has changed it since, or it is no draft any more."""
    edited = update(NoticeRow).where(
        NoticeRow.id == notice_id, NoticeRow.version == seen, NoticeRow.state.in_((DRAFT, SUBMITTED, APPROVED))
    )
    edited = edited.values(version=seen + 1, **values)
    return db.execute(edited.returning(NoticeRow.id)).first() is not None


def touch(db: Session, notice_id: int, *, now: datetime) -> None:
    db.execute(update(NoticeRow).where(NoticeRow.id == notice_id).values(touched_at=now))


def list_due(db: Session, *, now: datetime, limit: int) -> list[NoticeRow]:
    """Approved, and their time has come."""
    statement = select(NoticeRow).where(NoticeRow.state == APPROVED, NoticeRow.begins_at <= now)
    ordered = statement.order_by(NoticeRow.begins_at, NoticeRow.id).limit(limit)
    return list(db.scalars(ordered.with_for_update(skip_locked=True)))


def list_in_states(db: Session, states: Collection[str], *, limit: int, offset: int = 0) -> list[NoticeRow]:
    """The last changed first."""
    statement = select(NoticeRow).where(NoticeRow.state.in_(states))
    return list(
        db.scalars(statement.order_by(NoticeRow.changed_at.desc(), NoticeRow.id.desc()).limit(limit).offset(offset))
    )


def count_by_state(db: Session) -> dict[str, int]:
    return dict(db.execute(select(NoticeRow.state, func.count()).group_by(NoticeRow.state)).all())


def list_riding(db: Session, *, now: datetime) -> list[int]:
    """Ids of notices that ride along with free answers."""
    statement = select(NoticeRow.id).where(NoticeRow.state == SENDING, NoticeRow.rides_until > now)
    return list(db.scalars(statement.order_by(NoticeRow.id)))


def list_landing(db: Session) -> list[int]:
    """Ids of notices that ride along, or rode until their deadline and are not finished yet."""
    statement = select(NoticeRow.id).where(NoticeRow.state == SENDING, NoticeRow.rides_until.is_not(None))
    return list(db.scalars(statement.order_by(NoticeRow.id)))


def list_approved_alike(db: Session, *, approved_hash: str, since: datetime, but: int) -> list[NoticeRow]:
    """Approved or begun since then with the very same text for the very same people."""
    statement = select(NoticeRow).where(
        NoticeRow.approved_hash == approved_hash, NoticeRow.id != but, NoticeRow.approved_at.is_not(None),
        or_(NoticeRow.begins_at >= since, NoticeRow.approved_at >= since),
        NoticeRow.state.in_((APPROVED, *UNDER_WAY, *OVER)),
        or_(NoticeRow.state != STOPPED, NoticeRow.began_at.is_not(None)),
    )  # fmt: skip
    return list(db.scalars(statement.order_by(NoticeRow.id)))


def list_without_statistics(
    db: Session, *, finished_after: datetime, asked_before: datetime, limit: int
) -> list[NoticeRow]:
    statement = select(NoticeRow).where(
        NoticeRow.state.in_(OVER), NoticeRow.finished_at > finished_after, NoticeRow.began_at.is_not(None),
        or_(NoticeRow.statistics_at.is_(None), NoticeRow.statistics_at < asked_before),
    )  # fmt: skip
    return list(db.scalars(statement.order_by(NoticeRow.id).limit(limit)))


def remove(db: Session, row: NoticeRow) -> None:
    db.delete(row)
    db.flush()


def hold_all(db: Session, *, why: str, now: datetime) -> int:
    """Everything that would go out by itself."""
    held = update(NoticeRow).where(NoticeRow.state.in_((APPROVED, PLANNING, SENDING)))
    return len(db.execute(held.values(state=HELD, why=why, changed_at=now).returning(NoticeRow.id)).all())
