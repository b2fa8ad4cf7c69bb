"""When the daily backup is made, and what goes on meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.backups import making
from bot.backups.places import FolderPlace
from bot.backups.refusals import BackupRefused, Why
from bot.queue import jobs
from bot.queue.kinds import BACKGROUND, JobKind
from bot.storage import backups, restoring, tombstones, watching
from bot.storage import jobs as table
from bot.tasks import backups as tasks
from tests.bot.backups.making_backups import plan_in
from tests.office import Office


@pytest.fixture
def keeping(office: Office, tmp_path: Path) -> Iterator[Office]:
    office.tools = replace(office.tools, backups=plan_in(tmp_path))
    with office.database.transaction() as db:
        table.take_slot(db, name=JobKind.BACKUP, slot=office.now - timedelta(days=1))
    yield office
    end()


def end() -> None:
    for thread in threading.enumerate():
        if thread.name == tasks.THREAD:
            thread.join(timeout=30)


def look(office: Office) -> None:
    with office.database.transaction() as db:
        jobs.enqueue(db, JobKind.BACKUP, now=office.now, subject_ids=[(None, "backup")], priority=BACKGROUND)
    office.work()
    end()


def made(office: Office) -> list[str]:
    with office.database.reading() as db:
        assert table.count_open(db) == 0
        return [row.name for row in reversed(backups.list_latest(db, limit=99)) if row.finished_at]


def test_one_is_made_a_day_once_its_time_has_come(keeping: Office) -> None:
    look(keeping)
    look(keeping)
    assert made(keeping) == ["civicbot-20261124T050000Z.tar"]
    keeping.wait(hours=14)
    look(keeping)
    assert len(made(keeping)) == 1, "it is two in the morning"
    keeping.wait(minutes=45)
    look(keeping)
    assert made(keeping)[1:] == ["civicbot-20261124T194500Z.tar"]


def test_the_first_one_of_all_waits_for_its_time(office: Office, tmp_path: Path) -> None:
    office.tools = replace(office.tools, backups=plan_in(tmp_path))
    with office.database.transaction() as db:
        table.take_slot(db, name=JobKind.BACKUP, slot=office.now)
    look(office)
    assert made(office) == []
    office.wait(hours=15)
    look(office)
    assert len(made(office)) == 1


def test_after_a_failure_it_is_tried_again_an_hour_later(keeping: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(making, "_make", refuse)
        look(keeping)
    look(keeping)
    assert made(keeping) == []
    keeping.wait(hours=1, minutes=1)
    look(keeping)
    assert len(made(keeping)) == 1


def test_a_second_place_that_is_away_costs_no_further_copies_and_gets_todays_when_it_is_back(
    keeping: Office, tmp_path: Path
) -> None:
    away = tmp_path / "stick"
    away.write_text("no folder")
    keeping.tools = replace(keeping.tools, backups=replace(keeping.tools.backups, second=(FolderPlace(away),)))
    for _ in range(4):
        look(keeping)
        keeping.wait(hours=1, minutes=1)
    name = "civicbot-20261124T050000Z.tar"
    assert sorted(path.name for path in (tmp_path / "backups").glob("*.tar")) == [name]
    assert made(keeping) == []
    away.unlink()
    look(keeping)
    assert made(keeping) == [name]
    assert (away / name).read_bytes() == (tmp_path / "backups" / name).read_bytes()
    keeping.wait(days=1)
    look(keeping)
    assert len(made(keeping)) == 2, "the next day has one of its own"


def test_a_folder_that_is_not_ours_makes_it_one_that_failed(keeping: Office, tmp_path: Path) -> None:
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / making.LOCK).mkdir()
    look(keeping)
    assert made(keeping) == []
    with keeping.database.reading() as db:
        assert watching.find_last_backup(db, now=keeping.now).failed_at == keeping.now
    look(keeping)  # within the hour: nothing is tried, and nothing breaks
    assert jobs_given_up(keeping) == {}


def jobs_given_up(office: Office) -> dict[str, int]:
    with office.database.reading() as db:
        return watching.count_given_up(db, since=office.now - timedelta(days=1))


def refuse(*_: object) -> None:
    raise BackupRefused(Why.NOT_WRITTEN, "the disk is full")


def test_one_that_was_made_while_the_clock_was_ahead_puts_off_no_other(keeping: Office) -> None:
    """Nor does one that failed then: neither today's, nor the alarm."""
    plan, ahead = keeping.tools.backups, keeping.now + timedelta(days=365)
    making.make(keeping.database, plan, now=lambda: ahead)
    with keeping.database.transaction() as db:
        backups.fail(db, backups.begin(db, name="x", encrypted=False, now=ahead), error="full")
    look(keeping)
    assert made(keeping)[0] == "civicbot-20261124T050000Z.tar"
    keeping.wait(days=1)
    assert tasks.is_due(keeping.database, plan, now=keeping.now)
    with keeping.database.reading() as db:
        last = watching.find_last_backup(db, now=keeping.now)
    assert (last.made_at, last.failed_at) == (keeping.now - timedelta(days=1), None)


def test_never_means_never(keeping: Office) -> None:
    keeping.tools = replace(keeping.tools, backups=replace(keeping.tools.backups, at_minute=None))
    look(keeping)
    assert made(keeping) == []


def test_answers_do_not_wait_for_it(keeping: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = threading.Event()
    make = making._make

    def slow(*given: object) -> object:
        go_on.wait(timeout=30)
        return make(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(making, "_make", slow)
    with keeping.database.transaction() as db:
        jobs.enqueue(db, JobKind.BACKUP, now=keeping.now, subject_ids=[(None, "backup")], priority=BACKGROUND)
    keeping.work()
    assert keeping.say("สวัสดีค่ะ")
    go_on.set()
    end()
    assert len(made(keeping)) == 1


def test_who_was_erased_is_written_beside_it_without_waiting_for_the_next(keeping: Office) -> None:
    look(keeping)
    with keeping.database.transaction() as db:
        tombstones.get_key(db, keeping.vault)
        tombstones.add(db, key="k" * 64, way="line", erased_at=keeping.now, counts={"people": 1})
    assert not making.are_erasures_written(keeping.database, keeping.tools.backups)
    keeping.wait(minutes=15)
    look(keeping)
    assert making.are_erasures_written(keeping.database, keeping.tools.backups)
    with keeping.database.transaction() as db:
        tombstones.reseal_keys(db, keeping.vault)
    assert not making.are_erasures_written(keeping.database, keeping.tools.backups), "by a key that may soon be gone"
    keeping.wait(minutes=15)
    look(keeping)
    assert making.are_erasures_written(keeping.database, keeping.tools.backups)
    assert len(made(keeping)) == 1
    with keeping.database.reading() as db:
        assert restoring.sum_up_erased(db) == (1, 1)


def test_it_keeps_its_job_for_as_long_as_it_may_take(keeping: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = threading.Event()
    monkeypatch.setattr(making, "_make", lambda *_: go_on.wait(timeout=30) and refuse())
    with keeping.database.transaction() as db:
        jobs.enqueue(db, JobKind.BACKUP, now=keeping.now, subject_ids=[(None, "backup")], priority=BACKGROUND)
    keeping.work()
    assert jobs.claim(keeping.database, now=keeping.now + timedelta(hours=1)) is None, "nobody else begins it"
    go_on.set()
    end()
