"""Quote tokens: good for ever, and as often as one likes, but only in the chat they came from."""

from __future__ import annotations

import threading
from typing import Any

from bot.simulator.refusals import ApiRefusal

TOKENS_KEPT = 300_000


class QuoteTokens:
    """Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._chats: dict[str, str] = {}

    def reset(self) -> None:
        with self._lock:
            self._chats = {}

    def issue(self, token: str, chat_id: str) -> None:
        with self._lock:
            self._chats[token] = chat_id
            if len(self._chats) > TOKENS_KEPT:
                del self._chats[next(iter(self._chats))]

    def check(self, messages: list[dict[str, Any]], chat_id: str | None) -> None:
        """Raises LINE's refusal of a token from another chat, and of any where many are addressed (None)."""
        for position, message in enumerate(messages):
            token = message.get("quoteToken")
            if token is None:
                continue
            if chat_id is None:
                raise _refusal(position, "quote-token-way")
            if self._chats.get(token) != chat_id:
                raise _refusal(position, "quote-token-chat")


def _refusal(position: int, rule: str) -> ApiRefusal:
    return ApiRefusal(400, f"The quoteToken in messages[{position}] is invalid", rule)
