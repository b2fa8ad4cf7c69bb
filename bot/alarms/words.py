"""What is told of an alarm: in Thai, and below it in English for whoever runs the machines."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

from bot.storage.alarms import AlarmRow

LANGUAGES = ("th", "en")


@dataclass(frozen=True, slots=True)
class Told:
    """One telling, of one alarm or of several. `key` is the same whenever the same thing is told again."""

    subject: str
    text: str
    names: tuple[str, ...]
    over: bool
    key: str


@cache
def load(language: str) -> Mapping[str, str]:
    text = resources.files(__package__).joinpath(f"alarms.{language}.yaml").read_text(encoding="utf-8")
    read: Mapping[str, str] = yaml.safe_load(text)
    return read


def line_of(row: AlarmRow, language: str) -> str:
    """What is wrong, in one line."""
    facts: Mapping[str, str] = json.loads(row.detail or "{}")
    return load(language)[f"on.{row.name}"].format_map(facts)


def tell_on(rows: Sequence[AlarmRow]) -> Told:
    return _told("subject", [_both(row, over=False) for row in rows], rows, over=False)


def tell_over(rows: Sequence[AlarmRow]) -> Told:
    return _told("subject_over", [_both(row, over=True) for row in rows], rows, over=True)


def test() -> Told:
    text = "\n".join(load(language)["test"] for language in LANGUAGES)
    return Told(load("th")["subject"], text, (), over=False, key=f"test/{uuid.uuid4()}")


def _both(row: AlarmRow, *, over: bool) -> str:
    lines = []
    for language in LANGUAGES:
        words = line_of(row, language)
        lines.append(f"{load(language)['over']}: {words}" if over else words)
    return "\n".join(lines)


def _told(subject: str, texts: Sequence[str], rows: Sequence[AlarmRow], *, over: bool) -> Told:
    key = "/".join(f"{row.name}@{row.since.isoformat()}@{row.told_over_at if over else row.told_at}" for row in rows)
    names = tuple(row.name for row in rows)
    return Told(load("th")[subject], "\n\n".join(texts), names, over=over, key=key)
