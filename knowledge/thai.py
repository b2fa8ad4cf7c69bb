"""One way of writing for what people write in many ways. Content and questions pass through the same functions."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 5_000
MOST_ROUNDS = 8
_SPELT_OUT, _SWOLLEN = 18, 1.5
"""The most letters that NFKC makes of one; and a growth of the whole that no language causes."""

_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_INVISIBLE = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_MARKS = re.compile(r"([\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]+)(?:(\u0e32)([\u0e48-\u0e4b]*))?")
"""Marks over and under a letter, with the า after them: together with the ring they are ำ."""
_RING, _AM, _TONE_SIGNS = "\u0e4d", "\u0e33", frozenset("\u0e48\u0e49\u0e4a\u0e4b")
_NOT_TEXT = re.compile(r"[^\w\u0e31\u0e34-\u0e3a\u0e47-\u0e4e. ]|_")
_LONE_DOT = re.compile(r"(?<![\w\u0e31\u0e34-\u0e3a\u0e47-\u0e4e])\.|\.(?=\.)")
_RUN = re.compile(r"([^\W\dอร])\1{2,}|([อร])\2{3,}")
"""A letter typed again and again; three อ or ร may be a word's end and the next one's beginning."""
_SPACES = re.compile(r"\s+")

_TONES = re.compile(r"[\u0e47\u0e48-\u0e4b\u0e4d]")
_SILENT = re.compile(r"[ก-ฮ][ิุ]?\u0e4c")
_ALIKE = str.maketrans("ศษณญธถฑฒฐฎฏฬรใฆฅภีืูา", "สสนยทททททดตลลไคคพิึุะ")


def normalise(text: str) -> str:
    """The text in one spelling of its characters: lower case, Arabic digits, no punctuation but dots inside words.

    At most the first and last halves of `LONGEST` characters are kept. Doing it twice changes nothing.
    """
    text = shorten(text)
    for _ in range(MOST_ROUNDS):
        once = shorten(_without_signs(spelt_alike(text)))
        if once == text:
            break
        text = once
    return text


def spelt_alike(text: str) -> str:
    """The text in one spelling of its characters, with its punctuation and its lines."""
    text = _INVISIBLE.sub("", text)
    text = unicodedata.normalize("NFKC", text).lower().translate(_DIGITS)
    text = _INVISIBLE.sub("", text)
    text = text.replace("เเ", "แ").replace("ๆ", "").replace("\u0e4e", "")
    return _MARKS.sub(_in_order, text)


def _in_order(marks: re.Match[str]) -> str:
    """Each mark once, the tone last; the ring and า as ำ, after the tone."""
    run, aa, tones = marks[1], marks[2] or "", marks[3] or ""
    if aa and _RING in run:
        run, aa, tones = run.replace(_RING, "") + tones, _AM, ""
    return "".join(sorted(dict.fromkeys(run), key=_TONE_SIGNS.__contains__)) + aa + tones


def shorten(text: str) -> str:
    """Keeps the beginning and the end of an over-long text: the need may stand last.

    Letters that stand for whole phrases count as what they stand for: few of them would make a message slow.
    """
    if len(text) * _SPELT_OUT > LONGEST:
        spelt_out = unicodedata.normalize("NFKC", text)
        text = spelt_out if len(spelt_out) > _SWOLLEN * len(text) else text
    if len(text) <= LONGEST:
        return text
    return f"{text[: LONGEST // 2]} {text[-LONGEST // 2 + 1 :]}"


def _without_signs(text: str) -> str:
    text = _LONE_DOT.sub(" ", _NOT_TEXT.sub(" ", text))
    text = _RUN.sub(r"\1\2", text)
    return _SPACES.sub(" ", text).strip()


def without_dots(text: str) -> str:
    """The dots of abbreviations are gone: ศตจ.ปชช. and ศตจปชช are the same."""
    return _SPACES.sub(" ", text.replace(".", "")).strip()


def skeleton(text: str) -> str:
    """What is left of a normalised text when what people confuse in writing is merged.

    No tone marks, no silenced letters; letters and vowel lengths of one sound are one. For comparing, never for
    showing.
    """
    return _SILENT.sub("", _TONES.sub("", text)).translate(_ALIKE).replace("\u0e4c", "")


_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,./1234567890-=QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>?!@#$%^&*()_+"
_THAI_KEYS = 'ๆไำพะัีรนยบลฟหกดเ้่าสวงผปแอิืทมใฝๅ/-ภถุึคตจขช๐"ฎฑธํ๊ณฯญฐ,ฤฆฏโฌ็๋ษศซ.()ฉฮฺ์?ฒฬฦ+๑๒๓๔ู฿๕๖๗๘๙'
_TO_THAI = str.maketrans(_KEYS, _THAI_KEYS)
_TO_LATIN = str.maketrans(_THAI_KEYS, _KEYS)


def other_keyboard(text: str) -> str:
    """What the same keys give when the keyboard is switched between English and Thai (Kedmanee)."""
    thai = sum("\u0e00" <= letter <= "\u0e7f" for letter in text)
    latin = sum(letter.isascii() and letter.isalpha() for letter in text)
    return text.translate(_TO_LATIN if thai > latin else _TO_THAI)
