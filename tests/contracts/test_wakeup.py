"""One suite for every carrier of the wake-up: in the process, and Huey on SQLite, Redis and PostgreSQL."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.queue.wakeup import LocalWakeup, Wakeup, open_wakeup
from tests import servers

CARRIERS = [
    "local",
    "sqlite",
    pytest.param("redis", marks=pytest.mark.redis),
    pytest.param("postgresql", marks=pytest.mark.postgres),
]


def address(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    if kind == "redis":
        return {"database_url": "sqlite:///unused", "redis_url": request.getfixturevalue("redis_url")}
    if kind == "postgresql":
        url = servers.create_database(request.getfixturevalue("postgres_url"), "civicbot_wakeup")
        return {"database_url": url, "redis_url": ""}
    return {"database_url": f"sqlite:///{tmp_path / 'civicbot.db'}", "redis_url": ""}


@pytest.fixture(params=CARRIERS)
def wakeup(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Wakeup]:
    carrier = LocalWakeup() if request.param == "local" else open_wakeup(**address(request.param, request, tmp_path))
    yield carrier
    carrier.close()


def wait_until(condition: object, seconds: float = 5.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():  # type: ignore[operator]
            return True
        time.sleep(0.01)
    return False


def test_a_knock_is_heard_soon(wakeup: Wakeup) -> None:
    heard = threading.Event()
    stop = wakeup.listen(heard.set)
    try:
        for _ in range(3):
            heard.clear()
            wakeup.knock()
            assert heard.wait(timeout=3)
    finally:
        stop()


def test_old_knocks_are_forgotten_and_none_is_heard_after_stopping(wakeup: Wakeup) -> None:
    for _ in range(5):
        wakeup.knock()
    heard: list[int] = []
    stop = wakeup.listen(lambda: heard.append(1))
    time.sleep(0.3)
    stop()
    wakeup.knock()
    time.sleep(0.3)
    assert heard == []


@pytest.mark.parametrize("kind", CARRIERS[1:])
def test_a_knock_of_another_process_is_heard(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    where = address(kind, request, tmp_path)
    heard = threading.Event()
    stop = open_wakeup(**where).listen(heard.set)
    try:
        script = f"from bot.queue.wakeup import open_wakeup; open_wakeup(**{where!r}).knock()"
        subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
        assert heard.wait(timeout=5)
    finally:
        stop()


@pytest.mark.parametrize(
    "where",
    [
        {"database_url": "sqlite:///unused", "redis_url": "redis://127.0.0.1:9/0"},
        {"database_url": "postgresql://nobody@127.0.0.1:9/none", "redis_url": ""},
    ],
    ids=["redis", "postgresql"],
)
def test_a_carrier_that_is_away_does_no_harm(where: dict[str, str]) -> None:
    wakeup = open_wakeup(**where)
    wakeup.knock()
    stop = wakeup.listen(lambda: None)
    stop()
