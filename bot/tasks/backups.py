"""The daily backup, and the list of who was erased that lies beside it."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

from bot import clock, logs
from bot.backups import making
from bot.backups.places import Plan
from bot.backups.refusals import BackupRefused, Why
from bot.queue import jobs
from bot.queue.jobs import Job, LeaseLost
from bot.queue.kinds import JobKind
from bot.storage import backups
from bot.storage.engine import Database
from bot.tasks.tools import Tools

log = logs.get(__name__)

LONGEST = timedelta(hours=2)
"""As long as that nobody else begins the same."""
AFTER_FAILURE = timedelta(hours=1)
THREAD = "backup"


def run_backup(tools: Tools, job: Job) -> None:
    """Looks whether today's is due, and makes it in a thread of its own: answers do not wait for it."""
    plan = tools.backups
    with tools.database.transaction() as db:
        jobs.renew(db, job, now=tools.now(), lease=LONGEST)
    due = is_due(tools.database, plan, now=tools.now())
    if plan.data_dir is None or (not due and making.are_erasures_written(tools.database, plan)):
        with tools.database.transaction() as db:
            jobs.finish(db, job)
        return
    threading.Thread(target=_run, args=(tools, job, due), name=THREAD, daemon=True).start()


def _run(tools: Tools, job: Job, due: bool) -> None:  # noqa: FBT001 - a thread's arguments
    try:
        if due:
            _make_todays(tools)
        else:
            for fault in making.spread_erasures(tools.database, tools.backups, now=tools.now):
                log.error("backup.erasures_not_written", detail=fault)
    except BackupRefused as refused:  # it is in the log and in the table already
        if refused.why is Why.AT_IT_ALREADY:
            log.info("backup.at_it_already")
    except Exception:
        log.exception("backup.trouble")
    try:
        with tools.database.transaction() as db:
            jobs.finish(db, job)
    except LeaseLost:
        log.warning("job.lease_lost", job=job.id, kind=job.kind)
    except Exception:
        log.exception("backup.trouble")  # the lease runs out, and somebody looks again


def _make_todays(tools: Tools) -> None:
    """Where there is one already that has only not got to a second place, that one goes there."""
    assert tools.backups.at_minute is not None  # noqa: S101 - it would not be due
    since = _last_time(tools.now(), tools.backups.at_minute)
    if not making.carry_on(tools.database, tools.backups, since=since, now=tools.now):
        making.make(tools.database, tools.backups, now=tools.now)


def is_due(database: Database, plan: Plan, *, now: datetime) -> bool:
    """Since the last time of day at which one is made, none was made; nor has one failed within the hour. The first one
    of all waits for that time."""
    if plan.at_minute is None or plan.data_dir is None:
        return False
    since = _last_time(now, plan.at_minute)
    with database.reading() as db:
        latest = backups.find_latest_finished(db, until=now)
        failed = backups.find_latest_failed(db, since=now - AFTER_FAILURE, until=now)
        known = latest is not None or backups.was_looked_at_before(db, since, routine=JobKind.BACKUP)
    return known and failed is None and (latest is None or latest.began_at < since)


def _last_time(now: datetime, at_minute: int) -> datetime:
    today = clock.in_bangkok(now).replace(hour=at_minute // 60, minute=at_minute % 60, second=0, microsecond=0)
    return today if today <= now else today - timedelta(days=1)
