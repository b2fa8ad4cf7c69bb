"""One notice as its pages show it: what it says, for whom, by whom, and what stands in its way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import abort
from sqlalchemy.orm import Session

from bot.console import notice_names, notice_preview
from bot.console.notice_preview import Drawn
from bot.console.premises import Premises
from bot.notices import approval, audience, budget, checks, drafting, rules
from bot.notices.audience import Reach
from bot.notices.budget import Budget
from bot.notices.drafting import Plan
from bot.notices.refusals import Refused, SentAlready, TimeIsPast
from bot.notices.rules import Rules
from bot.outreach import staff
from bot.queue import jobs
from bot.queue.kinds import BACKGROUND, INTERACTIVE, JobKind
from bot.storage import events, notices
from bot.storage.events import EventRow
from bot.storage.notices import APPROVED, DRAFT, HELD, SUBMITTED, NoticeRow

NOT_BEGUN = (DRAFT, SUBMITTED, APPROVED, HELD)


@dataclass(frozen=True, slots=True)
class Facts:
    """`reach` as of now; None where it has begun, and the ledger says it."""

    row: NoticeRow
    plan: Plan
    title: str
    author: str
    approver: str
    event: EventRow | None
    groups: Sequence[str]
    without: Sequence[str]
    drawn: Drawn
    reach: Reach | None


@dataclass(frozen=True, slots=True)
class Quota:
    """`needed`: messages of this month that it takes. `after`: what it leaves of them; None: there is no limit."""

    found: Budget | None
    needed: int
    fresh: bool

    @property
    def after(self) -> int | None:
        left = self.found.left if self.found is not None else None
        return max(0, left - self.needed) if left is not None else None


def get(db: Session, notice_id: int) -> NoticeRow:
    row = notices.find(db, notice_id)
    if row is None:
        abort(404)
    return row


def gather(db: Session, premises: Premises, row: NoticeRow) -> Facts:
    plan = drafting.plan_of(row)
    event = events.find(db, row.event_id) if row.event_id is not None else None
    named = notice_names.describe(premises, db, plan.audience)
    counted = row.began_at is None and row.state in NOT_BEGUN
    return Facts(
        row=row, plan=plan, title=notice_names.title_of(row, plan), author=_name(db, row.author_id),
        approver=_name(db, row.approver_id), event=event, groups=named.groups, without=named.without,
        drawn=notice_preview.draw(
            plan.content, notice_id=row.id, event_id=row.event_id, base_url=premises.settings.base_url,
            domains=premises.settings.link_domains,
        ),
        reach=audience.count(
            db, plan.audience, event_id=plan.event_id, rules=rules_of(premises), now=premises.now()
        ) if counted else None,
    )  # fmt: skip


def rules_of(premises: Premises) -> Rules:
    return rules.of(premises.settings)


def quota_of(db: Session, facts: Facts, *, rules: Rules, now: datetime) -> Quota:
    found = budget.find(db, now=now)
    people = facts.reach.reached if facts.reach is not None else 0
    needed = approval.needed_this_month(facts.plan, people, rules=rules, now=now)
    return Quota(found, needed, found is not None and found.is_fresh(now))


def refusals_of(
    facts: Facts, *, approver_id: int, quota: Quota, rules: Rules, now: datetime
) -> list[Refused]:  # fmt: skip
    """Everything for which it would be refused right now, not just the first."""
    reach = facts.reach
    assert reach is not None  # noqa: S101 - only what has not begun is approved
    found: list[Refused] = []
    if facts.plan.send_at is not None and facts.plan.send_at < now - approval.SHORTLY_PAST:
        found.append(TimeIsPast(facts.plan.send_at))
    checked: tuple[Callable[[], None], ...] = (
        lambda: approval.check_reach(facts.plan, reach, rules=rules),
        lambda: approval.check_approver(facts.row, reach, approver_id=approver_id, rules=rules),
        lambda: approval.check_budget(facts.plan, reach, quota.found, rules=rules, now=now),
    )
    for check in checked:
        try:
            check()
        except Refused as refused:
            found.append(refused)
    return found


def sent_alike(db: Session, row: NoticeRow, *, now: datetime) -> SentAlready | None:
    alike = approval.list_alike(db, row, now=now)
    return SentAlready([one.id for one in alike]) if alike else None


def count_faults(premises: Premises, plan: Plan, event: EventRow | None) -> int:
    return len(
        checks.find_faults(plan.content, event=event, domains=premises.settings.link_domains, now=premises.now())
    )  # fmt: skip


def wake(db: Session, *, now: datetime) -> None:
    """Whatever is due is begun without waiting for the next minute."""
    _enqueue(db, JobKind.NOTICES_DUE, now=now)


def ask_quota(db: Session, *, now: datetime) -> None:
    """Somebody waits for it in front of the page."""
    _enqueue(db, JobKind.QUOTA, now=now, priority=INTERACTIVE)


def _enqueue(db: Session, kind: JobKind, *, now: datetime, priority: int = BACKGROUND) -> None:
    jobs.enqueue_missing(db, kind, now=now, subject_ids=[(None, kind)], priority=priority)


def _name(db: Session, staff_id: int | None) -> str:
    if staff_id is None:
        return ""
    try:
        return staff.get_account(db, staff_id).name
    except staff.UnknownAccount:
        return ""
