"""The monthly quota, counted by recipient."""

from __future__ import annotations

import threading

from bot.simulator.clock import day_in_japan


def _month(now: float) -> str:
    return day_in_japan(now)[:6]


class Quota:
    """Safe to share between threads."""

    def __init__(self, limit: int | None) -> None:
        self._lock = threading.Lock()
        self._first_limit = limit
        self._month = ""
        self._used = 0
        self._reserved: list[tuple[float, int]] = []
        self.limit = limit

    def reset(self) -> None:
        with self._lock:
            self.limit, self._used, self._reserved = self._first_limit, 0, []

    def set_limit(self, limit: int | None) -> None:
        with self._lock:
            self.limit = limit

    def used(self, now: float) -> int:
        with self._lock:
            self._turn_page(now)
            return self._used

    def left(self, now: float) -> int | None:
        with self._lock:
            self._turn_page(now)
            return None if self.limit is None else max(self.limit - self._used - self._held(now), 0)

    def take(self, recipients: int, now: float) -> bool:
        """Bills the recipients, all or none. A spent quota refuses even a request that would bill nobody."""
        with self._lock:
            self._turn_page(now)
            if self.limit is not None and self._used + self._held(now) + max(recipients, 1) > self.limit:
                return False
            self._used += recipients
            return True

    def reserve(self, recipients: int, *, until: float) -> None:
        """Holds back what a narrowcast might yet use."""
        with self._lock:
            self._reserved.append((until, recipients))

    def _held(self, now: float) -> int:
        self._reserved = [(until, recipients) for until, recipients in self._reserved if until > now]
        return sum(recipients for _until, recipients in self._reserved)

    def _turn_page(self, now: float) -> None:
        if _month(now) != self._month:
            self._month, self._used = _month(now), 0
