"""Memberships: paid plans of the account, and who has subscribed to them."""

from __future__ import annotations

import threading
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.simulator.clock import JAPAN
from bot.simulator.refusals import NotKnown, Refused

MOST_PLANS = 5


@dataclass(slots=True)
class Subscription:
    number: int
    joined: float
    months: int = 1

    def describe(self) -> dict[str, Any]:
        return {
            "membershipNo": self.number, "joinedTime": int(self.joined),
            "nextBillingDate": _months_later(self.joined, self.months), "totalSubscriptionMonths": self.months,
        }  # fmt: skip


@dataclass(slots=True)
class Plan:
    plan_id: int
    title: str
    price: float
    limit: int | None = None
    is_published: bool = True
    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    last_number: int = 0

    def describe(self) -> dict[str, Any]:
        return {
            "membershipId": self.plan_id, "title": self.title, "description": f"{self.title}: สิทธิพิเศษรายเดือน",
            "benefits": ["ข้อความสำหรับสมาชิก"], "price": self.price, "currency": "THB",
        }  # fmt: skip

    def describe_offer(self) -> dict[str, Any]:
        return {
            **self.describe(), "memberCount": len(self.subscriptions), "memberLimit": self.limit,
            "isInAppPurchase": True, "isPublished": self.is_published,
        }  # fmt: skip


class Memberships:
    """Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._plans: dict[int, Plan] = {}

    def reset(self) -> None:
        with self._lock:
            self._plans = {}

    def offer(self, plan: Plan) -> Plan:
        """Adds a plan. Raises Refused for one too many, or an id that is taken."""
        with self._lock:
            if plan.plan_id in self._plans:
                raise Refused(f"plan {plan.plan_id} is here already")
            if len(self._plans) >= MOST_PLANS:
                raise Refused(f"an account offers at most {MOST_PLANS} plans")
            self._plans[plan.plan_id] = plan
        return plan

    def find(self, plan_id: int) -> Plan | None:
        return self._plans.get(plan_id)

    def list_offered(self) -> list[Plan]:
        with self._lock:
            return list(self._plans.values())

    def list_of(self, user_id: str) -> list[Plan]:
        with self._lock:
            return [plan for plan in self._plans.values() if user_id in plan.subscriptions]

    def change(self, user_id: str, plan_id: int, kind: str, *, now: float) -> None:
        """`joined`, `renewed` or `left`. Raises NotKnown for a plan that is not offered, Refused for what cannot be."""
        with self._lock:
            plan = self._plans.get(plan_id)
            if plan is None:
                raise NotKnown(f"there is no membership {plan_id}: offer it first")
            subscription = plan.subscriptions.get(user_id)
            if kind == "joined":
                if subscription is not None or len(plan.subscriptions) == plan.limit:
                    raise Refused(f"{user_id} is a member already, or the plan is full")
                plan.last_number += 1
                plan.subscriptions[user_id] = Subscription(plan.last_number, now)
            elif subscription is None:
                raise Refused(f"{user_id} is no member of {plan_id}")
            elif kind == "renewed":
                subscription.months += 1
            else:
                del plan.subscriptions[user_id]


def _months_later(moment: float, months: int) -> str:
    day = datetime.fromtimestamp(moment, tz=JAPAN)
    year, month = day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1
    return f"{year:04d}-{month:02d}-{min(day.day, monthrange(year, month)[1]):02d}"
