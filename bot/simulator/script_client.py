"""The control API as a script uses it, over HTTP."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import urllib3

CALL_SECONDS = 30.0
LONGEST_WAIT_SECONDS = 5.0
WORDS = frozenset({"text", "altText", "label", "title", "address", "displayText", "fileName"})


class SimulatorSaysNo(Exception):
    """The simulator refused what the script wanted."""


@dataclass(frozen=True, slots=True)
class Heard:
    n: int
    words: str
    """Everything in the message that a person can read."""


class ScriptClient:
    def __init__(self, simulator: str) -> None:
        self._base = f"{simulator.rstrip('/')}/simulator/api"
        self._pool = urllib3.PoolManager(retries=False, timeout=CALL_SECONDS)

    def __enter__(self) -> ScriptClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.clear()

    def call(self, method: str, path: str, body: Any = None) -> Any:  # noqa: ANN401 - JSON
        answer = self._pool.request(method, self._base + path, json=body)
        if answer.status != 200:
            raise SimulatorSaysNo(f"{method} {path}: {answer.data.decode(errors='replace')[:300]}")
        return answer.json()

    def add_person(self, about: dict[str, Any]) -> str:
        (person,) = self.call("POST", "/people", about)
        return str(person["userId"])

    def act(self, user_id: str, gesture: str, body: dict[str, Any]) -> None:
        self.call("POST", f"/people/{user_id}/{gesture}", {**body, "wait": True})

    def advance(self, seconds: float) -> None:
        self.call("POST", "/clock", {"advance": seconds})

    def read_chat(self, user_id: str, *, after: int = 0, wait: float = 0.0) -> dict[str, Any]:
        chat: dict[str, Any] = self.call("GET", f"/people/{user_id}/chat?after={after}&wait={wait}")
        return chat

    def listen(self, user_id: str, *, after: int, seconds: float) -> Iterator[Heard]:
        """What the bot says to the person, as it comes, until the time is up."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            chat = self.read_chat(user_id, after=after, wait=min(left, LONGEST_WAIT_SECONDS))
            after = chat["last"]
            for item in chat["items"]:
                if item["from"] == "bot":
                    yield Heard(item["n"], " ".join(_read_words(item["message"])))


def _read_words(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        for name, value in part.items():
            if name in WORDS and isinstance(value, str):
                yield value
            else:
                yield from _read_words(value)
    elif isinstance(part, list):
        for value in part:
            yield from _read_words(value)
