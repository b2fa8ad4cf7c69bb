"""Scores become likelihoods."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pytest

from knowledge.confidence import Calibration, Logistic, with_products
from knowledge.training import MANY_HELD_OUT, calibrate_on


def signs_and_truth(count: int) -> tuple[np.ndarray, np.ndarray]:
    """A lead of one is worth nothing unless the score is high: only the product of both tells."""
    random = np.random.default_rng(0)
    signs = random.uniform(-1, 1, (count, 2))
    return signs, signs[:, 0] * signs[:, 1] > 0


def test_products_tell_what_single_signs_cannot() -> None:
    signs, truth = signs_and_truth(2 * MANY_HELD_OUT)
    likely = calibrate_on(signs, truth, truth).right.likelihood(signs)
    assert ((likely > 0.5) == truth).mean() > 0.95


def test_of_few_messages_products_learn_nothing() -> None:
    signs, truth = signs_and_truth(MANY_HELD_OUT - 1)
    weights = calibrate_on(signs, truth, truth).right.weights
    assert weights[2:] == (0.0, 0.0, 0.0)
    assert len(weights) == with_products(signs).shape[1]


@pytest.mark.parametrize("beyond", [1.0, 3.0, 1e6])
def test_beyond_what_was_seen_a_likelihood_stays_as_at_the_end_of_it(beyond: float) -> None:
    model = Logistic(low=(-1.0,), high=(1.0,), middle=(0.0,), spread=(1.0,), weights=(2.0, -5.0), bias=0.0)
    assert model.likelihood(np.array([[beyond]])) == model.likelihood(np.array([[1.0]]))
    assert model.likelihood(np.array([[-beyond]])) == model.likelihood(np.array([[-1.0]]))


def test_a_stored_calibration_is_the_same_again() -> None:
    signs, truth = signs_and_truth(MANY_HELD_OUT)
    made = calibrate_on(signs, truth, ~truth)
    assert Calibration.from_plain(asdict(made)) == made
