"""Put an entry's answer together for a reader."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from knowledge.entries import Entry

BUDDHIST_ERA = 543
FALLBACK = "th"
FIELD = re.compile(r"\{\{|\}\}|\{(?P<name>[a-z_]+)(?::(?P<argument>[^{}]*))?\}|[{}]")
"""A doubled brace, a field, or a brace that should not be there."""


def compose(entry: Entry, *, language: str, facts: Mapping[str, str], today: date) -> str:
    """The text of an answer. `facts` are the settings that are filled in; their text is never read as a template.

    A detail is said when all it needs is there; when none can be said, `unavailable` is. A line of the answer itself
    that names a missing setting is left out. A missing language is Thai.
    """
    known = {name: value for name, value in facts.items() if value}
    answer = _fill(_in(entry.answer, language), known, today)
    if not entry.details:
        return answer
    details = [
        _fill(_in(detail.text, language), known, today)
        for detail in entry.details
        if all(name in known for name in detail.needs)
    ]
    said = [detail for detail in details if detail]
    if not said and entry.unavailable:
        said = [_fill(_in(entry.unavailable, language), known, today)]
    return "\n\n".join(part for part in (answer, "\n".join(said)) if part)


def longest_form(entry: Entry, *, language: str) -> str:
    """The most that `compose` can say with empty settings: for checking lengths."""
    details = "\n".join(_in(detail.text, language) for detail in entry.details)
    unavailable = _in(entry.unavailable, language) if entry.unavailable else ""
    return "\n\n".join(part for part in (_in(entry.answer, language), max(details, unavailable, key=len)) if part)


def _in(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language) or texts[FALLBACK]


def _fill(text: str, known: Mapping[str, str], today: date) -> str:
    sayable = "\n".join(line for line in text.split("\n") if _can_say(line, known))
    tidy = re.sub(r"\n{3,}", "\n\n", sayable).strip("\n")
    return FIELD.sub(lambda match: _value(match, known, today), tidy)


def _can_say(line: str, known: Mapping[str, str]) -> bool:
    return all(match["name"] in known for match in FIELD.finditer(line) if match["name"] and match["argument"] is None)


def _value(match: re.Match[str], known: Mapping[str, str], today: date) -> str:
    name, argument = match["name"], match["argument"]
    if match[0] in ("{{", "}}"):
        return match[0][0]
    if name is None:
        return match[0]
    if argument is None:
        return known[name]
    return str(today.year + BUDDHIST_ERA - int(argument)) if name == "years_since" else match[0]
