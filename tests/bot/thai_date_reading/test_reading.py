from __future__ import annotations

import time as clock_of_the_host
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import thai_dates
from bot.clock import BANGKOK
from bot.thai_date_reading import CannotRead, Fault, Read, find_period, read_date, read_moment, read_times

WEDNESDAY = date(2026, 11, 25)
DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
CLOCK_TIMES = st.times().map(lambda moment: moment.replace(second=0, microsecond=0))


@pytest.fixture(params=["UTC", "America/New_York", "Asia/Tokyo"])
def host_zone(request: pytest.FixtureRequest) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", request.param)
        clock_of_the_host.tzset()
        yield request.param
    clock_of_the_host.tzset()


def bangkok(month: int, day: int, hour: int, minute: int = 0, *, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=BANGKOK).astimezone(UTC)


# What staff type.

MOMENTS = {
    "22 พ.ย. 69 9.00": bangkok(11, 22, 9),
    "22/11/2569 09:00": bangkok(11, 22, 9),
    "22.11.69 9.00": bangkok(11, 22, 9),
    "22-11-2569 9.00 น.": bangkok(11, 22, 9),
    "22/11/26 9.00": bangkok(11, 22, 9),
    "22/11 9.00": bangkok(11, 22, 9, year=2027),
    "๒๒ พฤศจิกายน ๒๕๖๙ เวลา ๙ โมงเช้า": bangkok(11, 22, 9),
    "22 พย 69 13.30 น.": bangkok(11, 22, 13, 30),
    "2569-11-22 9:00": bangkok(11, 22, 9),
    "2026-11-22 09:00": bangkok(11, 22, 9),
    "2026-11-22T09:00": bangkok(11, 22, 9),
    "เสาร์ที่ 28 พ.ย. 9 โมง": bangkok(11, 28, 9),
    "9 โมง เสาร์ที่ 28 พ.ย.": bangkok(11, 28, 9),
    "วันเสาร์ที่ ๒๘ พฤษจิกายน พ.ศ. ๒๕๖๙ เวลา ๐๙.๐๐ น.": bangkok(11, 28, 9),
    "ส. 28 พ.ย. บ่ายสองโมงครึ่ง": bangkok(11, 28, 14, 30),
    "28 พ.ย. (เสาร์) บ่ายโมง": bangkok(11, 28, 13),
    "28พ.ย.69เวลา9.00น.": bangkok(11, 28, 9),
    "28\u200b พ.ย.\u200b 69 9.00": bangkok(11, 28, 9),
    "28 พ.ย. ตีห้า": bangkok(11, 28, 5),
    "28 พ.ย. สี่โมงเย็น": bangkok(11, 28, 16),
    "วันที่ 5 เดือนธันวา ปี 2569 เวลา 9 โมงครึ่ง": bangkok(12, 5, 9, 30),
    "5 มกรา 70 ทุ่มครึ่ง": bangkok(1, 5, 19, 30, year=2027),
    "5 กุมภาพันธุ์ 2570 0900 น.": bangkok(2, 5, 9, year=2027),
    "29 ก.พ. 2567 9.00": bangkok(2, 29, 9, year=2024),
    "29 ก.พ. 9.00": bangkok(2, 29, 9, year=2028),
    "24 พ.ย. 9.00": bangkok(11, 24, 9, year=2027),
    "25 พ.ย. 9.00": bangkok(11, 25, 9),
    "พรุ่งนี้ 9 โมง": bangkok(11, 26, 9),
    "เสาร์หน้า บ่ายสาม": bangkok(12, 5, 15),
    "วันที่ 28 เวลา 9.00": bangkok(11, 28, 9),
    "Sat 28 Nov 2026 9 am": bangkok(11, 28, 9),
    "Saturday, November 28, 2026 at 9:30 pm": bangkok(11, 28, 21, 30),
}
RANGES = {
    "28 พ.ย. 69 10:30-12:00": (bangkok(11, 28, 10, 30), bangkok(11, 28, 12)),
    "28 พ.ย. 10.30 น. ถึง 12.00 น.": (bangkok(11, 28, 10, 30), bangkok(11, 28, 12)),
    "28 พ.ย. 10-12": (bangkok(11, 28, 10), bangkok(11, 28, 12)),
    "28 พ.ย. 18.00-24.00": (bangkok(11, 28, 18), bangkok(11, 29, 0)),
    "28 พ.ย. สองทุ่ม - ตีหนึ่ง": (bangkok(11, 28, 20), bangkok(11, 29, 1)),
}


@pytest.mark.usefixtures("host_zone")
def test_a_typed_moment_is_the_same_on_any_host() -> None:
    read = {text: read_moment(text, today=WEDNESDAY) for text in MOMENTS}
    days = {text: starts_at.astimezone(BANGKOK).date() for text, starts_at in MOMENTS.items()}
    assert read == {text: Read(starts_at, None, days[text]) for text, starts_at in MOMENTS.items()}
    assert {one.starts_at.tzinfo for one in read.values() if isinstance(one, Read)} == {UTC}


@pytest.mark.usefixtures("host_zone")
def test_a_typed_moment_may_have_an_end() -> None:
    read = {text: read_moment(text, today=WEDNESDAY) for text in RANGES}
    assert read == {text: Read(*ends, date(2026, 11, 28)) for text, ends in RANGES.items()}


def test_a_weekday_that_does_not_fit_is_refused_with_both_facts() -> None:
    for text in ("ศุกร์ที่ 28 พ.ย. 69 9.00", "28/11/2569 วันศุกร์ 9.00", "ศ. 28 พ.ย. 69 9.00", "Fri 28 Nov 2026 9 am"):
        read = read_moment(text, today=WEDNESDAY)
        assert read == CannotRead(Fault.OTHER_WEEKDAY, day=date(2026, 11, 28), weekday=4)


def test_a_weekday_that_does_not_fit_is_refused_without_a_month_too() -> None:
    for text in ("ศุกร์ที่ 28 9.00", "วันที่ 28 (ศุกร์) 9.00", "วันศุกร์ที่ 28 นี้ 9.00"):
        read = read_moment(text, today=WEDNESDAY)
        assert read == CannotRead(Fault.OTHER_WEEKDAY, day=date(2026, 11, 28), weekday=4)
    assert read_date("เสาร์ที่ 28", today=WEDNESDAY) == date(2026, 11, 28)


def test_a_date_that_does_not_exist_is_refused_with_its_parts() -> None:
    read = read_moment("29 ก.พ. 2569 9.00", today=WEDNESDAY)
    assert read == CannotRead(Fault.NO_SUCH_DATE, rest="29 ก.พ. 2569", parts=(29, 2, 2026))


def test_the_day_stands_before_the_month_and_is_not_swapped() -> None:
    assert read_date("5/4/2569", today=WEDNESDAY) == date(2026, 4, 5)
    read = read_date("11/22/2569", today=WEDNESDAY)
    assert read == CannotRead(Fault.NO_SUCH_DATE, rest="11/22/2569", parts=(11, 22, 2026))


def test_a_year_that_is_none_of_ours_is_refused() -> None:
    strange, doubtful = (read_date(text, today=WEDNESDAY) for text in ("22 พ.ย. 3000", "22 พ.ย. 45"))
    assert strange == CannotRead(Fault.NO_SUCH_YEAR, rest="3000", parts=(22, 11, None))
    assert doubtful == CannotRead(Fault.AMBIGUOUS_YEAR, rest="45", parts=(22, 11, None))


def test_what_is_missing_is_said_beside_what_was_read() -> None:
    assert read_moment("", today=WEDNESDAY) == CannotRead(Fault.EMPTY)
    no_time = read_moment("28 พ.ย. 69", today=WEDNESDAY)
    assert no_time == CannotRead(Fault.NO_TIME, day=date(2026, 11, 28))
    no_date = read_moment("9.00-12.00", today=WEDNESDAY)
    assert no_date == CannotRead(Fault.NO_DATE, rest="9.00-12.00", starts_at=time(9), ends_at=time(12))


def test_what_is_left_over_is_refused() -> None:
    assert read_moment("อะไรก็ไม่รู้", today=WEDNESDAY) == CannotRead(Fault.UNREADABLE, rest="อะไรก็ไม่รู้")
    left_over = read_date("28 พ.ย. 69 หรือ 5 ธ.ค.", today=WEDNESDAY)
    assert left_over == CannotRead(Fault.UNREADABLE, rest="หรือ 5 ธ.ค.", day=date(2026, 11, 28))


def test_midnight_said_as_a_word_does_not_start_a_day() -> None:
    read = read_moment("28 พ.ย. 69 เที่ยงคืน", today=WEDNESDAY)
    assert read == CannotRead(Fault.AMBIGUOUS_TIME, rest="เที่ยงคืน", day=date(2026, 11, 28), starts_at=time(0))


@given(DAYS)
def test_every_written_date_is_read_again(day: date) -> None:
    figures = f"{day.day}/{day.month}/{day.year + 543}"
    thai_figures = figures.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))
    written = [
        thai_dates.long_date(day), thai_dates.long_date(day, english=True),
        thai_dates.weekday_date(day), thai_dates.weekday_date(day, english=True),
        thai_dates.short_date(day, english=True), figures, thai_figures, day.isoformat(),
        f"{day.year + 543}-{day.month:02d}-{day.day:02d}", thai_dates.weekday_date(day).replace(" ", ""),
    ]  # fmt: skip
    assert {text: read_date(text, today=WEDNESDAY) for text in written} == dict.fromkeys(written, day)
    for text in (thai_dates.long_date(day), thai_dates.weekday_date(day, english=True), figures):
        period = find_period(f"งาน {text} ใช่ไหม", today=WEDNESDAY)
        assert period is not None
        assert (period.first, period.last, period.words) == (day, day, text)


@given(st.dates(date(2017, 1, 1), date(2056, 12, 31)))
def test_a_short_date_is_read_again_while_its_two_digits_are_buddhist(day: date) -> None:
    assert read_date(thai_dates.short_date(day), today=WEDNESDAY) == day


@given(DAYS, CLOCK_TIMES)
def test_every_written_moment_is_read_again(day: date, at: time) -> None:
    moment = datetime.combine(day, at, tzinfo=BANGKOK).astimezone(UTC)
    for english in (False, True):
        assert read_moment(thai_dates.date_and_time(moment, english=english), today=day) == Read(moment, None, day)
        assert read_times(thai_dates.time_of_day(moment, english=english)) == (at, None)


@given(DAYS, st.integers(0, 24 * 60 - 1), st.integers(1, 24 * 60))
def test_every_written_span_of_one_day_is_read_again(day: date, start: int, length: int) -> None:
    midnight = datetime.combine(day, time(), tzinfo=BANGKOK).astimezone(UTC)
    starts_at, ends_at = (midnight + timedelta(minutes=minutes) for minutes in (start, min(start + length, 24 * 60)))
    if ends_at - starts_at < timedelta(hours=24):
        said = thai_dates.span(starts_at, ends_at)
        assert read_moment(said, today=day) == Read(starts_at, ends_at, day)


PIECES = (
    "วันที่", "เดือน", "พ.ย.", "กุมภา", "เสาร์", "อาทิตย์", "หน้า", "นี้", "ที่แล้ว", "ปลาย", "ปี", "อีก", "ถึง", "-", "/", ".", ":",
    " ", "โมง", "บ่าย", "ทุ่ม", "ตี", "ครึ่ง", "น.", "เที่ยงคืน", "ห้า", "สิบ", "29", "2", "31", "๐", "69", "2569", "9999", "may",
    "next ", "day", "in ", "ที่", "ส.", "\u200b", "ํา", "²", "٣",
)  # fmt: skip


@given(st.text(max_size=60) | st.lists(st.sampled_from(PIECES), max_size=14).map("".join), DAYS)
def test_no_text_makes_it_fail_or_gives_a_buddhist_year(text: str, today: date) -> None:
    period = find_period(text, today=today)
    if period:
        assert period.first <= period.last
        assert period.last.year < 2400
        assert period.words in text
    day, moment = read_date(text, today=today), read_moment(text, today=today)
    assert isinstance(day, CannotRead) or day.year < 2400
    assert isinstance(moment, CannotRead) or moment.starts_at.year < 2400
    assert isinstance(read_times(text), tuple | CannotRead)
