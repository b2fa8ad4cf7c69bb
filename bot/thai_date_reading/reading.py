"""Dates and times as people in Thailand type them, read.

Two readers with opposite duties. `find_period` looks for a time in a citizen's free talk, and finds none rather than a
wrong one. `read_moment`, `read_date` and `read_times` take what staff typed into a field: all of it is understood, or
none is. Days stand before months. Years above 2400 are Buddhist; so are two digits from 60 on, those below 40 are
Gregorian, and the twenty between are refused. Without a year the next such date is meant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from bot.clock import BANGKOK
from bot.thai_date_reading.calendar_days import existing_date
from bot.thai_date_reading.periods import DAY_RULES, RULES, spans
from bot.thai_date_reading.times import MIDNIGHT, CannotRead, Fault, clock_time, read_minutes, read_times
from bot.thai_date_reading.words import (
    SHORT_WEEKDAYS,
    THAI_WEEKDAY,
    WEEKDAY,
    gregorian_year,
    is_ambiguous_year,
    month_of,
    number_of,
    plain,
    weekday_of,
)
from bot.thai_date_reading.written import (
    DAY_AND_MONTH,
    DAY_AND_MONTH_IN_FIGURES,
    DAY_MONTH_YEAR,
    MONTH_AND_DAY,
    YEAR,
    YEAR_MONTH_DAY,
    dated,
)

__all__ = ["CannotRead", "Fault", "Period", "Read", "find_period", "read_date", "read_moment", "read_times"]

LONGEST, LONGEST_TYPED = 5_000, 200


@dataclass(frozen=True)
class Period:
    first: date
    last: date
    words: str
    """The piece of the text that said it."""


@dataclass(frozen=True)
class Read:
    starts_at: datetime
    """UTC, as is `ends_at`."""
    ends_at: datetime | None
    day: date
    """The day in Bangkok on which it starts."""


def find_period(text: str, *, today: date) -> Period | None:
    """Whole weeks (from Monday), months and years where those are said, even where a part of them has passed.

    `อาทิตย์หน้า` is the next week: people say `วันอาทิตย์หน้า` for the Sunday, and the week holds that Sunday as well.
    """
    spelt, places = plain(text[:LONGEST])
    for start, end, (first, last) in spans(spelt, RULES, today=today):
        return Period(first, last, text[places[start] : places[end - 1] + 1].strip())
    return None


def read_date(text: str, *, today: date) -> date | CannotRead:
    day, rest = _day_and_rest(text, today=today)
    if isinstance(day, date) and rest:
        return CannotRead(Fault.UNREADABLE, rest=rest, day=day)
    return day


def read_moment(text: str, *, today: date) -> Read | CannotRead:
    """A day with a time, or with two: `22 พ.ย. 69 9.00-12.00`. An end on the next morning is an evening's only."""
    day, rest = _day_and_rest(text, today=today)
    if isinstance(day, CannotRead):
        return _without_date(day) if day.fault is Fault.NO_DATE else day
    minutes = read_minutes(rest)
    if isinstance(minutes, CannotRead):
        return replace(minutes, day=day, fault=Fault.NO_TIME if minutes.fault is Fault.EMPTY else minutes.fault)
    start, end = minutes
    if start >= MIDNIGHT:
        return CannotRead(Fault.AMBIGUOUS_TIME, rest=rest, day=day, starts_at=clock_time(start))
    return Read(_moment(day, start), None if end is None else _moment(day, end), day)


def _moment(day: date, minutes: int) -> datetime:
    midnight = datetime.combine(day, time(), tzinfo=BANGKOK)
    return (midnight + timedelta(minutes=minutes)).astimezone(UTC)


def _without_date(fault: CannotRead) -> CannotRead:
    times = read_times(fault.rest)
    if isinstance(times, CannotRead):
        return replace(fault, fault=Fault.UNREADABLE)
    return replace(fault, starts_at=times[0], ends_at=times[1])


_TYPED = tuple(
    re.compile(pattern)
    for pattern in (
        YEAR_MONTH_DAY,
        DAY_MONTH_YEAR,
        DAY_AND_MONTH + YEAR,
        MONTH_AND_DAY + YEAR,
        DAY_AND_MONTH_IN_FIGURES,
    )
)
_WEEKDAY_TYPED = re.compile(rf"(?:วัน ?)?(?P<name>{WEEKDAY})(?: ?ที่)?")
_WEEKDAY_AND_NUMBER = re.compile(rf"(?:วัน ?)?(?P<name>{THAI_WEEKDAY}) ?(?:ที่|วันที่) ?(?=\d)")
_SHORT_WEEKDAY = re.compile(
    rf"^(?:วัน ?)?(?P<short>{'|'.join(sorted(SHORT_WEEKDAYS, key=len, reverse=True))})\.(?:ที่)?(?= |$)"
)
_BESIDE = re.compile(r"วันที่|^ที่(?= |$)|(?<![a-z])(?:on(?![a-z])|t(?=\d))")


def _day_and_rest(text: str, *, today: date) -> tuple[date | CannotRead, str]:
    """The day, and what stands beside it."""
    spelt = plain(text[:LONGEST_TYPED])[0].strip()
    if not spelt:
        return CannotRead(Fault.EMPTY), ""
    if len(text) > LONGEST_TYPED:
        return CannotRead(Fault.UNREADABLE, rest=spelt), ""
    found = next((match for pattern in _TYPED for match in pattern.finditer(spelt)), None)
    if found is None:
        return _said_day(spelt, today=today)
    day = dated(found, today)
    if day is None:
        return _why_not(found), ""
    weekday, rest = _weekday_and_rest(f"{spelt[: found.start()]} {spelt[found.end() :]}")
    return _fitting(day, weekday), rest


def _said_day(spelt: str, *, today: date) -> tuple[date | CannotRead, str]:
    """`พรุ่งนี้`, `เสาร์หน้า`, `วันที่ 28`, `เสาร์ที่ 28`."""
    with_number = _WEEKDAY_AND_NUMBER.search(spelt)
    if with_number:
        spelt = f"{spelt[: with_number.start()]}วันที่ {spelt[with_number.end() :]}"
    for start, end, (first, last) in spans(spelt, DAY_RULES, today=today):
        if first == last:
            weekday, rest = _weekday_and_rest(f"{spelt[:start]} {spelt[end:]}")
            return _fitting(first, weekday_of(with_number["name"]) if with_number else weekday), rest
    return CannotRead(Fault.NO_DATE, rest=spelt), ""


def _fitting(day: date, weekday: int | None) -> date | CannotRead:
    return day if weekday in (None, day.weekday()) else CannotRead(Fault.OTHER_WEEKDAY, day=day, weekday=weekday)


def _weekday_and_rest(beside: str) -> tuple[int | None, str]:
    beside = _BESIDE.sub(" ", beside).strip()
    for pattern in (_WEEKDAY_TYPED, _SHORT_WEEKDAY):
        if found := pattern.search(beside):
            said = found.groupdict()
            weekday = weekday_of(said["name"]) if said.get("name") else SHORT_WEEKDAYS[said["short"]]
            return weekday, f"{beside[: found.start()]} {beside[found.end() :]}".strip(" ,()")
    return None, beside.strip(" ,()")


def _why_not(found: re.Match[str]) -> CannotRead:
    groups = found.groupdict()
    day, typed_month, typed_year = number_of(groups["day"]), groups["month"], groups.get("year")
    month = int(typed_month) if typed_month.isdecimal() else month_of(typed_month)
    year = gregorian_year(typed_year) if typed_year else None
    parts = (day, month, year)
    if typed_year and is_ambiguous_year(typed_year):
        return CannotRead(Fault.AMBIGUOUS_YEAR, rest=typed_year, parts=parts)
    if typed_year and year is None and existing_date(2000, month, day):
        return CannotRead(Fault.NO_SUCH_YEAR, rest=typed_year, parts=parts)
    return CannotRead(Fault.NO_SUCH_DATE, rest=found[0].strip(), parts=parts)
