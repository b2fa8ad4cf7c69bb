"""Notices whose time has come: begun once, their ledger written, and handed to the senders."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot import logs
from bot.cases import opening
from bot.cases.opening import CaseKind
from bot.line.render import render
from bot.messages import DeliveryFailed, Failure, Press, Rendered
from bot.notices import budget, drafting, ledger, messages, riding, sending, starting
from bot.outreach import permissions, staff
from bot.outreach.permissions import Permission
from bot.queue import jobs
from bot.queue.jobs import Job
from bot.queue.kinds import BACKGROUND, JobKind
from bot.storage import holds, notice_chunks, notice_recipients, notices
from bot.storage.notice_recipients import RIDING
from bot.storage.notices import HELD, PAUSED, PLANNING, SENDING, NoticeRow
from bot.tasks.tools import Tools

log = logs.get(__name__)

A_BATCH = 20
MOST_UNDER_WAY = 1_000
ASK_AGAIN_AFTER = timedelta(minutes=1)


def run_notices_due(tools: Tools, job: Job) -> None:
    """Begins what is due, and takes up what has work left and nobody at it. Doing it twice changes nothing more."""
    rules = tools.notice_rules
    with tools.database.transaction() as db:
        now = tools.now()
        jobs.renew(db, job, now=now)
        if holds.is_sending_held(db):
            jobs.finish(db, job)
            return
        for row in notices.list_due(db, now=now, limit=A_BATCH):
            if not starting.begin(db, row, may_approve=lambda who: _may_approve(db, who), rules=rules, now=now):
                tell_staff(db, row.id, now=now)
        needs = {str(row.id) for row in notices.list_in_states(db, (HELD, PAUSED), limit=MOST_UNDER_WAY)}
        opening.close_settled(db, CaseKind.NOTICE, needs=needs, now=now)
        riding.tidy(db)
        notice_chunks.end_left_over(db, now=now)
        for row in notices.list_in_states(db, (PLANNING, SENDING), limit=MOST_UNDER_WAY):
            take_up(db, tools, row, now=now)
        jobs.finish(db, job)


def take_up(db: Session, tools: Tools, row: NoticeRow, *, now: datetime) -> None:
    """A job for each part of the work that is due and has none."""
    if row.state == PLANNING or _lands(db, row, now):
        _enqueue(db, JobKind.NOTICE_PLAN, row.id, [f"notice/{row.id}/plan"], now)
    due = notice_chunks.first_due_at(db, row.id)
    rides = row.rides_until is not None and row.rides_until > now
    if row.state == SENDING and (due <= now if due is not None else not rides):
        lanes = [f"notice/{row.id}/{number}" for number in range(tools.notice_rules.senders)]
        _enqueue(db, JobKind.NOTICE_SEND, row.id, lanes, now)


def run_notice_plan(tools: Tools, job: Job) -> None:
    """A part of the ledger a claim; after the last one LINE is asked whether it would take the notice, and the senders
    begin. May be run again at any point. Raises LeaseLost."""
    notice_id = job.subject_id or 0
    with tools.database.transaction() as db:
        now = tools.now()
        jobs.renew(db, job, now=now)
        if holds.is_sending_held(db):
            jobs.finish(db, job)
            return
        more = ledger.write_batch(db, notice_id, rules=tools.notice_rules, now=now)
        more = (not _is_too_dear(db, notice_id, now) and ledger.land_batch(db, notice_id, now=now)) or more
        row = notices.find(db, notice_id)
        if more or row is None or row.state != PLANNING:
            if row is not None and (row.state == HELD or row.why == sending.QUOTA):
                tell_staff(db, notice_id, now=now)
            _end(db, tools, job, row, more=more, now=now)
            return
    rendered = render_for(tools, row)
    try:
        why = _ask_line(tools, row, rendered)
    except DeliveryFailed as failed:
        log.warning("notice.not_asked", notice=row.id, why=str(failed))
        with tools.database.transaction() as db:
            jobs.try_later(db, job, at=tools.now() + ASK_AGAIN_AFTER, why=str(failed))
        return
    with tools.database.transaction() as db:
        now = tools.now()
        jobs.renew(db, job, now=now)
        _begin_sending(db, tools, row, rendered, why=why, now=now)
        jobs.finish(db, job)


def render_for(tools: Tools, row: NoticeRow, *, name: str | None = None, trial: bool = False) -> Rendered:
    """The same at every call, whenever that is: a request that is made again has the same body."""
    made_at = row.began_at or row.created_at

    def button(label: str, action: str, arguments: dict[str, str]) -> Press:
        return Press(label, tools.buttons.encode(action, now=made_at, **arguments), label)

    said = messages.messages_of(
        drafting.plan_of(row).content, buttons=button, notice_id=row.id, event_id=row.event_id, name=name, trial=trial
    )
    return render(said)


def unit_of(row: NoticeRow) -> str:
    """Its name in LINE's statistics."""
    return f"n{row.uid}"


def tell_staff(db: Session, notice_id: int, *, now: datetime) -> None:
    """It needs somebody: once for each notice."""
    opening.open_once(db, CaseKind.NOTICE, now=now, person_id=None, detail=str(notice_id), of_that_detail=True)


def _lands(db: Session, row: NoticeRow, now: datetime) -> bool:
    if row.state != SENDING or row.rides_until is None or row.rides_until > now:
        return False
    return bool(notice_recipients.list_ids(db, notice_id=row.id, portion=RIDING, after=0, limit=1))


def _enqueue(db: Session, kind: JobKind, notice_id: int, lanes: list[str], now: datetime) -> None:
    jobs.enqueue_missing(db, kind, now=now, subject_ids=[(notice_id, lane) for lane in lanes], priority=BACKGROUND)


def _end(db: Session, tools: Tools, job: Job, row: NoticeRow | None, *, more: bool, now: datetime) -> None:
    if more:
        jobs.try_later(db, job, at=now, why="there are more to look at")
        return
    if row is not None:
        take_up(db, tools, row, now=now)
    jobs.finish(db, job)


def _is_too_dear(db: Session, notice_id: int, now: datetime) -> bool:
    """Those whom no free answer took along are more than messages are left: it is paused, until somebody wants it all
    the same."""
    row = notices.find(db, notice_id)
    if row is None or row.why == starting.CONFIRMED or not _lands(db, row, now):
        return False
    left = budget.find(db, now=now)
    if left is None or left.left is None:
        return False
    if notice_recipients.count_in(db, notice_id, portion=RIDING) <= left.left:
        return False
    return notices.move(db, notice_id, states=(SENDING,), to=PAUSED, now=now, why=sending.QUOTA)


def _ask_line(tools: Tools, row: NoticeRow, rendered: Rendered) -> str:
    """Why it is not to begin; empty: nothing speaks against it. What LINE has counted under this notice's name before
    was sent by a database of which this one is an older copy. Raises DeliveryFailed where LINE cannot be asked now."""
    try:
        tools.messenger.validate(rendered)
    except DeliveryFailed as failed:
        if failed.failure is Failure.REFUSED:
            return sending.NOT_TAKEN
        if failed.failure is Failure.UNAUTHORISED:
            return sending.UNAUTHORISED
        raise
    with suppress(DeliveryFailed):  # without it, how much is left is what was told before
        told = tools.messenger.quota()
        with tools.database.transaction() as db:
            budget.note(db, limit=told.limit, used=told.used, now=tools.now())
    try:
        units = tools.messenger.list_units()
    except DeliveryFailed as failed:
        if failed.failure is Failure.REFUSED:  # an account without statistics: nothing can be known
            return ""
        raise
    return starting.SENT_BEFORE if unit_of(row) in units else ""


def _begin_sending(
    db: Session, tools: Tools, row: NoticeRow, rendered: Rendered, *, why: str, now: datetime
) -> None:  # fmt: skip
    body = tools.vault.seal(json.dumps(rendered, ensure_ascii=False).encode())
    left = budget.find(db, now=now)
    people = sum(people for _, people in notice_chunks.count(db, row.id).values())
    if not why and left is not None and left.left is not None and row.per_day is None and people > left.left:
        why = sending.QUOTA
    to = {"": SENDING, starting.SENT_BEFORE: HELD}.get(why, PAUSED)
    moved = notices.move(db, row.id, states=(PLANNING,), to=to, now=now, why=why, rendered=body, touched_at=now)
    log.info("notice.planned", notice=row.id, people=people, held=why)
    if moved and why:
        tell_staff(db, row.id, now=now)
    begun = notices.find(db, row.id)
    if moved and begun is not None:
        take_up(db, tools, begun, now=now)


def _may_approve(db: Session, staff_id: int) -> bool:
    """By the role of this moment, not of when they approved it."""
    try:
        account = staff.get_account(db, staff_id)
    except staff.UnknownAccount:
        return False
    return account.disabled_at is None and permissions.may(account.role, Permission.APPROVE_NOTICES)
