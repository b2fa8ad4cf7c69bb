"""What happens by itself: forgetting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot import logs
from bot.outreach import audit
from bot.privacy import retention
from bot.privacy.retention import Keeper
from bot.queue import jobs
from bot.queue.jobs import Job
from bot.settings.keeping import Keeping
from bot.storage.audit import Broken
from bot.storage.engine import Database
from bot.tasks.tools import Tools
from bot.vault import Vault

log = logs.get(__name__)

LONGEST = timedelta(minutes=10)
"""Reading the whole log of what staff did, before its oldest lines go."""


def run_retention(tools: Tools, job: Job) -> None:
    """Forgets what is due: each hour what is kept by the hour, and once a night everything else. One batch of each kind
    a claim, and then whatever waits goes first. Doing it twice forgets nothing more. Raises LeaseLost."""
    with tools.database.transaction() as db:
        now = tools.now()
        jobs.renew(db, job, now=now, lease=LONGEST)
        begun = retention.find_report(db, now=now)
        nightly = begun is None or begun.at >= job.created_at  # the latter: this very job has begun it
    counts, more = purge(
        tools.database, tools.vault, tools.keeping, now=now, nightly=nightly,
        first=lambda db: jobs.renew(db, job, now=tools.now(), lease=LONGEST),
    )  # fmt: skip
    with tools.database.transaction() as db:
        retention.report(db, counts, way=retention.NIGHT, now=now)
        if more:
            jobs.try_later(db, job, at=tools.now(), why="there is more to forget")
        else:
            jobs.finish(db, job)
    log.info("retention.done", **counts)


def purge(
    database: Database, vault: Vault, keeping: Keeping, *, now: datetime, nightly: bool,
    first: Callable[[Session], None] = lambda _: None,
) -> tuple[Counter[str], bool]:  # fmt: skip
    """One batch of each kind, each in a transaction of its own that `first` opens: how many of each went, and whether
    there may be more."""
    counts: Counter[str] = Counter()
    any_more = False
    for steps in retention.parts(nightly=nightly):
        if steps[0].name == retention.AUDIT and not _is_audit_whole(database, vault, keeping, now):
            continue
        more = False
        for _ in range(steps[0].rounds):
            with database.transaction() as db:
                first(db)
                gone, more = retention.forget(steps, Keeper(db, vault, keeping, now))
            counts += gone
            if not more:
                break
        any_more = any_more or more
    return counts, any_more


def _is_audit_whole(database: Database, vault: Vault, keeping: Keeping, now: datetime) -> bool:
    """Looked at only where something is to be removed from it. What is not whole is kept as it is."""
    with database.reading() as db:
        if not retention.is_audit_due(db, keeping, now=now):
            return False
    found = audit.verify(database, vault)
    if isinstance(found, Broken):
        log.error("retention.audit_kept", line=found.id, why=found.why.value)
    return not isinstance(found, Broken)
