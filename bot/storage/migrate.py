"""One migration history for both databases, forward only."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, text

from bot.storage.engine import Database

MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 0x63697669  # "civi": an advisory lock's number, nothing more


class NotMigrated(Exception):
    """The database's tables are older or newer than this release."""


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def upgrade(database: Database, *, to: str = "head") -> None:
    """Brings the tables up to this release. Several starters at once take turns; running it again does nothing."""
    with database.transaction() as session:
        connection = session.connection()
        if not database.is_sqlite:
            connection.execute(text("SET LOCAL lock_timeout = 0"))
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})
        command.upgrade(_config(connection), to)


def current(database: Database) -> str | None:
    with database.reading() as session:
        return MigrationContext.configure(session.connection()).get_current_revision()


def history() -> list[Script]:
    """Every migration, the first one first."""
    return list(reversed(list(ScriptDirectory.from_config(_config()).walk_revisions())))


def newest() -> str:
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None, "the release ships at least one migration"  # noqa: S101 - a fact of the package
    return head


def require_current(database: Database) -> None:
    """Raises NotMigrated unless the tables are those of this release."""
    found = current(database)
    if found != newest():
        raise NotMigrated(
            f"the database is at revision {found or 'none'}, this release needs {newest()}: run `civicbot migrate`"
        )
