"""How the work is getting on, in a few cheap questions: for alarms, and for /metrics."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.storage.alarms import AlarmRow
from bot.storage.backups import BackupRow
from bot.storage.cases import CLOSED, STAFF, CaseRow
from bot.storage.cases import OPEN as OPEN_CASE
from bot.storage.hear_back import HearBackRow
from bot.storage.jobs import DEAD, JobRow
from bot.storage.notices import NoticeRow
from bot.storage.people import PersonRow


@dataclass(frozen=True, slots=True)
class LastBackup:
    """`failed_at` is set where one failed after the last that did not."""

    made_at: datetime | None
    failed_at: datetime | None


def find_oldest_due(db: Session, *, now: datetime, priority_below: int) -> tuple[str, datetime] | None:
    """Of the work more urgent than that, what has been due for longest: its kind, and since when."""
    due = select(JobRow.kind, JobRow.due_at).where(
        JobRow.status != DEAD, JobRow.due_at < now, JobRow.priority < priority_below
    )
    row = db.execute(due.order_by(JobRow.due_at).limit(1)).first()
    return (row[0], row[1]) if row is not None else None


def count_given_up(db: Session, *, since: datetime) -> dict[str, int]:
    """By kind, the work that failed for good since then."""
    statement = select(JobRow.kind, func.count()).where(JobRow.status == DEAD, JobRow.due_at >= since)
    return dict(db.execute(statement.group_by(JobRow.kind)).all())


def count_jobs(db: Session) -> dict[tuple[str, str], int]:
    """By kind and status."""
    statement = select(JobRow.kind, JobRow.status, func.count()).group_by(JobRow.kind, JobRow.status)
    return {(kind, status): number for kind, status, number in db.execute(statement)}


def count_failing_for(db: Session, failures: Collection[str], *, since_before: datetime) -> dict[str, int]:
    """Open work from before that moment whose last try failed for one of these reasons, by the reason."""
    counts = {}
    for failure in failures:
        failed = (JobRow.status != DEAD, JobRow.created_at < since_before, JobRow.last_error.startswith(failure))
        counts[failure] = db.scalar(select(func.count()).where(*failed)) or 0
    return {failure: number for failure, number in counts.items() if number}


def find_last_backup(db: Session, *, now: datetime) -> LastBackup:
    """Of those that were made while the clock was ahead nothing can be said."""
    made = db.scalar(select(func.max(BackupRow.finished_at)).where(BackupRow.finished_at <= now))
    failed = select(BackupRow.began_at).where(BackupRow.error.is_not(None), BackupRow.began_at <= now)
    failed_at = db.scalar(failed.order_by(BackupRow.began_at.desc()).limit(1))
    after = failed_at is not None and (made is None or failed_at > made)
    return LastBackup(made, failed_at if after else None)


def count_urgent_overdue(db: Session, *, now: datetime) -> int:
    overdue = (CaseRow.state == OPEN_CASE, CaseRow.urgent.is_(True), CaseRow.due_at < now)
    return db.scalar(select(func.count()).where(*overdue)) or 0


def find_first_due(db: Session, *, kind: str, before: datetime) -> tuple[datetime, int] | None:
    """Of the cases of this kind that are not closed, and were promised an answer before that moment: when the first is
    due, and how many there are."""
    due = (CaseRow.kind == kind, CaseRow.state != CLOSED, CaseRow.due_at < before)
    first, number = db.execute(select(func.min(CaseRow.due_at), func.count()).where(*due)).one()
    return (first, number) if first is not None else None


def count_cases(db: Session, *, now: datetime) -> dict[str, int]:
    """`open`, `taken`, and `overdue` among both."""
    states = dict(
        db.execute(select(CaseRow.state, func.count()).where(CaseRow.state != CLOSED).group_by(CaseRow.state)).all()
    )
    late = (CaseRow.state != CLOSED, CaseRow.waits_for == STAFF, CaseRow.due_at < now)
    return {**states, "overdue": db.scalar(select(func.count()).where(*late)) or 0}


def count_people(db: Session) -> tuple[int, int]:
    """Known, and of these still following."""
    known, following = db.execute(
        select(func.count(), func.count().filter(PersonRow.following.is_(True))).select_from(PersonRow)
    ).one()
    return known, following


def count_notices(db: Session) -> dict[str, int]:
    """By state."""
    return dict(db.execute(select(NoticeRow.state, func.count()).group_by(NoticeRow.state)).all())


def count_waiting_to_hear(db: Session) -> int:
    return db.scalar(select(func.count()).where(HearBackRow.closed_at.is_(None))) or 0


def find_first_sight(db: Session) -> datetime | None:
    """When somebody wrote for the first time: how old this installation is, at the least."""
    return db.scalar(select(func.min(PersonRow.first_seen_at)))


def count_alarms(db: Session) -> dict[str, bool]:
    """Whether it is on, by name."""
    return {name: over is None for name, over in db.execute(select(AlarmRow.name, AlarmRow.over_at))}
