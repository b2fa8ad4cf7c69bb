"""Every number of LINE's that we rely on, once, and LINE's two ways of counting.

Source: LINE's Messaging API reference, read in August 2026.
"""

from __future__ import annotations

import regex

MESSAGES_A_REQUEST = 5
AGGREGATION_UNITS_A_PAGE = 100
FOLLOWERS_A_PAGE = 1000
TEXT_UNITS = 5000
"""Of a text message. LINE names no figure for a text inside a card; we keep to the same."""
ALT_TEXT_UNITS = 1500
POSTBACK_DATA_UNITS = 300
SHOWN_TEXT_GRAPHEMES = 300
"""Of what a button says for the person: a postback's words, and a message's."""
LABEL_GRAPHEMES = 20
"""Of template buttons and quick replies. Flex buttons may have 40; ours keep to 20 to fit a narrow phone."""
FLEX_LABEL_GRAPHEMES = 40
"""Of everything in a card. Rows use it: their words may go on in a second line."""
QUICK_REPLIES = 13
COPY_UNITS = 1000
PICKER_YEARS = (1900, 2100)
URI_CHARACTERS = 1000
URI_SCHEMES = ("http", "https", "line", "tel")
PICTURE_ADDRESS_CHARACTERS = 2000
PLACE_CHARACTERS = 100
FLEX_BUBBLE_BYTES = 30_000
"""LINE says 30 KB, and neither which kilobyte nor of which encoding: the smallest reading."""
CAROUSEL_BUBBLES = 12
FLEX_CAROUSEL_BYTES = 50_000
"""LINE says 50 KB; the smallest reading, as above."""
LOADING_SECONDS = tuple(range(5, 61, 5))
REPLY_TOKEN_SECONDS = 60
"""LINE asks that a reply token be used within a minute."""

NOTIFICATION_UNITS = 400
"""Ours, not LINE's: a notification shows two or three lines, and a list of chats shows one."""
LABEL_UNITS = 160
"""Ours: a grapheme may have any number of marks, and LINE counts it as one. A family of five emoji has 14 units."""
SHOWN_TEXT_UNITS = 600
"""Ours, for the same reason: 300 Thai graphemes have some 450 units."""
CONTENT_BYTES = 10_000_000
"""Ours: of a picture that a person sent. LINE's apps make them smaller than that."""
WEBHOOK_BYTES = 1_000_000
"""Ours, not LINE's: a webhook of LINE's is a few kilobytes."""

GRAPHEME = regex.compile(r"\X")


def utf16_units(text: str) -> int:
    """LINE's unit for most lengths: an emoji counts two or more, a Thai character one."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", errors="surrogatepass")) // 2


def graphemes(text: str) -> int:
    """LINE's unit for labels and for what a postback shows: a consonant with its vowel and tone mark counts one."""
    return len(GRAPHEME.findall(text))
