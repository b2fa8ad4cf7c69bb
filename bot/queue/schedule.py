"""What happens by itself, and when. Any number of workers may ask; each slot is taken once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.queue import jobs
from bot.queue.kinds import BACKGROUND, JobKind
from bot.storage import jobs as table
from bot.storage.engine import Database


@dataclass(frozen=True, slots=True)
class Routine:
    kind: JobKind
    every: timedelta


ROUTINES = (
    Routine(JobKind.RETENTION, timedelta(hours=1)),
    Routine(JobKind.ERASE_FINISH, timedelta(hours=1)),
    Routine(JobKind.STAFF_RETENTION, timedelta(hours=1)),
    Routine(JobKind.GATHERING, timedelta(minutes=5)),
    Routine(JobKind.HEAR_BACK, timedelta(minutes=5)),
    Routine(JobKind.SERVICE_DUE, timedelta(minutes=1)),
    Routine(JobKind.WAITING_LISTS, timedelta(minutes=1)),
    Routine(JobKind.NOTICES_DUE, timedelta(minutes=1)),
    Routine(JobKind.CASES_DUE, timedelta(minutes=1)),
    Routine(JobKind.QUOTA, timedelta(minutes=15)),
    Routine(JobKind.NOTICE_STATISTICS, timedelta(hours=1)),
    Routine(JobKind.BACKUP, timedelta(minutes=15)),
)


def slot_of(routine: Routine, now: datetime) -> datetime:
    """The beginning of the period that `now` lies in."""
    seconds = int(routine.every.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, tz=UTC)


def enqueue_due(database: Database, *, now: datetime) -> list[JobKind]:
    """Enqueues each routine whose present slot nobody has taken. Returns the kinds enqueued."""
    enqueued = []
    for routine in ROUTINES:
        with database.transaction() as db:
            if table.take_slot(db, name=routine.kind, slot=slot_of(routine, now)):
                jobs.enqueue(db, routine.kind, now=now, subject_ids=[(None, routine.kind)], priority=BACKGROUND)
                enqueued.append(routine.kind)
    return enqueued
