"""Periods, rises, percentiles: what the dashboard shows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.outreach import figures
from bot.outreach.figures import Day, Durations, Period, PeriodFault, PeriodRefused
from bot.storage.engine import Database
from bot.storage.figures import Counts, TopicCount
from knowledge.evaluation import Share
from tests.bot.outreach.counting import answer, ask, ask_as

NOW = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)
"""Half past midnight of the 24th in Bangkok."""
TODAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("7", date(2026, 11, 18), TODAY),
        ("30", date(2026, 10, 26), TODAY),
        ("90", date(2026, 8, 27), TODAY),
        ("month", date(2026, 11, 1), TODAY),
        ("last_month", date(2026, 10, 1), date(2026, 10, 31)),
    ],
)
def test_periods_have_names(name: str, first: date, last: date) -> None:
    assert figures.named_period(name, now=NOW) == Period(first, last)


def test_a_period_is_compared_with_as_many_days_right_before() -> None:
    period = Period(date(2026, 10, 1), date(2026, 10, 31))
    assert period.before == Period(date(2026, 8, 31), date(2026, 9, 30))
    assert period.before.until == period.since == datetime(2026, 9, 30, 17, 0, tzinfo=UTC)


def test_days_to_come_are_cut_off() -> None:
    assert figures.own_period(TODAY, TODAY + 9 * DAY, now=NOW) == Period(TODAY, TODAY)


@pytest.mark.parametrize(
    ("first", "last", "fault"),
    [
        (TODAY, TODAY - DAY, PeriodFault.BACKWARDS),
        (TODAY + DAY, TODAY + DAY, PeriodFault.NOT_YET),
        (TODAY - 366 * DAY, TODAY, PeriodFault.TOO_LONG),
        (date.min, date.min, PeriodFault.TOO_EARLY),
    ],
)
def test_periods_that_cannot_be_are_refused(first: date, last: date, fault: PeriodFault) -> None:
    with pytest.raises(PeriodRefused) as refused:
        figures.own_period(first, last, now=NOW)
    assert refused.value.fault is fault


@pytest.mark.parametrize(
    ("questions", "before", "rises"),
    [(9, 0, False), (10, 0, True), (10, 1, False), (20, 4, True), (20, 13, False), (149, 100, False), (160, 100, True)],
)
def test_rising_takes_enough_questions_and_more_than_chance(questions: int, before: int, rises: bool) -> None:
    assert figures.is_rising(TopicCount("a.topic", questions, before)) is rises


def test_all_of_a_period(database: Database) -> None:
    period = Period(date(2026, 11, 19), date(2026, 11, 20))
    with database.transaction() as db:
        ask(db, NOON - 9 * DAY, "a.topic")
        ask_as(db, NOON, "a.topic", people=12, feedback="yes")
        ask_as(db, NOON, "b.topic", people=3, feedback="no")
        ask(db, NOON, decision="clarify")
        ask(db, NOON)
        ask(db, NOON, refusal="abuse", feedback="no")
        for after in (1.0, 2.0, 3.0, 50.0):
            answer(db, NOON, after=after)
        found = figures.collect(db, period=period)
    assert found.days == (Day(date(2026, 11, 19)), Day(date(2026, 11, 20), Counts(15, 1, 1, 1, 12, 3)))
    assert found.total.questions == 17
    assert found.feedback == Share(12, 15)
    assert found.rising == (TopicCount("a.topic", 12, 0),)
    assert found.askers == {date(2026, 11, 1): 13}
    assert found.waiting == Durations(4, 2.0, 50.0)
    assert found.understanding == Durations(18, 0.012, 0.012)


def test_nothing_rises_where_the_period_before_is_not_known(database: Database) -> None:
    with database.transaction() as db:
        ask(db, NOON, "a.topic", times=50)
        found = figures.collect(db, period=Period(date(2026, 11, 20), date(2026, 11, 20)))
    assert (found.comparable, found.rising) == (False, ())


def test_a_day_is_one_in_bangkok(database: Database) -> None:
    midnight = datetime(2026, 11, 19, 17, 0, tzinfo=UTC)
    with database.transaction() as db:
        ask(db, midnight - timedelta(microseconds=1), "a.topic", asker="a")
        ask(db, midnight, "a.topic", asker="b", times=2)
        found = figures.collect(db, period=Period(date(2026, 11, 19), date(2026, 11, 20)))
    assert [day.questions for day in found.days] == [1, 2]


def test_an_empty_period_has_its_days_and_nothing_else(database: Database) -> None:
    with database.reading() as db:
        found = figures.collect(db, period=Period(date(2026, 10, 31), date(2026, 11, 1)))
    assert found.days == (Day(date(2026, 10, 31)), Day(date(2026, 11, 1)))
    assert found.askers == {date(2026, 10, 1): 0, date(2026, 11, 1): 0}
    assert found.waiting == found.understanding == Durations(0, None, None)
    assert found.feedback == Share(0, 0)


def test_many_days_are_shown_as_weeks() -> None:
    first = date(2026, 7, 1)
    days = [Day(first + number * DAY, Counts(answered=1, missed=1)) for number in range(100)]
    weeks = figures.shown_singly(days)
    assert (weeks[0], weeks[1]) == (Day(first, Counts(5, 0, 5)), Day(date(2026, 7, 6), Counts(7, 0, 7)))
    assert sum(week.questions for week in weeks) == 200
    assert figures.shown_singly(days[:92]) == tuple(days[:92])
