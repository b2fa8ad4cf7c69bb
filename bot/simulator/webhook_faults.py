"""Webhooks on order: the next ones come twice, or in another order than what they tell of."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

from bot.simulator.refusals import Refused

MOST = 100


class WebhookFaults:
    """Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.clear()

    def clear(self) -> None:
        """What is held back is let go of, unsent."""
        with self._lock:
            self._doubles = 0
            self._to_hold = 0
            self._held: list[Sequence[Any]] = []

    def order(self, data: dict[str, Any]) -> None:
        """`duplicate`: so many webhooks come twice. `reorder`: so many are held, and come last one first."""
        unknown = set(data) - {"duplicate", "reorder"}
        numbers = [data.get(name, 0) for name in ("duplicate", "reorder")]
        if unknown or any(isinstance(each, bool) or not isinstance(each, int) or not 0 <= each <= MOST
                          for each in numbers):  # fmt: skip
            raise Refused(f'"duplicate" and "reorder" are numbers of webhooks, up to {MOST}')
        with self._lock:
            self._doubles += numbers[0]
            self._to_hold = max(self._to_hold, numbers[1])

    def as_json(self) -> dict[str, int]:
        return {"duplicate": self._doubles, "reorder": self._to_hold, "held": len(self._held)}

    def arrange(self, batch: Sequence[Any]) -> list[Sequence[Any]]:
        """The batches to send in place of this one, in their order; none while it is held back."""
        with self._lock:
            if self._to_hold:
                self._held.append(batch)
                if len(self._held) < self._to_hold:
                    return []
                released, self._held, self._to_hold = self._held[::-1], [], 0
                return released
            if self._doubles:
                self._doubles -= 1
                return [batch, batch]
            return [batch]
