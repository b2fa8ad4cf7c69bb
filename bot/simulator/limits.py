"""Limits that LINE keeps and does not put numbers to: calls at the same time, and messages to one person."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from typing import Any

from bot.simulator.refusals import Refused

BUSY_MESSAGE = "Too many concurrent requests. Try again later."
SAME_USER_MESSAGE = "Too many messages were sent to the same user. Try again later."
"""Both wordings are ours: LINE documents that these refusals exist."""


@dataclass(frozen=True, slots=True)
class ToOnePerson:
    messages: int
    seconds: float


class Limits:
    """Safe to share between threads. Neither limit holds until it is switched on."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._under_way = 0
        self.reset()

    def reset(self) -> None:
        with self._lock:
            self.at_once: int | None = None
            self.to_one_person: ToOnePerson | None = None
            self._sent: dict[str, deque[float]] = {}

    def enter(self) -> bool:
        """Counts a call in; False for one too many. Whoever is let in leaves again."""
        with self._lock:
            if self.at_once is not None and self._under_way >= self.at_once:
                return False
            self._under_way += 1
            return True

    def leave(self) -> None:
        with self._lock:
            self._under_way -= 1

    def admit(self, chat_id: str, messages: int, now: float) -> bool:
        """Counts messages to one chat; False, and nothing counted, when they are too many for the time."""
        limit = self.to_one_person
        if limit is None:
            return True
        with self._lock:
            sent = self._sent.setdefault(chat_id, deque())
            while sent and now - sent[0] >= limit.seconds:
                sent.popleft()
            if len(sent) + messages > limit.messages:
                return False
            sent.extend([now] * messages)
            return True

    def set_at_once(self, calls: object) -> None:
        """Raises Refused for what is no number of calls; None takes the limit away."""
        if calls is not None and (isinstance(calls, bool) or not isinstance(calls, int) or calls < 1):
            raise Refused('"concurrency" is a number of calls, or null for no limit')
        self.at_once = calls

    def set_to_one_person(self, limit: Any) -> None:  # noqa: ANN401 - JSON
        """Raises Refused for what is no limit; None takes it away."""
        if limit is None:
            self.to_one_person = None
            return
        messages, seconds = (limit.get("messages"), limit.get("seconds")) if isinstance(limit, dict) else (None, None)
        if isinstance(messages, bool) or not isinstance(messages, int) or messages < 1:
            raise Refused('"sameUser" has "messages", a number from 1, and "seconds"')
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds <= 0:
            raise Refused('"sameUser" has "seconds", a number over 0')
        self.to_one_person = ToOnePerson(messages, float(seconds))
