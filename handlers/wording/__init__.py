"""Every sentence the bot says, as data, so that a translator touches no code.

A language has a file by its name, and beside it files such as `linking.th.yaml` for what only some people ever hear.
"""

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


class SaidTwice(ValueError):
    """Two files of one language have a sentence under the same key."""


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
    found: dict[str, str] = {}
    for file in resources.files(__package__).iterdir():
        if file.name == f"{language}.yaml" or file.name.endswith(f".{language}.yaml"):
            sentences = yaml.safe_load(file.read_text(encoding="utf-8"))
            if found.keys() & sentences.keys():
                raise SaidTwice(sorted(found.keys() & sentences.keys()))
            found |= {key: str(value).strip() for key, value in sentences.items()}
    return found


@cache
def load(language: str) -> Wording:
    """The wording of a language, or of Thai where we do not have it."""
    if language not in LANGUAGES:
        language = FALLBACK_LANGUAGE
    return Wording(language, {**sentences_of(FALLBACK_LANGUAGE), **sentences_of(language)})
