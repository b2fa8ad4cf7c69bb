"""Days and times of events in the cells of a table: written in the Buddhist era, read as people type them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from bot import clock, thai_dates
from bot.events.exchange_faults import Reason
from bot.thai_date_reading import CannotRead, Fault, read_date, read_moment, read_times

Unreadable = CannotRead | Reason
NOON, END_OF_DAY = time(12), time(23, 59)


def write_moment(moment: datetime | None) -> str:
    """`28 พ.ย. 2569 09:00`: to the minute."""
    if moment is None:
        return ""
    local = clock.in_bangkok(moment)
    day = f"{local.day} {thai_dates.SHORT_MONTHS[local.month - 1]} {thai_dates.buddhist_year(local.date())}"
    return f"{day} {local:%H:%M}"


def read_span(
    starts: str, ends: str, *, today: date, day: str = ""
) -> tuple[datetime | Unreadable | None, datetime | Unreadable | None]:
    """Start and end. With `day` beside them, `starts` is a time or two; `ends` may be a time of the start's day."""
    starts = f"{day} {starts}".strip()
    if not starts and not ends:
        return None, None
    read = read_moment(starts, today=today)
    if isinstance(read, CannotRead):
        return read, None
    if not ends:
        return read.starts_at, read.ends_at
    end = _read_end(ends, read.starts_at, today=today)
    two = isinstance(end, datetime) and read.ends_at not in (None, end)
    return read.starts_at, Reason.TWO_ENDS if two else end


def read_edge(text: str, *, today: date, closes: bool) -> datetime | CannotRead | None:
    """When registration opens or closes: a day alone means all of it."""
    if not text:
        return None
    read = read_moment(text, today=today)
    if not isinstance(read, CannotRead):
        return read.starts_at
    day = read_date(text, today=today)
    if isinstance(day, CannotRead):
        return read
    return _at(day, END_OF_DAY if closes else time())


def _read_end(text: str, start: datetime, *, today: date) -> datetime | CannotRead:
    times = read_times(text)
    if not isinstance(times, CannotRead):
        return CannotRead(Fault.UNREADABLE, rest=text) if times[1] else _end_on(start, times[0])
    read = read_moment(text, today=today)
    if isinstance(read, CannotRead):
        return times if read.fault in (Fault.NO_DATE, Fault.UNREADABLE) and read.day is None else read
    return CannotRead(Fault.UNREADABLE, rest=text) if read.ends_at else read.starts_at


def _end_on(start: datetime, at: time) -> datetime | CannotRead:
    """On the start's day; after midnight only what began in the afternoon, or ends with the day."""
    local = clock.in_bangkok(start)
    small_hours = at <= time(thai_dates.SMALL_HOURS) and local.time() >= NOON
    end = _at(local.date() + timedelta(days=at == time() or small_hours), at)
    if end <= start:
        return CannotRead(Fault.ENDS_BEFORE_START, starts_at=local.time(), ends_at=at)
    return end


def _at(day: date, at: time) -> datetime:
    return datetime.combine(day, at, clock.BANGKOK).astimezone(UTC)
