"""What people type, without what does not count: the words that the bot itself names are known however they are put."""

from __future__ import annotations

import re

from bot.events import answers

_AROUND = " …!\"'“”‘’«»"
_PLEASE = re.compile(r"(?<=\S)\s*น(?:ะ|้า|่ะ)$")


def plain_words(text: str) -> str:
    """Without polite endings, quotation marks and full stops, in lower case, and with แ however it was typed."""
    inside = answers.bare(text.replace("เเ", "แ").strip(_AROUND)).strip(_AROUND)
    return _PLEASE.sub("", answers.bare(inside))
