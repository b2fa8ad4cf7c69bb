"""The moment at which an approved notice begins: once, and only if it still is what was approved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot import clock
from bot.notices import approval, audience, drafting
from bot.notices.refusals import HasFaults
from bot.notices.rules import Rules
from bot.storage import events, notices
from bot.storage.notices import APPROVED, HELD, PLANNING, NoticeRow

LATE_AFTER = timedelta(hours=2)
"""What is later than that is not begun by itself: nobody knows whether it still makes sense."""
GROWN_SHARE, GROWN_BY = 1.5, 20
"""So much more than when it was approved, and so many more people, somebody looks again."""
CONFIRMED = "confirmed"
"""Somebody has looked at what was held, and wants it sent."""
LATE, CHANGED, APPROVER_GONE, EVENT_GONE, GROWN, SENT_BEFORE, INTERRUPTED = (
    "late", "changed", "approver_gone", "event_gone", "grown", "sent_before", "interrupted",
)  # fmt: skip


def begin(db: Session, row: NoticeRow, *, may_approve: Callable[[int], bool], rules: Rules, now: datetime) -> bool:
    """False: it is held, for the reason that it now carries, until somebody has looked. One that repeats itself has
    its next time from now on."""
    why = _is_other(row, now)
    if not why and row.why != CONFIRMED:
        why = _why_not(db, row, may_approve=may_approve, rules=rules, now=now)
    repeat(db, row, rules=rules, now=now)
    if why:
        notices.move(db, row.id, states=(APPROVED,), to=HELD, now=now, why=why)
        return False
    return notices.move(
        db, row.id, states=(APPROVED,), to=PLANNING, now=now, why=row.why, began_at=now, touched_at=now, planned_to=0,
        personal=drafting.plan_of(row).content.is_personal,
    )  # fmt: skip


def was_interrupted(row: NoticeRow, *, due_at: datetime | None = None, now: datetime) -> bool:
    """For so long nobody has worked on it, although there was work since `due_at`."""
    since = max(filter(None, (row.touched_at, due_at)), default=now)
    return since < now - LATE_AFTER


def _is_other(row: NoticeRow, now: datetime) -> str:
    """Than what was approved, or confirmed after that."""
    if row.begins_at is None or row.begins_at < now - LATE_AFTER:
        return LATE
    return CHANGED if row.approved_hash != drafting.hash_of(row) else ""


def _why_not(
    db: Session, row: NoticeRow, *, may_approve: Callable[[int], bool], rules: Rules, now: datetime
) -> str:  # fmt: skip
    if row.approver_id is None or not may_approve(row.approver_id):
        return APPROVER_GONE
    if row.event_id is not None:
        event = events.find(db, row.event_id)
        if event is None or event.state == events.CALLED_OFF:
            return EVENT_GONE
    plan = drafting.plan_of(row)
    try:
        approval.check_content(db, plan, rules=rules, now=now)
    except HasFaults:
        return CHANGED
    reached = audience.count(db, plan.audience, event_id=plan.event_id, rules=rules, now=now).reached
    approved = row.approved_count or 0
    alone = row.author_id == row.approver_id and reached > rules.approval_above >= approved
    return GROWN if alone or reached > max(approved * GROWN_SHARE, approved + GROWN_BY) else ""


def repeat(db: Session, row: NoticeRow, *, rules: Rules, now: datetime) -> NoticeRow | None:
    """The next of a series, approved with it: the same words for whoever is in the audience by then."""
    if not row.repeats or row.begins_at is None:
        return None
    this_time = row.send_at or row.begins_at
    day = _day_of_series(db, row, this_time)
    send_at = next_time(this_time, row.repeats, day=day)
    while send_at <= now:
        send_at = next_time(send_at, row.repeats, day=day)
    if row.repeats_until is not None and send_at > row.repeats_until:
        return None
    following = drafting.create(db, drafting.plan_of(row), author_id=row.author_id, now=now)
    notices.change(db, row.id, repeats="")  # it goes on from the following one
    notices.change(
        db, following.id, state=APPROVED, approver_id=row.approver_id, approved_at=row.approved_at,
        approved_hash=row.approved_hash, approved_count=row.approved_count, send_at=send_at,
        begins_at=rules.next_day_begins(send_at), repeat_of=row.repeat_of or row.id,
        rides_until=row.rides_until + (send_at - this_time) if row.rides_until else None,
    )  # fmt: skip
    return following


def _day_of_series(db: Session, row: NoticeRow, this_time: datetime) -> int:
    """Of the month: the first time's, where only a shorter month has moved this one."""
    first = notices.find(db, row.repeat_of) if row.repeat_of is not None else None
    day = clock.in_bangkok(this_time).day
    planned = clock.in_bangkok((first and (first.send_at or first.begins_at)) or this_time).day
    is_moved = planned > day and clock.in_bangkok(this_time + timedelta(days=1)).day == 1
    return planned if is_moved else day


def next_time(moment: datetime, repeats: str, *, day: int | None = None) -> datetime:
    """A week later, or on the same day of the next month, of a shorter month its last; by the clock of Bangkok. `day`
    is that of the first time, which a short month makes nobody forget."""
    if repeats == "weekly":
        return moment + timedelta(days=7)
    local = clock.in_bangkok(moment)
    month = local.replace(day=1) + timedelta(days=32)
    last = (month.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return local.replace(year=month.year, month=month.month, day=min(day or local.day, last.day))
