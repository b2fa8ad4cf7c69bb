"""Who looks after an entry, and until when what it says may be said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Literal

Standing = Literal["fresh", "old", "withheld", "not yet", "over"]
"""`old`: past its best; `withheld`: the same, and its answer is not said; the last two: outside the days it is for."""
WHEN_OLD = ("say", "withhold")
DAYS = ("confirmed", "best_before", "valid_from", "valid_until")


@dataclass(frozen=True)
class Care:
    """Days are written 2026-11-29; an empty text says nothing."""

    owner: str = ""
    """The login of whoever is reminded."""
    confirmed: str = ""
    """When somebody last made sure of it."""
    best_before: str = ""
    """From this day on it has to be confirmed again."""
    valid_from: str = ""
    valid_until: str = ""
    """The first and the last day for which the answer is meant."""
    when_old: str = "say"
    """Past its best: `say` the answer with when it was confirmed, or `withhold` it."""

    def standing(self, today: date) -> Standing:
        """On a checked entry. Without days it is always fresh."""
        if self.valid_from and today < date.fromisoformat(self.valid_from):
            return "not yet"
        if self.valid_until and today > date.fromisoformat(self.valid_until):
            return "over"
        if self.best_before and today >= date.fromisoformat(self.best_before):
            return "withheld" if self.when_old == "withhold" else "old"
        return "fresh"

    @staticmethod
    def from_plain(plain: Mapping[str, Any]) -> Care:
        return Care(**{name: str(plain[name]) for name in NAMES if name in plain})


UNCARED_FOR = Care()
NAMES = tuple(one.name for one in fields(Care))


def faults_of(care: Care) -> Iterator[str]:
    """What is wrong with it, in words for whoever writes content."""
    days = {name: getattr(care, name) for name in DAYS}
    bad = [name for name, text in days.items() if text and not _is_day(text)]
    for name in bad:
        yield f"'{name}' is {days[name]!r}. Write a day like 2026-11-29."
    if care.when_old not in WHEN_OLD:
        yield f"'when_old' is {care.when_old!r}. It may be {' or '.join(WHEN_OLD)}."
    if bad:
        return
    if care.valid_from and care.valid_until and care.valid_from > care.valid_until:
        yield "'valid_from' is after 'valid_until'."
    if care.confirmed and care.best_before and care.confirmed > care.best_before:
        yield "'confirmed' is after 'best_before': say until when it is good now."
    if care.best_before and not care.confirmed:
        yield "'best_before' needs 'confirmed': the answer says from when it is, once it is old."


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
