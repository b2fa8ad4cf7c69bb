from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from bot import logs
from bot.faq import library
from bot.storage.engine import Database, open_database
from bot.storage.migrate import upgrade
from tests import servers
from tests.bot.cli.kept_state import Installation
from tests.conftest import DATABASES

KEY = "of a test of commands, long enough to pass"


@pytest.fixture
def at_a_terminal(tmp_path: Path, migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """The database that commands find by the environment, sealed with KEY."""
    path = tmp_path / "data" / "civicbot.db"
    path.parent.mkdir()
    shutil.copy(migrated_sqlite, path)
    monkeypatch.setenv("CIVICBOT_DATA_DIR", str(path.parent))
    monkeypatch.setenv("CIVICBOT_SECRET_KEY", KEY)
    monkeypatch.setattr(logs, "configure", lambda **_: None)
    database = open_database(f"sqlite:///{path}")
    yield database
    database.dispose()


@pytest.fixture
def without_a_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """The FAQ and its model are a matter of other tests."""
    monkeypatch.setattr(library, "load_first_version", lambda *_, **__: "")
    monkeypatch.setattr(library, "find_published", lambda *_: "")
    monkeypatch.setattr(library, "ensure_model", lambda *_: None)


@pytest.fixture
def sqlite_installation(migrated_sqlite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    shutil.copy(migrated_sqlite, tmp_path / "civicbot.db")
    return _installed(Installation(tmp_path, f"sqlite:///{tmp_path / 'civicbot.db'}", servers.free_port()), monkeypatch)


@pytest.fixture(scope="session")
def kept_template(postgres_url: str) -> str:
    """A migrated database that others are copied from: nobody may be connected to it."""
    database = open_database(servers.create_database(postgres_url, "civicbot_template"))
    upgrade(database)
    database.dispose()
    return "civicbot_template"


@pytest.fixture(params=DATABASES)
def installation(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """Once on SQLite, once on PostgreSQL, there in a database of its own."""
    if request.param == "sqlite":
        found: Installation = request.getfixturevalue("sqlite_installation")
        return found
    server: str = request.getfixturevalue("postgres_url")
    template: str = request.getfixturevalue("kept_template")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS civicbot_kept WITH (FORCE)")
        connection.execute(f"CREATE DATABASE civicbot_kept TEMPLATE {template} STRATEGY file_copy")  # type: ignore[arg-type]
    url = server.rsplit("/", 1)[0] + "/civicbot_kept"
    return _installed(Installation(tmp_path, url, servers.free_port()), monkeypatch)


def _installed(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> Installation:
    monkeypatch.chdir(installation.folder)
    for name, value in installation.environment.items():
        monkeypatch.setenv(name, value)
    return installation
