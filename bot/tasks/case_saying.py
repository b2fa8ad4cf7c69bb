"""What staff, or the bot, say in a case, on its way to the citizen: by the free reply while the token of what the
citizen wrote last is young, else by one push; and what came of it.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from bot import logs
from bot.cases import answering, hearing
from bot.queue import jobs
from bot.queue.jobs import Job
from bot.queue.kinds import JobKind
from bot.storage import case_deliveries, case_messages, outgoing
from bot.storage import incoming as inbox_table
from bot.storage.case_messages import FAILED, SENT, UNKNOWN
from bot.storage.outgoing import Delivery, OutgoingRow
from bot.tasks import unasked
from bot.tasks.tools import Tools
from bot.tasks.unasked import Token, Unasked

log = logs.get(__name__)

A_BATCH = 50
TRIED_FOR = timedelta(hours=23)
"""LINE remembers a retry key for 24 hours: after that a second try could be a second message."""
LOOKED_AGAIN_AFTER = timedelta(seconds=20)
WRITTEN_DOWN_WITHIN = timedelta(minutes=1)
SAY = "case_say"
"""The handlers' name for it, as if the person had pressed a button."""
GIVEN_UP = "given up"


def run_case_say(tools: Tools, job: Job) -> None:
    """One message. May be run again at any point, like a turn. Raises LeaseLost."""
    if _waits_its_turn(tools, job):
        return
    row = unasked.say(tools, job, partial(_read, tools))
    if row is not None and row.status == Delivery.TRYING:
        return
    with tools.database.transaction() as db:
        _account_for(db, job.subject_id or 0, row)


def _waits_its_turn(tools: Tools, job: Job) -> bool:
    """What was written before it may have left the citizen's lane, after LINE was away for long: it still comes first.
    Meanwhile this one leaves the lane, too, so that what the citizen writes is not kept waiting."""
    with tools.database.reading() as db:
        if not _is_overtaking(db, job):
            return False
    with tools.database.transaction() as db:
        if not _is_overtaking(db, job):
            return False
        at = tools.now() + LOOKED_AGAIN_AFTER
        if job.lane is None:
            jobs.try_later(db, job, at=at, why="an earlier one is on its way")
            return True
        jobs.finish(db, job)
        jobs.enqueue(db, JobKind.CASE_SAY, now=at, subject_ids=[(job.subject_id, None)])
    return True


def _is_overtaking(db: Session, job: Job) -> bool:
    message = case_deliveries.find_by_incoming(db, job.subject_id or 0)
    return message is not None and case_deliveries.find_on_its_way_before(db, message, kind=job.kind) is not None


def _read(tools: Tools, payload: bytes) -> Unasked:
    read = json.loads(payload)
    message_id = int(read["message"])
    with tools.database.reading() as db:
        message = case_messages.find(db, message_id)
    return Unasked(
        read["user"], SAY, {"m": str(message_id)},
        service_until=(message.at if message is not None else tools.now()) + TRIED_FOR,
        take_token=partial(_take_token, tools, message.case_id if message is not None else None),
    )  # fmt: skip


def _take_token(tools: Tools, case_id: int | None, db: Session, now: datetime) -> Token | None:
    return hearing.take_token(db, tools.vault, case_id, now=now) if case_id is not None else None


def _account_for(db: Session, incoming_id: int, row: OutgoingRow | None) -> None:
    """Nothing was said where there is no row: its person has left, or it was taken back."""
    message = case_deliveries.find_by_incoming(db, incoming_id)
    if message is None:
        return
    outcome = {Delivery.SENT: SENT, Delivery.UNKNOWN: UNKNOWN}
    status = outcome.get(Delivery(row.status), FAILED) if row is not None else FAILED
    if answering.note_said(db, message.id, status=status, pushed=row.pushed if row is not None else False):
        why = row.last_error if row is not None else "nobody to tell"
        if status != SENT:
            log.warning("case.not_told", case=message.case_id, outcome=status, why=why)


def account_for_left_over(tools: Tools) -> int:
    """What is still queued although nobody will see to it: its end was not written down, or its job was given up. What
    may be out is `unknown`, and is never sent again. Returns how many there were."""
    before = tools.now() - WRITTEN_DOWN_WITHIN
    with tools.database.reading() as db:
        left_over = case_deliveries.list_left_over(db, kind=JobKind.CASE_SAY, before=before, limit=A_BATCH)
    for incoming_id in left_over:
        with tools.database.transaction() as db:
            now = tools.now()
            row = outgoing.find_for_incoming(db, incoming_id)
            if row is not None and row.status == Delivery.TRYING:
                outgoing.settle(db, row.id, status=Delivery.UNKNOWN, now=now, error=GIVEN_UP)
                db.refresh(row)
            if not inbox_table.get_for_turn(db, incoming_id).settled:
                inbox_table.settle(db, incoming_id, outcome=GIVEN_UP, now=now)
            _account_for(db, incoming_id, row)
    return len(left_over)
