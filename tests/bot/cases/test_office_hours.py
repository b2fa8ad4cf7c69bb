from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import clock
from bot.cases import office_hours
from bot.cases.kinds import PROMISED, CaseKind
from bot.cases.rules import CaseRules
from bot.settings.people import read_week

PLAIN = CaseRules(week=read_week("mon-fri 08:30-16:30"))
WITH_LUNCH = CaseRules(
    week=read_week("mon-fri 08:30-12:00, mon-fri 13:00-16:30, sat 09:00-12:00"),
    days_off=frozenset({date(2026, 12, 7), date(2026, 12, 10), date(2026, 12, 31), date(2027, 1, 1)}),
)
ALMOST_NEVER = CaseRules(week=read_week("sun 23:00-23:01"))
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(clock.BANGKOK))  # noqa: DTZ001
CLOCKS = st.times().map(lambda one: one.replace(second=0, microsecond=0, tzinfo=None))


@st.composite
def any_rules(draw: st.DrawFn) -> CaseRules:
    """Any week that the settings allow, with any days off."""
    week = []
    for day in draw(st.sets(st.integers(0, 6), min_size=1)):
        at = sorted(draw(st.sets(CLOCKS, min_size=2, max_size=6)))
        week += [(day, begins, ends) for begins, ends in zip(at[::2], at[1::2], strict=False)]
    days_off = draw(st.frozensets(st.dates(date(2026, 1, 1), date(2030, 12, 31)), max_size=20))
    return CaseRules(week=tuple(sorted(week)), days_off=days_off)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=clock.BANGKOK)


@pytest.mark.parametrize(
    ("moment", "is_open", "opening"),
    [
        ("2026-11-24 08:29", False, "2026-11-24 08:30"),
        ("2026-11-24 08:30", True, "2026-11-24 08:30"),
        ("2026-11-24 11:59", True, "2026-11-24 11:59"),
        ("2026-11-24 12:00", False, "2026-11-24 13:00"),  # lunch
        ("2026-11-24 16:30", False, "2026-11-25 08:30"),
        ("2026-11-28 11:00", True, "2026-11-28 11:00"),  # Saturday morning
        ("2026-11-28 12:00", False, "2026-11-30 08:30"),
        ("2026-12-05 12:30", False, "2026-12-08 08:30"),  # Monday is a day off
        ("2026-12-30 20:00", False, "2027-01-02 09:00"),  # over New Year
    ],
)
def test_the_office_opens_as_the_centre_has_set_it(moment: str, is_open: bool, opening: str) -> None:
    assert office_hours.is_open(WITH_LUNCH, at(moment)) == is_open
    assert office_hours.next_opening(WITH_LUNCH, at(moment)) == at(opening)


@pytest.mark.parametrize(
    ("start", "hours", "until"),
    [
        ("2026-11-24 08:30", 3.5, "2026-11-24 12:00"),
        ("2026-11-24 08:30", 4, "2026-11-24 13:30"),  # lunch does not count
        ("2026-11-24 12:15", 1, "2026-11-24 14:00"),
        ("2026-11-24 16:00", 1, "2026-11-25 09:00"),
        ("2026-11-27 16:00", 2, "2026-11-28 10:30"),  # into Saturday
        ("2026-11-28 11:00", 2, "2026-11-30 09:30"),
        ("2026-12-09 16:30", 7, "2026-12-11 16:30"),  # over a day off, to the last minute of a day
        ("2026-12-05 20:00", 7, "2026-12-08 16:30"),
    ],
)
def test_only_time_in_which_somebody_is_there_counts(start: str, hours: float, until: str) -> None:
    assert office_hours.add_office_hours(WITH_LUNCH, at(start), hours) == at(until)


def test_an_office_that_hardly_ever_opens_keeps_its_promise_years_later() -> None:
    until = office_hours.add_office_hours(ALMOST_NEVER, at("2026-11-24 12:00"), 400 / 60)
    assert until == at("2026-11-29 23:01") + timedelta(weeks=399)


@pytest.mark.parametrize(
    ("kind", "due"),
    [
        (CaseKind.URGENT, at("2026-11-28 02:30")),
        (CaseKind.PRIVACY, at("2026-12-28 02:00")),
        *((kind, at("2026-11-30 16:30")) for kind in sorted(PROMISED)),
        *((kind, None) for kind in (CaseKind.STORM, CaseKind.CHANNEL, CaseKind.NOTICE, CaseKind.UNDELIVERABLE)),
    ],
)
def test_what_is_promised_depends_on_what_it_is_about(kind: CaseKind, due: datetime | None) -> None:
    assert office_hours.due_at(PLAIN, kind, now=at("2026-11-28 02:00")) == due


def test_who_writes_again_is_promised_anew_but_a_request_about_data_not_less_than_the_law_allows() -> None:
    opened, now = at("2026-11-24 09:00"), at("2026-11-27 09:00")

    def again(kind: CaseKind, now: datetime = now) -> datetime:
        return office_hours.due_again(PLAIN, kind, opened_at=opened, now=now)

    assert again(CaseKind.WANTS_PERSON) == again(CaseKind.UNDELIVERABLE) == at("2026-11-30 09:00")
    assert again(CaseKind.URGENT) == now + timedelta(minutes=30)
    assert again(CaseKind.PRIVACY) == opened + timedelta(days=30)
    assert again(CaseKind.PRIVACY, at("2027-02-01 08:30")) == at("2027-02-01 16:30")


@settings(max_examples=60)
@given(any_rules(), MOMENTS)
def test_the_next_opening_is_open_and_nothing_before_it_is(rules: CaseRules, moment: datetime) -> None:
    opening = office_hours.next_opening(rules, moment)
    assert opening >= moment
    assert office_hours.is_open(rules, opening)
    assert office_hours.is_open(rules, moment) == (opening == moment)
    assert clock.bangkok_date(opening) not in rules.days_off
    middle = moment + (opening - moment) / 2
    assert opening == moment or not office_hours.is_open(rules, middle)


@settings(max_examples=60)
@given(any_rules(), MOMENTS, st.integers(1, 90))
def test_between_a_question_and_its_promise_lie_just_that_many_office_hours(
    rules: CaseRules, moment: datetime, quarters: int
) -> None:
    until = office_hours.add_office_hours(rules, moment, quarters / 4)
    assert open_between(rules, moment, until) == timedelta(minutes=15 * quarters)
    assert open_between(rules, moment, until - timedelta(seconds=1)) < timedelta(minutes=15 * quarters)


@settings(max_examples=60)
@given(any_rules(), MOMENTS, st.integers(1, 40), st.integers(0, 60 * 24 * 30))
def test_who_asks_later_is_never_promised_an_earlier_answer(
    rules: CaseRules, moment: datetime, hours: int, minutes: int
) -> None:
    later = moment + timedelta(minutes=minutes)
    first, second = (office_hours.add_office_hours(rules, when, hours) for when in (moment, later))
    assert first <= second


def open_between(rules: CaseRules, since: datetime, until: datetime) -> timedelta:
    """Counted in another way: day by day, each time cut to what lies between the two."""
    total, day = timedelta(0), clock.bangkok_date(since)
    while day <= clock.bangkok_date(until):
        for weekday, begins, ends in rules.week:
            if weekday == day.weekday() and day not in rules.days_off:
                begin = max(since, datetime.combine(day, begins, clock.BANGKOK))
                end = min(until, datetime.combine(day, ends, clock.BANGKOK))
                total += max(timedelta(0), end - begin)
        day += timedelta(days=1)
    return total


def test_a_moment_of_any_zone_is_read_by_the_clock_of_bangkok() -> None:
    assert office_hours.is_open(PLAIN, datetime.fromisoformat("2026-11-24T01:30:00+00:00"))
    assert not office_hours.is_open(PLAIN, datetime.fromisoformat("2026-11-24T01:29:59+00:00"))
