"""What somebody was asked when their case was opened; who they are is hidden until it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.cases.taking_back import TAKEN_BACK
from bot.console import case_words as words
from bot.masking import mask


@dataclass(frozen=True, slots=True)
class Field:
    label: str
    text: str
    hidden: bool


def read(form: Mapping[str, Any], *, whole: bool, contact_shown: bool, districts: Mapping[str, str]) -> list[Field]:
    """`whole`: the visitor may see people. Nothing of what was left empty."""
    found = []
    for name, value in form.items():
        text = districts.get(str(value), _text(value)) if name == "district" else _text(value)
        if name == TAKEN_BACK:
            text = ", ".join(words.FIELDS.get(one, one) for one in value)
        if not text:
            continue
        hidden = name in words.CONTACTS and not contact_shown
        found.append(Field(words.FIELDS.get(name, name), "" if hidden else text if whole else mask(text), hidden))
    return found


def _text(value: Any) -> str:  # noqa: ANN401 - as it was stored
    if isinstance(value, bool):
        return words.YES_NO[value]
    if isinstance(value, (list, tuple)):
        return "\n".join(filter(None, map(_text, value)))
    return "" if value is None else str(value)
