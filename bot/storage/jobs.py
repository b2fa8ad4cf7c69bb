"""Queued work. A row that exists is work still open, or work that failed for good (`dead`); done work is deleted.

A job is claimed for the length of a lease by raising its `attempt`, which then fences every later write: who lost the
lease finds no row with its own attempt. Ids are given again once a job is done (on SQLite), and so it is fenced by when
the job was made as well. Jobs of one lane run one at a time in the order of their ids.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import (
    Index,
    Integer,
    String,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, BigId, UtcTime, insert_into

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


@dataclass(frozen=True, slots=True)
class Claim:
    """A job as somebody holds it: it is theirs while there is exactly this."""

    id: int
    attempt: int
    created_at: datetime


class SlotRow(Base):
    """A scheduled moment that somebody has already taken care of."""

    __tablename__ = "slots"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    slot: Mapped[datetime] = mapped_column(primary_key=True)


_jobs = cast(Table, JobRow.__table__)
_earlier = _jobs.alias("earlier")
_now, _due_at = bindparam("now", type_=UtcTime()), bindparam("new_due_at", type_=UtcTime())
_mine = and_(
    _jobs.c.id == bindparam("job_id"),
    _jobs.c.attempt == bindparam("mine"),
    _jobs.c.created_at == bindparam("made_at", type_=UtcTime()),
    _jobs.c.status == RUNNING,
)

# Statements of the hot path are built once: building them costs more than running them.
_INSERT = insert(_jobs)
_NEXT_DUE = (
    select(_jobs.c.id)
    .where(
        _jobs.c.status != DEAD,
        _jobs.c.due_at <= _now,
        or_(
            _jobs.c.lane.is_(None),
            ~exists().where(_earlier.c.lane == _jobs.c.lane, _earlier.c.id < _jobs.c.id, _earlier.c.status != DEAD),
        ),
    )
    .order_by(_jobs.c.priority, _jobs.c.due_at, _jobs.c.id)
    .limit(1)
)
_CLAIM = (
    update(_jobs)
    .where(
        _jobs.c.id == _NEXT_DUE.with_for_update(skip_locked=True).scalar_subquery(),
        _jobs.c.status != DEAD,
        _jobs.c.due_at <= _now,
    )
    .values(status=RUNNING, attempt=_jobs.c.attempt + 1, strikes=_jobs.c.strikes + 1, due_at=_due_at)
    .returning(
        _jobs.c.id, _jobs.c.kind, _jobs.c.lane, _jobs.c.subject_id, _jobs.c.attempt, _jobs.c.strikes, _jobs.c.created_at
    )
)
_BEHIND = (
    select(_jobs.c.id, _jobs.c.subject_id, _jobs.c.kind)
    .where(_jobs.c.lane == bindparam("whose"), _jobs.c.id > bindparam("after"), _jobs.c.status != DEAD)
    .order_by(_jobs.c.id)
)
_FIRST_DUE = (
    select(_jobs.c.due_at)
    .where(
        _jobs.c.status != DEAD,
        or_(
            _jobs.c.lane.is_(None),
            ~exists().where(_earlier.c.lane == _jobs.c.lane, _earlier.c.id < _jobs.c.id, _earlier.c.status != DEAD),
        ),
    )
    .order_by(_jobs.c.due_at)
    .limit(1)
)
_RENEW = update(_jobs).where(_mine).values(due_at=_due_at)
_FINISH = delete(_jobs).where(_mine)


def insert_all(db: Session, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        db.execute(_INSERT, rows)


def is_any_due(db: Session, *, now: datetime) -> bool:
    return db.execute(_NEXT_DUE, {"now": now}).first() is not None


def first_due_at(db: Session) -> datetime | None:
    """When the next job may be claimed that no earlier one of its lane holds up, or when its lease ends."""
    return db.scalar(_FIRST_DUE)


def list_behind(db: Session, *, lane: str, after: int, limit: int) -> list[tuple[int, int | None, str]]:
    """Ids, subjects and kinds of the jobs that wait behind this one in its lane, the next one first."""
    found = db.execute(_BEHIND.limit(limit), {"whose": lane, "after": after})
    return [(job_id, subject, kind) for job_id, subject, kind in found]


def list_open_lanes(db: Session, lanes: Sequence[str]) -> set[str]:
    """Those of them in which there is work that is not given up."""
    return set(db.scalars(select(_jobs.c.lane).where(_jobs.c.lane.in_(lanes), _jobs.c.status != DEAD)))


def drop(db: Session, job_ids: Sequence[int], *, lane: str) -> int:
    """Removes jobs that wait in this lane, and returns how many there were. Whoever holds the lane's first may do so:
    nobody else can have claimed them."""
    gone = delete(_jobs).where(_jobs.c.id.in_(job_ids), _jobs.c.lane == lane, _jobs.c.status == READY)
    return len(db.execute(gone.returning(_jobs.c.id)).all())


def claim(db: Session, *, now: datetime, lease: timedelta) -> Any | None:  # noqa: ANN401 - a row as _CLAIM returns it
    """Takes the next due job for the length of the lease, or None when nothing is due.

    A strike is counted at every claim and taken back by whoever ends the job in an orderly way, so that a job that
    kills its process is counted too.
    """
    return db.execute(_CLAIM, {"now": now, "new_due_at": now + lease}).first()


def renew(db: Session, claim: Claim, *, due_at: datetime) -> bool:
    """Prolongs the lease. False: somebody else has the job now."""
    return _changed(db, _RENEW, claim, new_due_at=due_at)


def finish(db: Session, claim: Claim) -> bool:
    return _changed(db, _FINISH, claim)


def put_back(db: Session, claim: Claim, *, due_at: datetime, error: str | None, forgive: bool) -> bool:
    """Ready again at `due_at`. `forgive` takes all strikes back: the delay was nobody's fault here."""
    values: dict[str, Any] = {"status": READY, "due_at": due_at, "last_error": error}
    if forgive:
        values["strikes"] = 0
    return _changed(db, update(_jobs).where(_mine).values(**values), claim)


def bury(db: Session, claim: Claim, *, error: str) -> bool:
    return _changed(db, update(_jobs).where(_mine).values(status=DEAD, last_error=error), claim)


def take_slot(db: Session, *, name: str, slot: datetime) -> bool:
    """True for exactly one caller a slot, however many schedulers there are."""
    statement = insert_into(db, SlotRow).values(name=name, slot=slot).on_conflict_do_nothing().returning(SlotRow.name)
    return db.execute(statement).first() is not None


def forget_slots(db: Session, *, before: datetime) -> int:
    result: Any = db.execute(delete(SlotRow).where(SlotRow.slot < before))
    return int(result.rowcount)


def forget_dead(db: Session, *, created_before: datetime) -> int:
    """Work that failed for good; nobody takes it up again."""
    result: Any = db.execute(delete(JobRow).where(JobRow.status == DEAD, JobRow.created_at < created_before))
    return int(result.rowcount)


def count_open(db: Session) -> int:
    return db.scalar(select(func.count()).select_from(JobRow).where(JobRow.status != DEAD)) or 0


def count_dead(db: Session) -> int:
    return db.scalar(select(func.count()).select_from(JobRow).where(JobRow.status == DEAD)) or 0


def _changed(db: Session, statement: Any, claim: Claim, **values: datetime) -> bool:  # noqa: ANN401 - update or delete
    mine = {"job_id": claim.id, "mine": claim.attempt, "made_at": claim.created_at}
    result: Any = db.execute(statement, {**mine, **values})
    return int(result.rowcount) == 1
