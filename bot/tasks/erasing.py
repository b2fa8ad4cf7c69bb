"""What an erasure leaves to be done: taking what was deleted out of the database's files."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot import clock, logs
from bot.queue import jobs
from bot.queue.jobs import Job
from bot.storage import scrubbing, tombstones
from bot.tasks.tools import Tools

log = logs.get(__name__)

A_BATCH = 1000
AT_ANY_TIME = 64 * 1024 * 1024
"""Bytes of an SQLite file that are written anew in a moment, in which nobody can write."""
NIGHT = range(1, 5)
"""Hours in Bangkok in which a larger one is."""
LONGEST = timedelta(minutes=20)


def run_erase_finish(tools: Tools, job: Job) -> None:
    """Doing it twice does nothing more. Raises LeaseLost."""
    with tools.database.transaction() as db:
        now = tools.now()
        jobs.renew(db, job, now=now, lease=LONGEST)
        numbers = tombstones.list_unfinished(db, limit=A_BATCH)
    done = bool(numbers) and _is_time(tools, now) and scrubbing.scrub(tools.database)
    with tools.database.transaction() as db:
        if done:
            tombstones.finish(db, numbers, now=tools.now())
        jobs.finish(db, job)
    if numbers:
        log.info("erasures.finished" if done else "erasures.unfinished", erasures=len(numbers))


def _is_time(tools: Tools, now: datetime) -> bool:
    if not tools.database.is_sqlite:
        return True
    if not scrubbing.has_room(tools.database):
        log.error("erasures.no_room", hint="the disk needs room for the database file twice more")
        return False
    return scrubbing.size_of(tools.database) <= AT_ANY_TIME or clock.in_bangkok(now).hour in NIGHT
