"""Taking out of the database's files what was deleted from its tables."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from bot.storage.engine import BUSY_TIMEOUT_MS, Database
from bot.storage.tables import METADATA

SPARE = 2.2
"""VACUUM writes the whole file once more, and so does the log of writing before it is emptied."""
TRIES, PAUSE_SECONDS = 5, 0.2
READERS_WAITED_FOR_MS = 500
"""So long nobody can write either."""


def size_of(database: Database) -> int:
    """Of an SQLite file, in bytes."""
    path = _path_of(database)
    return path.stat().st_size if path.exists() else 0


def has_room(database: Database) -> bool:
    path = _path_of(database)
    return shutil.disk_usage(path.parent).free > size_of(database) * SPARE


def scrub(database: Database) -> bool:
    """Nothing that was deleted can be read in the files any more. Call it outside any transaction; whoever wants to
    write meanwhile waits. False: somebody was reading all the time, so that SQLite's log could not be emptied.

    SQLite overwrites what is deleted (`secure_delete`), but not the copies that stay behind in a page whose rows once
    moved to another one: only writing the file anew takes those out. PostgreSQL's old versions of rows are removed, and
    their place is written over when it is used again.
    """
    return _scrub_sqlite(database) if database.is_sqlite else _scrub_postgres(database)


def _path_of(database: Database) -> Path:
    return Path(database.engine.url.database or "")


def _scrub_sqlite(database: Database) -> bool:
    connection = database.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("VACUUM")
        cursor.execute(f"PRAGMA busy_timeout={READERS_WAITED_FOR_MS}")
        for _ in range(TRIES):
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            (busy, *_) = cursor.fetchone() or (1,)
            if not busy:
                return True
            time.sleep(PAUSE_SECONDS)
        return False
    finally:
        connection.cursor().execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        connection.close()


def _scrub_postgres(database: Database) -> bool:
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("SET statement_timeout = 0")
        try:
            for table in METADATA.sorted_tables:
                connection.exec_driver_sql(f'VACUUM (SKIP_LOCKED) "{table.name}"')
        finally:
            connection.exec_driver_sql("RESET statement_timeout")
    return True
