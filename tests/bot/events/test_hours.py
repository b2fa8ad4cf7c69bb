from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import clock
from bot.events import hours

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(clock.BANGKOK))  # noqa: DTZ001


@pytest.fixture(params=["UTC", "America/New_York", "Asia/Tokyo"], autouse=True)
def host_zone(request: pytest.FixtureRequest) -> Iterator[None]:
    """What people are promised does not depend on where the machine stands."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    time.tzset()
    yield
    os.environ.pop("TZ") if before is None else os.environ.update(TZ=before)
    time.tzset()


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=clock.BANGKOK)


@pytest.mark.parametrize(
    ("moment", "day"), [(at(24, 7, 59), False), (at(24, 8), True), (at(24, 19, 59), True), (at(24, 20), False)]
)
def test_day_is_from_eight_to_eight_in_bangkok(moment: datetime, day: bool) -> None:
    assert hours.is_day(moment) == day


@pytest.mark.parametrize(
    ("moment", "minutes", "until"),
    [
        (at(24, 9), 180, at(24, 12)),
        (at(24, 18), 180, at(25, 9)),  # two hours of the evening, and one of the morning
        (at(24, 23), 180, at(25, 11)),
        (at(24, 3), 30, at(24, 8, 30)),
        (at(30, 19, 30), 60, datetime(2026, 12, 1, 8, 30, tzinfo=clock.BANGKOK)),
        (at(24, 17), 180, at(24, 20)),
    ],
)
def test_the_night_does_not_count_for_an_offer(moment: datetime, minutes: int, until: datetime) -> None:
    assert hours.answer_by(moment, minutes) == until


@pytest.mark.parametrize(
    ("starts", "minutes", "told"),
    [
        (at(28, 9), 1440, at(27, 9)),
        (at(28, 9), 120, at(28, 7)),
        (at(28, 8), 120, at(27, 20)),  # six in the morning is too early
        (at(28, 23), 120, at(28, 20)),
        (datetime(2026, 12, 1, 0, 30, tzinfo=clock.BANGKOK), 1440, at(29, 20)),
        (datetime(2027, 1, 1, 9, 0, tzinfo=clock.BANGKOK), 1440, datetime(2026, 12, 31, 9, 0, tzinfo=clock.BANGKOK)),
    ],
)
def test_a_reminder_comes_when_people_are_awake(starts: datetime, minutes: int, told: datetime) -> None:
    assert hours.reminder_at(starts, minutes) == told


@given(MOMENTS, st.integers(0, 3000))
def test_no_offer_ends_at_night_and_none_is_short(moment: datetime, minutes: int) -> None:
    until = hours.answer_by(moment, minutes)
    local = clock.in_bangkok(until).time()
    assert hours.DAY_BEGINS <= local <= hours.DAY_ENDS
    assert until - moment >= timedelta(minutes=minutes)


@given(MOMENTS, st.integers(1, 20_000))
def test_a_reminder_is_never_later_than_asked_nor_at_night(starts: datetime, minutes: int) -> None:
    told = hours.reminder_at(starts, minutes)
    wanted = starts - timedelta(minutes=minutes)
    assert wanted - timedelta(hours=12) <= told <= wanted
    assert hours.EARLIEST_REMINDER <= clock.in_bangkok(told).time() <= hours.LATEST_REMINDER
