from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from bot.storage import migrate
from bot.storage.engine import open_database
from bot.storage.tables import METADATA
from tests import servers


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    return servers.create_database(request.getfixturevalue("postgres_url"), "civicbot_migrations")


def test_migrations_make_exactly_the_tables_of_the_code(empty_url: str) -> None:
    database = open_database(empty_url)
    migrate.upgrade(database)
    with database.reading() as db:
        context = MigrationContext.configure(db.connection(), opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
    migrate.require_current(database)
    database.dispose()


def test_each_migration_runs_from_the_one_before(empty_url: str) -> None:
    database = open_database(empty_url)
    revisions = [script.revision for script in migrate.history()]
    for revision in revisions:
        migrate.upgrade(database, to=revision)
        assert migrate.current(database) == revision
    assert revisions[-1] == migrate.newest()
    database.dispose()


def test_an_unmigrated_database_is_refused(empty_url: str) -> None:
    database = open_database(empty_url)
    with pytest.raises(migrate.NotMigrated, match="civicbot migrate"):
        migrate.require_current(database)
    database.dispose()


def test_four_starters_at_once_migrate_once(empty_url: str) -> None:
    script = (
        "import sys; from bot.storage import migrate; from bot.storage.engine import open_database;"
        "migrate.upgrade(open_database(sys.argv[1]))"
    )
    starters = [subprocess.Popen([sys.executable, "-c", script, empty_url], stderr=subprocess.PIPE) for _ in range(4)]
    outcomes = [(starter.communicate()[1], starter.returncode) for starter in starters]
    assert [status for _, status in outcomes] == [0, 0, 0, 0], outcomes
    database = open_database(empty_url)
    migrate.require_current(database)
    database.dispose()
