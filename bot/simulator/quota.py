"""The monthly quota, counted by recipient."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone

JAPAN = timezone(timedelta(hours=9))
"""LINE's months begin in Japan."""


def _month(now: float) -> str:
    return datetime.fromtimestamp(now, tz=UTC).astimezone(JAPAN).strftime("%Y%m")


class Quota:
    """Safe to share between threads."""

    def __init__(self, limit: int | None) -> None:
        self._lock = threading.Lock()
        self._first_limit = limit
        self._month = ""
        self._used = 0
        self.limit = limit

    def reset(self) -> None:
        with self._lock:
            self.limit, self._used = self._first_limit, 0

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
            return None if self.limit is None else max(self.limit - self._used, 0)

    def take(self, recipients: int, now: float) -> bool:
        """Bills the recipients, all or none. A spent quota refuses even a request that would bill nobody."""
        with self._lock:
            self._turn_page(now)
            if self.limit is not None and self._used + max(recipients, 1) > self.limit:
                return False
            self._used += recipients
            return True

    def _turn_page(self, now: float) -> None:
        if _month(now) != self._month:
            self._month, self._used = _month(now), 0
