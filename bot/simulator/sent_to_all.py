"""Broadcasts and narrowcasts, remembered by request id: for statistics, for audiences, and for sending once more."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.simulator.crowds import Recipients

ADDRESSES = frozenset({"uri", "linkUri"})


@dataclass(frozen=True, slots=True)
class SentToAll:
    at: float
    recipients: Recipients
    links: frozenset[str]
    """The addresses that one could open from its messages."""

    @property
    def delivered(self) -> int:
        return len(self.recipients)

    @property
    def looked(self) -> int:
        return count_looked(self.delivered)

    @property
    def clicked(self) -> int:
        return count_clicked(self.delivered)


def count_looked(delivered: int) -> int:
    """Half of all look: some number has to be told."""
    return delivered // 2


def count_clicked(delivered: int) -> int:
    """A tenth of all open an address."""
    return delivered // 10


class SentToEverybody:
    """Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sent: dict[str, SentToAll] = {}

    def reset(self) -> None:
        with self._lock:
            self._sent = {}

    def note(self, request_id: str, *, at: float, recipients: Recipients, messages: list[dict[str, Any]]) -> None:
        with self._lock:
            self._sent[request_id] = SentToAll(at, recipients, frozenset(_find_links(messages)))

    def find(self, request_id: str) -> SentToAll | None:
        return self._sent.get(request_id)


def _find_links(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        for name, value in part.items():
            if name in ADDRESSES and isinstance(value, str):
                yield value
            else:
                yield from _find_links(value)
    elif isinstance(part, list):
        for value in part:
            yield from _find_links(value)
