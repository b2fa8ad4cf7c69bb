"""Districts named in everyday Thai, where words are not separated and a name may be part of another word."""

from __future__ import annotations

import re

from knowledge.geography import Geography
from knowledge.pack import Pack
from knowledge.place_names import CAPITAL, LONG_ENOUGH, capital, sound, spellings, sub_districts
from knowledge.thai import normalise, without_dots
from knowledge.words import WordSplitter

DISTRICT = ("อำเภอ", "amphoe", "amphur")
SUB_DISTRICT = "ตำบล"
MOST_WORDS = 4
_SHORT_DISTRICT = re.compile(r"อ ?\. ?|(?<![\u0e00-\u0e7f])อ ?(?=เมือง)")
_SHORT_SUB_DISTRICT = re.compile(r"ต ?\. ?")
_SPACE_IN_THAI = re.compile(r"(?<=[\u0e00-\u0e7f]) (?=[\u0e00-\u0e7f])")


class Mentions:
    """Finds the districts that a text names. Unchanging, so threads may share it."""

    def __init__(self, pack: Pack) -> None:
        geography = pack.geography or Geography("", {}, {})
        self._words = _meanings(pack, geography)
        self._sounds = {
            sound(form): name
            for name, forms in spellings(pack).items()
            for form in forms
            if len(sound(form)) >= LONG_ENOUGH
        }
        self._splitter = WordSplitter(self._words)
        long_words = sorted((word for word in self._words if _is_long(word)), key=len, reverse=True)
        self._long_words = re.compile(f"({'|'.join(map(re.escape, long_words))})") if long_words else None

    def find(self, text: str) -> tuple[str, ...]:
        """Ids in the order in which the text names them, each once."""
        words = self._split(_plain(text))
        sounds = tuple(sound(word) for word in words)
        found: dict[str, None] = {}
        start = 0
        while start < len(words):
            end = start + MOST_WORDS
            name, taken = self._begins(words[start:end], sounds[start:end])
            if name:
                found[name] = None
            start += taken
        return tuple(found)

    def _split(self, text: str) -> tuple[str, ...]:
        """Long Thai names are cut out first: a dictionary would rather see silk in the end of แม่สายไหม."""
        pieces = self._long_words.split(text) if self._long_words else [text]
        return tuple(
            word
            for number, piece in enumerate(pieces)
            for word in ((piece,) if number % 2 else self._splitter.split(piece))
        )

    def _begins(self, words: tuple[str, ...], sounds: tuple[str, ...]) -> tuple[str | None, int]:
        """What the words begin with, and how many of them it takes: known words before sounds, the longest first."""
        counts = range(len(words), 0, -1)
        for count in counts:
            word = "".join(words[:count])
            if word in self._words:
                return self._words[word], count
        for count in counts:
            heard = self._sounds.get("".join(sounds[:count]))
            if heard:
                return heard, count
        return None, 1


def _meanings(pack: Pack, geography: Geography) -> dict[str, str | None]:
    """Words to keep whole, without spaces, and the district each names; None for those that only look like one."""
    meanings: dict[str, str | None] = {}
    for name, owner in sub_districts(geography).items():
        meanings[f"{SUB_DISTRICT}{_plain(name)}"] = owner
    for name, forms in spellings(pack).items():
        for form in map(_plain, forms):
            meanings[_joined(form)] = name
            meanings.update({f"{mark}{_joined(form)}": name for mark in DISTRICT})
            meanings.setdefault(f"{SUB_DISTRICT}{form}", None)
    for prefix in CAPITAL:
        meanings.update({f"{mark}{prefix}": capital(pack) for mark in DISTRICT})
        for elsewhere in map(_plain, (*geography.neighbours, *geography.elsewhere)):
            meanings.update({f"{mark}{prefix}{_joined(elsewhere)}": None for mark in ("", *DISTRICT)})
    meanings.update({_joined(_plain(text)): None for text in geography.look_alikes})
    return meanings


def _is_long(word: str) -> bool:
    return not word.isascii() and len(sound(word)) >= LONG_ENOUGH


def _plain(text: str) -> str:
    """Normalised, abbreviated markers written out: without their dots they would be the end of the word before."""
    text = _SHORT_SUB_DISTRICT.sub(SUB_DISTRICT, _SHORT_DISTRICT.sub(DISTRICT[0], normalise(text)))
    return _SPACE_IN_THAI.sub("", without_dots(text))


def _joined(text: str) -> str:
    return text.replace(" ", "")
