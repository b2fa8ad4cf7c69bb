"""While a worker waits for LINE, another thread of its may compute."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from bot.messages import DeliveryFailed, Failure, Messenger, Receipt
from bot.worker import _OutsideTheGate

DAY = date(2026, 11, 29)


class Watching:
    """Notes of each call whether the gate stood open meanwhile."""

    def __init__(self, gate: threading.Semaphore) -> None:
        self.gate = gate
        self.seen: list[tuple[str, tuple[Any, ...], dict[str, Any], bool]] = []

    def __getattr__(self, name: str) -> Any:
        def call(*arguments: Any, **more: Any) -> Receipt:
            self.seen.append((name, arguments, more, self.is_open()))
            return Receipt(request_id=name)

        return call

    def follower_pages(self) -> Iterator[tuple[str, ...]]:
        for number in range(2):
            self.seen.append(("follower_pages", (), {}, self.is_open()))
            yield (str(number),)

    def is_open(self) -> bool:
        free = self.gate.acquire(blocking=False)
        if free:
            self.gate.release()
        return free


@pytest.fixture
def watching() -> Watching:
    """A worker's thread is inside."""
    gate = threading.Semaphore(1)
    gate.acquire()
    return Watching(gate)


@pytest.mark.parametrize(
    ("name", "arguments", "more"),
    [
        ("reply", ("token", []), {}),
        ("push", ("U1", []), {"retry_key": "k", "unit": "n"}),
        ("multicast", (["U1"], []), {"retry_key": "k", "unit": "n"}),
        ("validate", ([],), {}),
        ("quota", (), {}),
        ("list_units", (), {}),
        ("unit_statistics", ("n", DAY, DAY), {}),
        ("display_name", ("U1",), {}),
        ("content", ("1",), {}),
        ("mark_as_read", ("token",), {}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_gate_is_open_during_a_call_and_shut_after_it(
    watching: Watching, name: str, arguments: tuple[Any, ...], more: dict[str, Any]
) -> None:
    outside = _OutsideTheGate(watching, watching.gate)  # type: ignore[arg-type]
    answer = getattr(outside, name)(*arguments, **more)
    assert watching.seen == [(name, arguments, more, True)]
    assert answer == (None if name in {"validate", "mark_as_read"} else Receipt(request_id=name))
    assert not watching.is_open()


def test_the_gate_is_open_for_each_page_and_shut_between_them(watching: Watching) -> None:
    outside: Messenger = _OutsideTheGate(watching, watching.gate)  # type: ignore[arg-type]
    between = [(page, watching.is_open()) for page in outside.follower_pages()]
    assert between == [(("0",), False), (("1",), False)]
    assert [is_open for *_, is_open in watching.seen] == [True, True]
    assert not watching.is_open()


def test_the_gate_is_shut_after_a_failure_too(watching: Watching) -> None:
    def fail(*_: object, **__: object) -> Receipt:
        raise DeliveryFailed(Failure.AMBIGUOUS, "as told")

    watching.multicast = fail
    with pytest.raises(DeliveryFailed):
        _OutsideTheGate(watching, watching.gate).multicast(["U1"], [], retry_key="k")  # type: ignore[arg-type]
    assert not watching.is_open()
