from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

import bot.web
from bot.web import wording

WEB = Path(bot.web.__file__).parent
_KEY = re.compile(r"""["']([a-z_]+\.[a-z_]+)["']""")
MADE_UP = {"event.adults", "event.guardian", "state.over_more", "state.over_came_more"}
"""Put together from two parts in the code, beside `why.…` by the reason."""


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def said_somewhere() -> set[str]:
    """What stands in the code of these pages and is named like a sentence."""
    families = {key.partition(".")[0] for key in wording.sentences_of("th")}
    files = [*WEB.glob("*.py"), *(WEB / "templates" / "web").glob("*.html")]
    keys = {key for file in files for key in _KEY.findall(file.read_text(encoding="utf-8"))}
    return {key for key in keys if key.partition(".")[0] in families and not key.endswith(".html")}


def test_both_languages_have_the_same_sentences_with_the_same_facts() -> None:
    thai, english = (wording.sentences_of(language) for language in ("th", "en"))

    assert {key: placeholders(sentence) for key, sentence in thai.items()} == {
        key: placeholders(sentence) for key, sentence in english.items()
    }


def test_every_sentence_is_said_somewhere() -> None:
    known = set(wording.sentences_of("th"))

    assert {key for key in known - said_somewhere() - MADE_UP if not key.startswith("why.")} == set()


def test_every_key_is_a_sentence() -> None:
    assert said_somewhere() - set(wording.sentences_of("th")) == set()


@pytest.mark.parametrize("word", ["(?<!เ)ท่าน", "กรุณา", "ดำเนินการ", "ครับ", "ข้าพเจ้า", "  "])
def test_thai_is_plain(word: str) -> None:
    assert [key for key, sentence in wording.sentences_of("th").items() if re.search(word, sentence)] == []
