"""The journal: one row for every call of the bot's and every webhook of ours, for tests to read."""

from __future__ import annotations

import json
import threading
from collections import Counter, deque
from dataclasses import dataclass
from typing import Any, Literal

from bot.simulator.clock import iso
from bot.simulator.crowds import PackedIds

ROWS_KEPT = 300_000
ROWS_DROPPED_AT_ONCE = 50_000
BODIES_KEPT = 5_000
BODY_BYTES_KEPT = 64_000_000


@dataclass(slots=True)
class Row:
    """`request` and `response` are bodies, and are let go when the row is old. A request may be JSON still to read."""

    at: float
    kind: Literal["call", "webhook"]
    method: str
    path: str
    family: str
    """The path without ids, for counting."""
    status: int | None = None
    ms: float = 0.0
    result: str | None = None
    """Of a webhook, in the words of LINE's error statistics."""
    request_id: str | None = None
    user_ids: tuple[str, ...] | PackedIds = ()
    retry_key: str | None = None
    reply_token: str | None = None
    webhook_event_ids: tuple[str, ...] = ()
    delivered: int = 0
    request: Any = None
    response: Any = None
    weight: int = 0
    """Bytes of the two bodies."""
    n: int = 0

    def as_line(self) -> dict[str, Any]:
        """What a call came to, without its people and bodies: a multicast has hundreds."""
        return {
            "n": self.n, "at": iso(self.at), "path": self.path, "status": self.status, "retryKey": self.retry_key,
            "addressed": len(self.user_ids), "delivered": self.delivered,
        }  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        return {
            "n": self.n,
            "at": iso(self.at),
            "kind": self.kind,
            "method": self.method,
            "path": self.path,
            "status": self.status,
            "ms": round(self.ms, 1),
            "result": self.result,
            "requestId": self.request_id,
            "userIds": list(self.user_ids),
            "retryKey": self.retry_key,
            "replyToken": self.reply_token,
            "webhookEventIds": list(self.webhook_event_ids),
            "request": json.loads(self.request) if isinstance(self.request, bytes) else self.request,
            "response": self.response,
            "delivered": self.delivered,
        }


class Journal:
    """Safe to share between threads. Row numbers rise by one and never start again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rows: list[Row] = []
        self._last = 0
        self._with_bodies: deque[Row] = deque()
        self._body_bytes = 0
        self._calls: Counter[tuple[str, int | None]] = Counter()
        self._webhooks: Counter[str] = Counter()

    def reset(self) -> None:
        with self._lock:
            self._rows = []
            self._with_bodies.clear()
            self._body_bytes = 0
            self._calls.clear()
            self._webhooks.clear()

    def add(self, row: Row) -> None:
        with self._lock:
            self._last += 1
            row.n = self._last
            self._rows.append(row)
            self._with_bodies.append(row)
            self._body_bytes += row.weight
            if row.kind == "call":
                self._calls[row.family, row.status] += 1
            else:
                self._webhooks[str(row.status) if row.status is not None else str(row.result)] += 1
            self._forget()

    def _forget(self) -> None:
        while len(self._with_bodies) > BODIES_KEPT or self._body_bytes > BODY_BYTES_KEPT:
            old = self._with_bodies.popleft()
            old.request = old.response = None
            self._body_bytes -= old.weight
        if len(self._rows) > ROWS_KEPT:
            del self._rows[:ROWS_DROPPED_AT_ONCE]

    def read(self, *, after: int, limit: int, kind: str | None, slim: bool = False) -> dict[str, Any]:
        with self._lock:
            first = self._rows[0].n if self._rows else self._last + 1
            newer = self._rows[max(after - first + 1, 0) :]
            last = self._last
        chosen = [row for row in newer if kind is None or row.kind == kind][:limit]
        return {"rows": [row.as_line() if slim else row.as_json() for row in chosen], "last": last}

    def count(self) -> dict[str, Any]:
        """Calls by path and status, webhooks by status (or by what went wrong, where there is none)."""
        calls: dict[str, dict[str, int]] = {}
        with self._lock:
            for (family, status), times in self._calls.items():
                calls.setdefault(family, {})[str(status)] = times
            return {"webhooks": dict(self._webhooks), "calls": calls}
