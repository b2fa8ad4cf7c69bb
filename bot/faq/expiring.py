"""Entries that somebody has to confirm again, soon or already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from knowledge.care import Standing
from knowledge.catalogue import Catalogue

SOON = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Due:
    entry_id: str
    owner: str
    """A login; empty: nobody in particular."""
    day: date
    """From when on it is old, or its last day."""
    standing: Standing


def list_due(catalogue: Catalogue, *, today: date, soon: timedelta = SOON) -> list[Due]:
    """Those whose best, or whose last day, lies behind us or within `soon`; the most urgent first."""
    found = []
    for entry in catalogue.entries.values():
        care = entry.care
        days = [date.fromisoformat(text) for text in (care.best_before, care.valid_until) if text]
        if days and min(days) - soon <= today:
            found.append(Due(entry.id, care.owner, min(days), care.standing(today)))
    return sorted(found, key=lambda due: (due.day, due.entry_id))
