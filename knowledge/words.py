"""Split Thai into words. The only module that knows PyThaiNLP."""

from __future__ import annotations

import os
from collections.abc import Iterable

os.environ.setdefault("PYTHAINLP_OFFLINE", "1")  # a missing corpus is an error here, never a download

from pythainlp.corpus import thai_words
from pythainlp.tokenize import newmm

HEAD = 3
SHORT = (1, 2)


class WordSplitter:
    """Splits into the words of the Thai dictionary and of the domain. Unchanging, so threads may share it."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._dictionary = _Dictionary(frozenset(words))

    def split(self, text: str) -> tuple[str, ...]:
        """The words of a normalised text, in order; spaces are left out.

        Time grows with the length of the text and not faster: long texts are cut into pieces first.
        """
        return tuple(word for word in newmm.segment(text, self._dictionary, safe_mode=True) if not word.isspace())


class _Dictionary:
    """What the splitter asks of a trie, at a tenth of a trie's memory: a set, and which lengths are worth trying."""

    def __init__(self, extra: frozenset[str]) -> None:
        self._words = thai_words() | extra
        self._lengths = _lengths(self._words)

    def __len__(self) -> int:
        return len(self._words)

    def prefixes(self, text: str, start: int = 0) -> list[str]:
        """The words that begin at `start`, shortest first."""
        words, end = self._words, len(text)
        lengths = self._lengths.get(text[start : start + HEAD], SHORT)
        return [word for length in lengths if start + length <= end and (word := text[start : start + length]) in words]


def _lengths(words: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """For each beginning of `HEAD` letters, the lengths of words that may begin so."""
    found: dict[str, set[int]] = {}
    for word in words:
        if len(word) >= HEAD:
            found.setdefault(word[:HEAD], set(SHORT)).add(len(word))
    return {head: tuple(sorted(lengths)) for head, lengths in found.items()}
