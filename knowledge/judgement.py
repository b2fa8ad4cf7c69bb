"""What the model makes of a text, before anything is decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from knowledge.catalogue import Catalogue
from knowledge.confidence import OFFERED, shares, signs_of_confidence
from knowledge.decision import Candidate
from knowledge.features import pieces
from knowledge.reading import Reader, Reading
from knowledge.trained import Model
from knowledge.vectors import Floats, Vectors

LISTED = 5


@dataclass(frozen=True)
class Judgement:
    """The scores of one text and what they are worth."""

    reading: Reading
    scores: Floats
    """One for each class, and last for being out of scope."""
    classes: tuple[str, ...]
    entries: int
    right: float
    """How likely the best entry is what is meant."""
    offered: float
    """How likely what is meant is among the best three."""
    known: float = 1.0
    """The share of the text's runs of letters that the content has too."""

    @cached_property
    def order(self) -> list[int]:
        """The best entries, best first: as many as are listed."""
        ours = self.scores[: self.entries]
        few = min(LISTED, len(ours))
        places = np.flatnonzero(ours >= np.partition(ours, -few)[-few])  # sorting thousands takes a millisecond
        return [int(place) for place in places[np.argsort(-ours[places], kind="stable")][:few]]

    @property
    def best(self) -> str:
        return self.classes[int(np.argmax(self.scores[: self.entries]))]

    @property
    def lead(self) -> float:
        """By how much the best entry is ahead of the second."""
        ours = self.scores[self.order]
        return float(ours[0] - ours[1]) if len(ours) > 1 else float("inf")

    @property
    def reject(self) -> str | None:
        """The kind of message that is not ours which fits better than any entry."""
        place = self.entries + int(np.argmax(self.scores[self.entries : -1]))
        return self.classes[place][1:] if self.scores[place] > self.scores[: self.entries].max() else None

    @property
    def out_of_scope(self) -> float:
        """Above zero: more likely not ours."""
        return float(self.scores[-1])

    def candidates(self) -> tuple[Candidate, ...]:
        """The best entries with their likelihoods, best first."""
        order = self.order
        rest = max(self.offered - self.right, 0.0)
        split = shares(self.scores[order[1:]]) if len(order) > 1 else np.zeros(0)
        ceiling = self.right
        result = [Candidate(self.classes[order[0]], round(self.right, 6))]
        for place, share in zip(order[1:], split, strict=True):
            ceiling = min(ceiling, rest * float(share))
            result.append(Candidate(self.classes[place], round(ceiling, 6)))
        return tuple(result)

    @property
    def choices(self) -> tuple[str, ...]:
        """What a person would be offered."""
        return tuple(self.classes[place] for place in self.order[:OFFERED])


class Judge:
    """Reads and scores. Unchanging, so threads may share it."""

    def __init__(self, catalogue: Catalogue, model: Model) -> None:
        self.reader = Reader(catalogue.lexicon)
        self.model = model
        self._lexicon = catalogue.lexicon
        self._entries = model.entries

    def judge(self, text: str) -> Judgement:
        return self.judge_all((text,))[0]

    def judge_all(self, texts: Sequence[str]) -> tuple[Judgement, ...]:
        readings = [self.reader.read(text) for text in texts]
        bags = [pieces(reading, self._lexicon) for reading in readings]
        vectors = self.model.vocabulary.vectors(bags)
        known_letters = self._count_letters(vectors)
        known = [count / max(len(letters), 1) for count, (letters, *_) in zip(known_letters, bags, strict=True)]
        return self._weigh_all(readings, self.model.scores(vectors), known)

    def weigh(self, reading: Reading, scores: Floats, *, known: float) -> Judgement:
        """A judgement from scores, for instance from scores that a conversation has shifted."""
        return self._weigh_all([reading], scores[None], [known])[0]

    def _weigh_all(self, readings: Sequence[Reading], scores: Floats, known: Sequence[float]) -> tuple[Judgement, ...]:
        signs = signs_of_confidence(scores, entries=self._entries)
        calibration = self.model.calibration
        right = calibration.right.likelihood(signs)
        offered = np.maximum(right, calibration.offered.likelihood(signs))
        return tuple(
            Judgement(
                reading, scores[row], self.model.classes, self._entries, float(right[row]), float(offered[row]), part
            )
            for row, (reading, part) in enumerate(zip(readings, known, strict=True))
        )

    def _count_letters(self, vectors: Vectors) -> list[int]:
        """How many pieces of the first view, the letters as written, each row has."""
        of_letters = np.append(0, np.cumsum(vectors.columns < len(self.model.vocabulary.views[0])))
        counts: list[int] = (of_letters[vectors.starts[1:]] - of_letters[vectors.starts[:-1]]).tolist()
        return counts
