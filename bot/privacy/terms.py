"""The words in which the data map is told: to citizens in the privacy notice, to authorities in the register."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

import yaml

from bot.privacy.data_map import Activity, Kept
from bot.settings import Settings

LANGUAGES = ("th", "en")


@cache
def load(language: str) -> Mapping[str, str]:
    """Raises FileNotFoundError for a language that we do not have."""
    text = resources.files(__package__).joinpath(f"terms.{language}.yaml").read_text(encoding="utf-8")
    read: Mapping[str, str] = yaml.safe_load(text)
    return read


def say(language: str, key: str, **facts: object) -> str:
    return load(language)[key].format_map(facts)


def how_long(kept: Kept, language: str, settings: Settings) -> str:
    if kept.words is not None:
        return kept.words[language]
    if kept.hours is not None:
        return say(language, "hours", number=kept.hours)
    days = kept.days if kept.days is not None else getattr(settings, kept.setting or "")
    return say(language, "days", number=days)


def kept_lines(activity: Activity, language: str, settings: Settings) -> list[str]:
    return [
        say(language, "and_kept", what=kept.what[language], long=how_long(kept, language, settings))
        for kept in activity.kept
    ]


def shared_with(activity: Activity, language: str) -> str:
    return say(language, f"shared.{activity.shared or 'nobody'}")


def on_erasure(activity: Activity, language: str) -> str:
    return say(language, f"erased.{activity.erased}")
