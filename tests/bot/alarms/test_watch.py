"""What is wrong is told once, again every day, and once when it is over; by one process of many."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from bot.alarms import conditions, watch, words
from bot.alarms.channels import NotTold
from bot.alarms.conditions import Alarm, Watched
from bot.alarms.words import Told
from bot.cases import opening
from bot.cases.opening import CaseKind
from bot.messages import DeliveryFailed, Failure
from bot.queue import jobs
from bot.queue.kinds import BACKGROUND, INTERACTIVE, JobKind
from bot.storage import alarms as table
from bot.storage import backups, channel, holds, people, tombstones
from bot.storage.cases import CaseRow
from bot.storage.channel import MonthlyQuota
from bot.storage.engine import Database
from tests.builders import NOON

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ROOM = 10_000 * 1_000_000


class Ear:
    """A channel that remembers."""

    def __init__(self, *, deaf: bool = False) -> None:
        self.heard: list[Told] = []
        self.deaf = deaf

    def __call__(self, told: Told) -> None:
        if self.deaf:
            raise NotTold("ear", "deaf")
        self.heard.append(told)

    @property
    def names(self) -> list[tuple[tuple[str, ...], bool]]:
        return [(told.names, told.over) for told in self.heard]


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    return Watched(tmp_path, least_disk_mb=500, backs_up=True, free_bytes=lambda _: ROOM)


def enqueue(database: Database, kind: JobKind, *, priority: int = INTERACTIVE, now: datetime = NOON) -> None:
    with database.transaction() as db:
        jobs.enqueue(db, kind, now=now, subject_ids=[(1, None)], priority=priority)


def fail_the_next(database: Database, why: str, *, now: datetime = NOON) -> None:
    job = jobs.claim(database, now=now)
    assert job is not None
    with database.transaction() as db:
        jobs.try_later(db, job, at=now + DAY, why=why)


def look(database: Database, watched: Watched, *, now: datetime) -> dict[Alarm, dict[str, str]]:
    with database.reading() as db:
        return {one.alarm: dict(one.facts) for one in conditions.look(db, watched, now=now)}


def test_nothing_is_wrong_in_an_empty_installation(database: Database, watched: Watched) -> None:
    assert look(database, watched, now=NOON) == {}


def test_work_that_waits_for_more_than_five_minutes_is_stuck(database: Database, watched: Watched) -> None:
    enqueue(database, JobKind.TURN)
    assert look(database, watched, now=NOON + 5 * MINUTE) == {}
    assert look(database, watched, now=NOON + 6 * MINUTE) == {Alarm.WORK_STUCK: {"kind": "turn", "minutes": "6"}}


def test_what_nobody_waits_for_may_wait_for_an_hour(database: Database, watched: Watched) -> None:
    enqueue(database, JobKind.RETENTION, priority=BACKGROUND)
    assert look(database, watched, now=NOON + HOUR) == {}
    assert Alarm.WORK_STUCK in look(database, watched, now=NOON + HOUR + MINUTE)


def test_work_that_was_given_up_is_told_for_a_day(database: Database, watched: Watched) -> None:
    enqueue(database, JobKind.TURN)
    job = jobs.claim(database, now=NOON)
    assert job is not None
    with database.transaction() as db:
        jobs.bury(db, job, why="ValueError")
    assert look(database, watched, now=NOON + HOUR) == {Alarm.WORK_GIVEN_UP: {"number": "1", "kinds": "turn"}}
    assert look(database, watched, now=NOON + 2 * DAY) == {}


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (Failure.UNAUTHORISED, True),
        (Failure.UNREACHABLE, True),
        (Failure.RATE_LIMITED, False),
        (Failure.REFUSED, False),
    ],
)
def test_sending_has_stopped_where_nothing_goes_out(
    database: Database, watched: Watched, failure: Failure, *, told: bool
) -> None:
    enqueue(database, JobKind.TURN)
    fail_the_next(database, str(DeliveryFailed(failure, "HTTP 401")))
    assert look(database, watched, now=NOON + MINUTE) == {}
    expected = {Alarm.SENDING_STOPPED: {"why": failure.value, "number": "1"}} if told else {}
    assert look(database, watched, now=NOON + 3 * MINUTE) == expected


def test_a_spent_quota_is_told(database: Database, watched: Watched) -> None:
    with database.transaction() as db:
        channel.save(db, bot_user_id="U" * 33, reads_by_hand=False, now=NOON)
        channel.save_quota(db, MonthlyQuota(200, 199, NOON))
    assert look(database, watched, now=NOON) == {}
    with database.transaction() as db:
        channel.save_quota(db, MonthlyQuota(200, 200, NOON))
    assert look(database, watched, now=NOON) == {Alarm.QUOTA_SPENT: {"limit": "200"}}


def test_a_hold_that_nobody_ends_is_told_after_an_hour(database: Database, watched: Watched) -> None:
    with database.transaction() as db:
        holds.begin(db, holds.SENDING, why="restored", now=NOON)
    assert look(database, watched, now=NOON + HOUR) == {}
    assert look(database, watched, now=NOON + 3 * HOUR) == {Alarm.SENDING_HELD: {"hours": "3"}}


def test_a_backup_that_failed_is_told_until_one_succeeds(database: Database, watched: Watched) -> None:
    with database.transaction() as db:
        first = backups.begin(db, name="one", encrypted=False, now=NOON)
        backups.fail(db, first, error="the folder is full")
    assert look(database, watched, now=NOON) == {Alarm.BACKUP_FAILED: {}}
    with database.transaction() as db:
        second = backups.begin(db, name="two", encrypted=False, now=NOON + HOUR)
        backups.finish(db, second, size=1, sha256="0" * 64, places=["here"], error="", now=NOON + HOUR)
    assert look(database, watched, now=NOON + HOUR) == {}


def test_a_backup_that_is_not_made_is_told_only_where_one_is_to_be(database: Database, watched: Watched) -> None:
    with database.transaction() as db:
        people.find_or_create(db, line_user_id="U1", now=NOON)
    assert look(database, watched, now=NOON + 26 * HOUR) == {}
    assert look(database, watched, now=NOON + 27 * HOUR) == {Alarm.BACKUP_LATE: {"hours": "27"}}
    assert look(database, replace(watched, backs_up=False), now=NOON + 27 * HOUR) == {}


def test_a_disk_that_fills_is_told(database: Database, watched: Watched) -> None:
    nearly_full = replace(watched, free_bytes=lambda _: 499 * 1_000_000)
    assert look(database, nearly_full, now=NOON) == {Alarm.DISK_LOW: {"free": "499", "least": "500"}}

    def gone(_: Path) -> int:
        raise OSError

    assert look(database, replace(watched, free_bytes=gone), now=NOON)[Alarm.DISK_LOW]["free"] == "0"


def test_an_urgent_case_that_nobody_takes_is_told(database: Database, watched: Watched) -> None:
    with database.transaction() as db:
        opening.open_case(db, CaseKind.URGENT, now=NOON)
    late = look(database, watched, now=NOON + HOUR)
    assert late[Alarm.URGENT_WAITING] == {"number": "1"}


def test_a_request_about_data_is_told_a_week_before_the_law_wants_its_answer(
    database: Database, watched: Watched
) -> None:
    with database.transaction() as db:
        case_id = opening.open_case(db, CaseKind.PRIVACY, now=NOON)
        opening.open_case(db, CaseKind.WANTS_PERSON, now=NOON)
        db.execute(update(CaseRow).where(CaseRow.id == case_id).values(due_at=NOON + 30 * DAY))
    assert look(database, watched, now=NOON + 23 * DAY) == {}
    assert look(database, watched, now=NOON + 23 * DAY + MINUTE) == {Alarm.PRIVACY_DUE: {"number": "1", "days": "6"}}
    with database.transaction() as db:
        db.execute(update(CaseRow).where(CaseRow.id == case_id).values(state="closed"))
    assert look(database, watched, now=NOON + 23 * DAY + MINUTE) == {}


def test_an_erasure_that_is_not_finished_within_a_day_is_told(database: Database, watched: Watched) -> None:
    with database.transaction() as db:
        tombstones.add(db, key="k", way="line", erased_at=NOON, counts={})
    assert look(database, watched, now=NOON + DAY) == {}
    assert look(database, watched, now=NOON + DAY + MINUTE) == {Alarm.ERASURE_UNFINISHED: {"number": "1"}}


def test_each_is_told_once_and_again_the_next_day_and_when_it_is_over(database: Database, watched: Watched) -> None:
    low, ear = replace(watched, free_bytes=lambda _: 0), Ear()
    for minutes in (0, 1, 2, 60):
        watch.look_and_tell(database, low, {"ear": ear}, now=NOON + minutes * MINUTE)
    assert ear.names == [(("disk_low",), False)]
    watch.look_and_tell(database, low, {"ear": ear}, now=NOON + DAY + MINUTE)
    assert ear.names == [(("disk_low",), False)] * 2
    for minutes in (2, 10, 12, 13):
        watch.look_and_tell(database, watched, {"ear": ear}, now=NOON + DAY + minutes * MINUTE)
    assert ear.names == [(("disk_low",), False)] * 2 + [(("disk_low",), True)]
    watch.look_and_tell(database, low, {"ear": ear}, now=NOON + DAY + HOUR)
    assert ear.names[-1] == (("disk_low",), False)
    assert ear.heard[0].key != ear.heard[-1].key


def test_what_comes_and_goes_or_is_so_on_one_machine_of_two_is_told_once(database: Database, watched: Watched) -> None:
    low, ear = replace(watched, free_bytes=lambda _: 0), Ear()
    for minute in range(30):
        watch.look_and_tell(database, low if minute % 2 else watched, {"ear": ear}, now=NOON + minute * MINUTE)
    assert ear.names == [(("disk_low",), False)]


def test_what_a_process_took_over_and_died_with_is_told_ten_minutes_later(database: Database, watched: Watched) -> None:
    """And by nobody else before, who may look meanwhile."""
    low, ear = replace(watched, free_bytes=lambda _: 0), Ear()
    with database.transaction() as db:
        assert [row.name for row in watch.note(db, low, now=NOON).on] == ["disk_low"]
    for minutes in (1, 9, 10):
        watch.look_and_tell(database, low, {"ear": ear}, now=NOON + minutes * MINUTE)
    assert ear.names == []
    for minutes in (11, 12, 60):
        watch.look_and_tell(database, low, {"ear": ear}, now=NOON + minutes * MINUTE)
    assert ear.names == [(("disk_low",), False)]


@pytest.mark.parametrize("lasts", [True, False])
def test_after_a_look_by_a_clock_that_was_ahead_alarms_are_told_as_before(
    database: Database, watched: Watched, *, lasts: bool
) -> None:
    low, ear = replace(watched, free_bytes=lambda _: 0), Ear()
    watch.look_and_tell(database, low, {"ear": ear}, now=NOON + 365 * DAY)
    for minutes in range(0, 60, 5):
        watch.look_and_tell(database, low if lasts else watched, {"ear": ear}, now=NOON + minutes * MINUTE)
    assert ear.names[1:] == [(("disk_low",), not lasts)]
    watch.look_and_tell(database, low, {"ear": ear}, now=NOON + 2 * DAY)
    assert ear.names[2:] == [(("disk_low",), False)]


def test_clocks_that_differ_by_seconds_are_no_clocks_that_were_ahead(database: Database, watched: Watched) -> None:
    low, ear = replace(watched, free_bytes=lambda _: 0), Ear()
    for second in (3, 0, 5, 2):
        seen = low if second > 2 else watched  # it is so on one machine of two
        watch.look_and_tell(database, seen, {"ear": ear}, now=NOON + timedelta(seconds=second))
        watch.look_and_tell(database, low, {"ear": ear}, now=NOON + timedelta(seconds=second))
    assert ear.names == [(("disk_low",), False)]


def test_what_no_channel_took_is_told_at_the_next_look(database: Database, watched: Watched) -> None:
    low, ear = replace(watched, free_bytes=lambda _: 0), Ear(deaf=True)
    watch.look_and_tell(database, low, {"ear": ear}, now=NOON)
    ear.deaf = False
    watch.look_and_tell(database, low, {"ear": ear, "other": Ear(deaf=True)}, now=NOON + MINUTE)
    assert ear.names == [(("disk_low",), False)]


def test_many_who_look_at_once_tell_it_once(database: Database, watched: Watched) -> None:
    low, ear = replace(watched, free_bytes=lambda _: 0), Ear()
    begin = threading.Barrier(8)

    def go() -> None:
        begin.wait()
        watch.look_and_tell(database, low, {"ear": ear}, now=NOON)

    threads = [threading.Thread(target=go) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ear.names == [(("disk_low",), False)]


def every_condition() -> Iterator[tuple[str, dict[str, str]]]:
    facts: dict[str, Any] = {
        "kind": "turn", "minutes": "6", "number": "2", "kinds": "turn", "why": "unauthorised", "limit": "200",
        "hours": "3", "free": "1", "least": "500", "days": "6",
    }  # fmt: skip
    yield from ((alarm.value, facts) for alarm in Alarm)
    yield "database_down", {}


@pytest.mark.parametrize(
    ("name", "facts"), [*every_condition()], ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_alarm_has_words_in_both_languages(name: str, facts: dict[str, str]) -> None:
    row = table.AlarmRow(name=name, detail=json.dumps(facts), since=NOON, seen_at=NOON)
    assert all(words.line_of(row, language) for language in words.LANGUAGES)
    assert set(words.load("th")) == set(words.load("en"))
