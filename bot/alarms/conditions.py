"""What can be wrong with the running of things, and how it is found out: a few cheap questions, asked each minute."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from sqlalchemy.orm import Session

from bot.messages import Failure
from bot.queue.kinds import BACKGROUND
from bot.settings import Settings
from bot.storage import channel, holds, tombstones, watching

STUCK_AFTER = timedelta(minutes=5)
BACKGROUND_STUCK_AFTER = timedelta(hours=1)
ALL_WORK = 1_000_000
GIVEN_UP_WITHIN = timedelta(days=1)
FAILING_FOR = timedelta(minutes=2)
STOPPED = (Failure.UNAUTHORISED, Failure.UNREACHABLE)
"""Why nothing at all goes out. The rest concerns single messages, or passes by itself."""
BACKUP_LATE_AFTER = timedelta(hours=26)
HELD_FOR = timedelta(hours=1)
PRIVACY = "privacy"
"""The kind of case that asks for one's own data; the rooms of cases and alarms do not see each other."""
PRIVACY_TOLD_BEFORE = timedelta(days=7)
"""The law gives thirty days: with a week left there is still time for it."""
ERASED_WITHIN = timedelta(days=1)
"""What somebody took back has to be gone from the live data by then, freed pages included."""
MEGABYTE = 1_000_000


class Alarm(StrEnum):
    WORK_STUCK = "work_stuck"
    WORK_GIVEN_UP = "work_given_up"
    SENDING_STOPPED = "sending_stopped"
    QUOTA_SPENT = "quota_spent"
    SENDING_HELD = "sending_held"
    BACKUP_FAILED = "backup_failed"
    BACKUP_LATE = "backup_late"
    DISK_LOW = "disk_low"
    URGENT_WAITING = "urgent_waiting"
    PRIVACY_DUE = "privacy_due"
    ERASURE_UNFINISHED = "erasure_unfinished"


@dataclass(frozen=True, slots=True)
class Condition:
    """Something is wrong. `facts` are numbers, names of jobs and of failures: nothing personal."""

    alarm: Alarm
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Watched:
    """What is looked at besides the database."""

    data_dir: Path
    least_disk_mb: int
    backs_up: bool
    free_bytes: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free


def watched_of(settings: Settings) -> Watched:
    return Watched(settings.data_dir, settings.least_disk_mb, backs_up=settings.backup_time is not None)


def look(db: Session, watched: Watched, *, now: datetime) -> list[Condition]:
    """Everything that is wrong right now."""
    people = (*_cases(db, now), *_privacy(db, now), *_erasures(db, now))
    return [*_work(db, now), *_sending(db, now), *_backups(db, watched, now), *look_at_disk(watched), *people]


def _work(db: Session, now: datetime) -> Iterator[Condition]:
    for priority_below, patience in ((BACKGROUND, STUCK_AFTER), (ALL_WORK, BACKGROUND_STUCK_AFTER)):
        oldest = watching.find_oldest_due(db, now=now, priority_below=priority_below)
        if oldest is not None and now - oldest[1] > patience:
            yield Condition(Alarm.WORK_STUCK, {"kind": oldest[0], "minutes": _minutes(now - oldest[1])})
            break
    given_up = watching.count_given_up(db, since=now - GIVEN_UP_WITHIN)
    if given_up:
        kinds = ", ".join(sorted(given_up))
        yield Condition(Alarm.WORK_GIVEN_UP, {"number": str(sum(given_up.values())), "kinds": kinds})


def _sending(db: Session, now: datetime) -> Iterator[Condition]:
    failing = watching.count_failing_for(db, STOPPED, since_before=now - FAILING_FOR)
    if failing:
        why = max(failing, key=lambda failure: failing[failure])
        yield Condition(Alarm.SENDING_STOPPED, {"why": str(why), "number": str(sum(failing.values()))})
    quota = channel.find_quota(db)
    if quota is not None and quota.limit is not None and quota.used >= quota.limit:
        yield Condition(Alarm.QUOTA_SPENT, {"limit": str(quota.limit)})
    held = holds.find(db, holds.SENDING)
    if held is not None and now - held.since > HELD_FOR:
        yield Condition(Alarm.SENDING_HELD, {"hours": str(int((now - held.since).total_seconds() // 3600))})


def _backups(db: Session, watched: Watched, now: datetime) -> Iterator[Condition]:
    last = watching.find_last_backup(db, now=now)
    if last.failed_at is not None:
        yield Condition(Alarm.BACKUP_FAILED, {})
        return
    since = last.made_at or watching.find_first_sight(db)
    if watched.backs_up and since is not None and now - since > BACKUP_LATE_AFTER:
        yield Condition(Alarm.BACKUP_LATE, {"hours": str(int((now - since).total_seconds() // 3600))})


def look_at_disk(watched: Watched) -> Iterator[Condition]:
    """Without the database: a full disk is why that may not answer."""
    try:
        free = watched.free_bytes(watched.data_dir if watched.data_dir.exists() else Path.cwd()) // MEGABYTE
    except OSError:
        free = 0
    if free < watched.least_disk_mb:
        yield Condition(Alarm.DISK_LOW, {"free": str(free), "least": str(watched.least_disk_mb)})


def _cases(db: Session, now: datetime) -> Iterator[Condition]:
    number = watching.count_urgent_overdue(db, now=now)
    if number:
        yield Condition(Alarm.URGENT_WAITING, {"number": str(number)})


def _privacy(db: Session, now: datetime) -> Iterator[Condition]:
    found = watching.find_first_due(db, kind=PRIVACY, before=now + PRIVACY_TOLD_BEFORE)
    if found is not None:
        yield Condition(Alarm.PRIVACY_DUE, {"number": str(found[1]), "days": str(max(0, (found[0] - now).days))})


def _erasures(db: Session, now: datetime) -> Iterator[Condition]:
    number = tombstones.count_unfinished(db, erased_before=now - ERASED_WITHIN)
    if number:
        yield Condition(Alarm.ERASURE_UNFINISHED, {"number": str(number)})


def _minutes(span: timedelta) -> str:
    return str(int(span.total_seconds() // 60))
