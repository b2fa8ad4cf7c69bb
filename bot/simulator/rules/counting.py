"""The two units in which LINE counts characters."""

from __future__ import annotations

from collections.abc import Callable

import regex

Unit = Callable[[str], int]

_CLUSTER = regex.compile(r"\X")


def utf16_units(text: str) -> int:
    """Most limits: a Thai character is one, most emoji are two and more."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def graphemes(text: str) -> int:
    """Labels and what is shown beside them: a consonant with its vowel and tone marks is one."""
    return len(text) if text.isascii() and "\r" not in text else len(_CLUSTER.findall(text))
