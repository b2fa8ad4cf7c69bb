"""Wrong addresses, counted by where they come from, so that nobody tries out one ticket after another.

In this process's memory alone, and bounded: a minute's worth of at most so many places. Several web processes count
each for itself. Many telephones share an address, which is why the rest lasts a minute and no longer.
"""

from __future__ import annotations

import ipaddress
import threading
import time
from collections.abc import Callable
from typing import Final

MOST: Final = 30
WINDOW_SECONDS: Final = 60.0
MOST_PLACES: Final = 10_000


class Guesses:
    def __init__(
        self, *, most: int = MOST, places: int = MOST_PLACES, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most, self._places, self._clock = most, places, clock
        self._lock = threading.Lock()
        self._window = -1.0
        self._counts: dict[str, int] = {}

    def are_too_many(self, address: str | None) -> bool:
        with self._lock:
            return self._this_minute().get(_place(address), 0) >= self._most

    def note(self, address: str | None) -> None:
        """Where there is no room to remember another place, it goes uncounted."""
        place = _place(address)
        with self._lock:
            counts = self._this_minute()
            if place in counts or len(counts) < self._places:
                counts[place] = counts.get(place, 0) + 1

    def _this_minute(self) -> dict[str, int]:
        window = self._clock() // WINDOW_SECONDS
        if window != self._window:
            self._window, self._counts = window, {}
        return self._counts


def _place(address: str | None) -> str:
    """Whoever has one IPv6 address has the 2^64 beside it."""
    try:
        known = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return ""
    if known.version == 4:
        return str(known)
    return str(ipaddress.ip_network((known, 64), strict=False))
