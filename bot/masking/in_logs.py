"""What goes into the logs: in English placeholders, stricter with numbers, and without a look at names."""

from __future__ import annotations

import re

from bot.masking import numbers
from bot.masking.accounts import mask_addresses
from bot.masking.numbers import mask_numbers
from bot.masking.over_lines import mask_over_lines
from bot.masking.writing import plain, without_invisible

_REPLY_TOKEN = re.compile(r"(?<![0-9A-Za-z\-])[0-9a-f]{32}(?![0-9A-Za-z\-])")
_GAP = r"[ \u00a0.\-–/()]{0,2}"
_THIRTEEN = re.compile(rf"(?<![0-9])[0-9](?:{_GAP}[0-9]){{12}}(?![0-9])")
_PHONE = re.compile(
    rf"(?<![0-9])(?:(?:\+|00){_GAP}66{_GAP}(?:\(0\){_GAP})?[2-9](?:{_GAP}[0-9]){{7,8}}"
    rf"|0{_GAP}[689](?:{_GAP}[0-9]){{8}}|0{_GAP}[23457](?:{_GAP}[0-9]){{7}})(?![0-9])"
)
_SAID = {numbers.PHONE: "<phone>", numbers.IDENTITY: "<id>", numbers.NUMBER: "<number>"}
_LETTER_BEFORE, _LETTER_AFTER = re.compile("[A-Za-z_]-?$"), re.compile("-?[A-Za-z_]")
_LONGEST_NUMBER = 16


def mask_for_logs(text: str) -> str:
    """Like `mask`, stricter: any thirteen digits go, right or wrong, all that looks like a telephone number, and reply
    tokens. Only the digits inside ids that machines give stay: seventeen and more, or beside Latin letters."""
    if len(text) <= 20 and text.isascii() and text.isalpha():
        return text
    text = without_invisible(text) if text.isascii() else plain(text)
    text = mask_addresses(text, email="<email>", line_id="<line-id>")
    text = _REPLY_TOKEN.sub("<token>", text)
    text = mask_over_lines(text, say=_SAID.__getitem__)
    text = _PHONE.sub("<phone>", _THIRTEEN.sub("<id>", text))
    return mask_numbers(text, say=_SAID.__getitem__, only_sure=_is_of_a_machine)


def _is_of_a_machine(run: str, before: str, after: str) -> bool:
    if run.isdigit() and len(run) > _LONGEST_NUMBER:
        return True
    return bool(_LETTER_AFTER.match(after) or _LETTER_BEFORE.search(before))
