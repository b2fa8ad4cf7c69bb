"""What each chat shows, for the phone page and for tests."""

from __future__ import annotations

import itertools
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.simulator.clock import PlatformClock, iso
from bot.simulator.crowds import Everyone, Recipients

ITEMS_KEPT = 300
SAYINGS_WEIGHT_KEPT = 64_000_000
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


@dataclass(slots=True, frozen=True)
class Saying:
    """What the bot said to many at once, for the chats that nobody has looked at yet."""

    n: int
    at: float
    message: dict[str, Any]
    message_id: str | None
    to: Recipients


@dataclass(slots=True)
class Chat:
    opened: int
    """Sayings before this number are not among the items until somebody looks."""
    items: list[ChatItem] = field(default_factory=list)
    last: int = 0
    """The number of the latest change: an item, or loading that began or ended."""
    loading_until: float | None = None
    waiting: list[threading.Event] | None = None
    looked_at: bool = False


class Chats:
    """Safe to share between threads. Numbers never start again, so that an open phone survives a reset."""

    def __init__(self, clock: PlatformClock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._chats: dict[str, Chat] = {}
        self._sayings: deque[Saying] = deque()
        self._sayings_weight = 0
        self._resets = 0

    def reset(self) -> None:
        with self._lock:
            for chat in self._chats.values():
                self._change(chat)
            self._chats = {}
            self._resets += 1
            self._sayings.clear()
            self._sayings_weight = 0

    def say(
        self, chat_ids: list[str], sender: Literal["person", "bot"], message: dict[str, Any], message_id: str | None
    ) -> None:
        """The same message in every one of the chats. Whatever the bot says ends the loading animation."""
        now = self._clock.now()
        with self._lock:
            for chat_id in chat_ids:
                self._add(self._open(chat_id), ChatItem(0, now, sender, message, message_id))

    def say_to_many(self, to: Recipients, message: dict[str, Any], message_id: str | None) -> None:
        """The bot says it in all of the chats; those that are not open yet take no room for it."""
        now = self._clock.now()
        with self._lock:
            saying = Saying(next(self._numbers), now, self._known(message), message_id, to)
            self._sayings.append(saying)
            self._sayings_weight += to.weight
            while self._sayings_weight > SAYINGS_WEIGHT_KEPT:
                self._sayings_weight -= self._sayings.popleft().to.weight
            among = list(self._chats) if isinstance(to, Everyone) else to
            for chat_id in among:
                chat = self._chats.get(chat_id)
                if chat is not None and (among is to or chat_id in to):
                    self._add(chat, ChatItem(0, now, "bot", saying.message, message_id))

    def _known(self, message: dict[str, Any]) -> dict[str, Any]:
        """The same message as one of the latest sayings, if it is: a campaign repeats itself two thousand times."""
        latest = itertools.islice(reversed(self._sayings), 5)
        return next((saying.message for saying in latest if saying.message == message), message)

    def _add(self, chat: Chat, item: ChatItem) -> None:
        if item.sender == "bot":
            chat.loading_until = None
        self._change(chat)
        item.n = chat.last
        chat.items.append(item)
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

    def reword(self, chat_id: str, message_id: str, text: str) -> bool:
        """A person's message says something else now. False when the chat has none of that id."""
        with self._lock:
            chat = self._open(chat_id)
            for item in chat.items:
                if item.message_id == message_id and item.sender == "person":
                    item.message = {**item.message, "text": text}
                    self._change(chat)
                    return True
            return False

    def read(self, chat_id: str, *, after: int, wait: float) -> dict[str, Any]:
        """What is newer than `after`; waits for it when there is nothing. A reset is news, too."""
        deadline = time.monotonic() + min(wait, LONGEST_WAIT_SECONDS)
        resets = self._resets
        while True:
            woken = threading.Event()
            with self._lock:
                chat = self._open(chat_id)
                self._look_back(chat_id, chat)
                self._end_loading(chat)
                if self._resets != resets:
                    self._change(chat)
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
        chat = self._chats.get(chat_id)
        if chat is None:
            chat = self._chats[chat_id] = Chat(opened=next(self._numbers))
        return chat

    def _look_back(self, chat_id: str, chat: Chat) -> None:
        if chat.looked_at:
            return
        chat.looked_at = True
        earlier = [
            ChatItem(saying.n, saying.at, "bot", saying.message, saying.message_id)
            for saying in self._sayings
            if saying.n < chat.opened and chat_id in saying.to
        ]
        if earlier:
            chat.items = [*earlier, *chat.items][-ITEMS_KEPT:]
            chat.last = max(chat.last, earlier[-1].n)

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
