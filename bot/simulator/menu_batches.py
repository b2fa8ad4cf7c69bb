"""Batches over the rich menus of many people: when each was accepted, and under which key it can be taken up again."""

from __future__ import annotations

import threading

BATCH_SECONDS = 1.0
"""How long a batch is under way. Ours: LINE promises nothing."""
KEY_SECONDS = 14 * 24 * 3600


class MenuBatches:
    """Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        with self._lock:
            self._accepted: dict[str, float] = {}
            self._keys: dict[str, float] = {}

    def accept(self, request_id: str, *, key: str | None, now: float) -> bool:
        """Whether there is work to do: under a key of before, it is done already."""
        with self._lock:
            self._accepted[request_id] = now
            begun = self._keys.get(key) if key is not None else None
            if begun is not None and now - begun < KEY_SECONDS:
                return False
            if key is not None:
                self._keys[key] = now
            return True

    def find(self, request_id: str) -> float | None:
        """When the batch of that request was accepted."""
        return self._accepted.get(request_id)
