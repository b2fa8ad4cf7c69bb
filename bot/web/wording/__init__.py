"""Every sentence on the public pages, as data, so that a translator touches no code."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

import yaml

THAI, ENGLISH = "th", "en"


@cache
def sentences_of(language: str) -> Mapping[str, str]:
    text = resources.files(__package__).joinpath(f"{language}.yaml").read_text(encoding="utf-8")
    return {key: str(value).strip() for key, value in yaml.safe_load(text).items()}


def say(language: str, key: str, **facts: object) -> str:
    """Facts are filled in as they are. Raises KeyError where nobody has written the sentence."""
    return sentences_of(language)[key].format_map(facts)
