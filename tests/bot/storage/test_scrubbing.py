from __future__ import annotations

import random

from sqlalchemy import delete, text

from bot.storage import people, scrubbing
from bot.storage.engine import Database
from bot.storage.people import PersonRow
from tests.bot.privacy.making import raw_files
from tests.builders import NOON

OTHERS = 1500


def test_copies_that_stay_behind_in_moved_pages_go_too(sqlite_database: Database) -> None:
    """SQLite overwrites a row that is deleted, but not the copies that were left when pages were split."""
    chance = random.Random(3)
    leaving = set()
    with sqlite_database.transaction() as db:
        for number in range(OTHERS):
            user_id = f"U{chance.getrandbits(128):032x}"
            person = people.find_or_create(db, line_user_id=user_id, now=NOON)
            if number % 5 == 0:
                leaving.add((person.id, user_id))
    with sqlite_database.transaction() as db:
        db.execute(delete(PersonRow).where(PersonRow.id.in_([number for number, _ in leaving])))
    with sqlite_database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    assert [one for _, one in leaving if one.encode() in raw_files(sqlite_database)] != []
    assert scrubbing.scrub(sqlite_database)
    assert [one for _, one in leaving if one.encode() in raw_files(sqlite_database)] == []


def test_what_stays_is_whole(database: Database) -> None:
    with database.transaction() as db:
        for number in range(20):
            people.find_or_create(db, line_user_id=f"U{number:032x}", now=NOON)
    assert scrubbing.scrub(database)
    with database.reading() as db:
        assert db.execute(text("SELECT count(*) FROM people")).scalar() == 20
