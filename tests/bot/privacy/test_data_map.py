"""The data map is held against the schema: nothing personal is stored that it does not know of."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import JSON, LargeBinary, String, Text
from sqlalchemy.schema import Column, Table

from bot import settings
from bot.privacy import data_map, map_page, terms
from bot.settings import Settings
from bot.settings.guarding import Guarding
from bot.settings.keeping import Keeping
from bot.storage.tables import METADATA
from tests.architecture.source import ROOT

HOLDS_WORDS = (LargeBinary, String, Text, JSON)
NOT_SEALED_THOUGH_BYTES = {
    ("notice_pictures", "body"): "a picture of a notice: everybody may see it",
    ("notices", "rendered"): "the words of a notice: everybody may see them",
    ("faq_models", "arrays"): "the trained model",
}


def undecided(table: Table) -> set[str]:
    """Columns that could hold words, and that the map neither calls personal nor plain."""
    known = data_map.tables()[table.name]
    decided = known.personal | known.plain
    return {column.name for column in table.columns if isinstance(column.type, HOLDS_WORDS)} - decided


def test_every_table_stands_in_the_map_once() -> None:
    named = Counter(name for activity in data_map.load() for name in activity.tables)
    assert named == Counter(list(METADATA.tables))


@pytest.mark.parametrize("table", METADATA.sorted_tables, ids=lambda table: str(table.name))
def test_every_column_that_could_hold_words_is_decided_about(table: Table) -> None:
    assert undecided(table) == set()


def test_a_new_column_of_words_is_noticed() -> None:
    table = METADATA.tables["cases"].to_metadata(METADATA.__class__())
    table.append_column(Column("nickname", String(40)))
    assert undecided(table) == {"nickname"}


@pytest.mark.parametrize("table", METADATA.sorted_tables, ids=lambda table: str(table.name))
def test_the_map_names_only_columns_that_are_there(table: Table) -> None:
    known = data_map.tables()[table.name]
    assert (known.personal | known.plain | known.sealed) - set(table.columns.keys()) == set()
    assert known.personal & known.plain == set()


def test_what_is_sealed_is_what_is_stored_as_bytes() -> None:
    stored = {
        (table.name, column.name)
        for table in METADATA.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    sealed = {(name, column) for name, table in data_map.tables().items() for column in table.sealed}
    assert sealed == stored - set(NOT_SEALED_THOUGH_BYTES)


def test_every_reference_to_a_person_is_in_an_activity_that_says_what_becomes_of_it() -> None:
    holders = {
        table.name
        for table in METADATA.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == "people"
    }
    says_so = {
        name for activity in data_map.load() if activity.erased in {"deleted", "emptied", "staff", "kept_without_name"}
        for name in activity.tables
    }  # fmt: skip
    assert holders - says_so == set()


@pytest.mark.parametrize("language", terms.LANGUAGES)
def test_everything_is_told_in_both_languages(language: str) -> None:
    for activity in data_map.load():
        for words in (activity.name, activity.whose, activity.what, activity.why, activity.basis):
            assert words[language].strip()
        assert terms.on_erasure(activity, language)
        assert terms.shared_with(activity, language)
        assert terms.kept_lines(activity, language, settings.of({}))


def test_both_languages_have_the_same_terms() -> None:
    assert set(terms.load("th")) == set(terms.load("en"))


def test_every_setting_of_keeping_is_told() -> None:
    told = {kept.setting for activity in data_map.load() for kept in activity.kept}
    assert told >= set(Keeping.model_fields) - {"keep_quarantine_days"}
    assert told - {None} <= set(Keeping.model_fields) | set(Guarding.model_fields)


def test_the_published_page_is_the_map() -> None:
    written = (ROOT / "docs/data-map.md").read_text(encoding="utf-8")
    assert written == map_page.build(Settings()), "run: civicbot privacy map > docs/data-map.md"
