"""Hear a cry for help, whatever else a message says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from knowledge.lexicon import Lexicon, key
from knowledge.reading import Reading
from knowledge.thai import skeleton

CLOSE = 12
"""How many letters before a phrase may turn its meaning."""
LONG_ENOUGH = 7
"""Shorter phrases are too easily heard in other words."""


class Alarm:
    """Finds phrases that mean an emergency on their own. When in doubt it rings."""

    def __init__(self, phrases: Iterable[str], lexicon: Lexicon) -> None:
        squeezed = {_squeezed(key(phrase)) for phrase in phrases} - {""}
        self._phrases = tuple(sorted(squeezed, key=lambda phrase: (-len(phrase), phrase)))
        self._turns = _endings(lexicon.negations, lexicon.exaggerations)
        self._sounds = tuple((phrase, skeleton(phrase)) for phrase in self._phrases)
        self._turning_sounds = tuple(skeleton(word) for word in self._turns)
        self._hearsay = frozenset(key(word) for word in lexicon.hearsay)
        self._saying = _saying(lexicon)

    def find(self, reading: Reading) -> str | None:
        """A phrase that rings, or None. Read as written, in standard Thai, and by sound."""
        written = _squeezed(reading.text)
        standard = "".join(reading.standard)
        for text in (written, standard):
            for phrase in self._phrases:
                if _rings(phrase, text, self._turns):
                    return phrase
        sound = skeleton(written)
        for phrase, heard in self._sounds:
            if len(heard) >= LONG_ENOUGH and _rings(heard, sound, self._turning_sounds):
                return phrase
        return None

    def is_hearsay(self, reading: Reading) -> bool:
        """Does it talk of a film, a game, statistics?"""
        return not self._hearsay.isdisjoint((*reading.words, *reading.standard))

    def is_saying(self, reading: Reading) -> bool:
        """Is someone merely "dying" of hunger or laughter?"""
        return self._saying is not None and self._saying.search(_squeezed(reading.text)) is not None


def _rings(phrase: str, text: str, turns: Sequence[str]) -> bool:
    start = text.find(phrase)
    while start >= 0:
        if not text[max(0, start - CLOSE) : start].endswith(tuple(turns)):
            return True
        start = text.find(phrase, start + 1)
    return False


def _endings(negations: Iterable[str], exaggerations: Iterable[str]) -> tuple[str, ...]:
    """What a phrase may follow that takes it back: not …, (laughing) so that …"""
    plain = [_squeezed(key(word)) for word in (*negations, *exaggerations)]
    return tuple(f"{word}{link}" for word in plain for link in ("", "จน", "จะ"))


def _saying(lexicon: Lexicon) -> re.Pattern[str] | None:
    if not (lexicon.exaggerations and lexicon.dying):
        return None
    causes = "|".join(re.escape(_squeezed(key(word))) for word in lexicon.exaggerations)
    ends = "|".join(re.escape(_squeezed(key(word))) for word in lexicon.dying)
    return re.compile(f"(?:{causes})(?:.{{0,8}}?)(?:{ends})")


def _squeezed(text: str) -> str:
    return text.replace(" ", "")
