"""One request of a notice to LINE, and what came of it; then the job lets everything else go first."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import cast

from bot import logs
from bot.messages import DeliveryFailed, Failure, Receipt, Rendered
from bot.notices import pacing, sending
from bot.notices.sending import MustWait, Request, Rest
from bot.queue import jobs
from bot.queue.jobs import Job, LeaseLost
from bot.storage import holds, notices
from bot.storage.notices import NoticeRow
from bot.tasks.notices import render_for, tell_staff, unit_of
from bot.tasks.tools import Tools

log = logs.get(__name__)

SHORT_REST = timedelta(minutes=1)
"""A longer one is no job's: whatever looks every minute takes the notice up again."""
Outcome = Receipt | DeliveryFailed


def run_notice_send(tools: Tools, job: Job) -> None:
    """May be run again at any point, by several at once. Raises LeaseLost."""
    try:
        row, taken = _take(tools, job)
    except MustWait as full:
        with tools.database.transaction() as db:
            jobs.try_later(db, job, at=tools.now() + full.wait, why="as fast as LINE allows")
        return
    if row is None or isinstance(taken, Rest):
        return
    outcome = _make(tools, job, row, taken)
    try:
        _account_for(tools, job, row, taken, outcome)
    except LeaseLost:  # somebody else goes on with the job; what LINE said is known here alone
        _account_for(tools, None, row, taken, outcome)
        raise


def _take(tools: Tools, job: Job) -> tuple[NoticeRow | None, Request | Rest]:
    notice_id = job.subject_id or 0
    with tools.database.transaction() as db:
        now = tools.now()
        jobs.renew(db, job, now=now)
        if holds.is_sending_held(db):
            jobs.finish(db, job)
            return None, Rest(None)
        taken = sending.take(db, notice_id, rules=tools.notice_rules, now=now)
        row = notices.find(db, notice_id)
        if isinstance(taken, Request):
            return row, taken
        if row is not None and row.state == notices.HELD:
            tell_staff(db, notice_id, now=now)
        if taken.until is None:
            if sending.finish(db, notice_id, now=now):
                log.info("notice.finished", notice=notice_id)
            jobs.finish(db, job)
        elif taken.until - now > SHORT_REST:
            jobs.finish(db, job)
        else:
            jobs.try_later(db, job, at=taken.until, why="nothing is due")
        return row, taken


def _make(tools: Tools, job: Job, row: NoticeRow, request: Request) -> Outcome:
    """The request itself, outside any transaction."""
    unit = unit_of(row)
    try:
        if not row.personal:
            body = cast(Rendered, json.loads(tools.vault.open(row.rendered or b"")))
            return tools.messenger.multicast(request.recipients, body, retry_key=request.retry_key, unit=unit)
        (recipient,) = request.recipients
        body = _personal(tools, job, row, request)
        return tools.messenger.push(recipient, body, retry_key=request.retry_key, unit=unit)
    except DeliveryFailed as failed:
        return failed


def _personal(tools: Tools, job: Job, row: NoticeRow, request: Request) -> Rendered:
    """The words with this person's name, fixed before the first try. Raises DeliveryFailed where LINE cannot be asked
    for it: then certainly nothing was sent; LeaseLost."""
    if request.body is not None:
        return cast(Rendered, json.loads(tools.vault.open(request.body)))
    try:
        name = tools.messenger.display_name(request.recipients[0])
    except DeliveryFailed as failed:
        if failed.failure is Failure.AMBIGUOUS:
            raise DeliveryFailed(Failure.UNREACHABLE, failed.detail, status=failed.status) from failed
        raise
    rendered = render_for(tools, row, name=name)
    sealed = tools.vault.seal(json.dumps(rendered, ensure_ascii=False).encode())
    with tools.database.transaction() as db:
        jobs.renew(db, job, now=tools.now())
        if not sending.keep_body(db, request, sealed):
            raise LeaseLost(f"chunk {request.chunk_id}")
    return rendered


def _account_for(tools: Tools, job: Job | None, row: NoticeRow, request: Request, outcome: Outcome) -> None:
    with tools.database.transaction() as db:
        now = tools.now()
        why = ""
        if isinstance(outcome, Receipt):
            sending.note_accepted(db, request, outcome, now=now)
        else:
            call = pacing.PUSH if row.personal else pacing.MULTICAST
            why = sending.note_failed(db, request, outcome, call=call, now=now)
        if why:
            log.warning("notice.paused", notice=row.id, why=why)
            tell_staff(db, row.id, now=now)
        if job is not None:
            jobs.try_later(db, job, at=now, why="everything else goes first")
