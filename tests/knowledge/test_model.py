from __future__ import annotations

import io

import numpy as np
import pytest

from knowledge.catalogue import Catalogue
from knowledge.judgement import Judge
from knowledge.matcher import Matcher
from knowledge.model import Model, train
from knowledge.training import fold_of_each

TEXTS = ("ศูนย์เปิดกี่โมง", "อยากไปเวที", "หวยออกอะไร", "xyz", "")


def test_training_again_gives_the_same_model(small: Catalogue, small_model: Model) -> None:
    again = train(small)
    assert again.classes == small_model.classes
    assert np.abs(again.weights - small_model.weights).max() < 1e-6
    assert again.calibration == small_model.calibration
    assert again.markers == small_model.markers


def test_bytes_and_back_decides_alike(small: Catalogue, small_model: Model) -> None:
    restored = Model.from_bytes(small_model.to_bytes())
    before, after = Judge(small, small_model), Judge(small, restored)
    for text in TEXTS:
        assert np.abs(before.judge(text).scores - after.judge(text).scores).max() < 1e-6
    assert restored.version == small.version
    assert Matcher(small, restored).decide(TEXTS[0]) == Matcher(small, small_model).decide(TEXTS[0])


def test_bytes_hold_arrays_and_no_pickles(small_model: Model) -> None:
    data = small_model.to_bytes()
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        assert all(arrays[name].dtype != object for name in arrays.files)


@pytest.mark.parametrize("data", [b"", b"abc", b"\x80\x04]\x94.", b"PK\x03\x04" + b"\0" * 30])
def test_bytes_that_are_no_model_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="no trained model"):
        Model.from_bytes(data)


def test_a_model_cut_short_is_refused(small_model: Model) -> None:
    with pytest.raises(ValueError, match="no trained model"):
        Model.from_bytes(small_model.to_bytes()[:-200])


def test_a_model_of_another_recipe_is_refused(small_model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    data = small_model.to_bytes()
    monkeypatch.setattr("knowledge.trained.RECIPE", "other")
    with pytest.raises(ValueError, match="another recipe"):
        Model.from_bytes(data)


def test_a_matcher_refuses_another_versions_model(small: Catalogue, shipped_model: Model) -> None:
    with pytest.raises(ValueError, match="another version"):
        Matcher(small, shipped_model)


def test_folds_deal_out_each_class_in_turn() -> None:
    owners = np.array([0] * 6 + [1] * 3, dtype=np.int32)
    assert fold_of_each(owners).tolist() == [0, 1, 2, 0, 1, 2, 0, 1, 2]
