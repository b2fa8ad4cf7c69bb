"""LINE's rate limits: a token bucket for each endpoint."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass

A_SECOND: Mapping[str, float] = {
    "multicast": 200, "loading": 100, "menu-list": 10, "short-lived-token": 370, "default": 2000,
    **dict.fromkeys(("membership-subscription", "membership-list", "membership-users"), 200),
    **dict.fromkeys(("coupon-create", "coupon-close", "coupon-list", "coupon-get"), 200),
}  # fmt: skip
"""Calls a second, as documented. `default` holds for every endpoint without a line of its own."""
HOUR, MINUTE = 3600, 60
AUDIENCE_ENDPOINTS = tuple(
    f"audience-{what}"
    for what in ("create", "create-file", "add", "add-file", "click", "imp", "rename", "delete", "get", "list",
                 "shared-get", "shared-list")
)  # fmt: skip
SLOWER: Mapping[str, tuple[int, int]] = {
    **dict.fromkeys(("broadcast", "narrowcast", "webhook-test"), (60, HOUR)),
    **dict.fromkeys(
        (f"insight-{what}" for what in ("delivery", "followers", "demographic", "event", "unit", "menu", "menu-daily")),
        (60, HOUR),
    ),
    **dict.fromkeys(("menu-create", "menu-delete", "alias-delete", "menu-progress"), (100, HOUR)),
    "menu-batch": (3, HOUR),
    **dict.fromkeys(("webhook-get", "webhook-set"), (1000, MINUTE)),
    **dict.fromkeys(AUDIENCE_ENDPOINTS, (60, MINUTE)),
}
"""Calls, and the seconds in which they are allowed."""


@dataclass(slots=True)
class Bucket:
    rate: float
    holds: float
    tokens: float
    filled_at: float


class RateLimits:
    """Safe to share between threads. A bucket holds one second's calls, or those of its minute or hour.

    The limits by the second wait to be switched on, so that a load is not throttled unless it means to be; those by
    the minute and hour hold until they are switched off. A rate given at the start holds in either case.
    """

    def __init__(self, rates: Mapping[str, float], *, by_the_second: bool = False) -> None:
        self._rates = {**A_SECOND, **rates}
        self._given = set(rates)
        self._lock = threading.Lock()
        self._first_by_the_second = by_the_second
        self.reset()

    def reset(self) -> None:
        with self._lock:
            self._buckets: dict[str, Bucket] = {}
            self.by_the_second, self.slower = self._first_by_the_second, True

    def take(self, endpoint: str, now: float) -> bool:
        if not self._holds(endpoint):
            return True
        with self._lock:
            bucket = self._buckets.get(endpoint) or self._buckets.setdefault(endpoint, self._new(endpoint, now))
            filled = bucket.tokens + max(now - bucket.filled_at, 0.0) * bucket.rate
            bucket.tokens, bucket.filled_at = min(bucket.holds, filled), now
            if bucket.tokens < 1:
                return False
            bucket.tokens -= 1
            return True

    def _holds(self, endpoint: str) -> bool:
        if endpoint in self._given:
            return True
        return self.slower if endpoint in SLOWER else self.by_the_second

    def _new(self, endpoint: str, now: float) -> Bucket:
        if endpoint in SLOWER and endpoint not in self._given:
            calls, seconds = SLOWER[endpoint]
            return Bucket(calls / seconds, calls, calls, now)
        rate = self._rates.get(endpoint, self._rates["default"])
        return Bucket(rate, max(rate, 1.0), max(rate, 1.0), now)
