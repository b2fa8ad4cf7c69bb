from __future__ import annotations

import random

import pytest

from bot.bench import invented
from knowledge.catalogue import SHIPPED, Catalogue, load_catalogue


@pytest.fixture(scope="module")
def base() -> Catalogue:
    return load_catalogue(SHIPPED)


def test_entries_have_as_many_variants_as_asked_for(base: Catalogue) -> None:
    content = invented.content(50, base, variants=8)
    assert len(content.entries) == 50
    assert {len(set(entry.variants)) for entry in content.entries.values()} == {8}


def test_no_two_entries_mean_the_same() -> None:
    meanings = list(invented.meanings(10_000, seed=7))
    assert len({name for name, _ in meanings}) == len({slots for _, slots in meanings}) == 10_000


def test_more_than_the_grammar_can_say_is_refused() -> None:
    with pytest.raises(ValueError, match="200000 meanings"):
        list(invented.meanings(200_001, seed=7))


def test_queries_are_about_entries_of_the_content_and_not_its_sentences(base: Catalogue) -> None:
    content = invented.content(200, base)
    variants = {text for entry in content.entries.values() for text in entry.variants}
    queries = invented.queries(200, 100)
    assert all(query.entry in content.entries for query in queries)
    assert sum(query.text in variants for query in queries) <= 10


def test_mistyping_changes_some_letters_and_only_some() -> None:
    text = "สมัครขอรถเข็นที่บ้านดอนแก้ว"
    assert invented.mistype(text, random.Random(1), share=0) == text
    typed = invented.mistype(text * 10, random.Random(1), share=0.05)
    assert typed != text * 10
    assert len(typed) > len(text) * 8
