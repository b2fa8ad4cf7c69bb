"""The wake-up: tells workers, in this process or on another machine, that work has come in.

Huey carries it, over SQLite, Redis or PostgreSQL. It carries nothing but the knock: the work itself is a row of ours.
A knock that is lost costs a second, because workers look by themselves as well; an event is never lost with it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import psycopg
from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey
from huey.consumer import Consumer
from sqlalchemy import make_url

from bot import logs

log = logs.get(__name__)

QUEUE_NAME = "civicbot-wakeup"
LISTEN_EVERY_SECONDS = 0.03


class Wakeup(Protocol):
    def knock(self) -> None:
        """Says that there is work. Never raises: the work is safe without it."""

    def listen(self, when_knocked: Callable[[], None]) -> Callable[[], None]:
        """Calls back, from a thread of its own, soon after every knock. Returns what stops it."""

    def close(self) -> None:
        """Lets go of the carrier's connections; the next use opens new ones."""


class LocalWakeup:
    """For one process that both takes in and works: a plain call."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[], None]] = []

    def knock(self) -> None:
        for listener in list(self._listeners):
            listener()

    def listen(self, when_knocked: Callable[[], None]) -> Callable[[], None]:
        self._listeners.append(when_knocked)
        return lambda: self._listeners.remove(when_knocked)

    def close(self) -> None:
        self._listeners.clear()


class _QuietConsumer(Consumer):  # type: ignore[misc]
    """Huey's consumer as a guest in our process: it leaves the signals alone."""

    def _set_signal_handlers(self) -> None:
        pass


class HueyWakeup:
    """Knocks through Huey. The engine is built at the first use, and built again later if its store was away."""

    def __init__(self, make: Callable[[], Huey], *, close: Callable[[], None] = lambda: None) -> None:
        self._make = make
        self._close = close
        self._building = threading.Lock()
        self._huey: Huey | None = None
        self._knock: Callable[[], object] | None = None
        self._when_knocked: Callable[[], None] | None = None

    def _heard(self) -> None:
        if self._when_knocked is not None:
            self._when_knocked()

    def _engine(self) -> Huey:
        with self._building:
            if self._huey is None:
                huey = self._make()
                self._knock = huey.task(name="civicbot.knock")(self._heard)
                self._huey = huey
            return self._huey

    def knock(self) -> None:
        try:
            self._engine()
            if self._knock is not None:
                self._knock()
        except Exception as error:  # noqa: BLE001 - whatever the engine's store raises, the work is already safe
            log.warning("wakeup.lost", error=type(error).__name__)

    def listen(self, when_knocked: Callable[[], None]) -> Callable[[], None]:
        self._when_knocked = when_knocked
        try:
            huey = self._engine()
            huey.storage.flush_queue()  # knocks from before: whoever starts looks at everything anyway
        except Exception as error:  # noqa: BLE001 - as above: without the engine workers still look by themselves
            log.warning("wakeup.unreachable", error=type(error).__name__)
            return lambda: None
        consumer = _QuietConsumer(
            huey, workers=1, periodic=False, initial_delay=LISTEN_EVERY_SECONDS, backoff=1.0,
            max_delay=LISTEN_EVERY_SECONDS, worker_type="thread",
        )  # fmt: skip
        consumer.start()

        def stop() -> None:
            consumer.stop(graceful=True)
            self.close()

        return stop

    def close(self) -> None:
        with self._building:
            if self._huey is not None:
                self._huey.storage.close()
                self._huey = None
        self._close()


class _Connections:
    """PostgreSQL connections handed to Huey, which keeps one a thread and closes none of them."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._opened: list[psycopg.Connection[Any]] = []

    def open(self) -> psycopg.Connection[Any]:
        connection = psycopg.connect(self._url, connect_timeout=5)
        self._opened = [known for known in self._opened if not known.closed] + [connection]
        return connection

    def close(self) -> None:
        for connection in self._opened:
            connection.close()
        self._opened = []


def open_wakeup(*, database_url: str, redis_url: str) -> Wakeup:
    """Chooses the carrier: Redis where there is one, else the database's own kind."""
    if redis_url:
        return HueyWakeup(lambda: RedisHuey(QUEUE_NAME, url=redis_url, results=False))
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        path = Path(url.database or "").with_name("wakeup.db")
        path.parent.mkdir(parents=True, exist_ok=True)
        return HueyWakeup(lambda: SqliteHuey(QUEUE_NAME, filename=str(path), results=False))
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    connections = _Connections(plain)
    return HueyWakeup(
        lambda: PostgresHuey(QUEUE_NAME, connection=connections.open, results=False), close=connections.close
    )
