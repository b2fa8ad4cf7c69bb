"""Narrowcasts under way, remembered by request id."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

from bot.simulator.clock import iso

TOO_FEW, SMALL_AUDIENCE, ONLY_PARTLY = 2, 4, 5
"""LINE's error codes."""
WAITING_SECONDS, SENDING_SECONDS = 1.0, 2.0
"""How long a narrowcast waits, and when it is through, both from its acceptance. Ours: LINE promises nothing."""
PROGRESS_SECONDS = 14 * 24 * 3600
FAILED_WORDS = {
    TOO_FEW: "The number of recipients is too small",
    SMALL_AUDIENCE: "An audience has fewer than 50 recipients",
    ONLY_PARTLY: "The message would be delivered to a part of the recipients only",
}


@dataclass(frozen=True, slots=True)
class Narrowcast:
    accepted_at: float
    target: int
    error: int | None = None

    @property
    def completed_at(self) -> float:
        return self.accepted_at + SENDING_SECONDS

    def has_succeeded(self, now: float) -> bool:
        return self.error is None and now - self.accepted_at >= SENDING_SECONDS

    def as_json(self, now: float) -> dict[str, Any]:
        accepted = {"acceptedTime": iso(self.accepted_at)}
        age = now - self.accepted_at
        if age < WAITING_SECONDS:
            return {"phase": "waiting", **accepted}
        if self.error is not None:
            words = {"failedDescription": FAILED_WORDS[self.error], "errorCode": self.error}
            return {"phase": "failed", **words, **accepted, "completedTime": iso(self.completed_at)}
        counts = {"targetCount": self.target, "failureCount": 0}
        if age < SENDING_SECONDS:
            return {"phase": "sending", "successCount": self.target // 2, **counts, **accepted}
        done = {"completedTime": iso(self.completed_at)}
        return {"phase": "succeeded", "successCount": self.target, **counts, **accepted, **done}


class Narrowcasts:
    """Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, Narrowcast] = {}

    def reset(self) -> None:
        with self._lock:
            self._known = {}

    def add(self, request_id: str, narrowcast: Narrowcast) -> None:
        with self._lock:
            self._known[request_id] = narrowcast

    def find(self, request_id: str, *, now: float) -> Narrowcast | None:
        known = self._known.get(request_id)
        return known if known is not None and now - known.accepted_at <= PROGRESS_SECONDS else None
