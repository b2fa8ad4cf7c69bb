"""How honest the stated likelihoods are, and what other thresholds would give."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.bench.replacing import replaced
from knowledge import matcher
from knowledge.catalogue import Catalogue
from knowledge.decision import Decision
from knowledge.evaluation import Judged, Labelled, Share, evaluate
from knowledge.judgement import Judge, Judgement
from knowledge.trained import Model

BINS = 10
SURE_VALUES = tuple(round(0.05 * step, 2) for step in range(4, 20))
ASKING_VALUES = tuple(round(0.05 * step, 2) for step in range(1, 13))

Figures = Mapping[str, Share]
Curve = Mapping[float, Figures]
"""The figures by threshold."""


@dataclass(frozen=True, slots=True)
class Bin:
    """The messages whose best entry was stated to be about equally likely."""

    low: float
    messages: int
    right: int
    stated: float
    """The mean of what was stated; 0 where there is no message."""

    @property
    def share(self) -> float:
        return self.right / self.messages if self.messages else 0.0


class RememberingJudge(Judge):
    """Judges each text once. Never forgets: for as many texts as memory holds."""

    def __init__(self, catalogue: Catalogue, model: Model) -> None:
        super().__init__(catalogue, model)
        self._judged: dict[tuple[str, ...], tuple[Judgement, ...]] = {}

    def judge_all(self, texts: Sequence[str]) -> tuple[Judgement, ...]:
        key = tuple(texts)
        if key not in self._judged:
            self._judged[key] = super().judge_all(key)
        return self._judged[key]


class RememberingMatcher(matcher.Matcher):
    """Decides the same messages again, with other thresholds, in a fifth of the time."""

    def __init__(self, catalogue: Catalogue, model: Model) -> None:
        with replaced((matcher, "Judge", RememberingJudge)):
            super().__init__(catalogue, model)

    def answer(self, text: str, earlier: Sequence[str]) -> Decision:
        """As `decide`, in the form that `evaluate` asks for."""
        return self.decide(text, earlier=earlier)


def reliability(judged: Iterable[Judged]) -> list[Bin]:
    """By the likelihood of the best entry, ours or not: for a message out of scope no entry is right.

    Messages without any candidate are left out: nothing was stated.
    """
    stated: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for item in judged:
        if item.decision.candidates:
            best = item.decision.candidates[0]
            place = min(int(best.score * BINS), BINS - 1)
            stated[place].append((best.score, best.entry in item.labelled.expect))
    return [_bin(place / BINS, pairs) for place, pairs in enumerate(stated)]


def calibration_error(bins: Sequence[Bin]) -> float:
    """The mean distance between stated and true, weighed by messages."""
    total = sum(part.messages for part in bins)
    return sum(part.messages * abs(part.stated - part.share) for part in bins) / max(total, 1)


def sweep(
    decide: Callable[[str, Sequence[str]], Decision],
    labelled: Sequence[Labelled],
    threshold: str,
    values: Iterable[float],
) -> dict[float, Figures]:
    """The figures with each value of a threshold of `knowledge.matcher`, by its name there."""
    curve: dict[float, Figures] = {}
    for value in values:
        with replaced((matcher, threshold, value)):
            curve[value] = evaluate(decide, labelled).figures()
    return curve


def with_value(values: Iterable[float], chosen: float) -> list[float]:
    """In order, with the value in force among them."""
    return sorted({*values, chosen})


def add_curves(curves: Sequence[Curve]) -> Curve:
    """Of the folds, one curve of all their messages."""
    return {value: add_figures([curve[value] for curve in curves]) for value in curves[0]}


def add_figures(parts: Sequence[Figures]) -> Figures:
    return {
        name: Share(sum(part[name].hits for part in parts), sum(part[name].total for part in parts))
        for name in parts[0]
    }


def _bin(low: float, pairs: Sequence[tuple[float, bool]]) -> Bin:
    mean = sum(score for score, _ in pairs) / len(pairs) if pairs else 0.0
    return Bin(low, len(pairs), sum(right for _, right in pairs), mean)
