from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from bot.notices import audience, drafting, trials
from bot.notices.content import Bubble, Content
from bot.notices.drafting import Plan
from bot.notices.refusals import NoSuchNotice
from bot.notices.trials import MOST_AN_HOUR, TooManyTrials
from bot.queue import jobs
from bot.queue.kinds import JobKind
from bot.storage import notice_trials
from bot.storage.engine import Database
from tests.bot.events.making import a_person
from tests.builders import NOON


def a_notice(db: Session) -> int:
    plan = Plan(Content((Bubble("text", "น้ำไม่ไหลพรุ่งนี้ค่ะ"),)), audience.everyone())
    return drafting.create(db, plan, author_id=None, now=NOON).id


def open_jobs(database: Database) -> list[tuple[str, int | None]]:
    found = []
    while (job := jobs.claim(database, now=NOON + timedelta(hours=3))) is not None:
        found.append((job.kind, job.subject_id))
    return found


def test_a_trial_is_written_down_and_queued_for_each_person(database: Database) -> None:
    with database.transaction() as db:
        notice_id, people = a_notice(db), [a_person(db, number) for number in (1, 2)]
        asked = trials.ask_for(db, notice_id, [*people, people[0]], asked_by=None, now=NOON)
        assert [(one.person_id, one.state) for one in asked] == [(people[0], "queued"), (people[1], "queued")]
        assert len({one.retry_key for one in asked}) == 2
        ids = [one.id for one in asked]
    assert open_jobs(database) == [(JobKind.NOTICE_TRIAL, trial_id) for trial_id in ids]


def test_pressed_again_while_it_is_on_its_way_nothing_more_is_sent(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as db:
        notice_id, person = a_notice(db), a_person(db, 1)
        first = trials.ask_for(db, notice_id, [person], asked_by=None, now=NOON)
        assert trials.ask_for(db, notice_id, [person], asked_by=None, now=NOON + timedelta(seconds=30)) == []
        notice_trials.settle(db, first[0].id, state="sent", why="", now=NOON)
        assert len(trials.ask_for(db, notice_id, [person], asked_by=None, now=NOON + timedelta(seconds=40))) == 1


def test_a_trial_that_nobody_took_up_does_not_stand_in_the_way_for_ever(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as db:
        notice_id, person = a_notice(db), a_person(db, 1)
        trials.ask_for(db, notice_id, [person], asked_by=None, now=NOON)
        assert len(trials.ask_for(db, notice_id, [person], asked_by=None, now=NOON + timedelta(minutes=3))) == 1


def test_more_than_twenty_an_hour_are_refused_and_none_of_them_is_sent(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as db:
        notice_id, people = a_notice(db), [a_person(db, number) for number in range(1, 25)]
        trials.ask_for(db, notice_id, people[:18], asked_by=None, now=NOON)
        with pytest.raises(TooManyTrials) as refused:
            trials.ask_for(db, notice_id, people[18:21], asked_by=None, now=NOON + timedelta(minutes=59))
        assert (refused.value.left, refused.value.most) == (2, MOST_AN_HOUR)
        assert notice_trials.count_since(db, notice_id=notice_id, since=NOON) == 18
        later = NOON + timedelta(minutes=61)
        assert len(trials.ask_for(db, notice_id, people[18:21], asked_by=None, now=later)) == 3
        another = a_notice(db)
        assert len(trials.ask_for(db, another, people[:20], asked_by=None, now=later)) == 20


def test_a_notice_that_is_gone_is_refused(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as db, pytest.raises(NoSuchNotice):
        trials.ask_for(db, 77, [a_person(db, 1)], asked_by=None, now=NOON)


def test_asked_for_by_several_at_once_it_is_sent_once(database: Database) -> None:
    with database.transaction() as db:
        notice_id, person = a_notice(db), a_person(db, 1)
    ready, counts = threading.Barrier(4), []

    def ask() -> None:
        ready.wait()
        with database.transaction() as db:
            counts.append(len(trials.ask_for(db, notice_id, [person], asked_by=None, now=NOON)))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(counts) == [0, 0, 0, 1]
