"""LINE's rate limits: a token bucket for each endpoint."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass

A_SECOND: Mapping[str, float] = {"multicast": 200, "loading": 100, "default": 2000}
"""Calls a second, as documented. `default` holds for every endpoint without a line of its own."""


@dataclass(slots=True)
class Bucket:
    rate: float
    tokens: float
    filled_at: float


class RateLimits:
    """Safe to share between threads. A bucket holds one second's calls."""

    def __init__(self, rates: Mapping[str, float]) -> None:
        self._rates = {**A_SECOND, **rates}
        self._lock = threading.Lock()
        self._buckets: dict[str, Bucket] = {}

    def reset(self) -> None:
        with self._lock:
            self._buckets = {}

    def take(self, endpoint: str, now: float) -> bool:
        rate = self._rates.get(endpoint, self._rates["default"])
        with self._lock:
            bucket = self._buckets.setdefault(endpoint, Bucket(rate, max(rate, 1.0), now))
            bucket.tokens = min(max(rate, 1.0), bucket.tokens + max(now - bucket.filled_at, 0.0) * rate)
            bucket.filled_at = now
            if bucket.tokens < 1:
                return False
            bucket.tokens -= 1
            return True
