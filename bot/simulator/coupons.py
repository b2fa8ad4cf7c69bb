"""Coupons: made once, never changed, and over when their time is, or when they are discontinued."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any, Literal

from bot.simulator import identifiers
from bot.simulator.refusals import ApiRefusal, Problem

MOST_COUPONS = 5_000
"""That are valid, or will be."""
CURRENCY = "THB"
Status = Literal["RUNNING", "CLOSED"]


@dataclass(slots=True)
class Coupon:
    coupon_id: str
    definition: dict[str, Any]
    created: float
    discontinued: bool = False

    def status(self, now: float) -> Status:
        return "CLOSED" if self.discontinued or now >= self.definition["endTimestamp"] else "RUNNING"

    def describe(self, now: float) -> dict[str, Any]:
        reward = dict(self.definition["reward"])
        price = reward.get("priceInfo")
        if isinstance(price, dict) and price["type"] != "percentage":
            reward["priceInfo"] = {**price, "currency": CURRENCY}
        return {
            **self.definition, "reward": reward, "couponId": self.coupon_id, "createdTimestamp": int(self.created),
            "maxTicketPerUser": 1, "status": self.status(now),
        }  # fmt: skip


class Coupons:
    """Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._coupons: dict[str, Coupon] = {}

    def reset(self) -> None:
        with self._lock:
            self._coupons = {}

    def add(self, definition: dict[str, Any], *, now: float) -> Coupon | None:
        """None when there are as many as there may be."""
        with self._lock:
            if sum(coupon.status(now) == "RUNNING" for coupon in self._coupons.values()) >= MOST_COUPONS:
                return None
            coupon = Coupon(identifiers.new_coupon_id(now), definition, now)
            self._coupons[coupon.coupon_id] = coupon
            return coupon

    def find(self, coupon_id: str) -> Coupon | None:
        return self._coupons.get(coupon_id)

    def list_all(self) -> list[Coupon]:
        """The newest first."""
        with self._lock:
            return list(reversed(self._coupons.values()))

    def check(self, messages: list[dict[str, Any]], *, now: float) -> None:
        """Raises our refusal of a message with a coupon that does not exist, or is over."""
        for position, message in enumerate(messages):
            if message.get("type") != "coupon":
                continue
            coupon = self.find(message["couponId"])
            if coupon is None or coupon.status(now) == "CLOSED":
                words = "coupon not found" if coupon is None else "The coupon has already been closed."
                problem = Problem("coupon-open", words, f"messages[{position}].couponId")
                raise ApiRefusal(400, "The request body has 1 error(s)", "coupon-open", [problem])
