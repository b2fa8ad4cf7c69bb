"""Reply tokens: one use, a minute's life."""

from __future__ import annotations

import threading
from dataclasses import dataclass

LIFE_SECONDS = 60
LONGEST_LIFE_SECONDS = 20 * 60
"""Counted from the event: a redelivery renews the minute, never beyond this."""
TOKENS_KEPT = 600_000


@dataclass(slots=True)
class ReplyToken:
    token: str
    chat_id: str
    webhook_event_id: str | None
    born: float
    fresh_from: float
    used: bool = False

    def is_alive(self, now: float) -> bool:
        return not self.used and now - self.fresh_from <= LIFE_SECONDS and now - self.born <= LONGEST_LIFE_SECONDS


class ReplyTokens:
    """Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tokens: dict[str, ReplyToken] = {}

    def reset(self) -> None:
        with self._lock:
            self._tokens = {}

    def issue(self, token: str, *, chat_id: str, webhook_event_id: str | None, now: float) -> None:
        """Makes a token good. One that was issued before stays as it is: an event sent twice has one token."""
        with self._lock:
            if token in self._tokens:
                return
            self._tokens[token] = ReplyToken(token, chat_id, webhook_event_id, born=now, fresh_from=now)
            if len(self._tokens) > TOKENS_KEPT:
                del self._tokens[next(iter(self._tokens))]

    def renew(self, token: str, *, now: float) -> None:
        with self._lock:
            known = self._tokens.get(token)
            if known is not None:
                known.fresh_from = now

    def find(self, token: str) -> ReplyToken | None:
        return self._tokens.get(token)

    def use(self, token: str, *, now: float) -> ReplyToken | None:
        """Spends a token; None when it is unknown, spent or too old."""
        with self._lock:
            known = self._tokens.get(token)
            if known is None or not known.is_alive(now):
                return None
            known.used = True
            return known
