"""How many people a notice would reach, who is left out, and what of the month's quota is left after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from bot.notices import approval, budget
from bot.notices import audience as audiences
from bot.notices.audience import Audience
from bot.notices.budget import Budget
from bot.notices.drafting import Plan
from bot.notices.refusals import NobodyToReach, SegmentTooSmall
from bot.notices.rules import Rules
from bot.storage.notice_audience import Group

MOST_NARROWER = 5


@dataclass(frozen=True, slots=True)
class Counted:
    """People. `needed`: messages that it takes this month; `promised`: those that other notices need. `narrower`: what
    the quota suffices for: each group as a form sends it, in words, and how many people it reaches; None where nobody
    has looked."""

    is_chosen: bool
    reached: int
    left_out: Mapping[str, int]
    needed: int
    budget: Budget | None
    promised: int
    is_fresh: bool
    smallest: int
    """Where there are too few for a group of interest: how many it would take; else 0."""
    approval_above: int
    narrower: tuple[tuple[str, str, int], ...] | None = None

    @property
    def people(self) -> int:
        """In the groups, reached or not."""
        return self.reached + sum(self.left_out.values())

    @property
    def left(self) -> int | None:
        """None: no limit, or nobody knows."""
        if self.budget is None or self.budget.left is None:
            return None
        return max(0, self.budget.left - self.promised)

    @property
    def left_after(self) -> int | None:
        return None if self.left is None else self.left - self.needed

    @property
    def is_too_many(self) -> bool:
        return self.left_after is not None and self.left_after < 0

    @property
    def needs_somebody_else(self) -> bool:
        return self.reached > self.approval_above


def count(db: Session, plan: Plan, *, notice_id: int, rules: Rules, now: datetime) -> Counted:
    chosen = bool(plan.audience.groups)
    reach = (
        audiences.count(db, plan.audience, event_id=plan.event_id, rules=rules, now=now)
        if chosen
        else audiences.Reach(0, {})
    )
    found = budget.find(db, now=now)
    smallest = 0
    try:
        approval.check_reach(plan, reach, rules=rules)
    except SegmentTooSmall as small:
        smallest = small.smallest
    except NobodyToReach:
        pass
    return Counted(
        is_chosen=chosen, reached=reach.reached, left_out=dict(sorted(reach.left_out.items(), key=_most_first)),
        needed=approval.needed_this_month(plan, reach.reached, rules=rules, now=now), budget=found,
        promised=approval.promised_to_others(db, notice_id, rules=rules, now=now),
        is_fresh=found is not None and found.is_fresh(now), smallest=smallest, approval_above=rules.approval_above,
    )  # fmt: skip


def find_narrower(
    db: Session, plan: Plan, audience: Audience, candidates: Sequence[Group], *, room: int, rules: Rules, now: datetime
) -> list[tuple[Group, int]]:  # fmt: skip
    """The largest of the groups that fit into what is left, with the same exceptions; none that would tell who shares
    an interest."""
    fitting = []
    for group in candidates:
        narrower = replace(plan, audience=Audience((group,), audience.without))
        reach = audiences.count(db, narrower.audience, event_id=narrower.event_id, rules=rules, now=now)
        try:
            approval.check_reach(narrower, reach, rules=rules)
        except (NobodyToReach, SegmentTooSmall):
            continue
        if approval.needed_this_month(narrower, reach.reached, rules=rules, now=now) <= room:
            fitting.append((group, reach.reached))
    return sorted(fitting, key=lambda one: -one[1])[:MOST_NARROWER]


def _most_first(one: tuple[str, int]) -> tuple[int, str]:
    return -one[1], one[0]
