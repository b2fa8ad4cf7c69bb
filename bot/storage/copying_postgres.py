"""A PostgreSQL database as a whole: one moment of it for `pg_dump`, who is connected, and what stands around the SQL of
`pg_restore` so that it is put in place in one step or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import text

from bot.storage.engine import Database
from bot.storage.holds import SENDING
from bot.storage.tables import METADATA

_LOCK = "civicbot/backup"


class InUse(Exception):
    """A process of ours is connected."""


@contextmanager
def one_moment(database: Database) -> Iterator[tuple[str, dict[str, int]]]:
    """The name of a snapshot for `pg_dump --snapshot`, and how many rows each table has in it. It lasts while this
    context does."""
    with database.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
            connection.execute(text(f"SET LOCAL {limit} = 0"))
        name = str(connection.execute(text("SELECT pg_export_snapshot()")).scalar_one())
        there = set(connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars())
        counts = {
            table.name: int(connection.execute(text(f'SELECT count(*) FROM "{table.name}"')).scalar_one())  # noqa: S608
            for table in METADATA.sorted_tables
            if table.name in there
        }
        yield name, counts
        connection.rollback()


@contextmanager
def alone_with_backups(database: Database) -> Iterator[bool]:
    """False where somebody else is at it, on whatever machine."""
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        taken = connection.execute(text("SELECT pg_try_advisory_lock(hashtextextended(:name, 0))"), {"name": _LOCK})
        mine = bool(taken.scalar_one())
        try:
            yield mine
        finally:
            if mine:
                connection.execute(text("SELECT pg_advisory_unlock(hashtextextended(:name, 0))"), {"name": _LOCK})


def require_nobody(database: Database) -> None:
    """Raises InUse. Connections of this process do not count once `database` is disposed of."""
    database.engine.dispose()
    with database.engine.connect() as connection:
        others = connection.execute(
            text(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND application_name = 'civicbot' AND pid <> pg_backend_pid()"
            )
        ).scalar_one()
    database.engine.dispose()
    if others:
        raise InUse(str(others))


def is_empty(database: Database) -> bool:
    with database.reading() as db:
        return db.execute(text("SELECT 1 FROM pg_tables WHERE schemaname = 'public' LIMIT 1")).first() is None


BEFORE = """\
SET client_min_messages = warning;
DO $civicbot$ DECLARE one record; BEGIN
  FOR one IN SELECT relname, relkind FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
  LOOP EXECUTE format('DROP TABLE IF EXISTS public.%I CASCADE', one.relname); END LOOP;
  FOR one IN SELECT pg_proc.oid::regprocedure AS named FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
  LOOP EXECUTE format('DROP ROUTINE IF EXISTS %s CASCADE', one.named); END LOOP;
END $civicbot$;
"""
"""What `psql --single-transaction` is given first: our tables go, and our functions; what extensions brought stays."""


def hold_sending(*, why: str, now: datetime) -> str:
    """What it is given last: the copy must not be served for a moment without that."""
    assert "'" not in why  # noqa: S101 - a word of ours
    values = f"('{SENDING}', '{now.isoformat()}', '{why}')"
    return (
        f"\nINSERT INTO public.holds (name, since, why) VALUES {values}"
        " ON CONFLICT (name) DO UPDATE SET since = excluded.since, why = excluded.why;\n"
    )
