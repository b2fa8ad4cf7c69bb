"""Pictures, films, sounds and files that people have sent, to be fetched by their message id."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Literal

CONTENTS_KEPT = 500
Stage = Literal["processing", "succeeded", "failed"]


@dataclass(slots=True)
class Media:
    data: bytes
    content_type: str
    preview: bytes | None = None
    """Of pictures and films."""
    ready_at: float = 0.0
    failed: bool = False
    """LINE could not make it ready."""

    def stage(self, now: float) -> Stage:
        if now < self.ready_at:
            return "processing"
        return "failed" if self.failed else "succeeded"


class Contents:
    """Safe to share between threads. The oldest contents are gone, as they are at LINE."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[str, Media] = {}
        self._gone: dict[str, None] = {}

    def reset(self) -> None:
        with self._lock:
            self._kept = {}
            self._gone = {}

    def keep(self, message_id: str, media: Media) -> None:
        with self._lock:
            self._kept[message_id] = media
            if len(self._kept) > CONTENTS_KEPT:
                self._let_go(next(iter(self._kept)))

    def drop(self, message_id: str) -> None:
        """A message that was taken back has no content any more."""
        with self._lock:
            if message_id in self._kept:
                self._let_go(message_id)

    def _let_go(self, message_id: str) -> None:
        del self._kept[message_id]
        self._gone[message_id] = None
        if len(self._gone) > CONTENTS_KEPT:
            del self._gone[next(iter(self._gone))]

    def find(self, message_id: str) -> Media | None:
        return self._kept.get(message_id)

    def is_gone(self, message_id: str) -> bool:
        return message_id in self._gone
