"""The requests to LINE that a notice consists of, each with its key, written before anything is sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    and_,
    case,
    false,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage import notices
from bot.storage.base import Base, BigId
from bot.storage.notices import NoticeRow

WAITING, TRYING = "waiting", "trying"
ACCEPTED, REFUSED, UNKNOWN, SPLIT, EMPTY, STOPPED = "accepted", "refused", "unknown", "split", "empty", "stopped"
OPEN = (WAITING, TRYING)


class ChunkRow(Base):
    """Of the people of one portion within a range of ids. From its first try on its people are fixed: the same key goes
    with the same body."""

    __tablename__ = "notice_chunks"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    notice_id: Mapped[int] = mapped_column(BigId, ForeignKey("notices.id", ondelete="CASCADE"))
    portion: Mapped[int]
    first: Mapped[int] = mapped_column(BigId)
    last: Mapped[int] = mapped_column(BigId)
    """Person ids, both included."""
    people: Mapped[int]
    """How many: as planned, and from the first try on as fixed."""
    state: Mapped[str] = mapped_column(String(8), default=WAITING)
    due_at: Mapped[datetime]
    """Not before; while it is tried, when it may be tried again."""
    retry_key: Mapped[str] = mapped_column(String(36), unique=True)
    people_hash: Mapped[str | None] = mapped_column(String(64))
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Of a push with a name in it, sealed; gone when it is settled."""
    tries: Mapped[int] = mapped_column(default=0)
    """Fences every later write: whoever was overtaken finds another number here."""
    doubtful: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    """LINE may have taken it."""
    first_tried_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    request_id: Mapped[str | None] = mapped_column(String(64))
    duplicate: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    """LINE said that it had taken it before."""
    why: Mapped[str] = mapped_column(String(80), default="")

    __table_args__ = (Index("ix_notice_chunks_open", "notice_id", "state", "due_at"),)


_in_flight = and_(ChunkRow.state == TRYING, ChunkRow.why == "")
"""Somebody is making the request right now, or has died over it. What waits for another try carries the reason."""


def add_all(db: Session, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        db.execute(insert(ChunkRow), rows)


def claim(db: Session, notice_id: int, *, now: datetime, until: datetime) -> ChunkRow | None:
    """The next that is due, for this one sender until then: somebody who died leaves it to others."""
    due = (
        select(ChunkRow.id)
        .where(ChunkRow.notice_id == notice_id, ChunkRow.state.in_(OPEN), ChunkRow.due_at <= now)
        .order_by(ChunkRow.due_at, ChunkRow.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    claimed = (
        update(ChunkRow)
        .where(ChunkRow.id == due.scalar_subquery(), ChunkRow.state.in_(OPEN), ChunkRow.due_at <= now)
        .values(
            state=TRYING,
            tries=ChunkRow.tries + 1,
            due_at=until,
            why="",
            doubtful=or_(ChunkRow.doubtful, _in_flight),
        )
        .returning(ChunkRow.id)
    )
    chunk_id = db.scalar(claimed)
    return find(db, chunk_id) if chunk_id is not None else None


def find(db: Session, chunk_id: int) -> ChunkRow | None:
    return db.scalar(select(ChunkRow).where(ChunkRow.id == chunk_id).execution_options(populate_existing=True))


def change(db: Session, chunk_id: int, *, tries: int, **values: Any) -> bool:  # noqa: ANN401 - the columns to change
    """False: somebody else has taken it over since."""
    mine = (ChunkRow.id == chunk_id, ChunkRow.tries == tries, ChunkRow.state == TRYING)
    return db.execute(update(ChunkRow).where(*mine).values(**values).returning(ChunkRow.id)).first() is not None


def first_due_at(db: Session, notice_id: int) -> datetime | None:
    """When there will be something to send again. None: nothing is open."""
    return db.scalar(select(func.min(ChunkRow.due_at)).where(ChunkRow.notice_id == notice_id, ChunkRow.state.in_(OPEN)))


def stop_open(db: Session, notice_id: int, *, now: datetime) -> int:
    """What was never taken is not sent any more; what LINE may have taken is unknown. What is being tried right now is
    left to end. Returns how many requests were stopped."""
    mine = (ChunkRow.notice_id == notice_id, ChunkRow.state.in_(OPEN), ~_in_flight)
    return _end(db, mine, now=now, why="stopped")


def give_up_old(db: Session, notice_id: int, *, tried_before: datetime, now: datetime) -> int:
    """LINE forgets keys after a day: what it may have taken before then is never tried again by itself."""
    old = (
        ChunkRow.notice_id == notice_id, ChunkRow.state == TRYING, ChunkRow.first_tried_at < tried_before,
        ChunkRow.due_at <= now, or_(ChunkRow.doubtful, _in_flight),
    )  # fmt: skip
    return _end(db, old, now=now, why="too old")


def end_left_over(db: Session, *, now: datetime) -> int:
    """Of stopped notices: whoever was making the request has died over it, or wrote another one meanwhile."""
    stopped = select(NoticeRow.id).where(NoticeRow.state == notices.STOPPED)
    left_over = (
        ChunkRow.notice_id.in_(stopped), ChunkRow.state.in_(OPEN), or_(~_in_flight, ChunkRow.due_at <= now),
    )  # fmt: skip
    return _end(db, left_over, now=now, why="stopped")


def _end(db: Session, conditions: Iterable[ColumnElement[bool]], *, now: datetime, why: str) -> int:
    ended = update(ChunkRow).where(*conditions)
    how = case((or_(ChunkRow.doubtful, _in_flight), UNKNOWN), else_=STOPPED)
    ended = ended.values(state=how, settled_at=now, why=why, body=None, tries=ChunkRow.tries + 1)
    return len(db.execute(ended.returning(ChunkRow.id)).all())


def count(db: Session, notice_id: int) -> dict[str, tuple[int, int]]:
    """Chunks, and people in them, by state."""
    statement = select(ChunkRow.state, func.count(), func.coalesce(func.sum(ChunkRow.people), 0))
    found = db.execute(statement.where(ChunkRow.notice_id == notice_id).group_by(ChunkRow.state))
    return {state: (chunks, int(people)) for state, chunks, people in found}


def count_reasons(db: Session, notice_id: int) -> dict[tuple[str, str], int]:
    """People by state and reason, of what was not accepted."""
    statement = select(ChunkRow.state, ChunkRow.why, func.sum(ChunkRow.people)).where(
        ChunkRow.notice_id == notice_id, ChunkRow.state.in_((REFUSED, UNKNOWN, STOPPED))
    )
    found = db.execute(statement.group_by(ChunkRow.state, ChunkRow.why))
    return {(state, why): int(people) for state, why, people in found}


def count_accepted_since(db: Session, *, since: datetime, notice_id: int | None = None) -> int:
    """People to whom notices, or this one, were sent since then."""
    statement = select(func.coalesce(func.sum(ChunkRow.people), 0))
    statement = statement.where(ChunkRow.state == ACCEPTED, ChunkRow.settled_at >= since)
    return int(db.scalar(statement if notice_id is None else statement.where(ChunkRow.notice_id == notice_id)) or 0)


def count_tried_since(db: Session, notice_id: int, *, since: datetime, but: int) -> int:
    """People whom LINE was asked to send it to since then, whatever became of it, except those of that request."""
    tried = (ChunkRow.notice_id == notice_id, ChunkRow.id != but, ChunkRow.state.in_((TRYING, ACCEPTED, UNKNOWN)))
    latest = func.coalesce(ChunkRow.settled_at, ChunkRow.first_tried_at)
    return int(db.scalar(select(func.coalesce(func.sum(ChunkRow.people), 0)).where(*tried, latest >= since)) or 0)


def count_open_people(db: Session, *, due_before: datetime, but: int) -> int:
    """Of all notices whose sending has begun and may go on, except that one: people who are still to be sent it."""
    going = (notices.SENDING, notices.PAUSED, notices.HELD)
    statement = (
        select(func.coalesce(func.sum(ChunkRow.people), 0))
        .join(NoticeRow, NoticeRow.id == ChunkRow.notice_id)
        .where(NoticeRow.state.in_(going), ChunkRow.state.in_(OPEN), ChunkRow.due_at < due_before, NoticeRow.id != but)
    )
    return int(db.scalar(statement) or 0)


def list_page(db: Session, notice_id: int, *, limit: int, after: int = 0) -> list[ChunkRow]:
    statement = select(ChunkRow).where(ChunkRow.notice_id == notice_id, ChunkRow.id > after)
    return list(db.scalars(statement.order_by(ChunkRow.id).limit(limit)))


def highest_portion(db: Session, notice_id: int) -> int:
    """-1: it has no request yet."""
    highest = db.scalar(select(func.max(ChunkRow.portion)).where(ChunkRow.notice_id == notice_id))
    return -1 if highest is None else highest


def try_anew(db: Session, notice_id: int) -> None:
    """The time for what was tried in vain, and never taken, counts from its next try."""
    mine = (ChunkRow.notice_id == notice_id, ChunkRow.state.in_(OPEN), ~_in_flight, ChunkRow.doubtful.is_(False))
    db.execute(update(ChunkRow).where(*mine).values(first_tried_at=None))


def was_any_tried(db: Session, notice_id: int) -> bool:
    statement = select(ChunkRow.id).where(ChunkRow.notice_id == notice_id, ChunkRow.first_tried_at.is_not(None))
    return db.scalar(statement.limit(1)) is not None
