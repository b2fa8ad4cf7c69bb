"""The platform's own clock: real time, plus what a test has moved it by."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta, timezone

JAPAN = timezone(timedelta(hours=9))
"""Where LINE's days and months begin."""


class PlatformClock:
    """Seconds since 1970. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ahead = 0.0

    def now(self) -> float:
        return time.time() + self._ahead

    def advance(self, seconds: float) -> float:
        with self._lock:
            self._ahead += seconds
        return self.now()

    def reset(self) -> None:
        with self._lock:
            self._ahead = 0.0


def iso(moment: float) -> str:
    """UTC with milliseconds, the way the control API writes every time."""
    return datetime.fromtimestamp(moment, tz=UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def day_in_japan(moment: float) -> str:
    return datetime.fromtimestamp(moment, tz=JAPAN).strftime("%Y%m%d")
