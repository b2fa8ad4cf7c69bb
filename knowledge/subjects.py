"""What a conversation is about: so that "and how do I join?" is understood after a question about the forums."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

GENERAL = "general"
FEWEST_USES = 4
MOSTLY = 0.6
MOST_MARKERS = 2
PASSING = frozenset(f"{GENERAL}.{name}" for name in ("thanks", "greeting", "goodbye", "crisis", "human", "help"))
"""After these a conversation is about what it was about before."""
Markers = Mapping[str, tuple[str, float]]


@dataclass(frozen=True)
class Subject:
    """What the last telling message was about, and the words that gave it away."""

    entry: str
    family: str
    words: tuple[str, ...]


def family_of(entry: str) -> str:
    """Entries of a family are asked about together; the general ones have nothing to do with each other."""
    family = entry.partition(".")[0]
    return entry if family == GENERAL else family


def find_markers(messages: Iterable[tuple[str, tuple[str, ...]]]) -> Markers:
    """The words used mostly within one family, from (class, words) of all messages."""
    uses: dict[str, Counter[str]] = defaultdict(Counter)
    for owner, words in messages:
        for word in set(words):
            uses[word][family_of(owner)] += 1
    markers = {}
    for word, families in sorted(uses.items()):
        family, count = min(families.items(), key=lambda item: (-item[1], item[0]))
        share = count / (families.total() + 1)
        if len(word) > 1 and count >= FEWEST_USES and share >= MOSTLY and family[0].isalpha():
            markers[word] = (family, round(share * math.log1p(count), 4))
    return markers


def marked(words: Iterable[str], family: str, markers: Markers) -> tuple[str, ...]:
    """Those of the words that give the family away, the most telling first."""
    found = {word: markers[word][1] for word in words if word in markers and markers[word][0] == family}
    return tuple(sorted(found, key=lambda word: (-found[word], word)))[:MOST_MARKERS]


def names_another(words: Iterable[str], subject: Subject, markers: Markers, *, open_families: frozenset[str]) -> bool:
    """Do the words bring up a subject of their own?

    Words of registering do not, when the talk is of a programme: one registers for its events.
    """
    others = {markers[word][0] for word in words if word in markers} - {subject.family}
    if subject.family in open_families:
        others.discard("event")
    return any(not family.startswith(GENERAL) for family in others)
