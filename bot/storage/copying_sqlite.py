"""An SQLite file as a whole: copied while it is written to, looked through, and put in the place of another."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from bot.storage.holds import SENDING
from bot.storage.tables import METADATA

BUSY_SECONDS = 30.0
BESIDE = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a file. It must never come to lie beside another one."""


class Damaged(Exception):
    """This is no whole SQLite database."""


class InUse(Exception):
    """A process of ours works with it."""


def copy(source: Path, target: Path) -> None:
    """One moment of it, while others go on writing. What was deleted before is not in the copy, nor are its remains.

    Raises Damaged, OSError.
    """
    _require(source)
    try:
        with closing(sqlite3.connect(source, timeout=BUSY_SECONDS, isolation_level=None)) as connection:
            connection.execute("VACUUM INTO ?", (str(target),))
    except sqlite3.DatabaseError as error:
        if _is_about_room(error):
            raise OSError(str(error)) from error
        raise Damaged(str(error)) from error


def check(path: Path, *, quickly: bool = False) -> None:
    """Reads all of it. `quickly` leaves out whether indexes fit their tables. Raises Damaged."""
    _require(path)
    try:
        with closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as connection:
            found = connection.execute(f"PRAGMA {'quick_check' if quickly else 'integrity_check'}(1)").fetchone()
    except sqlite3.DatabaseError as error:
        raise Damaged(str(error)) from error
    if found is None or found[0] != "ok":
        raise Damaged(
            " ".join(str(found[0]).replace("*** in database main ***", "").split()) if found else "nothing can be read"
        )


def is_empty(path: Path) -> bool:
    """Not there, or a file that whoever looked for it has made, without a table."""
    if not path.exists() or path.stat().st_size == 0:
        return True
    try:
        with closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as connection:
            return connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None
    except sqlite3.DatabaseError:
        return False


def count_rows(path: Path) -> dict[str, int]:
    """By table, of those of ours that are there. Raises Damaged."""
    _require(path)
    try:
        with closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as connection:
            there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            return {
                table.name: connection.execute(f'SELECT count(*) FROM "{table.name}"').fetchone()[0]  # noqa: S608
                for table in METADATA.sorted_tables
                if table.name in there
            }
    except sqlite3.DatabaseError as error:
        raise Damaged(str(error)) from error


def hold_sending(path: Path, *, why: str, now: datetime) -> None:
    """In a copy that nobody serves yet: it must not be served for a moment without that. Raises Damaged."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            values = (SENDING, now.replace(tzinfo=None).isoformat(" ", "microseconds"), why)
            connection.execute("INSERT OR REPLACE INTO holds (name, since, why) VALUES (?, ?, ?)", values)
            connection.commit()
    except sqlite3.DatabaseError as error:
        raise Damaged(str(error)) from error


@contextmanager
def held_alone(path: Path) -> Iterator[None]:
    """Nobody of us writes to it meanwhile; who comes waits. Raises InUse where somebody has it open already."""
    path.parent.mkdir(parents=True, exist_ok=True)
    files = [beside.open("ab") for beside in _locks(path)]
    try:
        for file in files:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise InUse(str(path)) from error
        if path.exists() and not _leave_write_ahead(path):
            raise InUse(str(path))
        yield
    finally:
        for file in files:
            file.close()


def put_in_place(new: Path, path: Path, *, kept: Path | None) -> None:
    """`new` becomes `path` in one step: at no moment is there no database. What was there is kept under another name.

    Call it inside `held_alone`. May be repeated after having been broken off.
    """
    _write_through(new)
    if kept is not None and path.exists():
        kept.unlink(missing_ok=True)
        os.link(path, kept)
    for end in BESIDE:  # only a damaged file has any left here
        with suppress(FileNotFoundError):
            if kept is not None:
                path.with_name(path.name + end).replace(kept.with_name(kept.name + end))
            else:
                path.with_name(path.name + end).unlink()
    new.replace(path)
    _write_through(path.parent)


def _require(path: Path) -> None:
    """SQLite takes a file that is not there, or empty, for an empty database."""
    if not path.is_file() or path.stat().st_size == 0:
        raise Damaged("it is empty" if path.exists() else "it is not there")


def _is_about_room(error: sqlite3.DatabaseError) -> bool:
    name = getattr(error, "sqlite_errorname", "")
    return name in {"SQLITE_FULL", "SQLITE_CANTOPEN", "SQLITE_READONLY"} or name.startswith("SQLITE_IOERR")


def _locks(path: Path) -> tuple[Path, Path]:
    """The two files by which writers take turns: see engine.py."""
    return path.with_name(path.name + ".writing-next"), path.with_name(path.name + ".writing")


def _leave_write_ahead(path: Path) -> bool:
    """All that is known stands in the one file then. SQLite does that only for whoever is alone with it. A damaged file
    is nobody's any more."""
    try:
        with closing(sqlite3.connect(path, timeout=1.0, isolation_level=None)) as connection:
            return bool(connection.execute("PRAGMA journal_mode=DELETE").fetchone()[0] == "delete")
    except sqlite3.OperationalError as error:
        return getattr(error, "sqlite_errorname", "") not in {"SQLITE_BUSY", "SQLITE_LOCKED"}
    except sqlite3.DatabaseError:
        return True


def _write_through(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
