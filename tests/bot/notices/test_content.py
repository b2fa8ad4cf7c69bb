from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.notices import content
from bot.notices.content import NAME, Bubble, Content, ContentRefused, hash_of

CARD = Bubble("card", "เชิญค่ะ", "งาน", "https://centre.go.th/a.png", "https://centre.go.th", "ดู")
EVERYONE: dict[str, Any] = {"groups": [["everyone", ""]], "without": []}
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=30)
BUBBLES = st.builds(Bubble, st.sampled_from(content.KINDS), WORDS, WORDS, WORDS, WORDS, WORDS)


@settings(max_examples=50, deadline=None, database=None)
@given(st.lists(BUBBLES, max_size=4), st.booleans())
def test_content_that_was_kept_is_the_same_again(bubbles: list[Bubble], event_button: bool) -> None:
    said = Content(tuple(bubbles), event_button)
    kept = json.loads(json.dumps(said.to_json()))
    assert content.from_json(kept) == said
    assert hash_of(content.from_json(kept), EVERYONE) == hash_of(said, EVERYONE)


def test_what_is_missing_is_empty_and_what_is_unknown_is_left_out() -> None:
    assert content.from_json({}) == Content(())
    kept = {"bubbles": [{"text": "ก\r\nข", "colour": "red"}, {"kind": "card"}], "event_button": False, "more": 1}
    assert content.from_json(kept) == Content((Bubble("text", "ก\nข"), Bubble("card", "")), event_button=False)


@pytest.mark.parametrize(
    "kept",
    [
        [],
        None,
        {"bubbles": "ก"},
        {"bubbles": {"text": "ก"}},
        {"bubbles": ["ก"]},
        {"bubbles": [{"text": 1}]},
        {"bubbles": [{"text": None}]},
        {"bubbles": [{"kind": "carousel"}]},
        {"bubbles": [{"kind": ["text"]}]},
        {"bubbles": [{}] * 21},
        {"event_button": "yes"},
    ],
)
def test_nonsense_is_refused(kept: Any) -> None:
    with pytest.raises(ContentRefused):
        content.from_json(kept)


def test_content_is_personal_where_a_name_stands_in_a_text_or_a_title() -> None:
    assert Content((CARD, Bubble("text", f"สวัสดีคุณ{NAME}"))).is_personal
    assert Content((Bubble("card", "ก", f"ถึง {NAME}"),)).is_personal
    assert not Content((CARD, Bubble("text", "{ชือ} {name}", label=NAME))).is_personal


def test_the_hash_changes_with_every_part_and_not_with_the_order_of_keys() -> None:
    base = hash_of(Content((CARD,)), EVERYONE)
    assert base == hash_of(Content((CARD,)), dict(reversed(EVERYONE.items())))
    others = [
        Content((CARD, CARD)),
        Content((CARD,), event_button=False),
        *(Content((Bubble(**{**CARD_FIELDS, field: "text" if field == "kind" else "x"}),)) for field in CARD_FIELDS),
    ]
    hashes = {hash_of(other, EVERYONE) for other in others} | {hash_of(Content((CARD,)), {"groups": [], "without": []})}
    assert len(hashes - {base}) == len(others) + 1
    assert len(base) == 64


CARD_FIELDS: dict[str, Any] = Content((CARD,)).to_json()["bubbles"][0]


def test_the_hash_is_of_the_words_as_they_are_kept() -> None:
    """It stands in approvals: were it made otherwise one day, all of them would be void."""
    written = (
        '{"audience":{"groups":[["everyone",""]],"without":[]},"content":{"bubbles":[{"kind":"text","label":"",'
        '"link":"","picture":"","text":"\\u0e01","title":""}],"event_button":true}}'
    )
    assert hash_of(Content((Bubble("text", "ก"),)), EVERYONE) == hashlib.sha256(written.encode()).hexdigest()


@pytest.mark.parametrize(
    ("text", "most", "shortened"),
    [
        ("ที่นี่", 7, "ที่นี่"),
        ("ที่นี่ที่ไหน", 4, "ที่นี่ที่…"),
        ("abcd efghij", 7, "abcd…"),
        ("a bcdefghij", 7, "a bcde…"),
        ("👩\u200d👧ab", 2, "👩\u200d👧…"),
    ],
)
def test_texts_are_shortened_between_letters_and_at_a_blank(text: str, most: int, shortened: str) -> None:
    assert content.shorten(text, most) == shortened
    assert content.graphemes(shortened) <= most


def test_a_line_has_no_breaks_and_nothing_that_turns_the_writing() -> None:
    assert content.one_line(" ก\r\nข\u2028\x00ค\u202eง\t\t") == "ก ข ค ง"
