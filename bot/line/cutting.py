"""Words made fit for LINE: cleaned of what is no text, and cut where it hurts least."""

from __future__ import annotations

import sys

import regex

from bot.line import limits

ELLIPSIS = "…"
OPENING_GRAPHEMES = 40
"""A sentence that is shorter says too little alone ("ได้ค่ะ"): the next one is taken, too."""

_HALF_A_PAIR = regex.compile("[\ud800-\udfff]")
_NO_TEXT = regex.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_VISIBLE = regex.compile(r"[^\s\p{Z}\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]")
_SENTENCE_END = regex.compile(
    r"\n+|(?<=[!?…。]|ค่ะ|คะ|ครับ|คับ|จ้ะ|จ้า)[ \t]+|(?<=[a-z0-9)]\.)[ \t]+(?=[A-Z])|(?<=[\p{Emoji_Presentation}])[ \t]+"
)


def clean(text: str) -> str:
    """Without control characters but line breaks and tabs, without blanks around it. Half a surrogate pair, which no
    encoder takes, becomes the replacement character. Empty when nothing in it can be seen.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _NO_TEXT.sub("", _HALF_A_PAIR.sub("\ufffd", text)).strip()
    return text if _VISIBLE.search(text) else ""


def clean_line(text: str) -> str:
    """The same on one line: a label, the name of a place."""
    return " ".join(clean(text).split())


def shorten(text: str, *, units: int, graphemes: int = sys.maxsize) -> str:
    """Cut between graphemes, with an ellipsis in place of what is gone; inside one only where it alone is too long, for
    a letter may carry thousands of marks. The limits are three units and two graphemes at least.
    """
    if limits.utf16_units(text) <= units and (len(text) <= graphemes or limits.graphemes(text) <= graphemes):
        return text
    kept = ""
    used = 1
    for number, cluster in enumerate(limits.GRAPHEME.finditer(text), start=1):
        used += limits.utf16_units(cluster[0])
        if used > units or number >= graphemes:
            break
        kept += cluster[0]
    return (kept or _head(text, units - 1)).rstrip() + ELLIPSIS


def shorten_label(text: str, most: int = limits.LABEL_GRAPHEMES) -> str:
    return shorten(text, units=limits.LABEL_UNITS, graphemes=most)


def split_text(text: str, most: int) -> list[str]:
    """Pieces of at most so many UTF-16 units: cut at the last paragraph, else line, else blank in the second half of
    what would fit, else between two graphemes. Blanks at the cuts are dropped, nothing else; no piece is empty.
    """
    pieces = []
    while limits.utf16_units(text) > most:
        head = _head(text, most)
        cut = _cut(head)
        pieces.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [piece for piece in (*pieces, text) if piece]


def opening(text: str) -> str:
    """The first sentence, and more of them until there is something to understand; all of it where none ends.

    Thai has no full stop: a sentence ends with its line, or at a blank after a polite particle.
    """
    for end in _SENTENCE_END.finditer(text):
        if limits.graphemes(text[: end.start()]) >= OPENING_GRAPHEMES:
            return " ".join(text[: end.start()].split())
    return " ".join(text.split())


def _cut(head: str) -> int:
    """Where to cut, always beyond the first character."""
    half = len(head) // 2
    for mark in ("\n\n", "\n", " "):
        at = head.rfind(mark)
        if at > half:
            return at
    whole = sum(map(len, limits.GRAPHEME.findall(head)[:-1]))  # the last one may go on beyond the head
    return whole or len(head)


def _head(text: str, units: int) -> str:
    """As many whole characters as fit, and one at least."""
    used = 0
    for position, character in enumerate(text):
        used += 2 if ord(character) > 0xFFFF else 1
        if used > units:
            return text[: max(position, 1)]
    return text
