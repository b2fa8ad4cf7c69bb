"""Fixtures that everything shares: the databases, the clock, the parts assembled on them."""

from __future__ import annotations

import gc
import logging
import shutil
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import AbstractContextManager, ExitStack
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
import structlog
from hypothesis import settings
from sqlalchemy import Engine, text

from bot.storage import migrate
from bot.storage.engine import Database, open_database
from bot.storage.tables import METADATA
from bot.vault import Vault
from tests import servers
from tests.office import Office

_configure = structlog.configure


def _configure_for_now(**options: Any) -> None:
    """A logger that remembers how it was first set up would take that along into every later test."""
    _configure(**{**options, "cache_logger_on_first_use": False})


structlog.configure = _configure_for_now
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
    ]
)
"""Without the variables of every frame, which structlog's default shows: printing a catalogue takes seconds."""
settings.register_profile("steady", deadline=None, derandomize=True)
settings.register_profile("random", deadline=None)
settings.load_profile("steady")
"""What holds a change up must fail again when it is looked at. `--hypothesis-profile random` looks further."""
DATABASES = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgres))


class _Compiled(MutableMapping[Any, Any]):
    """Statements made into SQL, kept for all databases of a kind: each has a dialect of its own, and all are equal.

    A new engine would otherwise make each statement anew, which takes longer than running it.
    """

    def __init__(self) -> None:
        self._kept: dict[Any, Any] = {}

    def __getitem__(self, key: Any) -> Any:
        return self._kept[(key[0].name, *key[1:])]

    def __setitem__(self, key: Any, compiled: Any) -> None:
        self._kept[(key[0].name, *key[1:])] = compiled

    def __delitem__(self, key: Any) -> None:
        del self._kept[(key[0].name, *key[1:])]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)


_compiled = _Compiled()
_create_engine = sqlalchemy.create_engine


def _create_engine_that_remembers(*arguments: Any, **options: Any) -> Engine:
    engine = _create_engine(*arguments, **options)
    engine.update_execution_options(compiled_cache=_compiled)
    return engine


sys.modules[open_database.__module__].create_engine = _create_engine_that_remembers  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def logs_as_they_were() -> Iterator[None]:
    """Commands set up the logs of the process that they run in, which here is everybody's."""
    before, root = structlog.get_config(), logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    if structlog.get_config()["processors"] is not before["processors"]:
        structlog.configure(**before)
        root.handlers[:] = handlers
        root.setLevel(level)


def pytest_collection_finish() -> None:
    """What was imported and collected stays until the end: the garbage collector need not look through it each time."""
    gc.collect()
    gc.freeze()


def _served(server: AbstractContextManager[str]) -> Iterator[str]:
    with ExitStack() as stack:
        try:
            url = stack.enter_context(server)
        except FileNotFoundError as error:
            if not servers.MAY_LEAVE_OUT:
                raise
            pytest.skip(f"left out: {error}")
        yield url


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server of this session's own. Without one installed, what needs it is left out, and said so."""
    yield from _served(servers.postgres_server())


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    yield from _served(servers.redis_server())


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "civicbot.db"
    database = open_database(f"sqlite:///{path}")
    migrate.upgrade(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
    return path


@pytest.fixture(scope="session")
def migrated_postgres(postgres_url: str) -> Iterator[Database]:
    database = open_database(servers.create_database(postgres_url, "civicbot_tests"))
    migrate.upgrade(database)
    yield database
    database.dispose()


@pytest.fixture
def sqlite_database(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    """Each test has its own: a thread that a test left behind must not write into the next one's."""
    path = tmp_path / "civicbot.db"
    shutil.copy(migrated_sqlite, path)
    database = open_database(f"sqlite:///{path}")
    yield database
    database.dispose()


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty, migrated database: once on SQLite, once on PostgreSQL."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_database")
        return
    shared: Database = request.getfixturevalue("migrated_postgres")
    with shared.transaction() as db:
        used = ", ".join(f'"{name}"' for name in db.scalars(text(_used_tables(shared.engine))))
        if used:
            db.execute(text(f"TRUNCATE {used} RESTART IDENTITY CASCADE"))
    yield shared


@cache
def _used_tables(engine: Engine) -> str:
    """Finds the tables that hold a row, or whose numbering has begun: to empty all of them takes far longer."""
    numbering = """
        SELECT pg_depend.refobjid::regclass::text, pg_class.oid::regclass::text FROM pg_class
        JOIN pg_depend ON pg_depend.objid = pg_class.oid AND pg_depend.deptype IN ('a', 'i')
        WHERE pg_class.relkind = 'S'"""
    with engine.connect() as connection:
        numbers = {row[0]: row[1] for row in connection.execute(text(numbering))}
    looks = []
    for table in METADATA.sorted_tables:
        begun = f" OR (SELECT is_called FROM {numbers[table.name]})" if table.name in numbers else ""
        looks.append(f"SELECT '{table.name}' WHERE EXISTS (SELECT FROM \"{table.name}\"){begun}")
    return " UNION ALL ".join(looks)


@pytest.fixture
def vault() -> Vault:
    return Vault(["a secret for tests, long enough to pass"])


@pytest.fixture
def office(database: Database, vault: Vault) -> Office:
    """The real handlers and tasks on each database, with LINE and the matcher doing as told."""
    return Office(database, vault)
