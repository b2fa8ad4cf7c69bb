from __future__ import annotations

from datetime import timedelta

import pytest

from bot.privacy import erasing
from bot.queue import jobs, schedule
from bot.queue.kinds import JobKind
from bot.storage import scrubbing, tombstones
from bot.storage.engine import Database
from bot.tasks import erasing as tasks
from bot.vault import Vault
from tests.bot.events.making import a_person
from tests.builders import NOON
from tests.office import Office


@pytest.fixture
def erased(office: Office) -> Office:
    with office.database.transaction() as db:
        erasing.erase(db, office.vault, person_id=a_person(db, 1), way=erasing.LINE, now=NOON)
    return office


def run(office: Office) -> None:
    with office.database.transaction() as db:
        jobs.enqueue(db, JobKind.ERASE_FINISH, now=office.now, subject_ids=[(None, "erase_finish")])
    office.work()


def finished(office: Office) -> list[bool]:
    with office.database.reading() as db:
        return [row.finished_at is not None for row in tombstones.list_page(db, after=0, limit=9)]


def test_it_is_looked_at_every_hour() -> None:
    every = {routine.kind: routine.every for routine in schedule.ROUTINES}
    assert every[JobKind.ERASE_FINISH] == timedelta(hours=1)


def test_an_erasure_is_finished_within_the_hour(erased: Office) -> None:
    run(erased)
    assert finished(erased) == [True]


def test_a_large_file_is_written_anew_at_night(erased: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "AT_ANY_TIME", 0)
    run(erased)
    assert finished(erased) == [not erased.database.is_sqlite]
    erased.now = NOON.replace(hour=20)  # three in the morning in Bangkok
    run(erased)
    assert finished(erased) == [True]


def test_without_room_on_the_disk_it_stays_unfinished(
    sqlite_database: Database, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = Office(sqlite_database, vault)
    with sqlite_database.transaction() as db:
        erasing.erase(db, vault, person_id=a_person(db, 1), way=erasing.LINE, now=NOON)
    monkeypatch.setattr(scrubbing, "SPARE", 10**12)
    run(office)
    assert finished(office) == [False]


def test_while_somebody_reads_it_waits_for_the_next_time(
    sqlite_database: Database, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What they read may be from before the erasure."""
    monkeypatch.setattr(scrubbing, "PAUSE_SECONDS", 0)
    monkeypatch.setattr(scrubbing, "READERS_WAITED_FOR_MS", 1)
    office = Office(sqlite_database, vault)
    with sqlite_database.transaction() as db:
        person_id = a_person(db, 1)
    with sqlite_database.reading() as reader:
        tombstones.list_page(reader, after=0, limit=1)
        with sqlite_database.transaction() as db:
            erasing.erase(db, vault, person_id=person_id, way=erasing.LINE, now=NOON)
        run(office)
        assert finished(office) == [False]
    run(office)
    assert finished(office) == [True]
