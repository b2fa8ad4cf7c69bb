from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import thai_dates
from bot.clock import BANGKOK

SATURDAY = date(2026, 11, 28)


@pytest.fixture(params=["UTC", "America/New_York", "Asia/Tokyo"])
def host_zone(request: pytest.FixtureRequest) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", request.param)
        time.tzset()
        yield request.param
    time.tzset()


def bangkok(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=BANGKOK).astimezone(UTC)


def test_a_day_is_written_for_readers_of_both_languages() -> None:
    assert thai_dates.long_date(SATURDAY) == "28 พฤศจิกายน 2569"
    assert thai_dates.long_date(SATURDAY, english=True) == "28 November 2026"
    assert thai_dates.short_date(SATURDAY) == "28 พ.ย. 69"
    assert thai_dates.short_date(SATURDAY, english=True) == "28 Nov 2026"
    assert thai_dates.weekday_date(SATURDAY) == "วันเสาร์ที่ 28 พฤศจิกายน 2569"
    assert thai_dates.weekday_date(SATURDAY, english=True) == "Saturday 28 November 2026"


def test_a_short_year_keeps_its_two_digits() -> None:
    assert thai_dates.short_date(date(2058, 3, 1)) == "1 มี.ค. 01"


def test_every_weekday_and_month_has_its_own_name() -> None:
    week = [thai_dates.weekday_date(date(2026, 11, 23) + timedelta(days=day)).split("ที่")[0] for day in range(7)]
    assert week == ["วันจันทร์", "วันอังคาร", "วันพุธ", "วันพฤหัสบดี", "วันศุกร์", "วันเสาร์", "วันอาทิตย์"]
    for names in (thai_dates.MONTHS, thai_dates.SHORT_MONTHS, thai_dates.ENGLISH_MONTHS):
        assert len(set(names)) == 12


@pytest.mark.usefixtures("host_zone")
def test_a_moment_is_written_in_bangkok_time_on_any_host() -> None:
    moment = datetime(2026, 12, 31, 17, 5, tzinfo=UTC)
    assert thai_dates.date_and_time(moment) == "1 มกราคม 2570 เวลา 00:05 น."
    assert thai_dates.date_and_time(moment, english=True) == "1 January 2027, 00:05"
    assert thai_dates.time_of_day(moment) == "00:05 น."
    assert thai_dates.time_of_day(moment, english=True) == "00:05"


SPANS = [
    (
        (2026, 11, 28, 9), (2026, 11, 28, 12),
        "วันเสาร์ที่ 28 พฤศจิกายน 2569 เวลา 09:00–12:00 น.", "Saturday 28 November 2026, 09:00–12:00",
    ),
    (
        (2026, 11, 28, 18), (2026, 11, 29),
        "วันเสาร์ที่ 28 พฤศจิกายน 2569 เวลา 18:00–24:00 น.", "Saturday 28 November 2026, 18:00–24:00",
    ),
    (
        (2026, 11, 28, 18), (2026, 11, 29, 1),
        "วันเสาร์ที่ 28 พฤศจิกายน 2569 เวลา 18:00 น. ถึง 01:00 น. ของวันรุ่งขึ้น",
        "Saturday 28 November 2026, 18:00 until 01:00 the next day",
    ),
    ((2026, 11, 28), (2026, 11, 29), "วันเสาร์ที่ 28 พฤศจิกายน 2569 ทั้งวัน", "Saturday 28 November 2026, all day"),
    ((2026, 11, 28, 9), (2026, 11, 30, 16), "28–30 พฤศจิกายน 2569", "28–30 November 2026"),
    ((2026, 11, 28), (2026, 12, 1), "28–30 พฤศจิกายน 2569", "28–30 November 2026"),
    ((2026, 11, 28, 9), (2026, 12, 2, 16), "28 พฤศจิกายน – 2 ธันวาคม 2569", "28 November – 2 December 2026"),
    (
        (2026, 12, 30, 9), (2027, 1, 2, 16),
        "30 ธันวาคม 2569 – 2 มกราคม 2570", "30 December 2026 – 2 January 2027",
    ),
    (
        (2026, 11, 28, 9), (2026, 11, 28, 9),
        "วันเสาร์ที่ 28 พฤศจิกายน 2569 เวลา 09:00 น.", "Saturday 28 November 2026, 09:00",
    ),
]  # fmt: skip


@pytest.mark.usefixtures("host_zone")
@pytest.mark.parametrize(("starts", "ends", "thai", "english"), SPANS)
def test_a_span_says_what_its_two_ends_do_not_share(
    starts: tuple[int, ...], ends: tuple[int, ...], thai: str, english: str
) -> None:
    assert thai_dates.span(bangkok(*starts), bangkok(*ends)) == thai
    assert thai_dates.span(bangkok(*starts), bangkok(*ends), english=True) == english


def test_a_span_without_an_end_says_when_it_starts() -> None:
    assert thai_dates.span(bangkok(2026, 11, 28, 9), None) == "วันเสาร์ที่ 28 พฤศจิกายน 2569 เวลา 09:00 น."


def test_days_of_one_date_are_that_date() -> None:
    assert thai_dates.days(SATURDAY, SATURDAY) == "28 พฤศจิกายน 2569"


RELATIVE = {
    0: ("วันนี้", "today"),
    1: ("พรุ่งนี้", "tomorrow"),
    2: ("มะรืนนี้", "in 2 days"),
    3: ("อีก 3 วัน", "in 3 days"),
    -1: ("เมื่อวาน", "yesterday"),
    -2: ("2 วันก่อน", "2 days ago"),
    1000: ("อีก 1,000 วัน", "in 1,000 days"),
}


@pytest.mark.parametrize("ahead", RELATIVE)
def test_a_near_day_has_a_name_and_a_far_one_a_number(ahead: int) -> None:
    day = SATURDAY + timedelta(days=ahead)
    said = thai_dates.relative_day(day, SATURDAY), thai_dates.relative_day(day, SATURDAY, english=True)
    assert said == RELATIVE[ahead]


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 12, 31), timezones=st.just(UTC)), st.integers(0, 5000))  # noqa: DTZ001
def test_a_span_never_says_a_gregorian_year_in_thai(starts_at: datetime, minutes: int) -> None:
    said = thai_dates.span(starts_at, starts_at + timedelta(minutes=minutes))
    assert str(starts_at.astimezone(BANGKOK).year + 543) in said
    assert str(starts_at.astimezone(BANGKOK).year) not in said
