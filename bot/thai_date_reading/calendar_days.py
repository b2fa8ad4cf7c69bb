"""Dates counted on the calendar: the next one of its kind, whole weeks, months and their parts."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

YEARS_TO_A_LEAP_DAY = 8

Span = tuple[date, date]


def coming_date(day: int, month: int, *, today: date) -> date | None:
    """The next time that this date comes; today counts."""
    for year in range(today.year, today.year + YEARS_TO_A_LEAP_DAY + 1):
        there = existing_date(year, month, day)
        if there and there >= today:
            return there
    return None


def existing_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def month_span(year: int, month: int, first: int = 1, last: int = 31) -> Span:
    """The month, or its days from `first` to `last`. Months are counted on beyond December and before January."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, first), date(year, month, min(last, calendar.monthrange(year, month)[1]))


def months_span(year: int, first: int, last: int) -> Span:
    return month_span(year, first)[0], month_span(year, last)[1]


def week_span(day: date) -> Span:
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)
