"""What LINE counts for us: the month's quota, and how notices were received."""

from __future__ import annotations

from datetime import timedelta

from bot import clock, logs
from bot.messages import DeliveryFailed, Failure
from bot.notices import budget
from bot.queue import jobs
from bot.queue.jobs import Job
from bot.storage import notices
from bot.tasks.notices import unit_of
from bot.tasks.tools import Tools

log = logs.get(__name__)

COUNTED_FOR = timedelta(days=14)
ASKED_EVERY = timedelta(hours=20)
"""LINE counts by day, and allows few such questions an hour."""
MOST_AT_ONCE = 10
LONGEST_SPAN = timedelta(days=29)


def run_quota(tools: Tools, job: Job) -> None:
    """Asked every quarter of an hour, and whenever somebody is about to approve a notice."""
    try:
        told = tools.messenger.quota()
    except DeliveryFailed as failed:
        log.warning("quota.unknown", why=str(failed))
        told = None
    with tools.database.transaction() as db:
        if told is not None:
            budget.note(db, limit=told.limit, used=told.used, now=tools.now())
        jobs.finish(db, job)


def run_notice_statistics(tools: Tools, job: Job) -> None:
    now = tools.now()
    with tools.database.reading() as db:
        rows = notices.list_without_statistics(
            db, finished_after=now - COUNTED_FOR, asked_before=now - ASKED_EVERY, limit=MOST_AT_ONCE
        )
    for row in rows:
        first = clock.bangkok_date(row.began_at or row.created_at)
        last = min(clock.bangkok_date(now), first + LONGEST_SPAN)
        try:
            told = tools.messenger.unit_statistics(unit_of(row), first, last)
        except DeliveryFailed as failed:
            log.warning("notice.not_counted", notice=row.id, why=str(failed))
            if failed.failure is not Failure.REFUSED:
                break
            told = row.statistics or {}  # of this one LINE knows nothing: it keeps no other waiting
        with tools.database.transaction() as db:
            notices.change(db, row.id, statistics=dict(told), statistics_at=now)
    with tools.database.transaction() as db:
        jobs.finish(db, job)
