from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest

from bot.bench import invented
from knowledge import many_entries, model
from knowledge.catalogue import Catalogue
from knowledge.judgement import Judge
from knowledge.matcher import Matcher
from knowledge.model import Model, train
from knowledge.tables import Postings, weighed
from knowledge.vectors import Vectors

ENTRIES, VARIANTS = 240, 6


@pytest.fixture(scope="module")
def many(shipped: Catalogue) -> Catalogue:
    return invented.content(ENTRIES, shipped, variants=VARIANTS)


@pytest.fixture(scope="module")
def many_model(many: Catalogue) -> Model:
    return train(many)


def test_many_entries_are_told_apart_by_a_table_of_postings(many: Catalogue, many_model: Model) -> None:
    assert len(many.entries) > model.MANY
    assert isinstance(many_model.weights, Postings)


def test_few_entries_are_told_apart_by_machines(small_model: Model) -> None:
    assert isinstance(small_model.weights, np.ndarray)


def test_noisy_questions_find_their_entry(many: Catalogue, many_model: Model) -> None:
    matcher = Matcher(many, many_model)
    decided = [(matcher.decide(query.text), query.entry) for query in invented.queries(ENTRIES, 100)]
    assert sum(decision.candidates[0].entry == entry for decision, entry in decided) >= 90
    assert sum(decision.kind == "answer" and decision.entry != entry for decision, entry in decided) <= 5


def test_foreign_messages_are_rarely_answered(many: Catalogue, many_model: Model) -> None:
    matcher = Matcher(many, many_model)
    foreign = invented.content(1, many, seed=99).out_of_scope
    answered = {name: sum(matcher.decide(text).kind == "answer" for text in texts) for name, texts in foreign.items()}
    assert answered["far"] <= len(foreign["far"]) // 20
    assert answered["near"] <= len(foreign["near"]) // 3  # each differs from entries in one word of four


def test_a_message_unlike_any_is_a_fallback(many: Catalogue, many_model: Model) -> None:
    assert Matcher(many, many_model).decide("พรุ่งนี้ฝนจะหยุดหรือยังนะ").kind == "fallback"


def test_bytes_and_back_scores_alike(many: Catalogue, many_model: Model) -> None:
    data = many_model.to_bytes()
    restored = Model.from_bytes(data)
    for query in invented.queries(ENTRIES, 10):
        before, after = Judge(many, many_model).judge(query.text), Judge(many, restored).judge(query.text)
        assert np.abs(before.scores - after.scores).max() < 1e-6
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        assert all(arrays[name].dtype != object for name in arrays.files)


def test_training_again_gives_the_same_bytes(many: Catalogue, many_model: Model) -> None:
    assert train(many).to_bytes() == many_model.to_bytes()


def test_entries_with_a_single_variant_can_be_trained(many: Catalogue) -> None:
    entries = {name: replace(entry, variants=entry.variants[:1]) for name, entry in list(many.entries.items())[:20]}
    lonely = replace(many, entries=entries)
    matcher = Matcher(lonely, many_entries.train(lonely))
    name, entry = next(iter(entries.items()))
    assert matcher.decide(entry.variants[0]).candidates[0].entry == name


def test_postings_multiply_like_the_table_they_stand_for() -> None:
    table = np.array([[0, 2, 0, 1], [0, 0, 0, 0], [3, 0, 0, 0.5]], dtype=np.float32)
    rows, columns = np.nonzero(table)
    starts = np.append(0, np.cumsum(np.bincount(rows, minlength=3)))
    postings = Postings(starts, columns.astype(np.int32), table[rows, columns], 4)
    vectors = Vectors(
        np.array([1.0, 2.0, 0.5]), np.array([0, 2, 1], dtype=np.int32), np.array([0, 2, 2, 3], dtype=np.int32), 3
    )
    expected = np.array([[6, 2, 0, 2], [0, 0, 0, 0], [0, 0, 0, 0]])
    assert np.array_equal(weighed(vectors, postings), expected)
    assert np.array_equal(weighed(vectors, table), expected)
