"""What a reading is compared by: three views, each a bag of small pieces."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from knowledge.lexicon import Lexicon
from knowledge.reading import Reading
from knowledge.thai import skeleton

VIEWS = ("letters", "sounds", "words")
"""As written; as heard, dialect put into standard Thai; word by word."""
SHORTEST, LONGEST = 2, 4


def pieces(reading: Reading, lexicon: Lexicon) -> tuple[Counter[str], ...]:
    """The pieces of each view, with their counts."""
    return (
        Counter(grams(f" {reading.text} ")),
        Counter(grams(f" {skeleton(''.join(reading.standard))} ")),
        Counter(_word_pieces(reading.standard, lexicon)),
    )


def grams(text: str) -> list[str]:
    """Every run of `SHORTEST` to `LONGEST` letters."""
    sizes = range(SHORTEST, LONGEST + 1)
    return [text[start : start + size] for size in sizes for start in range(len(text) - size + 1)]


def _word_pieces(words: tuple[str, ...], lexicon: Lexicon) -> Iterator[str]:
    """Words, pairs of neighbours, and the meanings that words share."""
    meanings = lexicon.meaning_of
    yield from words
    for first, second in pairwise(words):
        yield f"{first} {second}"
    for word in words:
        for meaning in meanings.get(word, ()):
            yield f"={meaning}"
