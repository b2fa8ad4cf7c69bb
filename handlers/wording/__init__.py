"""Every sentence the bot says, as data: one YAML file a language, so that a translator touches no code."""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

FALLBACK_LANGUAGE = "th"
LANGUAGES = ("th", "en")


class NoSuchSentence(KeyError):
    """A handler asked for a sentence that no language has: a fault of ours, found by the tests."""


def placeholders(sentence: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in string.Formatter().parse(sentence) if name)


@dataclass(frozen=True, slots=True)
class Wording:
    """The sentences of one language, those it lacks taken from Thai."""

    language: str
    sentences: Mapping[str, str]

    def say(self, key: str, **facts: str) -> str:
        """The sentence with `facts` filled in as they are: braces within a fact mean nothing. Raises NoSuchSentence."""
        try:
            sentence = self.sentences[key]
        except KeyError as error:
            raise NoSuchSentence(key) from error
        return sentence.format_map(facts)


@cache
def sentences_of(language: str) -> Mapping[str, str]:
    text = resources.files(__package__).joinpath(f"{language}.yaml").read_text(encoding="utf-8")
    return {key: str(value).strip() for key, value in yaml.safe_load(text).items()}


@cache
def load(language: str) -> Wording:
    """The wording of a language, or of Thai where we do not have it."""
    if language not in LANGUAGES:
        language = FALLBACK_LANGUAGE
    return Wording(language, {**sentences_of(FALLBACK_LANGUAGE), **sentences_of(language)})
