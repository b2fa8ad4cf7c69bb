"""What holds for answering people, as this centre has set it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time, timedelta

from bot.settings import Settings
from bot.settings.people import read_week

PRIVACY_WITHIN = timedelta(days=30)
"""PDPA section 30: access within thirty days of the request."""


@dataclass(frozen=True, slots=True)
class CaseRules:
    """`week`: weekday (Monday is 0), from, until, in Bangkok. `answer_hours` are office hours."""

    week: tuple[tuple[int, time, time], ...] = read_week("mon-fri 08:30-16:30")
    days_off: Collection[date] = frozenset()
    answer_hours: int = 8
    urgent_within: timedelta = timedelta(minutes=30)
    quiet_for: timedelta = timedelta(minutes=30)


def of(settings: Settings) -> CaseRules:
    return CaseRules(
        week=settings.office_week,
        days_off=settings.days_off,
        answer_hours=settings.answer_hours,
        urgent_within=timedelta(minutes=settings.urgent_minutes),
        quiet_for=timedelta(minutes=settings.quiet_minutes),
    )
