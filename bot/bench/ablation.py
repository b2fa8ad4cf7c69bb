"""What each part of the matcher is worth: the figures without it.

Nothing in the matcher is switchable for this. A part is taken away by changing the content, or by replacing constants
and functions of its modules while one model is trained and asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log, sqrt
from typing import TYPE_CHECKING, cast

import numpy as np

from bot.bench.curves import Figures
from bot.bench.replacing import Change, replaced
from knowledge import features, follow_ups, judgement, matcher, training
from knowledge.catalogue import Catalogue
from knowledge.confidence import Calibration
from knowledge.evaluation import Labelled, Report, evaluate
from knowledge.lexicon import RELATED, SAME_WORD, Lexicon
from knowledge.matcher import Matcher
from knowledge.reading import Reading
from knowledge.trained import Model
from knowledge.vectors import Floats

if TYPE_CHECKING:
    from scipy import sparse

NEVER = 2.0
"""No likelihood is as high as this."""
STEEP = 200.0
"""Of likelihoods that stand for a plain threshold on the score."""
SURELY = 50.0
"""Odds beyond this make no difference to a likelihood."""
STEPS = 11
FARTHEST = 5.0
"""Scores of machines lie within this of nought."""
CHANCE = 2.0
"""A difference counts from so many deviations on."""
WHOLE = "nothing: the whole matcher"
PLAIN_SCORE = "likelihoods: the plain best score"

Fit = Callable[["sparse.csr_matrix", training.Owners, Sequence[str]], tuple[Floats, Floats]]
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class PlainScore:
    """Stands in for a logistic model: passes a threshold just where the best score passes another."""

    score: float
    passes: float

    def likelihood(self, signs: Floats) -> Floats:
        odds = STEEP * (signs[:, 0] - self.score) + log(self.passes / (1 - self.passes))
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(odds, -SURELY, SURELY))))


@dataclass(frozen=True, slots=True)
class PlainCalibration:
    """Stands in for a calibration."""

    right: PlainScore
    offered: PlainScore


def unchanged(catalogue: Catalogue) -> Catalogue:
    return catalogue


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the matcher, and how to do without."""

    name: str
    catalogue: Callable[[Catalogue], Catalogue] = unchanged
    changes: tuple[Change, ...] = ()
    trained: bool = True
    """Has a model to be trained without it?"""


@dataclass(frozen=True, slots=True)
class Row:
    """The figures without a part, by the name of the messages."""

    name: str
    figures: Mapping[str, Figures]
    lost: int = 0
    """Held-out messages that only the whole matcher answers rightly."""
    gained: int = 0
    weights: int = 0
    """How many pieces the model knows."""

    @property
    def telling(self) -> bool:
        """Is the difference in right answers more than chance?"""
        return abs(self.lost - self.gained) > CHANCE * sqrt(self.lost + self.gained)


@dataclass(frozen=True, slots=True)
class Exam:
    """What every changed matcher is trained on and asked. Messages held out of the content come first."""

    kept: Catalogue
    messages: Mapping[str, Sequence[Labelled]]


def parts() -> list[Part]:
    """Those that show in single messages."""
    views = [
        Part(f"view {number + 1}: {name}", changes=_without_view(number)) for number, name in enumerate(features.VIEWS)
    ]
    groups = [Part(f"lexicon: {group}", _without_words(group)) for group in (*SAME_WORD, RELATED)]
    return [
        *views,
        Part("families", changes=((training, "FAMILY_COUNTS", 0.0),)),
        Part("the machine for ours or not", changes=_without_outside()),
        Part("kinds of messages not ours: one class", _all_others_as_one),
        Part("leaving out politeness", _with_politeness),
        *groups,
        Part("two needs", changes=((matcher, "SURE_OF_TWO", NEVER),), trained=False),
        Part("the other keyboard", changes=((matcher, "HARDLY_KNOWN", -1.0),), trained=False),
    ]


def conversation_parts() -> list[Part]:
    """Those that show in conversations only; none needs a training."""
    without = {
        "all logic for follow-ups": ("SURE_OF_SUBJECT", NEVER),
        "more than one earlier message": ("LONGEST_MEMORY", 1),
        "the words of the subject": ("SUBJECT_SPOKEN", 0.0),
        "a gain for the family": ("SAME_FAMILY", 0.0),
        "a smaller gain where another subject is named": ("CHANGED", 1.0),
        "a gain for related entries": ("NEXT_QUESTION", 0.0),
        "a loss for what was answered": ("ANSWERED_ALREADY", 0.0),
        "leaving clear messages alone": ("CLEAR_ALONE", NEVER),
    }
    return [
        Part(name, changes=((follow_ups, constant, value),), trained=False)
        for name, (constant, value) in without.items()
    ]


def measure(exam: Exam, whole: Model, without: Sequence[Part], tell: Tell) -> list[Row]:
    """The whole matcher first, then each part's absence."""
    reports = _ask(Matcher(exam.kept, whole), exam)
    rows = [_row(WHOLE, whole, reports, reports)]
    for part in without:
        tell(f"without {part.name} …")
        with replaced(*part.changes):
            catalogue = part.catalogue(exam.kept)
            model = training.train(catalogue) if part.trained else whole
            rows.append(_row(part.name, model, _ask(Matcher(catalogue, model), exam), reports))
    return rows


def measure_plain_score(exam: Exam, whole: Model, tell: Tell) -> Row:
    """The best score decides, not its likelihood.

    The two thresholds are the lowest with which no more messages out of scope are answered, and no more are asked, than
    by the whole matcher: found on those that are held out of the content.
    """
    tell(f"without {PLAIN_SCORE} …")
    reports = _ask(Matcher(exam.kept, whole), exam)
    first = next(iter(exam.messages))
    others = [item for item in exam.messages[first] if not item.expect]
    limit = Counter(item.outcome for item in reports[first].judged)

    def fine(answered_from: float, offered_from: float) -> bool:
        model = with_plain_score(whole, answered_from, offered_from)
        counts = Counter(item.outcome for item in _report(Matcher(exam.kept, model), others).judged)
        return counts["false answer"] <= limit["false answer"] and counts["asked"] <= limit["asked"]

    answered_from = lowest(lambda score: fine(score, FARTHEST))
    offered_from = lowest(lambda score: fine(answered_from, score))
    model = with_plain_score(whole, answered_from, offered_from)
    return _row(PLAIN_SCORE, model, _ask(Matcher(exam.kept, model), exam), reports)


def lowest(fine: Callable[[float], bool]) -> float:
    """The lowest score that is fine, if all above it are too."""
    low, high = -FARTHEST, FARTHEST
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if fine(middle) else (middle, high)
    return high


def with_plain_score(model: Model, answered_from: float, offered_from: float) -> Model:
    """The model with likelihoods that pass the two thresholds exactly where the best score passes these."""
    plain = PlainCalibration(
        PlainScore(answered_from, passes=matcher.SURE), PlainScore(offered_from, passes=matcher.WORTH_ASKING)
    )
    return replace(model, calibration=cast(Calibration, plain))


def _row(name: str, model: Model, reports: Mapping[str, Report], whole: Mapping[str, Report]) -> Row:
    first = next(iter(reports))
    pairs = [
        (ours.outcome == "right", other.outcome == "right")
        for ours, other in zip(whole[first].judged, reports[first].judged, strict=True)
    ]
    return Row(
        name,
        {source: report.figures() for source, report in reports.items()},
        lost=pairs.count((True, False)),
        gained=pairs.count((False, True)),
        weights=len(model.vocabulary.telling),
    )


def _ask(asked: Matcher, exam: Exam) -> dict[str, Report]:
    return {source: _report(asked, labelled) for source, labelled in exam.messages.items()}


def _report(asked: Matcher, labelled: Sequence[Labelled]) -> Report:
    return evaluate(lambda text, earlier: asked.decide(text, earlier=earlier), labelled)


def _without_view(number: int) -> tuple[Change, ...]:
    """The views that are left fill the length of a vector between them."""

    def pieces(reading: Reading, lexicon: Lexicon) -> tuple[Counter[str], ...]:
        bags = features.pieces(reading, lexicon)
        return (*bags[:number], *bags[number + 1 :])

    return ((training, "pieces", pieces), (judgement, "pieces", pieces))


def _without_outside() -> tuple[Change, ...]:
    """Neither in the scores of the classes nor as a sign of confidence."""
    whole: Fit = training.fit

    def fit(vectors: sparse.csr_matrix, owners: training.Owners, names: Sequence[str]) -> tuple[Floats, Floats]:
        weights, bias = whole(vectors, owners, names)
        weights[:, -1], bias[-1] = 0.0, 0.0
        return weights, bias

    return ((training, "OUTSIDE_COUNTS", 0.0), (training, "fit", fit))


def _without_words(group: str) -> Callable[[Catalogue], Catalogue]:
    def changed(catalogue: Catalogue) -> Catalogue:
        lexicon = replace(catalogue.lexicon, **{group: {}})  # type: ignore[arg-type]  # one of the groups
        return replace(catalogue, lexicon=lexicon)

    return changed


def _with_politeness(catalogue: Catalogue) -> Catalogue:
    """Polite words stay in, as words that must not be cut."""
    lexicon = catalogue.lexicon
    kept = (*lexicon.keep_whole, *lexicon.particles)
    return replace(catalogue, lexicon=replace(lexicon, keep_whole=kept, particles=()))


def _all_others_as_one(catalogue: Catalogue) -> Catalogue:
    groups = (*catalogue.out_of_scope.values(), *catalogue.refusals.values())
    return replace(catalogue, out_of_scope={"others": tuple(text for group in groups for text in group)}, refusals={})
