"""How the service does over a period: what the dashboard shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from math import ceil

from sqlalchemy.orm import Session

from bot import clock
from bot.storage import figures
from bot.storage.figures import Counts, TopicCount
from knowledge.evaluation import Share

LONGEST = 366
EARLIEST = date(2020, 1, 1)
"""Nothing of ours is older."""
RISING_LEAST = 10
RISING_TIMES = 1.5
RISING_SPREADS = 3.0
"""With two, chance alone would let a topic or two of a hundred rise in every period."""
DAYS_SHOWN_SINGLY = 92
MEASURED = 20_000
"""For how long people waited, so many are enough: of more, every second, third and so on is looked at."""
ONE_DAY = timedelta(days=1)
NOTHING = Counts()


class PeriodFault(StrEnum):
    BACKWARDS = "backwards"
    TOO_LONG = "too_long"
    NOT_YET = "not_yet"
    TOO_EARLY = "too_early"


class PeriodRefused(Exception):
    def __init__(self, fault: PeriodFault) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days in Bangkok, the first and the last among them."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def since(self) -> datetime:
        return midnight(self.first)

    @property
    def until(self) -> datetime:
        return midnight(self.last + ONE_DAY)

    @property
    def before(self) -> Period:
        """As many days, right before."""
        return Period(self.first - timedelta(days=self.days), self.first - ONE_DAY)


@dataclass(frozen=True, slots=True)
class Day:
    """Or some days from `first` on, when days are too many to be shown singly."""

    first: date
    counts: Counts = NOTHING

    @property
    def questions(self) -> int:
        """What was declined on purpose is not among them."""
        return self.counts.answered + self.counts.clarified + self.counts.missed


@dataclass(frozen=True, slots=True)
class Durations:
    """In seconds. None: nothing was measured. `count` is how many were looked at."""

    count: int
    half_within: float | None
    most_within: float | None
    """95 of 100."""


@dataclass(frozen=True)
class Figures:
    period: Period
    days: tuple[Day, ...]
    topics: tuple[TopicCount, ...]
    askers: Mapping[date, int]
    understanding: Durations
    waiting: Durations
    comparable: bool
    """False: the period before is not covered by what we know."""

    @cached_property
    def total(self) -> Day:
        return _sum(self.period.first, self.days)

    @property
    def measured_in_part(self) -> bool:
        return _every(self.total.questions) > 1

    @property
    def feedback(self) -> Share:
        counts = self.total.counts
        return Share(counts.yes, counts.yes + counts.no)

    @property
    def rising(self) -> tuple[TopicCount, ...]:
        """The strongest rise first."""
        if not self.comparable:
            return ()
        return tuple(sorted(filter(is_rising, self.topics), key=lambda one: (one.before - one.questions, one.entry)))


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.BANGKOK)


def named_period(name: str, *, now: datetime) -> Period:
    """`7`, `30`, `90` days up to today, `month`, `last_month`. Raises ValueError for any other."""
    today = clock.bangkok_date(now)
    if name in ("7", "30", "90"):
        return Period(today - timedelta(days=int(name) - 1), today)
    if name == "month":
        return Period(today.replace(day=1), today)
    if name == "last_month":
        last = today.replace(day=1) - ONE_DAY
        return Period(last.replace(day=1), last)
    raise ValueError(name)


def own_period(first: date, last: date, *, now: datetime) -> Period:
    """Days to come are cut off. Raises PeriodRefused."""
    today = clock.bangkok_date(now)
    if first > last:
        raise PeriodRefused(PeriodFault.BACKWARDS)
    if first > today:
        raise PeriodRefused(PeriodFault.NOT_YET)
    if first < EARLIEST:
        raise PeriodRefused(PeriodFault.TOO_EARLY)
    period = Period(first, min(last, today))
    if period.days > LONGEST:
        raise PeriodRefused(PeriodFault.TOO_LONG)
    return period


def is_rising(topic: TopicCount) -> bool:
    """Asked at least 10 times, half as often again as before at the least, and by more than chance explains: the
    difference of two counts strays by the root of their sum, and it has to be three times that."""
    gained = topic.questions - topic.before
    enough = topic.questions >= RISING_LEAST and topic.questions >= RISING_TIMES * topic.before
    return enough and gained > RISING_SPREADS * (topic.questions + topic.before) ** 0.5


def collect(db: Session, *, period: Period) -> Figures:
    """With six queries, whatever the period."""
    since, until = period.since, period.until
    started = figures.find_first_asked(db)
    days = _days(db, period)
    every = _every(sum(day.questions for day in days))
    understood = figures.count_by_milliseconds(db, since=since, until=until, every=every)
    return Figures(
        period=period,
        days=days,
        topics=tuple(figures.count_by_topic(db, before=period.before.since, since=since, until=until)),
        askers=_askers(db, period),
        understanding=_durations(understood, a_second=1000),
        waiting=durations_between(db, since=since, until=until, every=every),
        comparable=started is not None and clock.bangkok_date(started) <= period.before.first,
    )


def shown_singly(days: Sequence[Day]) -> tuple[Day, ...]:
    """For a chart: the days themselves or, when they are many, their weeks from Monday on."""
    if len(days) <= DAYS_SHOWN_SINGLY:
        return tuple(days)
    weeks: dict[date, list[Day]] = {}
    for day in days:
        weeks.setdefault(day.first - timedelta(days=day.first.weekday()), []).append(day)
    return tuple(_sum(week[0].first, week) for week in weeks.values())


def next_month(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1)


def durations_between(db: Session, *, since: datetime, until: datetime, every: int = 1) -> Durations:
    """How long people waited for their answer."""
    return _durations(figures.count_by_wait(db, since=since, until=until, every=every), a_second=100)


def _every(questions: int) -> int:
    return max(1, ceil(questions / MEASURED))


def _days(db: Session, period: Period) -> tuple[Day, ...]:
    firsts = [period.first + ONE_DAY * number for number in range(period.days + 1)]
    counts = figures.count_between(db, [midnight(day) for day in firsts])
    return tuple(Day(first, found) for first, found in zip(firsts, counts, strict=False))


def _sum(first: date, days: Sequence[Day]) -> Day:
    return Day(first, Counts(*(sum(column) for column in zip(*(astuple(day.counts) for day in days), strict=True))))


def _askers(db: Session, period: Period) -> dict[date, int]:
    """Of each month that the period touches, whole."""
    months = [period.first.replace(day=1)]
    while months[-1] <= period.last:
        months.append(next_month(months[-1]))
    counted = figures.count_askers_between(db, [midnight(month) for month in months])
    return dict(zip(months, counted, strict=False))


def _durations(counts: Mapping[int, int], *, a_second: int) -> Durations:
    total = sum(counts.values())
    if not total:
        return Durations(0, None, None)
    return Durations(total, _within(counts, 0.5) / a_second, _within(counts, 0.95) / a_second)


def _within(counts: Mapping[int, int], share: float) -> int:
    """The smallest value that so large a share does not exceed."""
    needed, seen = share * sum(counts.values()), 0
    for value in sorted(counts):
        seen += counts[value]
        if seen >= needed:
            return value
    raise ValueError("nothing was counted")
