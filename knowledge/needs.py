"""Where in a message may a need stand? Windows over long texts, halves of texts with two needs."""

from __future__ import annotations

import re
from collections.abc import Iterable

from knowledge.thai import normalise, shorten, spelt_alike

LONG = 320
"""Letters up to which a message is understood as a whole: variants are rarely longer."""
WINDOW = 90
TAIL = 160
SHORTEST_PART = 6
MOST_SPLITS = 4
_CLAUSE = re.compile(r"\S[^\n ]*[\n ]*")


def is_long(text: str) -> bool:
    """Is it too long to be understood as a whole? What nobody reads (spaces, emoji, invisible signs) does not count."""
    return len(text) > LONG and len(normalise(text)) > LONG


def windows(text: str) -> list[str]:
    """The parts of a long text, in order: clauses together up to `WINDOW` letters, then the end in three sizes.

    Thai puts spaces between clauses; a clause longer than a window is cut.
    """
    text = shorten(text)
    parts: list[str] = []
    for match in _CLAUSE.finditer(text):
        for start in range(match.start(), match.end(), WINDOW):
            clause = text[start : min(start + WINDOW, match.end())]
            if parts and len(parts[-1]) + len(clause) <= WINDOW:
                parts[-1] += clause
            else:
                parts.append(clause)
    text = text.rstrip()
    last_clause = text.rsplit(maxsplit=1)[-1] if text else ""
    return [*parts, text[-TAIL:], text[-WINDOW:], last_clause[-WINDOW:]]


def halves(text: str, connectors: Iterable[str]) -> list[tuple[str, str]]:
    """Ways to cut a text in two where a second need may begin: at question marks, line ends and connecting words."""
    words = (rf"\b{re.escape(word)}\b" if word.isascii() else re.escape(word) for word in connectors)
    text = spelt_alike(text)
    cuts = re.compile("|".join(["[\n?]+", *words])).finditer(text)
    pairs = [(text[: cut.start()], text[cut.end() :]) for cut in cuts]
    return [pair for pair in pairs if min(len(part.strip()) for part in pair) >= SHORTEST_PART][:MOST_SPLITS]
