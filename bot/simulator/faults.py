"""Faults on order: what the next calls of an endpoint are to suffer."""

from __future__ import annotations

import random
import threading
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from bot.simulator.limits import BUSY_MESSAGE, SAME_USER_MESSAGE
from bot.simulator.refusals import Refused


@dataclass(slots=True)
class Fault:
    """`when` says whether the call is carried out first: after is "accepted, and then the error".

    Without a status, and neither cut nor stalled, the call is only late.
    """

    path: str
    times: int = 1
    share: float = 1.0
    """How many of the calls suffer it, chosen by chance; the others are left to the orders after it."""
    status: int | None = None
    body: Any = None
    when: Literal["before", "after"] = "before"
    delay: float = 0.0
    stall: float = 0.0
    """Seconds for which the answer stops half-way."""
    cut: bool = False
    headers: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


_UNAUTHORISED = (
    "Authentication failed due to the following reason: invalid token. "
    "Confirm that the access token in the authorization header is valid."
)
KINDS: dict[str, dict[str, Any]] = {
    "rate": {"status": 429, "body": {"message": "The API rate limit has been exceeded. Try again later."}},
    "concurrency": {"status": 429, "body": {"message": BUSY_MESSAGE}},
    "quota": {"status": 429, "body": {"message": "You have reached your monthly limit."}},
    "same-user": {"status": 429, "body": {"message": SAME_USER_MESSAGE}},
    "token-revoked": {"status": 401, "body": {"message": _UNAUTHORISED}},
    "token-expired": {"status": 401, "body": {"message": "The access token expired"}},
    "broken-before": {"status": 500, "when": "before", "body": {"message": "Internal server error"}},
    "broken-after": {"status": 500, "when": "after", "body": {"message": "Internal server error"}},
    "cut-before": {"cut": True, "when": "before"},
    "cut-after": {"cut": True, "when": "after"},
    "stall": {"stall": 30.0, "when": "after"},
    "late": {"delay": 3.0},
    "elsewhere": {"status": 307, "headers": {"Location": "https://elsewhere.example/"}},
}
"""Faults by name."""


def read_fault(data: dict[str, Any]) -> Fault:
    """Raises Refused for a description that makes no sense."""
    kind = data.get("kind")
    if kind is not None and kind not in KINDS:
        raise Refused(f"the kinds of fault are {', '.join(KINDS)}")
    data = {**KINDS.get(str(kind), {}), **{name: value for name, value in data.items() if name != "kind"}}
    unknown = set(data) - {"path", "times", "share", "status", "body", "when", "delay", "stall", "cut", "headers"}
    if unknown:
        raise Refused(f"a fault has no {', '.join(sorted(unknown))}")
    fault = Fault(**data) if isinstance(data.get("path"), str) else None
    if fault is None or not fault.path.startswith("/"):
        raise Refused("a fault needs the path of an endpoint")
    if fault.when not in {"before", "after"}:
        raise Refused('"when" is before or after')
    if not isinstance(fault.times, int) or fault.times < 1:
        raise Refused('"times" is a whole number from 1')
    if isinstance(fault.share, bool) or not isinstance(fault.share, int | float) or not 0 < fault.share <= 1:
        raise Refused('"share" is a number over 0, at most 1')
    if fault.status is not None and not (isinstance(fault.status, int) and 100 <= fault.status <= 599):
        raise Refused('"status" is an HTTP status')
    for name, seconds in (("delay", fault.delay), ("stall", fault.stall)):
        if not isinstance(seconds, int | float) or not 0 <= seconds <= 120:
            raise Refused(f'"{name}" is in seconds, at most 120')
    return fault


class Faults:
    """Safe to share between threads. Orders for one path are used up in the order they came."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._orders: list[Fault] = []

    def clear(self) -> None:
        with self._lock:
            self._orders = []

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._orders.append(fault)

    def list_all(self) -> list[dict[str, Any]]:
        with self._lock:
            return [fault.as_json() for fault in self._orders]

    def take(self, path: str) -> Fault | None:
        if not self._orders:
            return None
        with self._lock:
            for fault in self._orders:
                if _concerns(fault, path) and (fault.share == 1 or random.random() < fault.share):  # noqa: S311
                    fault.times -= 1
                    if not fault.times:
                        self._orders.remove(fault)
                    return fault
        return None


def _concerns(fault: Fault, path: str) -> bool:
    return fault.path == path or (fault.path.endswith("*") and path.startswith(fault.path[:-1]))
