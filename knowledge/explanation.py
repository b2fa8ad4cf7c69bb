"""Why a message was decided as it was, in words for the people who mend the content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import yaml

from knowledge.catalogue import Catalogue
from knowledge.decision import Candidate, Decision
from knowledge.features import pieces
from knowledge.judgement import Judge
from knowledge.matcher import SURE, WORTH_ASKING, Matcher
from knowledge.reading import Reading
from knowledge.thai import shorten

EXPLAINED = 3
"""Of the candidates, so many are explained."""
TELLING_WORDS, LIKE_IT = 5, 3
LEAST_SAID = 0.02
MOST_WORDS = 60


@dataclass(frozen=True)
class Spoke:
    """A word that spoke for a candidate, or against it: what the score loses when the word is left out."""

    word: str
    weight: float


@dataclass(frozen=True)
class Explained:
    entry: str
    score: float
    words: tuple[Spoke, ...]
    """The words that say most, the strongest first."""
    variants: tuple[str, ...]
    """The variants most like the message."""


@dataclass(frozen=True)
class Explanation:
    words: tuple[str, ...]
    """As the message was split."""
    repaired: tuple[tuple[str, str], ...]
    """Words read as another: dialect, abbreviations, misspellings, English."""
    left_out: tuple[str, ...]
    """Words of politeness."""
    candidates: tuple[Explained, ...]
    reasons: Mapping[str, tuple[str, ...]]
    """Why the decision fell as it did: sentences by language."""

    def plain(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def explain(matcher: Matcher, catalogue: Catalogue, text: str, decision: Decision) -> Explanation:
    """`decision` is what the matcher decided about this text. Takes some hundred times as long as deciding."""
    judge = matcher.judge
    read = str(decision.why.get("text", "")) or shorten(text)
    reading = judge.reader.read(read)
    lexicon = catalogue.lexicon
    standard = lexicon.standard(reading.words)
    candidates = decision.candidates[:EXPLAINED]
    return Explanation(
        words=reading.words,
        repaired=tuple(
            (word, other) for word, other in dict(zip(reading.words, standard, strict=True)).items() if word != other
        ),
        left_out=tuple(dict.fromkeys(word for word in reading.words if word in lexicon.polite)),
        candidates=tuple(
            Explained(
                candidate.entry,
                candidate.score,
                _words_of(judge, reading, candidate),
                _most_alike(judge, catalogue, reading, candidate.entry),
            )
            for candidate in candidates
        ),
        reasons={language: _reasons(decision, language) for language in _sentences()},
    )


def _words_of(judge: Judge, reading: Reading, candidate: Candidate) -> tuple[Spoke, ...]:
    """Each word is left out once, and the score looked at again."""
    place = judge.model.classes.index(candidate.entry)
    words = tuple(dict.fromkeys(reading.words))[:MOST_WORDS]
    without = ["".join(one for one in reading.words if one != word) for word in words]
    whole, *scores = (judgement.scores[place] for judgement in judge.judge_all(("".join(reading.words), *without)))
    spoke = (Spoke(word, round(float(whole - score), 3)) for word, score in zip(words, scores, strict=True))
    telling = sorted((one for one in spoke if abs(one.weight) >= LEAST_SAID), key=lambda one: -abs(one.weight))
    return tuple(telling[:TELLING_WORDS])


def _most_alike(judge: Judge, catalogue: Catalogue, reading: Reading, entry: str) -> tuple[str, ...]:
    variants = catalogue.entries[entry].variants if entry in catalogue.entries else ()
    if not variants:
        return ()
    bags = [pieces(one, catalogue.lexicon) for one in (reading, *map(judge.reader.read, variants))]
    vectors = judge.model.vocabulary.vectors(bags)
    asked, *others = vectors.rows()
    table = np.zeros(vectors.width)
    table[asked[1]] = asked[0]
    likeness = [float(values @ table[columns]) for values, columns in others]
    order = sorted(range(len(variants)), key=lambda place: (-likeness[place], place))
    return tuple(variants[place] for place in order[:LIKE_IT] if likeness[place] > 0)


def _reasons(decision: Decision, language: str) -> tuple[str, ...]:
    sentences, why = _sentences()[language], decision.why
    facts = {
        "right": round(100 * float(why.get("right", 0))),
        "offered": round(100 * float(why.get("offered", 0))),
        "sure": round(100 * SURE),
        "asking": round(100 * WORTH_ASKING),
        "read": why.get("keyboard", ""),
        "subject": (why.get("subject") or {}).get("entry", ""),
        "kind": sentences.get(f"kind_{why.get('reject')}", "") if why.get("reject") else "",
        "entry": decision.entry or "",
        "also": ", ".join(decision.also),
    }
    return tuple(sentences[name].format(**facts) for name in _names(decision))


def _names(decision: Decision) -> Sequence[str]:
    why = decision.why
    before = [name for name in ("keyboard", "subject") if why.get(name)]
    if decision.urgent:
        return [*before, "urgent"]
    if why.get("because") == "nothing to read":
        return ["nothing"]
    if why.get("because") == "a saying":
        return ["saying"]
    if decision.refusal is not None:
        return [*before, f"refused_{decision.refusal}"]
    if decision.kind == "answer":
        return [*before, "two_needs" if decision.also else "sure"]
    unsure = ["like_others"] if why.get("reject") else ["unsure"]
    return [*before, *unsure, "asks" if decision.kind == "clarify" else "silent"]


@cache
def _sentences() -> dict[str, dict[str, str]]:
    loaded: dict[str, dict[str, str]] = yaml.safe_load(
        files("knowledge").joinpath("explanations.yaml").read_text("utf-8")
    )
    return loaded
