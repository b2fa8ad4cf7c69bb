"""What citizens wrote, before it is kept for longer than a turn."""

from __future__ import annotations

import re

from bot.masking.accounts import mask_accounts
from bot.masking.documents import mask_documents, mask_numbers_of_papers
from bot.masking.names import mask_names
from bot.masking.numbers import mask_numbers
from bot.masking.over_lines import mask_over_lines
from bot.masking.places import mask_places
from bot.masking.writing import plain

_DIGIT = re.compile("[0-9]")
_MOST_PASSES = 6


def mask(text: str) -> str:
    """A citizen's words with what identifies a person replaced by a Thai word in angle brackets.

    The rest is kept, in normal form. Used before anything that people wrote is stored for longer than a turn. Masking
    what is masked changes nothing: what was found is looked at again, until nothing more is found.
    """
    text = plain(text)
    for _ in range(_MOST_PASSES):
        masked = _once(text)
        if masked == text:
            break
        text = masked
    return text


def _once(text: str) -> str:
    text = mask_accounts(text)
    if _DIGIT.search(text) or "ศูนย์" in text:
        text = mask_documents(text)
        text = mask_over_lines(text)
        text = mask_numbers(text)
        text = mask_numbers_of_papers(text)
        text = mask_places(text)
    return mask_names(text)
