"""The ledger: exactly who was given what, and in answer to what."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal

from bot.simulator.clock import iso

TEXT_KEPT = 80
Way = Literal["reply", "push", "multicast"]


@dataclass(slots=True, frozen=True)
class Delivery:
    """One accepted request: one row for each recipient, kept folded because a multicast has hundreds."""

    first: int
    at: float
    way: Way
    user_ids: tuple[str, ...]
    reply_token: str | None
    webhook_event_id: str | None
    retry_key: str | None
    text: str

    def rows(self, after: int) -> list[dict[str, Any]]:
        return [
            {
                "n": self.first + position,
                "at": iso(self.at),
                "way": self.way,
                "userId": user_id,
                "replyToken": self.reply_token,
                "webhookEventId": self.webhook_event_id,
                "retryKey": self.retry_key,
                "text": self.text,
            }
            for position, user_id in enumerate(self.user_ids)
            if self.first + position > after
        ]


class Ledger:
    """Safe to share between threads. Nothing is dropped before a reset."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._deliveries: list[Delivery] = []
        self._last = 0
        self._messages: Counter[str] = Counter()

    def reset(self) -> None:
        with self._lock:
            self._deliveries = []
            self._messages.clear()

    def add(
        self,
        *,
        at: float,
        way: Way,
        user_ids: list[str],
        messages: list[dict[str, Any]],
        reply_token: str | None = None,
        webhook_event_id: str | None = None,
        retry_key: str | None = None,
    ) -> None:
        with self._lock:
            self._messages[way] += len(user_ids) * len(messages)
            if not user_ids:
                return
            self._deliveries.append(
                Delivery(
                    first=self._last + 1,
                    at=at,
                    way=way,
                    user_ids=tuple(user_ids),
                    reply_token=reply_token,
                    webhook_event_id=webhook_event_id,
                    retry_key=retry_key,
                    text=_words(messages[0])[:TEXT_KEPT],
                )
            )
            self._last += len(user_ids)

    def read(self, *, after: int, limit: int) -> dict[str, Any]:
        with self._lock:
            deliveries, last = list(self._deliveries), self._last
        rows: list[dict[str, Any]] = []
        start = max(bisect_right(deliveries, after + 1, key=lambda delivery: delivery.first) - 1, 0)
        for delivery in deliveries[start:]:
            rows.extend(delivery.rows(after))
            if len(rows) >= limit:
                break
        return {"rows": rows[:limit], "last": last}

    def count(self) -> dict[str, int]:
        with self._lock:
            return {way: self._messages[way] for way in ("reply", "push", "multicast")}


def _words(message: dict[str, Any]) -> str:
    return str(message.get("text") or message.get("altText") or message.get("title") or f"[{message.get('type')}]")
