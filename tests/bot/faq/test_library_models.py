"""A model is trained where there is something new to learn, and only there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.faq import library
from bot.storage import faq_versions
from bot.storage.engine import Database
from knowledge.catalogue import Catalogue
from knowledge.model import RECIPE, train
from tests.builders import NOON


def put_in_force(database: Database, catalogue: Catalogue) -> None:
    with database.transaction() as db:
        faq_versions.add(db, version=catalogue.version, content=catalogue.to_json(), source="a test", now=NOON)
        faq_versions.publish(db, version=catalogue.version, now=NOON)


def test_a_version_that_only_answers_differently_takes_the_others_model(
    database: Database, small: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in_force(database, small)
    library.ensure_model(database, small.version)
    monkeypatch.setattr(library, "train", lambda _: pytest.fail("there was nothing new to learn"))
    entry = replace(small.entries["center.hours"], answer={"th": "เปิดทุกวันค่ะ"})
    mended = replace(small, entries={**small.entries, entry.id: entry})
    put_in_force(database, mended)
    knowledge = library.open_version(database, mended.version)
    assert knowledge.matcher.decide("ศูนย์เปิดกี่โมง").entry == "center.hours"
    with database.reading() as db:
        assert faq_versions.find_model(db, version=mended.version, recipe=RECIPE) is not None


def test_a_version_with_new_variants_is_trained(
    database: Database, small: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in_force(database, small)
    library.ensure_model(database, small.version)
    trained: list[str] = []
    monkeypatch.setattr(library, "train", lambda catalogue: trained.append(catalogue.version) or train(catalogue))
    entry = small.entries["center.hours"]
    longer = replace(entry, variants=(*entry.variants, "ตีห้าเปิดหรือยัง"))
    taught = replace(small, entries={**small.entries, entry.id: longer})
    put_in_force(database, taught)
    library.open_version(database, taught.version)
    assert trained == [taught.version]
