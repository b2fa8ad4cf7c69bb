"""The yes before a notice goes out: to these words, for these people, within the quota, by somebody else where many are
reached. Whether an account may approve at all is its role's matter, and asked by whoever calls this."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.notices import audience, budget, checks, drafting
from bot.notices.audience import Reach
from bot.notices.budget import Budget
from bot.notices.drafting import Plan
from bot.notices.refusals import (
    ChangedMeanwhile,
    HasFaults,
    NeedsSomebodyElse,
    NobodyToReach,
    NotInThatState,
    QuotaTooSmall,
    QuotaUnknown,
    SegmentTooSmall,
    SentAlready,
    TimeIsPast,
)
from bot.notices.rules import Rules
from bot.storage import events, locks, notice_chunks, notices
from bot.storage.notices import APPROVED, DRAFT, PLANNING, SUBMITTED, NoticeRow

SAME_WITHIN = timedelta(days=1)
SHORTLY_PAST = timedelta(minutes=10)
"""While somebody reads and approves, the minute it was meant for may go by."""
MOST_LOOKED_AT = 200
_LOCK = "notice/approve"
"""One approval at a time: the same messages are promised once, and the same notice is seen by the second."""


def approve(
    db: Session, notice_id: int, *, seen: int, approver_id: int, rules: Rules, now: datetime, again: bool = False
) -> NoticeRow:
    """`seen` is the version that was read; `again`: it is meant, although the same was sent within a day. Raises a
    Refused: NotInThatState, ChangedMeanwhile, HasFaults, NobodyToReach, SegmentTooSmall, NeedsSomebodyElse,
    QuotaTooSmall, QuotaUnknown, SentAlready, TimeIsPast, NoSuchNotice."""
    locks.hold(db, [_LOCK])
    row = notices.lock(db, notice_id) or drafting.get(db, notice_id)
    if row.state not in (DRAFT, SUBMITTED):
        raise NotInThatState(row.state)
    if row.version != seen:
        raise ChangedMeanwhile(row.version)
    plan = drafting.plan_of(row)
    check_content(db, plan, rules=rules, now=now)
    if plan.send_at is not None and plan.send_at < now - SHORTLY_PAST:
        raise TimeIsPast(plan.send_at)
    reach = audience.count(db, plan.audience, event_id=plan.event_id, rules=rules, now=now)
    check_reach(plan, reach, rules=rules)
    check_approver(row, reach, approver_id=approver_id, rules=rules)
    promised = promised_to_others(db, notice_id, rules=rules, now=now)
    check_budget(plan, reach, budget.find(db, now=now), rules=rules, now=now, promised=promised)
    approved_hash = drafting.hash_of(row)
    alike = list_alike(db, row, now=now)
    if alike and not again:
        raise SentAlready([one.id for one in alike])
    moved = notices.move(
        db, notice_id, states=(DRAFT, SUBMITTED), to=APPROVED, now=now, approver_id=approver_id, approved_at=now,
        approved_hash=approved_hash, approved_count=reach.reached, begins_at=begins_at(plan, rules=rules, now=now),
    )  # fmt: skip
    if not moved:
        raise NotInThatState(drafting.get(db, notice_id).state)
    return drafting.get(db, notice_id)


def check_content(db: Session, plan: Plan, *, rules: Rules, now: datetime) -> None:
    """Raises HasFaults."""
    event = events.find(db, plan.event_id) if plan.event_id is not None else None
    if checks.find_faults(plan.content, event=event, domains=rules.link_domains, now=now):
        raise HasFaults


def begins_at(plan: Plan, *, rules: Rules, now: datetime) -> datetime:
    """Approved now: after the cooling-off, not before its time, and by day."""
    earliest = now + rules.cooling
    return rules.next_day_begins(max(earliest, plan.send_at) if plan.send_at is not None else earliest)


def check_reach(plan: Plan, reach: Reach, *, rules: Rules) -> None:
    """Raises NobodyToReach, SegmentTooSmall."""
    if not reach.reached:
        raise NobodyToReach
    if plan.audience.is_of_interest and reach.reached < rules.smallest_segment:
        raise SegmentTooSmall(reach.reached, rules.smallest_segment)


def check_approver(row: NoticeRow, reach: Reach, *, approver_id: int, rules: Rules) -> None:
    """Raises NeedsSomebodyElse."""
    if row.author_id == approver_id and reach.reached > rules.approval_above:
        raise NeedsSomebodyElse(reach.reached, rules.approval_above)


def check_budget(
    plan: Plan, reach: Reach, found: Budget | None, *, rules: Rules, now: datetime, promised: int = 0
) -> None:
    """What rides along with free answers costs nothing until its deadline. `promised`: to other notices. Raises
    QuotaTooSmall, QuotaUnknown."""
    if found is None:
        raise QuotaUnknown
    needed = needed_this_month(plan, reach.reached, rules=rules, now=now)
    if found.left is not None and needed > max(0, found.left - promised):
        raise QuotaTooSmall(needed, max(0, found.left - promised))


def promised_to_others(db: Session, notice_id: int, *, rules: Rules, now: datetime) -> int:
    """Messages of this month that notices need which are approved or on their way."""
    ends = budget.month_ends(now)
    to_begin = sum(
        needed_this_month(drafting.plan_of(row), row.approved_count or 0, rules=rules, now=now)
        for row in notices.list_in_states(db, (APPROVED, PLANNING), limit=MOST_LOOKED_AT)
        if row.id != notice_id
    )
    return to_begin + notice_chunks.count_open_people(db, due_before=ends, but=notice_id)


def needed_this_month(plan: Plan, people: int, *, rules: Rules, now: datetime) -> int:
    """Messages that it takes before the quota begins anew."""
    ends = budget.month_ends(now)
    first = max(begins_at(plan, rules=rules, now=now), plan.rides_until or now)
    if first >= ends or plan.rides_until is not None:
        return 0
    if plan.per_day is None:
        return people
    days = max(1, -(-(ends - first) // timedelta(days=1)))
    return min(people, plan.per_day * days)


def list_alike(db: Session, row: NoticeRow, *, now: datetime) -> list[NoticeRow]:
    """The same words for the same people, on their way or sent within a day."""
    return notices.list_approved_alike(
        db, approved_hash=drafting.hash_of(row), since=now - SAME_WITHIN, but=row.id
    )  # fmt: skip
