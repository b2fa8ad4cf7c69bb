"""What happens by itself."""

from __future__ import annotations

from dataclasses import asdict

from bot import logs
from bot.events import keeping
from bot.notices import keeping as notices
from bot.outreach import retention
from bot.queue import jobs
from bot.queue.jobs import Job
from bot.tasks.tools import Tools

log = logs.get(__name__)


def run_retention(tools: Tools, job: Job) -> None:
    """Forgets what is due. Doing it twice forgets nothing more."""
    with tools.database.transaction() as db:
        now = tools.now()
        jobs.renew(db, job, now=now)
        forgotten = retention.forget_what_is_due(db, now=now)
        registrations = keeping.forget_past(db, now=now)
        recipients = notices.forget_past(db, now=now)
        jobs.finish(db, job)
    log.info("retention.done", registrations=registrations, recipients=recipients, **asdict(forgotten))
