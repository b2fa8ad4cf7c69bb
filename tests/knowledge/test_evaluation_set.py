"""The labelled messages that come with the content."""

from __future__ import annotations

from knowledge.catalogue import Catalogue
from knowledge.evaluation_set import labelled_for


def test_all_of_it_is_about_the_shipped_entries(shipped: Catalogue) -> None:
    found = labelled_for(shipped.entries)
    assert len(found) == 293 + 36
    assert {entry for item in found for entry in item.expect} <= shipped.entries.keys()
    variants = {text for entry in shipped.entries.values() for text in entry.variants}
    learnt = [item for item in found if item.text in variants]
    assert len(learnt) <= 0.03 * len(found), "writers met some short ones by chance; none is copied on purpose"


def test_another_province_is_measured_on_what_it_knows(small: Catalogue) -> None:
    found = labelled_for(small.entries)
    assert 0 < len(found) < 293
    assert {entry for item in found for entry in item.expect} <= small.entries.keys()
