"""The ledger: exactly who was given what, and in answer to what."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal

from bot.simulator.clock import day_in_japan, iso
from bot.simulator.crowds import PackedIds, Recipients

TEXT_KEPT = 80
Way = Literal["reply", "push", "multicast", "broadcast", "narrowcast"]
ALWAYS_COUNTED: tuple[Way, ...] = ("reply", "push", "multicast")


@dataclass(slots=True, frozen=True)
class Delivery:
    """One accepted request: one row for each recipient, kept folded because a multicast has hundreds."""

    first: int
    at: float
    way: Way
    user_ids: Recipients
    reply_token: str | None
    webhook_event_id: str | None
    retry_key: str | None
    text: str

    def rows(self, after: int, limit: int) -> list[dict[str, Any]]:
        start = max(after - self.first + 1, 0)
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
            for position, user_id in enumerate(self.user_ids.between(start, start + limit), start)
        ]

    def folded(self) -> dict[str, Any]:
        """One row for the request: its people's ids are hexadecimal digits without the U, one after the other."""
        packed = self.user_ids.hex() if isinstance(self.user_ids, PackedIds) else None
        return {
            "first": self.first, "at": iso(self.at), "way": self.way, "retryKey": self.retry_key,
            "webhookEventId": self.webhook_event_id, "count": len(self.user_ids), "ids": packed,
        }  # fmt: skip


class Ledger:
    """Safe to share between threads. Nothing is dropped before a reset."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._deliveries: list[Delivery] = []
        self._last = 0
        self._messages: Counter[str] = Counter()
        self._by_day: Counter[tuple[str, str]] = Counter()

    def reset(self) -> None:
        with self._lock:
            self._deliveries = []
            self._messages.clear()
            self._by_day.clear()

    def add(
        self,
        *,
        at: float,
        way: Way,
        user_ids: list[str] | Recipients,
        messages: list[dict[str, Any]],
        reply_token: str | None = None,
        webhook_event_id: str | None = None,
        retry_key: str | None = None,
    ) -> None:
        with self._lock:
            self._messages[way] += len(user_ids) * len(messages)
            self._by_day[way, day_in_japan(at)] += len(user_ids) * len(messages)
            if not user_ids:
                return
            self._deliveries.append(
                Delivery(
                    first=self._last + 1,
                    at=at,
                    way=way,
                    user_ids=PackedIds(user_ids) if isinstance(user_ids, list) else user_ids,
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
            rows.extend(delivery.rows(after, limit - len(rows)))
            if len(rows) >= limit:
                break
        return {"rows": rows[:limit], "last": last}

    def read_folded(self, *, after: int, limit: int) -> list[dict[str, Any]]:
        """Accepted requests whose first delivery has a higher number than `after`."""
        with self._lock:
            start = bisect_right(self._deliveries, after, key=lambda delivery: delivery.first)
            found = self._deliveries[start : start + limit]
        return [delivery.folded() for delivery in found]

    def count(self) -> dict[str, int]:
        with self._lock:
            return {**dict.fromkeys(ALWAYS_COUNTED, 0), **self._messages}

    def count_on(self, way: str, day: str) -> int:
        """Messages given on a day in Japan, written yyyymmdd."""
        with self._lock:
            return self._by_day[way, day]


def _words(message: dict[str, Any]) -> str:
    return str(message.get("text") or message.get("altText") or message.get("title") or f"[{message.get('type')}]")
