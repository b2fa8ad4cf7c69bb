"""The database: how it is opened, and the only two ways of talking to it, `transaction` and `reading`."""

from __future__ import annotations

import fcntl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.orm import Session, sessionmaker

BUSY_TIMEOUT_MS = 30_000
POOL_WAIT_SECONDS = 5
POSTGRES_OPTIONS = "-c statement_timeout=30000 -c lock_timeout=15000 -c idle_in_transaction_session_timeout=60000"


class _WriteTurn:
    """Lets one writer at a time into an SQLite file, in all processes of this machine, and lets processes alternate.

    SQLite makes a second writer poll, sleeping longer and longer; under load that starves some for most of a second.
    Waiting on a lock of the operating system, which wakes a waiter at once, does not. It is a matter of speed only:
    BEGIN IMMEDIATE keeps writers apart by itself. The kernel drops the locks of a process that dies.

    The second lock is a turnstile: who leaves the first has to queue at the turnstile again, where the other process
    already stands. Without it a busy worker would take the lock back before the web process has woken up.
    """

    def __init__(self, path: Path) -> None:
        self._threads = threading.Lock()
        self._paths = (path, path.with_name(path.name + "-next"))
        self._files: list[IO[bytes]] = []

    @contextmanager
    def taken(self) -> Iterator[None]:
        with self._threads:
            if not self._files:
                self._files = [path.open("ab") for path in self._paths]
            lock, turnstile = self._files
            fcntl.flock(turnstile, fcntl.LOCK_EX)
            fcntl.flock(lock, fcntl.LOCK_EX)
            fcntl.flock(turnstile, fcntl.LOCK_UN)
            try:
                yield
            finally:
                fcntl.flock(lock, fcntl.LOCK_UN)

    def close(self) -> None:
        for file in self._files:
            file.close()
        self._files = []


class Database:
    """An engine and its sessions. One a process; safe to share between threads, not across a fork."""

    def __init__(self, engine: Engine, write_turn: _WriteTurn | None) -> None:
        self.engine = engine
        self._write_turn = write_turn
        self._sessions = sessionmaker(engine, expire_on_commit=False)

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session that may write. Commits at the end, rolls back when anything is raised.

        Never hold one across the network.
        """
        if self._write_turn is None:
            with self._sessions.begin() as session:
                yield session
        else:
            with self._write_turn.taken(), self._sessions.begin() as session:
                yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads, in one snapshot on SQLite, and never waits for a writer there."""
        with self._sessions() as session:
            session.connection(execution_options={"sqlite_begin": "DEFERRED"})
            yield session

    def dispose(self) -> None:
        self.engine.dispose()
        if self._write_turn is not None:
            self._write_turn.close()


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _set_pragmas(connection: Any, _record: object) -> None:  # noqa: ANN401 - a DBAPI connection
        connection.isolation_level = None  # we say BEGIN ourselves: the driver's lazy one loses updates
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        how = connection.get_execution_options().get("sqlite_begin", "IMMEDIATE")
        connection.exec_driver_sql(f"BEGIN {how}")


def open_database(url: str, *, pool_size: int = 20) -> Database:
    """Opens SQLite or PostgreSQL by URL. Nothing is connected to before the first use.

    `pool_size` is the number of threads that may hold a connection at once.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        path = Path(parsed.database or "")
        path.parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(
            parsed,
            pool_size=pool_size,
            max_overflow=4,
            pool_timeout=POOL_WAIT_SECONDS,
            connect_args={"check_same_thread": False},
            hide_parameters=True,
        )
        _prepare_sqlite(engine)
        return Database(engine, _WriteTurn(path.with_name(path.name + ".writing")))
    engine = create_engine(
        parsed.set(drivername="postgresql+psycopg"),
        pool_size=pool_size,
        max_overflow=4,
        pool_timeout=POOL_WAIT_SECONDS,
        pool_pre_ping=True,
        hide_parameters=True,  # an error's text goes into the log, and what people wrote does not
        connect_args={
            "connect_timeout": 5,
            "tcp_user_timeout": 5000,
            "options": POSTGRES_OPTIONS,
            "application_name": "civicbot",
        },
    )
    return Database(engine, None)
