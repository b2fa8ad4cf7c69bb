"""Custom aggregation units: names under which pushes and multicasts are counted together."""

from __future__ import annotations

import threading

from bot.simulator.clock import day_in_japan

NAMES_A_MONTH = 1_000


class AggregationUnits:
    """Safe to share between threads. A name beyond the month's thousand is dropped in silence, as LINE does."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._months: dict[str, dict[str, None]] = {}

    def reset(self) -> None:
        with self._lock:
            self._months = {}

    def use(self, names: list[str] | None, *, now: float) -> None:
        with self._lock:
            used = self._months.setdefault(day_in_japan(now)[:6], {})
            for name in names or ():
                if len(used) < NAMES_A_MONTH:
                    used[name] = None

    def list_used(self, *, now: float) -> list[str]:
        with self._lock:
            return list(self._months.get(day_in_japan(now)[:6], ()))
