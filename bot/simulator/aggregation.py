"""Custom aggregation units: names under which pushes and multicasts are counted together."""

from __future__ import annotations

import threading
from collections import Counter

from bot.simulator.clock import day_in_japan

NAMES_A_MONTH = 1_000


class AggregationUnits:
    """Safe to share between threads. A name beyond the month's thousand is dropped in silence, as LINE does."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._months: dict[str, dict[str, None]] = {}
        self._delivered: Counter[tuple[str, str]] = Counter()

    def reset(self) -> None:
        with self._lock:
            self._months = {}
            self._delivered.clear()

    def use(self, names: list[str] | None, *, delivered: int, now: float) -> None:
        day = day_in_japan(now)
        with self._lock:
            used = self._months.setdefault(day[:6], {})
            for name in names or ():
                if len(used) < NAMES_A_MONTH:
                    used[name] = None
                if name in used:
                    self._delivered[name, day] += delivered

    def count(self, name: str, first: str, last: str) -> int:
        """To how many messages of that name went, from one day to the other."""
        with self._lock:
            return sum(
                people for (unit, day), people in self._delivered.items() if unit == name and first <= day <= last
            )

    def list_used(self, *, now: float) -> list[str]:
        with self._lock:
            return list(self._months.get(day_in_japan(now)[:6], ()))
