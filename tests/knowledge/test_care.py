"""Until when an answer may be said, and what of that is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml

from knowledge.care import Care, faults_of
from knowledge.catalogue import Catalogue, check_content, load_catalogue

DAY = date(2026, 11, 29)


@pytest.mark.parametrize(
    ("care", "standing"),
    [
        (Care(), "fresh"),
        (Care(confirmed="2026-01-01", best_before="2026-11-30"), "fresh"),
        (Care(confirmed="2026-01-01", best_before="2026-11-29"), "old"),
        (Care(confirmed="2026-01-01", best_before="2026-11-29", when_old="withhold"), "withheld"),
        (Care(valid_from="2026-11-30"), "not yet"),
        (Care(valid_from="2026-11-29", valid_until="2026-11-29"), "fresh"),
        (Care(valid_until="2026-11-28"), "over"),
        (Care(valid_until="2026-11-28", confirmed="2026-01-01", best_before="2026-02-01"), "over"),
    ],
)
def test_how_an_entry_stands_on_a_day(care: Care, standing: str) -> None:
    assert not list(faults_of(care))
    assert care.standing(DAY) == standing


@pytest.mark.parametrize(
    ("care", "said"),
    [
        (Care(best_before="29/11/2569", confirmed="2026-01-01"), "Write a day like"),
        (Care(valid_from="2026-11-31"), "Write a day like"),
        (Care(valid_from="20261130"), "Write a day like"),
        (Care(when_old="hide"), "say or withhold"),
        (Care(valid_from="2026-12-01", valid_until="2026-11-01"), "after 'valid_until'"),
        (Care(best_before="2026-12-01"), "needs 'confirmed'"),
        (Care(best_before="2026-12-01", confirmed="2026-12-02"), "after 'best_before'"),
    ],
)
def test_what_is_wrong_is_said(care: Care, said: str) -> None:
    assert [said in fault for fault in faults_of(care)] == [True]


def add(path: Path, care: dict[str, object]) -> None:
    topic = yaml.safe_load(path.read_text("utf-8"))
    path.write_text(yaml.safe_dump({**topic, "care": care}, allow_unicode=True), "utf-8")


def test_it_is_read_from_files_and_kept_in_the_database(folder: Path) -> None:
    before = load_catalogue(folder)
    add(
        folder / "faq" / "center.hours.yaml",
        {"owner": "somsri", "confirmed": "2026-11-01", "best_before": "2027-05-01"},
    )
    catalogue = load_catalogue(folder)
    care = Care(owner="somsri", confirmed="2026-11-01", best_before="2027-05-01")
    assert catalogue.entries["center.hours"].care == care
    assert Catalogue.from_json(catalogue.to_json()) == catalogue
    assert catalogue.version != before.version


def test_content_without_it_keeps_the_version_that_it_had(folder: Path) -> None:
    catalogue = load_catalogue(folder)
    assert "care" not in catalogue.to_json()
    explicit = {key: replace(entry, care=Care()) for key, entry in catalogue.entries.items()}
    assert replace(catalogue, entries=explicit).version == catalogue.version


def test_faults_of_it_are_told_with_their_line(folder: Path) -> None:
    add(folder / "faq" / "center.hours.yaml", {"best_before": "soon", "nobody": "x"})
    add(folder / "faq" / "general.crisis.yaml", {"owner": "somsri"})
    said = [str(fault) for fault in check_content(folder)]
    assert [one for one in said if "'best_before' is 'soon'" in one and "center.hours.yaml:" in one]
    assert [one for one in said if "'care' has no 'nobody'" in one]
    assert [one for one in said if "said at all times" in one and "general.crisis" in one]
