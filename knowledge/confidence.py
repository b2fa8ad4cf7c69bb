"""How sure may one be? Scores become likelihoods by two small logistic models, fitted on messages held out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from knowledge.vectors import Floats

OFFERED = 3
"""How many choices a person is offered."""
SHARPNESS = 6.0
"""Turns differences of scores into shares among the candidates."""


@dataclass(frozen=True)
class Logistic:
    """A logistic model of some signs, their squares and their products: a lead means more when the score is low."""

    low: tuple[float, ...]
    high: tuple[float, ...]
    """What the signs ranged over when the model was fitted. Beyond it a parabola would turn back."""
    middle: tuple[float, ...]
    spread: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float

    def likelihood(self, signs: Floats) -> Floats:
        within = np.clip(signs, np.array(self.low), np.array(self.high))
        terms = with_products((within - np.array(self.middle)) / np.array(self.spread))
        return np.asarray(1.0 / (1.0 + np.exp(-(terms @ np.array(self.weights) + self.bias))))

    @staticmethod
    def from_plain(plain: Mapping[str, Any]) -> Logistic:
        lists = {name: tuple(value) for name, value in plain.items() if name != "bias"}
        return Logistic(**lists, bias=plain["bias"])


def with_products(signs: Floats) -> Floats:
    """The signs of each row, then the product of every two of them, squares included."""
    first, second = np.triu_indices(signs.shape[1])
    return np.hstack([signs, signs[:, first] * signs[:, second]])


@dataclass(frozen=True)
class Calibration:
    """`right`: the best entry is meant. `offered`: what is meant is among the first three."""

    right: Logistic
    offered: Logistic

    @staticmethod
    def from_plain(plain: Mapping[str, Any]) -> Calibration:
        return Calibration(Logistic.from_plain(plain["right"]), Logistic.from_plain(plain["offered"]))


def signs_of_confidence(scores: Floats, *, entries: int) -> Floats:
    """What the two models look at, one row a message.

    The best entry's score; its lead over the second and over the fourth; its lead over the best reject class; the score
    for being out of scope.
    """
    few = min(OFFERED + 1, entries)
    ours = -np.sort(np.partition(-scores[:, :entries], few - 1, axis=1)[:, :few], axis=1)
    best, second, fourth = ours[:, 0], ours[:, 1], ours[:, min(OFFERED, entries - 1)]
    rejected = scores[:, entries:-1].max(axis=1)
    return np.stack([best, best - second, best - fourth, best - rejected, scores[:, -1]], axis=1)


def shares(scores: Sequence[float] | Floats) -> Floats:
    """The scores of some candidates as shares of one."""
    odds = np.exp(SHARPNESS * (np.asarray(scores) - np.max(scores)))
    return np.asarray(odds / odds.sum())
