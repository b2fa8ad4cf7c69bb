"""Retry keys: a request that was accepted under one is not accepted again for a day."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from typing import Any

REMEMBERED_SECONDS = 24 * 3600
FORMAT = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@dataclass(frozen=True, slots=True)
class AcceptedBefore:
    request_id: str
    at: float
    sent_messages: list[dict[str, Any]] | None
    """Of a push only."""


class RetryKeys:
    """Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._accepted: dict[str, AcceptedBefore] = {}

    def reset(self) -> None:
        with self._lock:
            self._accepted = {}

    def find(self, key: str, *, now: float) -> AcceptedBefore | None:
        with self._lock:
            accepted = self._accepted.get(key.lower())
            if accepted is None or now - accepted.at >= REMEMBERED_SECONDS:
                return None
            return accepted

    def remember(self, key: str, accepted: AcceptedBefore) -> None:
        with self._lock:
            self._accepted.pop(key.lower(), None)
            self._accepted[key.lower()] = accepted
            for oldest in list(self._accepted)[:2]:  # two out for one in: what is over a day old never piles up
                if accepted.at - self._accepted[oldest].at >= REMEMBERED_SECONDS:
                    del self._accepted[oldest]
