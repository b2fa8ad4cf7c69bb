"""Text in one form, and the pieces of patterns that every kind of personal data needs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙" + "໐໑໒໓໔໕໖໗໘໙" + "၀၁၂၃၄၅၆၇၈၉", "0123456789" * 3)
"""And those of the neighbours, Lao and Burmese."""
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")

BLANK = r"[ \u00a0\t]"
THAI = r"[ก-ฺเ-๎]"
FIRST = r"[ก-ฮเ-ไ]"
"""What a Thai word can begin with."""
NO_DIGIT_BEFORE, NO_DIGIT_AFTER = r"(?<![0-9])", r"(?![0-9])"
NO_LATIN_BEFORE = r"(?<![0-9A-Za-z])"


def plain(text: str) -> str:
    """The same text with invisible characters gone and Thai digits turned into Arabic ones, to look for numbers in."""
    composed = unicodedata.normalize("NFKC", without_invisible(text)).replace("ํา", "ำ")
    return without_invisible(composed).translate(_THAI_DIGITS)


def without_invisible(text: str) -> str:
    return _INVISIBLE.sub("", text)


def one_of(*lines: str) -> str:
    """Words as an alternation, the longest first."""
    return "(?:" + "|".join(sorted(_words(lines), key=lambda word: (-len(word), word))) + ")"


def loosely(*lines: str) -> str:
    """Words as an alternation, whatever marks above their letters are missing, doubled or wrong."""
    bare = {re.sub("[ัิีึื็-๎]", "", word) for line in lines for word in line.split()}
    spelt = sorted(("".join(map(_with_marks, word)) for word in bare), key=lambda word: (-len(word), word))
    return "(?:" + "|".join(spelt) + ")"


def _with_marks(letter: str) -> str:
    return letter + "[ัิีึื็-๎]{0,3}" if "ก" <= letter <= "ฮ" or letter in "ุู" else re.escape(letter)


def _words(lines: Iterable[str]) -> set[str]:
    return {re.escape(word).replace("_", r"\s?") for line in lines for word in line.split()}
