"""A picture that a citizen sent to staff: fetched from LINE, drawn anew, and kept sealed."""

from __future__ import annotations

from datetime import timedelta

from bot import logs
from bot.cases import pictures
from bot.messages import DeliveryFailed, Failure
from bot.photographs import Drawn, NotDrawn
from bot.queue import jobs
from bot.queue.jobs import MOST_STRIKES, Job
from bot.storage import case_pictures as table
from bot.storage.case_pictures import LOST, NOT_SHOWN, TOO_LARGE, TOO_MANY, WANTED, CasePictureRow
from bot.tasks.tools import Tools

log = logs.get(__name__)

LEASE = timedelta(seconds=60)
"""To fetch it, and to draw it anew: LINE has half a minute for the first."""
TRIED_FOR = timedelta(hours=24)
LONGEST_WAIT_SECONDS = 600.0
MOST_A_CASE = 60
REFUSED = {"too_large": TOO_LARGE, "unreadable": NOT_SHOWN}
HTTP_TOO_LARGE = 413


def run_case_picture(tools: Tools, job: Job) -> None:
    """Doing it twice keeps it once. Raises LeaseLost."""
    wanted = _begin(tools, job)
    if wanted is None:
        return
    try:
        content = tools.messenger.content(wanted.message_id)
    except DeliveryFailed as failed:
        _put_off(tools, job, wanted, failed)
        return
    try:
        drawn = pictures.draw_anew(content) if content is not None else None
    except NotDrawn as refused:
        _lose(tools, job, wanted, REFUSED[refused.why])
    else:
        _lose(tools, job, wanted, LOST) if drawn is None else _keep(tools, job, wanted, drawn)


def _begin(tools: Tools, job: Job) -> CasePictureRow | None:
    """None: nobody wants it any more, or it may not be had, and the job is done."""
    with tools.database.transaction() as db:
        jobs.renew(db, job, now=tools.now(), lease=LEASE)
        wanted = table.find(db, job.subject_id or 0)
        if wanted is not None and wanted.state == WANTED:
            if job.strikes >= MOST_STRIKES:  # it has killed whoever drew it, every time
                table.lose(db, wanted.id, message_id=wanted.message_id, why=NOT_SHOWN)
            elif table.count_kept(db, wanted.case_id) >= MOST_A_CASE:
                table.lose(db, wanted.id, message_id=wanted.message_id, why=TOO_MANY)
            else:
                return wanted
        jobs.finish(db, job)
        return None


def _put_off(tools: Tools, job: Job, wanted: CasePictureRow, failed: DeliveryFailed) -> None:
    now = tools.now()
    if failed.failure is Failure.REFUSED:
        _lose(tools, job, wanted, TOO_LARGE if failed.status == HTTP_TOO_LARGE else LOST)
    elif now - wanted.wanted_at > TRIED_FOR:
        _lose(tools, job, wanted, LOST)
    else:
        with tools.database.transaction() as db:
            jobs.try_later(db, job, at=now + _wait_after(job.attempt, failed.retry_after), why=str(failed))


def _wait_after(attempt: int, retry_after: float | None) -> timedelta:
    return timedelta(seconds=max(min(2.0 ** min(attempt, 10), LONGEST_WAIT_SECONDS), retry_after or 0.0))


def _lose(tools: Tools, job: Job, wanted: CasePictureRow, why: str) -> None:
    with tools.database.transaction() as db:
        table.lose(db, wanted.id, message_id=wanted.message_id, why=why)
        jobs.finish(db, job)
    log.warning("case_picture.lost", picture=wanted.id, why=why)


def _keep(tools: Tools, job: Job, wanted: CasePictureRow, drawn: Drawn) -> None:
    sealed = tools.vault.seal(drawn.body)
    with tools.database.transaction() as db:
        table.keep(
            db, wanted.id, message_id=wanted.message_id, body=sealed, width=drawn.width, height=drawn.height
        )  # fmt: skip
        jobs.finish(db, job)
