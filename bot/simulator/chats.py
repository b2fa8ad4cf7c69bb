"""What each chat shows, for the phone page and for tests."""

from __future__ import annotations

import itertools
import threading
import time
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.simulator.clock import PlatformClock, iso

ITEMS_KEPT = 300
LONGEST_WAIT_SECONDS = 20.0


@dataclass(slots=True)
class ChatItem:
    n: int
    at: float
    sender: Literal["person", "bot"]
    message: dict[str, Any]
    message_id: str | None
    unsent: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            "n": self.n,
            "at": iso(self.at),
            "from": self.sender,
            "message": self.message,
            "messageId": self.message_id,
            "unsent": self.unsent,
        }


@dataclass(slots=True)
class Chat:
    items: list[ChatItem] = field(default_factory=list)
    last: int = 0
    """The number of the latest change: an item, or loading that began or ended."""
    loading_until: float | None = None
    waiting: list[threading.Event] | None = None


class Chats:
    """Safe to share between threads. Numbers never start again, so that an open phone survives a reset."""

    def __init__(self, clock: PlatformClock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._chats: dict[str, Chat] = {}

    def reset(self) -> None:
        with self._lock:
            for chat in self._chats.values():
                self._change(chat)
            self._chats = {}

    def say(
        self, chat_ids: list[str], sender: Literal["person", "bot"], message: dict[str, Any], message_id: str | None
    ) -> None:
        """The same message in every one of the chats. Whatever the bot says ends the loading animation."""
        now = self._clock.now()
        with self._lock:
            for chat_id in chat_ids:
                chat = self._open(chat_id)
                if sender == "bot":
                    chat.loading_until = None
                self._change(chat)
                chat.items.append(ChatItem(chat.last, now, sender, message, message_id))
                if len(chat.items) > ITEMS_KEPT:
                    del chat.items[: len(chat.items) - ITEMS_KEPT]

    def show_loading(self, chat_id: str, *, seconds: int) -> None:
        with self._lock:
            chat = self._open(chat_id)
            chat.loading_until = self._clock.now() + seconds
            self._change(chat)

    def note_change(self, chat_id: str) -> None:
        """Something about the chat is different, though it shows nothing new: wake whoever looks at it."""
        with self._lock:
            self._change(self._open(chat_id))

    def take_back(self, chat_id: str, message_id: str) -> bool:
        """Marks a person's message as unsent. False when the chat has none of that id."""
        with self._lock:
            chat = self._open(chat_id)
            for item in chat.items:
                if item.message_id == message_id and item.sender == "person":
                    item.unsent = True
                    self._change(chat)
                    return True
            return False

    def read(self, chat_id: str, *, after: int, wait: float) -> dict[str, Any]:
        """What is newer than `after`; waits for it when there is nothing."""
        deadline = time.monotonic() + min(wait, LONGEST_WAIT_SECONDS)
        while True:
            woken = threading.Event()
            with self._lock:
                chat = self._open(chat_id)
                self._end_loading(chat)
                left = deadline - time.monotonic()
                if chat.last > after or left <= 0:
                    return self._view(chat, after)
                if chat.loading_until is not None:
                    left = min(left, max(chat.loading_until - self._clock.now(), 0.01))
                chat.waiting = [*(chat.waiting or []), woken]
            woken.wait(left)
            with self._lock:
                if chat.waiting is not None and woken in chat.waiting:
                    chat.waiting.remove(woken)

    def _open(self, chat_id: str) -> Chat:
        return self._chats.setdefault(chat_id, Chat())

    def _change(self, chat: Chat) -> None:
        chat.last = next(self._numbers)
        for woken in chat.waiting or ():
            woken.set()
        chat.waiting = None

    def _end_loading(self, chat: Chat) -> None:
        if chat.loading_until is not None and self._clock.now() >= chat.loading_until:
            chat.loading_until = None
            self._change(chat)

    def _view(self, chat: Chat, after: int) -> dict[str, Any]:
        return {
            "items": [item.as_json() for item in chat.items if item.n > after],
            "loading": chat.loading_until is not None,
            "last": max(chat.last, after),
        }
