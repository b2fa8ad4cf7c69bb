"""Queued work. A row that exists is work still open, or work that failed for good (`dead`); done work is deleted.

A job is claimed for the length of a lease by raising its `attempt`, which then fences every later write: who lost the
lease finds no row with its own attempt. Jobs of one lane run one at a time in the order of their ids.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Index, Integer, String, and_, delete, exists, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from bot.storage.base import Base, BigId

READY, RUNNING, DEAD = "ready", "running", "dead"


class JobRow(Base):
    __tablename__ = "jobs"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    lane: Mapped[str | None] = mapped_column(String(64))
    subject_id: Mapped[int | None] = mapped_column(BigId)
    priority: Mapped[int] = mapped_column(default=0)
    status: Mapped[str] = mapped_column(String(8), default=READY)
    attempt: Mapped[int] = mapped_column(Integer, default=0)
    strikes: Mapped[int] = mapped_column(Integer, default=0)
    due_at: Mapped[datetime]
    created_at: Mapped[datetime]
    last_error: Mapped[str | None] = mapped_column(String(400))

    __table_args__ = (
        Index("ix_jobs_open", "priority", "due_at", "id", sqlite_where=status != DEAD, postgresql_where=status != DEAD),
        Index("ix_jobs_lane_open", "lane", "id", sqlite_where=status != DEAD, postgresql_where=status != DEAD),
    )


class SlotRow(Base):
    """A scheduled moment that somebody has already taken care of."""

    __tablename__ = "slots"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    slot: Mapped[datetime] = mapped_column(primary_key=True)


def insert_all(db: Session, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        db.execute(insert(JobRow), rows)


_earlier = aliased(JobRow)
_JOB_COLUMNS = (
    JobRow.id, JobRow.kind, JobRow.lane, JobRow.subject_id, JobRow.attempt, JobRow.strikes, JobRow.created_at,
)  # fmt: skip


def _next_due(now: datetime) -> Any:  # noqa: ANN401 - a select of one id
    blocked = exists().where(_earlier.lane == JobRow.lane, _earlier.id < JobRow.id, _earlier.status != DEAD)
    return (
        select(JobRow.id)
        .where(JobRow.status != DEAD, JobRow.due_at <= now, or_(JobRow.lane.is_(None), ~blocked))
        .order_by(JobRow.priority, JobRow.due_at, JobRow.id)
        .limit(1)
    )


def is_any_due(db: Session, *, now: datetime) -> bool:
    return db.execute(_next_due(now)).first() is not None


def claim(db: Session, *, now: datetime, lease: timedelta) -> Any | None:  # noqa: ANN401 - a row of _JOB_COLUMNS
    """Takes the next due job for the length of the lease, or None when nothing is due.

    A strike is counted at every claim and taken back by whoever ends the job in an orderly way, so that a job that
    kills its process is counted too.
    """
    chosen = _next_due(now).with_for_update(skip_locked=True).scalar_subquery()
    statement = (
        update(JobRow)
        .where(JobRow.id == chosen, JobRow.status != DEAD, JobRow.due_at <= now)
        .values(status=RUNNING, attempt=JobRow.attempt + 1, strikes=JobRow.strikes + 1, due_at=now + lease)
        .returning(*_JOB_COLUMNS)
        .execution_options(synchronize_session=False)
    )
    return db.execute(statement).first()


def _mine(job_id: int, attempt: int) -> Any:  # noqa: ANN401 - a condition
    return and_(JobRow.id == job_id, JobRow.attempt == attempt, JobRow.status == RUNNING)


def renew(db: Session, *, job_id: int, attempt: int, due_at: datetime) -> bool:
    """Prolongs the lease. False: somebody else has the job now."""
    return _changed(db, update(JobRow).where(_mine(job_id, attempt)).values(due_at=due_at))


def finish(db: Session, *, job_id: int, attempt: int) -> bool:
    return _changed(db, delete(JobRow).where(_mine(job_id, attempt)))


def put_back(db: Session, *, job_id: int, attempt: int, due_at: datetime, error: str | None, forgive: bool) -> bool:
    """Ready again at `due_at`. `forgive` takes all strikes back: the delay was nobody's fault here."""
    values: dict[str, Any] = {"status": READY, "due_at": due_at, "last_error": error}
    if forgive:
        values["strikes"] = 0
    return _changed(db, update(JobRow).where(_mine(job_id, attempt)).values(**values))


def bury(db: Session, *, job_id: int, attempt: int, error: str) -> bool:
    return _changed(db, update(JobRow).where(_mine(job_id, attempt)).values(status=DEAD, last_error=error))


def cancel_lane(db: Session, *, lane: str, kinds: Sequence[str]) -> int:
    """Deletes what has not begun. Returns how many."""
    result: Any = db.execute(delete(JobRow).where(JobRow.lane == lane, JobRow.kind.in_(kinds), JobRow.status == READY))
    return int(result.rowcount)


def take_slot(db: Session, *, name: str, slot: datetime) -> bool:
    """True for exactly one caller a slot, however many schedulers there are."""
    dialect = sqlite if db.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(SlotRow).values(name=name, slot=slot).on_conflict_do_nothing().returning(SlotRow.name)
    return db.execute(statement).first() is not None


def forget_slots(db: Session, *, before: datetime) -> int:
    result: Any = db.execute(delete(SlotRow).where(SlotRow.slot < before))
    return int(result.rowcount)


def count_open(db: Session) -> int:
    return db.scalar(select(func.count()).select_from(JobRow).where(JobRow.status != DEAD)) or 0


def oldest_open(db: Session) -> datetime | None:
    return db.scalar(select(func.min(JobRow.created_at)).where(JobRow.status != DEAD))


def count_dead(db: Session) -> int:
    return db.scalar(select(func.count()).select_from(JobRow).where(JobRow.status == DEAD)) or 0


def _changed(db: Session, statement: Any) -> bool:  # noqa: ANN401 - an update or a delete
    result: Any = db.execute(statement.execution_options(synchronize_session=False))
    return int(result.rowcount) == 1
