"""When somebody is in the office, and until when an answer is promised. Thailand has no summer time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot import clock
from bot.cases.kinds import PROMISED, CaseKind
from bot.cases.rules import PRIVACY_WITHIN, CaseRules


def is_open(rules: CaseRules, at: datetime) -> bool:
    begins, _ = next(_times(rules, at))
    return begins <= at


def next_opening(rules: CaseRules, at: datetime) -> datetime:
    """The moment itself while the office is open."""
    begins, _ = next(_times(rules, at))
    return max(begins, at)


def add_office_hours(rules: CaseRules, start: datetime, hours: float) -> datetime:
    """So much later, of which only the time counts in which the office is open."""
    left = timedelta(hours=hours)
    for begins, ends in _times(rules, start):
        begin = max(begins, start)
        if begin + left <= ends:
            return begin + left
        left -= ends - begin
    raise AssertionError("the office opens again and again")


def due_at(rules: CaseRules, kind: CaseKind, *, now: datetime) -> datetime | None:
    """Until when a case that is opened now is to be answered. None: nobody is promised an answer."""
    if kind is CaseKind.URGENT:
        return now + rules.urgent_within
    if kind is CaseKind.PRIVACY:
        return now + PRIVACY_WITHIN
    return add_office_hours(rules, now, rules.answer_hours) if kind in PROMISED else None


def due_again(rules: CaseRules, kind: CaseKind, *, opened_at: datetime, now: datetime) -> datetime:
    """Until when somebody is to be answered who has written again, whatever the case is about. What the law allows for
    a request about data counts from the request."""
    if kind is CaseKind.URGENT:
        return now + rules.urgent_within
    answered_by = add_office_hours(rules, now, rules.answer_hours)
    return max(opened_at + PRIVACY_WITHIN, answered_by) if kind is CaseKind.PRIVACY else answered_by


def _times(rules: CaseRules, since: datetime) -> Iterator[tuple[datetime, datetime]]:
    """From when until when the office is open, those that end later than `since`, in order and without end."""
    day = clock.bangkok_date(since)
    while True:
        if day not in rules.days_off:
            for weekday, begins, ends in rules.week:
                until = datetime.combine(day, ends, clock.BANGKOK)
                if weekday == day.weekday() and until > since:
                    yield datetime.combine(day, begins, clock.BANGKOK), until
        day += timedelta(days=1)
