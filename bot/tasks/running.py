"""Running one claimed job: the task, and what becomes of the job when the task fails."""

from __future__ import annotations

import time

from sqlalchemy.orm import Session

from bot import logs
from bot.cases import opening
from bot.cases.opening import CaseKind
from bot.queue import jobs
from bot.queue.jobs import Job, LeaseLost
from bot.queue.kinds import JobKind
from bot.tasks.table import TASKS
from bot.tasks.tools import Tools

log = logs.get(__name__)


def run_next(tools: Tools, *, look_first: bool = False) -> bool:
    """Claims the next due job and runs it to an orderly end. False: nothing was due."""
    job = jobs.claim(tools.database, now=tools.now(), look_first=look_first)
    if job is None:
        return False
    started = time.monotonic()
    if jobs.is_exhausted(job):
        _bury(tools, job, "was claimed too often: it kills whoever runs it")
        return True
    try:
        TASKS[job.kind](tools, job)
    except LeaseLost:
        log.warning("job.lease_lost", job=job.id, kind=job.kind)
    except Exception as error:
        log.exception("job.failed", job=job.id, kind=job.kind, strikes=job.strikes)
        _fail(tools, job, type(error).__name__)
    else:
        log.debug("job.done", job=job.id, kind=job.kind, ms=round((time.monotonic() - started) * 1000, 1))
    return True


def _fail(tools: Tools, job: Job, why: str) -> None:
    with tools.database.transaction() as db:
        buried = jobs.fail(db, job, now=tools.now(), why=why)
        if buried:
            _open_case(tools, db, job, why)


def _bury(tools: Tools, job: Job, why: str) -> None:
    with tools.database.transaction() as db:
        jobs.bury(db, job, why=why)
        _open_case(tools, db, job, why)


def _open_case(tools: Tools, db: Session, job: Job, why: str) -> None:
    if job.kind == JobKind.TURN:
        opening.open_case(db, CaseKind.STUCK, now=tools.now(), incoming_id=job.subject_id, detail=why)
    log.error("job.buried", job=job.id, kind=job.kind, why=why)
