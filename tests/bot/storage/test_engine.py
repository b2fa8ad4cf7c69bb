from __future__ import annotations

import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError, StatementError

from bot.storage import channel, dialogues, people
from bot.storage.engine import Database, open_database
from tests.builders import NOON, SOMCHAI

INCREMENT = """
import sys
from sqlalchemy import text
from bot.storage.engine import open_database
database = open_database(sys.argv[1])
for _ in range(100):
    with database.transaction() as db:
        value = db.execute(text("SELECT learnt_at FROM channel")).scalar() and db.execute(
            text("SELECT bot_user_id FROM channel")).scalar()
        db.execute(text("UPDATE channel SET bot_user_id = :new"), {"new": str(int(value) + 1)})
"""


def test_sqlite_is_opened_as_promised(sqlite_database: Database) -> None:
    with sqlite_database.reading() as db:
        found = {
            name: db.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "foreign_keys", "synchronous", "busy_timeout", "secure_delete")
        }
    assert found == {
        "journal_mode": "wal",
        "foreign_keys": 1,
        "synchronous": 2,  # FULL
        "busy_timeout": 30_000,
        "secure_delete": 1,
    }


def test_a_write_begins_immediate_and_a_read_does_not(sqlite_database: Database) -> None:
    said: list[str] = []
    event.listen(
        sqlite_database.engine, "before_cursor_execute", lambda _c, _k, statement, *_: said.append(str(statement))
    )
    with sqlite_database.transaction() as db:
        db.execute(text("SELECT 1"))
    with sqlite_database.reading() as db:
        db.execute(text("SELECT 1"))
    assert [statement for statement in said if statement.startswith("BEGIN")] == ["BEGIN IMMEDIATE", "BEGIN DEFERRED"]


def test_a_reader_does_not_wait_for_a_writer(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as writer:
        people.find_or_create(writer, line_user_id=SOMCHAI, now=NOON)
        started = time.monotonic()
        with sqlite_database.reading() as reader:
            assert people.find(reader, line_user_id=SOMCHAI) is None
        assert time.monotonic() - started < 1


def test_foreign_keys_are_kept(database: Database) -> None:
    with pytest.raises(IntegrityError), database.transaction() as db:
        dialogues.save(db, person_id=99, memory=b"x", now=NOON)


def test_times_come_out_in_utc_whatever_zone_they_went_in_with(database: Database) -> None:
    bangkok = datetime(2026, 11, 24, 12, 0, tzinfo=timezone(timedelta(hours=7)))
    with database.transaction() as db:
        people.find_or_create(db, line_user_id=SOMCHAI, now=bangkok)
    with database.reading() as db:
        person = people.find(db, line_user_id=SOMCHAI)
    assert person is not None
    assert (person.first_seen_at, person.first_seen_at.tzinfo) == (NOON, UTC)


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="time zone"), database.transaction() as db:
        people.find_or_create(db, line_user_id=SOMCHAI, now=datetime(2026, 1, 1))  # noqa: DTZ001 - what is tested


def test_four_processes_that_read_then_write_lose_nothing(sqlite_database: Database) -> None:
    url = str(sqlite_database.engine.url)
    with sqlite_database.transaction() as db:
        channel.save(db, bot_user_id="0", reads_by_hand=False, now=NOON)
    writers = [subprocess.Popen([sys.executable, "-c", INCREMENT, url]) for _ in range(4)]
    assert [writer.wait(timeout=100) for writer in writers] == [0, 0, 0, 0]
    with sqlite_database.reading() as db:
        assert db.execute(text("SELECT bot_user_id FROM channel")).scalar() == "400"


def test_a_busy_writer_lets_another_in(sqlite_database: Database) -> None:
    """Two openings of one file stand for two processes. Without the turnstile the busy one would keep the lock."""
    other = open_database(str(sqlite_database.engine.url))
    stopping = threading.Event()

    def write_without_pause() -> None:
        while not stopping.is_set():
            with sqlite_database.transaction():
                time.sleep(0.004)

    busy = threading.Thread(target=write_without_pause)
    busy.start()
    waits = []
    for _ in range(30):
        started = time.monotonic()
        with other.transaction():
            waits.append(time.monotonic() - started)
    stopping.set()
    busy.join()
    other.dispose()
    assert sorted(waits)[len(waits) // 2] < 0.1, waits


def test_a_file_that_is_no_database_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "civicbot.db"
    path.write_bytes(b"this is not a database at all" * 100)
    database = open_database(f"sqlite:///{path}")
    with pytest.raises(Exception, match="not a database"), database.transaction() as db:
        db.execute(text("SELECT 1"))
    database.dispose()
    assert path.read_bytes().startswith(b"this is not")
