"""Who is reminded of which entries."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.faq.expiring import Due, list_due
from knowledge.care import Care
from knowledge.catalogue import Catalogue

TODAY = date(2026, 11, 29)


def with_care(catalogue: Catalogue, **cares: Care) -> Catalogue:
    entries = {
        key: replace(entry, care=cares.get(key.replace(".", "_"), Care())) for key, entry in catalogue.entries.items()
    }
    return replace(catalogue, entries=entries)


def test_what_is_old_or_soon_will_be_is_listed_the_most_urgent_first(small: Catalogue) -> None:
    cared_for = with_care(
        small,
        center_hours=Care(owner="somsri", confirmed="2026-01-01", best_before="2026-12-13"),
        forum_join=Care(confirmed="2026-01-01", best_before="2027-12-01", valid_until="2026-11-28"),
    )
    assert list_due(cared_for, today=TODAY) == [
        Due("forum.join", "", date(2026, 11, 28), "over"),
        Due("center.hours", "somsri", date(2026, 12, 13), "fresh"),
    ]


def test_what_is_good_for_longer_is_not(small: Catalogue) -> None:
    care = Care(confirmed="2026-01-01", best_before="2026-12-14")
    assert list_due(with_care(small, center_hours=care), today=TODAY) == []
    assert list_due(small, today=TODAY) == []
