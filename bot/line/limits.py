"""Every number of LINE's that we rely on, once. Source: LINE's Messaging API reference, read in August 2026."""

from __future__ import annotations

import regex

MESSAGES_A_REQUEST = 5
TEXT_UNITS = 5000
ALT_TEXT_UNITS = 1500
POSTBACK_DATA_UNITS = 300
SHOWN_TEXT_GRAPHEMES = 300
LABEL_GRAPHEMES = 20
"""Of template buttons and quick replies. Flex buttons may have 40; ours keep to 20 to fit a narrow phone."""
QUICK_REPLIES = 13
URI_CHARACTERS = 1000
PLACE_CHARACTERS = 100
FLEX_BUBBLE_BYTES = 30_000
LOADING_SECONDS = tuple(range(5, 61, 5))
REPLY_TOKEN_SECONDS = 60
"""LINE asks that a reply token be used within a minute."""
WEBHOOK_BYTES = 1_000_000
"""Ours, not LINE's: a webhook of LINE's is a few kilobytes."""

_GRAPHEME = regex.compile(r"\X")


def utf16_units(text: str) -> int:
    """LINE's unit for most lengths: an emoji counts two or more, a Thai character one."""
    return len(text.encode("utf-16-le")) // 2


def graphemes(text: str) -> int:
    """LINE's unit for labels and for what a postback shows: a consonant with its vowel and tone mark counts one."""
    return len(_GRAPHEME.findall(text))


def shorten_label(text: str, most: int = LABEL_GRAPHEMES) -> str:
    """Cuts between graphemes, with an ellipsis in place of what is gone."""
    clusters = _GRAPHEME.findall(text)
    return text if len(clusters) <= most else "".join(clusters[: most - 1]).rstrip() + "…"


def split_text(text: str, most: int = TEXT_UNITS) -> list[str]:
    """Pieces within LINE's limit, cut at paragraphs, else at spaces, else anywhere between two graphemes."""
    pieces = []
    while utf16_units(text) > most:
        head = text.encode("utf-16-le")[: most * 2].decode("utf-16-le", errors="ignore")
        cut = max(head.rfind("\n\n"), 0) or max(head.rfind(" "), 0) or sum(map(len, _GRAPHEME.findall(head)[:-1]))
        pieces.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [*pieces, text]
