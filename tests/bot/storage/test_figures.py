"""Counting in the database: by day, month and topic, and how long people waited."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.storage import figures
from bot.storage.engine import Database
from bot.storage.figures import Counts, GroupCount, Outcome, TopicCount
from bot.storage.outgoing import Delivery
from tests.bot.outreach.counting import answer, ask, ask_as

MIDNIGHT = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
"""In Bangkok, where the 24th begins."""
MICROSECOND = timedelta(microseconds=1)
DAY = timedelta(days=1)
WHOLE = {"since": MIDNIGHT - 30 * DAY, "until": MIDNIGHT + 30 * DAY}


def test_a_moment_belongs_to_one_span_only(database: Database) -> None:
    with database.transaction() as db:
        ask(db, MIDNIGHT - MICROSECOND, "center.hours")
        ask(db, MIDNIGHT, "center.hours")
        ask(db, MIDNIGHT + DAY - MICROSECOND, "center.hours")
        ask(db, MIDNIGHT + DAY, "center.hours", times=4)
        ask(db, MIDNIGHT + 3 * DAY, "center.hours")
        found = figures.count_between(db, [MIDNIGHT + number * DAY for number in (-1, 0, 1, 2, 3)])
    assert [counts.answered for counts in found] == [1, 2, 4, 0]


def test_each_question_has_one_outcome(database: Database) -> None:
    with database.transaction() as db:
        ask(db, MIDNIGHT, "center.hours", feedback="yes", times=2)
        ask(db, MIDNIGHT, "center.hours", feedback="no")
        ask(db, MIDNIGHT, "center.hours", times=2)
        ask(db, MIDNIGHT, decision="clarify", times=4)
        ask(db, MIDNIGHT, times=3)
        ask(db, MIDNIGHT, refusal="political", feedback="no", times=6)
        found = figures.count_between(db, [MIDNIGHT, MIDNIGHT + DAY])
    assert found == [Counts(answered=5, clarified=4, missed=3, declined=6, yes=2, no=1)]


def test_topics_are_those_answered_and_those_picked_now_and_before(database: Database) -> None:
    with database.transaction() as db:
        ask(db, MIDNIGHT - DAY, "old.topic", times=3)
        ask(db, MIDNIGHT - DAY, "b.topic")
        ask(db, MIDNIGHT, "b.topic")
        ask(db, MIDNIGHT, "a.topic")
        ask(db, MIDNIGHT, decision="clarify", chosen="b.topic")
        ask(db, MIDNIGHT, decision="clarify", chosen="none")
        ask(db, MIDNIGHT)
        found = figures.count_by_topic(db, before=MIDNIGHT - DAY, since=MIDNIGHT, until=MIDNIGHT + DAY)
    assert found == [TopicCount("b.topic", 2, 1), TopicCount("a.topic", 1, 0), TopicCount("old.topic", 0, 3)]


def test_people_count_once_a_month_and_nobody_not_at_all(database: Database) -> None:
    november = datetime(2026, 10, 31, 17, 0, tzinfo=UTC)
    december = datetime(2026, 11, 30, 17, 0, tzinfo=UTC)
    with database.transaction() as db:
        ask(db, MIDNIGHT, asker="a", times=3)
        ask(db, MIDNIGHT, asker="b")
        ask(db, MIDNIGHT, asker=None)
        ask(db, december, asker="c")
        found = figures.count_askers_between(db, [november, december, december + 31 * DAY])
    assert found == [2, 1]


def test_waiting_is_counted_in_hundredths_of_a_second(database: Database) -> None:
    with database.transaction() as db:
        answer(db, MIDNIGHT, after=0.35)
        answer(db, MIDNIGHT, after=0.35, pushed=True)
        answer(db, MIDNIGHT, after=2)
        answer(db, MIDNIGHT, after=90_000)
        answer(db, MIDNIGHT, after=-1)
        answer(db, MIDNIGHT, after=1, status=Delivery.UNDELIVERABLE)
        found = figures.count_by_wait(db, **WHOLE)
    assert found == {35: 2, 200: 1, figures.LONGEST_HUNDREDTHS: 1, 0: 1}


def test_understanding_is_counted_in_milliseconds(database: Database) -> None:
    with database.transaction() as db:
        for spent in (11.4, 11.6, 12.4, 1_000_000.0):
            ask(db, MIDNIGHT, milliseconds=spent)
        found = figures.count_by_milliseconds(db, **WHOLE)
    assert found == {11: 1, 12: 2, figures.LONGEST_MILLISECONDS: 1}


def test_of_many_durations_every_so_many_th_will_do(database: Database) -> None:
    with database.transaction() as db:
        ask(db, MIDNIGHT, times=9)
        for _ in range(9):
            answer(db, MIDNIGHT, after=1)
        assert figures.count_by_milliseconds(db, **WHOLE, every=3) == {12: 3}
        assert figures.count_by_wait(db, **WHOLE, every=3) == {100: 3}


def test_groups_say_how_many_people_stand_behind_them(database: Database) -> None:
    with database.transaction() as db:
        ask_as(db, MIDNIGHT, "a.topic", people=3, feedback="yes")
        ask(db, MIDNIGHT, "a.topic", asker="person 0", times=5)
        ask_as(db, MIDNIGHT, people=2)
        ask(db, MIDNIGHT, refusal="abuse", asker="rude")
        assert figures.count_people(db, **WHOLE) == GroupCount(10, 3)
        assert figures.count_outcomes_with_people(db, **WHOLE) == {
            Outcome.ANSWERED: GroupCount(8, 3),
            Outcome.MISSED: GroupCount(2, 2),
            Outcome.DECLINED: GroupCount(1, 1),
        }
        assert figures.count_answers_with_people(db, **WHOLE) == {"a.topic": GroupCount(8, 3)}
        assert figures.count_feedback_with_people(db, **WHOLE) == {"yes": GroupCount(3, 3)}


def test_nothing_asked_is_nothing_counted(database: Database) -> None:
    with database.reading() as db:
        assert figures.find_first_asked(db) is None
        assert figures.count_people(db, **WHOLE) == GroupCount(0, 0)
        assert figures.count_between(db, [MIDNIGHT, MIDNIGHT + DAY]) == [Counts()]
        assert figures.count_askers_between(db, [MIDNIGHT, MIDNIGHT + DAY]) == [0]
        assert figures.count_by_wait(db, **WHOLE) == {}
