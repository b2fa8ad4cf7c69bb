"""The days and times of an event, as they are typed into its form and as they stand there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from bot import clock, thai_dates
from bot.thai_date_reading import CannotRead, Fault, read_date, read_moment, read_times

NOON, SMALL_HOURS = time(12), time(6)
END_OF_DAY = time(23, 59)


@dataclass(frozen=True, slots=True)
class TwoEnds:
    """One end beside the start, another in the field for it."""

    first: datetime
    second: datetime


Unreadable = CannotRead | TwoEnds


@dataclass(frozen=True, slots=True)
class Known:
    """What stood in the fields when they were drawn, and what it means: to the second, as it is stored."""

    starts: str
    ends: str
    starts_at: datetime | None
    ends_at: datetime | None


def write_moment(moment: datetime | None) -> str:
    """Short enough for a field on a telephone, and read back as it was written."""
    if moment is None:
        return ""
    local = clock.in_bangkok(moment)
    day = f"{local.day} {thai_dates.SHORT_MONTHS[local.month - 1]} {thai_dates.buddhist_year(local.date())}"
    return f"{day} {local:%H:%M}"


def write_end(start: datetime | None, end: datetime | None) -> str:
    """The time alone where the day is the start's."""
    if start is None or end is None or clock.bangkok_date(start) != clock.bangkok_date(end):
        return write_moment(end)
    return thai_dates.hour(end)


def read_span(
    starts: str, ends: str, *, today: date, day: date | None = None, known: Known | None = None
) -> tuple[datetime | Unreadable | None, datetime | Unreadable | None]:
    """Start and end. Where only a time is typed for the start, `day` is meant; for the end, the start's day."""
    if not starts and not ends:
        return None, None
    start: datetime | Unreadable | None
    beside: datetime | None = None
    if known is not None and known.starts_at is not None and starts == known.starts:
        if ends == known.ends:
            return known.starts_at, known.ends_at
        start = known.starts_at
    else:
        start, beside = _read_start(starts, today=today, day=day)
    if not isinstance(start, datetime):
        return start, None
    if not ends:
        return start, beside
    end = _read_end(ends, start, today=today)
    if isinstance(end, datetime) and beside is not None and end != beside:
        return start, TwoEnds(beside, end)
    return start, end


def read_edge(text: str, *, today: date, closes: bool, known: datetime | None = None) -> datetime | CannotRead | None:
    """When registration opens or closes: a day alone means all of it."""
    if not text:
        return None
    if known is not None and text == write_moment(known):
        return known
    read = read_moment(text, today=today)
    if not isinstance(read, CannotRead):
        return read.starts_at
    day = read_date(text, today=today)
    if isinstance(day, CannotRead):
        return read
    return _at(day, END_OF_DAY if closes else time())


def _read_start(text: str, *, today: date, day: date | None) -> tuple[datetime | CannotRead, datetime | None]:
    read = read_moment(text, today=today)
    if not isinstance(read, CannotRead):
        return read.starts_at, read.ends_at
    times = read_times(text) if day is not None and read.fault in (Fault.NO_DATE, Fault.UNREADABLE) else read
    if day is None or isinstance(times, CannotRead):
        return read, None
    start = _at(day, times[0])
    return start, None if times[1] is None else _end_on(start, times[1])


def _read_end(text: str, start: datetime, *, today: date) -> datetime | CannotRead:
    times = read_times(text)
    if isinstance(times, CannotRead):
        read = read_moment(text, today=today)
        if isinstance(read, CannotRead):
            return times if read.fault in (Fault.NO_DATE, Fault.UNREADABLE) and read.day is None else read
        return read.starts_at if read.ends_at is None else CannotRead(Fault.UNREADABLE, rest=text)
    if times[1] is not None:
        return CannotRead(Fault.UNREADABLE, rest=text)
    end = _end_on(start, times[0])
    if end <= start:
        return CannotRead(Fault.ENDS_BEFORE_START, starts_at=clock.in_bangkok(start).time(), ends_at=times[0])
    return end


def _end_on(start: datetime, at: time) -> datetime:
    """On the start's day; after midnight only what began in the afternoon, or ends with the day."""
    local = clock.in_bangkok(start)
    next_day = at == time() or (at <= SMALL_HOURS and local.time() >= NOON)
    return _at(local.date() + timedelta(days=1 if next_day else 0), at)


def _at(day: date, at: time) -> datetime:
    return datetime.combine(day, at, clock.BANGKOK).astimezone(UTC)
