"""Read a message: one spelling, words, dialect put into the standard language. Content is read the same way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from knowledge.lexicon import Lexicon
from knowledge.thai import normalise, without_dots
from knowledge.words import WordSplitter


@dataclass(frozen=True)
class Reading:
    text: str
    """Normalised, as written."""
    words: tuple[str, ...]
    """The words as written."""
    standard: tuple[str, ...]
    """The words with dialect, abbreviations and misspellings replaced, politeness left out."""


class Reader:
    """Reads with a catalogue's lexicon. Unchanging, so threads may share it."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._splitter = WordSplitter(lexicon.known_words)

    def read(self, text: str) -> Reading:
        plain = without_dots(normalise(text))
        words = self._splitter.split(plain)
        lexicon = self.lexicon
        return Reading(plain, words, lexicon.without_politeness(lexicon.standard(words)))


def joined(readings: Iterable[Reading]) -> Reading:
    """Readings of the parts of a text as one."""
    parts = tuple(readings)
    return Reading(
        " ".join(part.text for part in parts),
        tuple(word for part in parts for word in part.words),
        tuple(word for part in parts for word in part.standard),
    )
