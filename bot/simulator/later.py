"""Work put off for some seconds: one thread watches the clock, the pool does the work."""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor


class Later:
    """Safe to share between threads. What waits when it is forgotten, or closed, never runs."""

    def __init__(self, pool: Executor) -> None:
        self._pool = pool
        self._changed = threading.Condition()
        self._order = itertools.count()
        self._waiting: list[tuple[float, int, Callable[[], None]]] = []
        self._closed = False
        self._thread = threading.Thread(target=self._watch, name="later", daemon=True)
        self._thread.start()

    def run_in(self, seconds: float, work: Callable[[], None]) -> None:
        with self._changed:
            heapq.heappush(self._waiting, (time.monotonic() + seconds, next(self._order), work))
            self._changed.notify()

    def forget(self) -> None:
        with self._changed:
            self._waiting.clear()

    def close(self) -> None:
        with self._changed:
            self._waiting.clear()
            self._closed = True
            self._changed.notify()
        self._thread.join()

    def _watch(self) -> None:
        with self._changed:
            while not self._closed:
                left = self._waiting[0][0] - time.monotonic() if self._waiting else None
                if left is not None and left <= 0:
                    self._pool.submit(heapq.heappop(self._waiting)[2])
                else:
                    self._changed.wait(left)
