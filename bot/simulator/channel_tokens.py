"""Channel access tokens: the one of the configuration, and those that are issued."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass
from typing import Literal

Kind = Literal["long-lived", "short-lived", "v2.1", "stateless"]
Standing = Literal["good", "expired", "revoked", "unknown"]
MOST_TOKENS = 30
"""Of the short-lived, and of v2.1."""


@dataclass(slots=True)
class ChannelToken:
    token: str
    kind: Kind
    expires_at: float
    key_id: str = ""
    revoked: bool = False

    def standing(self, now: float) -> Standing:
        if self.revoked:
            return "revoked"
        return "good" if now < self.expires_at else "expired"


class ChannelTokens:
    """Safe to share between threads."""

    def __init__(self, first: str) -> None:
        self._lock = threading.Lock()
        self._first = first
        self.reset()

    def reset(self) -> None:
        self._tokens = {self._first: ChannelToken(self._first, "long-lived", float("inf"))}

    def find(self, token: str) -> ChannelToken | None:
        return self._tokens.get(token)

    def standing(self, token: str, now: float) -> Standing:
        known = self._tokens.get(token)
        return "unknown" if known is None else known.standing(now)

    def issue(self, kind: Kind, *, seconds: float, now: float) -> ChannelToken | None:
        """None for a v2.1 token too many. A short-lived token too many revokes the oldest."""
        with self._lock:
            alive = [each for each in self._tokens.values() if each.kind == kind and each.standing(now) == "good"]
            if kind == "v2.1" and len(alive) >= MOST_TOKENS:
                return None
            if kind == "short-lived" and len(alive) >= MOST_TOKENS:
                alive[0].revoked = True
            token = ChannelToken(secrets.token_urlsafe(64), kind, now + seconds, secrets.token_urlsafe(16))
            self._tokens[token.token] = token
            return token

    def revoke(self, token: str) -> None:
        """A stateless token cannot be revoked; revoking nothing, or twice, is no error."""
        with self._lock:
            known = self._tokens.get(token)
            if known is not None and known.kind != "stateless":
                known.revoked = True

    def set_standing(self, standing: Standing) -> None:
        """What the bot's configured token is worth from now on."""
        with self._lock:
            token = self._tokens[self._first]
            token.revoked, token.expires_at = standing == "revoked", 0.0 if standing == "expired" else float("inf")

    def list_key_ids(self, now: float) -> list[str]:
        with self._lock:
            tokens = list(self._tokens.values())
        return [token.key_id for token in tokens if token.kind == "v2.1" and token.standing(now) == "good"]
