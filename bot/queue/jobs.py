"""Jobs as a worker sees them: enqueue, claim, renew, and the four ways to end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

from sqlalchemy.orm import Session

from bot.queue.kinds import INTERACTIVE, JobKind
from bot.storage import jobs as table
from bot.storage.engine import Database

LEASE = timedelta(seconds=15)
MOST_STRIKES = 5
"""After so many claims without an orderly end a job is buried: it kills its process, or fails every time."""


class LeaseLost(Exception):
    """Somebody else holds the job now. Roll back and walk away: they will do the work."""


@dataclass(frozen=True, slots=True)
class Job:
    id: int
    kind: str
    lane: str | None
    subject_id: int | None
    attempt: int
    strikes: int
    created_at: datetime


def enqueue(
    db: Session, kind: JobKind, *, now: datetime, subject_ids: Sequence[tuple[int | None, str | None]],
    priority: int = INTERACTIVE,
) -> None:  # fmt: skip
    """Adds a job for each (subject, lane) in the transaction that made it necessary."""
    table.insert_all(
        db,
        [
            {
                "kind": kind, "lane": lane, "subject_id": subject, "priority": priority, "status": table.READY,
                "attempt": 0, "strikes": 0, "due_at": now, "created_at": now,
            }
            for subject, lane in subject_ids
        ],
    )  # fmt: skip


def enqueue_missing(
    db: Session, kind: JobKind, *, now: datetime, subject_ids: Sequence[tuple[int | None, str]], priority: int
) -> None:
    """As `enqueue`, but for lanes in which something is open already: for work that goes on until there is none left,
    and that one more job does no harm."""
    busy = table.list_open_lanes(db, [lane for _, lane in subject_ids])
    missing = [(subject, lane) for subject, lane in subject_ids if lane not in busy]
    enqueue(db, kind, now=now, subject_ids=missing, priority=priority)


def claim(database: Database, *, now: datetime, lease: timedelta = LEASE, look_first: bool = False) -> Job | None:
    """Takes the next due job in a transaction of its own, or None. Who expects none looks first: on SQLite even a claim
    that finds nothing would keep other writers waiting."""
    if look_first and database.is_sqlite:
        with database.reading() as db:
            if not table.is_any_due(db, now=now):
                return None
    with database.transaction() as db:
        row = table.claim(db, now=now, lease=lease)
    return Job(*row) if row is not None else None


def first_due_in(database: Database, *, now: datetime) -> timedelta | None:
    """How long until something may be claimed; not positive when it may be already, None with nothing to do."""
    with database.reading() as db:
        due_at = table.first_due_at(db)
    return due_at - now if due_at is not None else None


def list_behind(db: Session, job: Job, *, limit: int) -> list[tuple[int, int | None]]:
    """Ids and subjects of the jobs of its own kind that wait right behind this one, the next one first."""
    behind = table.list_behind(db, lane=job.lane, after=job.id, limit=limit) if job.lane else []
    return [(job_id, subject) for job_id, subject, _ in takewhile(lambda waiting: waiting[2] == job.kind, behind)]


def absorb(db: Session, job: Job, job_ids: Sequence[int]) -> None:
    """This job has done the work of these, which wait behind it. Call it after `renew`. Raises LeaseLost."""
    if job_ids and table.drop(db, job_ids, lane=job.lane or "") != len(job_ids):
        raise LeaseLost(f"job {job.id}: what waited behind it is gone")


def renew(db: Session, job: Job, *, now: datetime, lease: timedelta = LEASE) -> None:
    """Proves, inside the transaction that has the job's effects, that the job is still ours. Raises LeaseLost."""
    if not table.renew(db, _held(job), due_at=now + lease):
        raise LeaseLost(f"job {job.id}, attempt {job.attempt}")


def finish(db: Session, job: Job) -> None:
    """Raises LeaseLost."""
    if not table.finish(db, _held(job)):
        raise LeaseLost(f"job {job.id}, attempt {job.attempt}")


def try_later(db: Session, job: Job, *, at: datetime, why: str) -> None:
    """Puts the job back without a strike: LINE is down, say. Raises LeaseLost."""
    if not table.put_back(db, _held(job), due_at=at, error=why[:400], forgive=True):
        raise LeaseLost(f"job {job.id}, attempt {job.attempt}")


def fail(db: Session, job: Job, *, now: datetime, why: str) -> bool:
    """After an unexpected error: again a little later, or buried when it has had its chances. True: buried."""
    if job.strikes >= MOST_STRIKES:
        table.bury(db, _held(job), error=why[:400])
        return True
    delay = timedelta(seconds=2.0 ** min(job.strikes, 6))
    table.put_back(db, _held(job), due_at=now + delay, error=why[:400], forgive=False)
    return False


def is_exhausted(job: Job) -> bool:
    """Claimed more often than any job may be without an orderly end: bury it unseen, it kills whoever runs it."""
    return job.strikes > MOST_STRIKES


def bury(db: Session, job: Job, *, why: str) -> None:
    table.bury(db, _held(job), error=why[:400])


def _held(job: Job) -> table.Claim:
    return table.Claim(job.id, job.attempt, job.created_at)
