"""Link tokens: one use, ten minutes' life."""

from __future__ import annotations

import secrets
import threading

LIFE_SECONDS = 10 * 60


class LinkTokens:
    """Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tokens: dict[str, tuple[str, float]] = {}

    def reset(self) -> None:
        with self._lock:
            self._tokens = {}

    def issue(self, user_id: str, *, now: float) -> str:
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._tokens[token] = (user_id, now)
        return token

    def take(self, token: str, *, now: float) -> str | None:
        """Whose token it is, once; None for one that is unknown, used or old."""
        with self._lock:
            user_id, born = self._tokens.pop(token, (None, 0.0))
        return user_id if now - born <= LIFE_SECONDS else None
