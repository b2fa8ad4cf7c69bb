"""Read tokens: with one, the bot marks a message, and all before it, as read."""

from __future__ import annotations

import threading

TOKENS_KEPT = 300_000


class ReadMarks:
    """Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._messages: dict[str, tuple[str, str]] = {}
        self._read_up_to: dict[str, str] = {}

    def reset(self) -> None:
        with self._lock:
            self._messages, self._read_up_to = {}, {}

    def issue(self, token: str, *, chat_id: str, message_id: str) -> None:
        with self._lock:
            self._messages[token] = (chat_id, message_id)
            if len(self._messages) > TOKENS_KEPT:
                del self._messages[next(iter(self._messages))]

    def mark(self, token: str) -> str | None:
        """The chat in which the message and all before it are read now; None when no message carried the token."""
        with self._lock:
            known = self._messages.get(token)
            if known is None:
                return None
            chat_id, message_id = known
            before = self._read_up_to.get(chat_id, "0")
            self._read_up_to[chat_id] = max(before, message_id, key=lambda each: (len(each), each))
            return chat_id

    def find_read(self, chat_id: str) -> str | None:
        """The id of the latest message of the chat that is marked as read."""
        return self._read_up_to.get(chat_id)
