"""Which questions are worded alike: by letters and by words, in Thai as people type it, without any outside service."""

from __future__ import annotations

import hashlib
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from knowledge.thai import normalise, skeleton, without_dots

ALIKE = 0.6
"""From this likeness on two wordings are one question. Chosen on the variants of the shipped FAQ: higher gained no
purity worth the misspellings that it lost, lower put neighbouring topics together."""
SAME_WORD = 0.5
"""So much of two words' pairs of letters is shared when one is the other misspelt."""
GRAMS = (2, 3, 4)
PROBE = 3
"""Wordings are looked up by their runs of three letters."""
PROBES = 16
"""The rarest runs of a wording by which others like it are looked for."""
COMMON = 400
"""A run that more wordings have than this tells little, and is looked up only when there is none rarer."""
WEIGHED = 10
"""So many wordings that share most of the probes are weighed exactly."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A text as it is compared: never shown."""

    words: tuple[str, ...]
    letters: str
    grams: frozenset[str]
    length: int


def key_of(text: str) -> str:
    """The same for the same wording, whatever its case, spaces and punctuation; empty when there is nothing to read."""
    plain = normalised(text)
    return hashlib.sha256(plain.encode()).hexdigest() if plain else ""


def normalised(text: str) -> str:
    return without_dots(normalise(text))


def read(text: str, words: Sequence[str]) -> Wording:
    """`words` are those of the matcher's reader: dialect put into the standard language, politeness left out."""
    return _read(tuple(words) or tuple(normalised(text).split()))


@lru_cache(maxsize=20_000)
def _read(words: tuple[str, ...]) -> Wording:
    plain = [skeleton(word) for word in words]
    letters = "".join(plain)
    different = tuple(dict.fromkeys(word for word in plain if word))
    return Wording(different, letters, frozenset(_runs(letters, GRAMS)), sum(map(len, different)))


def likeness(one: Wording, other: Wording) -> float:
    """0..1. The shared runs of letters, less the larger share of words for which the other has nothing like them: a
    word on both sides that the other lacks makes another question of it."""
    together = len(one.grams) + len(other.grams)
    letters = 2 * len(one.grams & other.grams) / together if together else 0.0
    if letters < ALIKE:
        return letters  # words can only lower it
    return letters * (1 - max(_lacking(one, other), _lacking(other, one)))


def _lacking(one: Wording, other: Wording) -> float:
    lacking = sum(
        len(word)
        for word in one.words
        if word not in other.words
        and word not in other.letters
        and not any(_same_word(word, near) for near in other.words)
    )
    return lacking / one.length if one.length else 0.0


@lru_cache(maxsize=100_000)
def _same_word(one: str, other: str) -> bool:
    ours, theirs = set(_runs(one, (2,))), set(_runs(other, (2,)))
    return 2 * len(ours & theirs) >= SAME_WORD * (len(ours) + len(theirs))


def _runs(letters: str, lengths: Sequence[int]) -> Iterator[str]:
    framed = f"^{letters}$"
    return (framed[at : at + length] for length in lengths for at in range(len(framed) - length + 1))


class Wordings:
    """Wordings by number, to be asked for those like a new one. Not safe to share between threads.

    The answer depends on what was added and in which order, and on nothing else.
    """

    def __init__(self) -> None:
        self._words: dict[int, tuple[str, tuple[str, ...]]] = {}
        self._having: dict[str, array[int]] = {}

    def __len__(self) -> int:
        return len(self._words)

    def __contains__(self, number: int) -> bool:
        return number in self._words

    def add(self, number: int, text: str, words: Sequence[str]) -> None:
        """Adding a number again changes nothing."""
        if number in self._words:
            return
        self._words[number] = (text, tuple(words)) if not words else ("", tuple(words))
        for run in set(_runs(read(text, words).letters, (PROBE,))):
            self._having.setdefault(run, array("q")).append(number)

    def list_alike(self, text: str, words: Sequence[str]) -> list[int]:
        """The numbers of the wordings that are one question with this one, the likest first."""
        asked = read(text, words)
        scored = [(likeness(asked, read(*self._words[number])), number) for number in self._candidates(asked)]
        return [number for score, number in sorted(scored, key=lambda pair: (-pair[0], pair[1])) if score >= ALIKE]

    def _candidates(self, asked: Wording) -> list[int]:
        runs = ((len(self._having[run]), run) for run in set(_runs(asked.letters, (PROBE,))) if run in self._having)
        probes = sorted(runs)[:PROBES]
        telling = [run for count, run in probes if count <= COMMON] or [run for _, run in probes[:1]]
        counts: Counter[int] = Counter()
        for run in telling:
            counts.update(self._having[run])
        least = min(sorted(counts.values(), reverse=True)[:WEIGHED], default=0)
        most = [(-count, number) for number, count in counts.items() if count >= least]
        return [number for _, number in sorted(most)[:WEIGHED]]
