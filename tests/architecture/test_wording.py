"""The sentences: both languages have them all, each is said somewhere, and each fits where it is shown."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest

from bot.incoming import SHARED
from bot.line import limits
from handlers.crisis import HOTLINES
from handlers.wording import LANGUAGES, placeholders, sentences_of
from knowledge.catalogue import SHIPPED, load_catalogue
from knowledge.checks import ACTIONS
from tests.architecture.source import list_modules, name_of_call, parse

KEY = re.compile(r"[a-z]+(\.[a-z_]+)+")
ALWAYS_FILLED_IN = frozenset({"centre"})
SAYING = {"say", "button", "vary", "menu_card"}
AGAIN = ".again"
LABELS = ("button.", "action.")


def families() -> Mapping[str, tuple[str, ...]]:
    """What may follow each beginning that handlers put keys together from."""
    return {
        "action.": ACTIONS,
        "fallback.": tuple(load_catalogue(SHIPPED).refusals),
        "shared.": tuple(sorted(SHARED - {"location"} | {"media"})),
    }


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence asked for by its key. `facts` are given with it, None where they are not told one by one."""

    key: str
    facts: frozenset[str] | None
    where: str


def keys_written() -> Iterator[str]:
    """Everything in the handlers that looks like a key, but for the names of routes."""
    groups = {key.partition(".")[0] for key in sentences_of("th")}
    for path in list_modules("handlers"):
        tree = parse(path)
        names = {
            id(call.args[0])
            for call in ast.walk(tree)
            if isinstance(call, ast.Call) and name_of_call(call) in {"route", "Route"}
        }
        for node in ast.walk(tree):
            match node:
                case ast.Constant(value=str(text)) if id(node) not in names and KEY.fullmatch(text):
                    if text.partition(".")[0] in groups:
                        yield text


def calls_that_say() -> Iterator[tuple[str, ast.Call]]:
    for path in list_modules("handlers"):
        for call in ast.walk(parse(path)):
            if isinstance(call, ast.Call) and name_of_call(call) in SAYING and len(call.args) > 1:
                yield f"{path.name}:{call.lineno}", call


def sentences_said() -> Iterator[Said]:
    for where, call in calls_that_say():
        if isinstance(call.args[1], ast.Constant):
            names = [keyword.arg for keyword in call.keywords]
            told = name_of_call(call) == "say" and None not in names
            yield Said(str(call.args[1].value), frozenset(map(str, names)) if told else None, where)


def beginnings_put_together() -> set[str]:
    parts = [call.args[1].values[0] for _, call in calls_that_say() if isinstance(call.args[1], ast.JoinedStr)]
    return {str(part.value) for part in parts if isinstance(part, ast.Constant)}


def test_both_languages_have_the_same_sentences() -> None:
    assert set(sentences_of("th")) == set(sentences_of("en"))


def test_both_languages_fill_in_the_same_facts() -> None:
    thai, english = ({key: placeholders(text) for key, text in sentences_of(name).items()} for name in ("th", "en"))
    assert thai == english


def test_keys_are_put_together_only_from_known_families() -> None:
    assert beginnings_put_together() == set(families())


def test_every_key_in_the_handlers_is_a_sentence() -> None:
    asked = {said.key for said in sentences_said()} | set(keys_written())
    asked |= {beginning + end for beginning, ends in families().items() for end in ends}
    assert sorted(asked - set(sentences_of("th"))) == []


def keys_varied() -> Iterator[str]:
    """What may be said twice running, and so has another wording for the second time."""
    for _, call in calls_that_say():
        if name_of_call(call) != "vary":
            continue
        if isinstance(call.args[1], ast.JoinedStr):
            beginning = str(call.args[1].values[0].value)
            yield from (beginning + end for end in families()[beginning])
        else:
            yield from (part.value for part in ast.walk(call.args[1]) if isinstance(part, ast.Constant))


def test_what_may_be_said_twice_running_has_two_wordings() -> None:
    again = {key.removesuffix(AGAIN) for key in sentences_of("th") if key.endswith(AGAIN)}
    assert again == set(keys_varied())
    for language in LANGUAGES:
        sentences = sentences_of(language)
        assert [key for key in again if sentences[key] == sentences[key + AGAIN]] == []


def test_every_sentence_is_said_somewhere() -> None:
    used = set(keys_written()) | {beginning + end for beginning, ends in families().items() for end in ends}
    used |= {key + AGAIN for key in keys_varied()}
    assert sorted(set(sentences_of("th")) - used) == []


def test_every_fact_of_a_sentence_is_given_with_it() -> None:
    sentences = sentences_of("th")
    missing = {
        said.where: sorted(placeholders(sentences[said.key]) - said.facts - ALWAYS_FILLED_IN)
        for said in sentences_said()
        if said.facts is not None and said.key in sentences
    }
    assert {where: names for where, names in missing.items() if names} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_fit_a_button(language: str) -> None:
    facts = dict.fromkeys(("number",), max(HOTLINES, key=len))
    lengths = {
        key: limits.graphemes(text.format_map(facts))
        for key, text in sentences_of(language).items()
        if key.startswith(LABELS)
    }
    assert {key: length for key, length in lengths.items() if not 0 < length <= limits.LABEL_GRAPHEMES} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_well_formed_and_short_enough_to_be_read(language: str) -> None:
    for key, text in sentences_of(language).items():
        assert text, key
        list(string.Formatter().parse(text))  # raises on a lone brace
        assert limits.utf16_units(text) < limits.TEXT_UNITS // 10, key
