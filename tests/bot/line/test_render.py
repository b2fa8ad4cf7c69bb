from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from bot.line import limits
from bot.line.render import render
from bot.messages import Card, Link, Place, Press, Say, Text

WORDS = st.text(min_size=1, max_size=60).filter(str.strip)
ACTIONS = st.builds(Say, WORDS, WORDS) | st.builds(Press, WORDS, st.just("menu?~x~y"), WORDS)


def test_quick_replies_ride_on_the_last_message_only() -> None:
    choice = Say("เมนู", "เมนู")
    first, last = render([Text("หนึ่ง", (choice,)), Text("สอง")])
    assert "quickReply" not in first
    assert last["quickReply"]["items"] == [
        {"type": "action", "action": {"type": "message", "label": "เมนู", "text": "เมนู"}}
    ]


def test_a_card_is_a_bubble_with_its_paragraphs_and_buttons() -> None:
    card = Card("หัวเรื่อง", "ย่อหน้าแรก\n\nย่อหน้าสอง", (Link("โทร 191", "tel:191"), Say("ไป", "ไป")), "ย่อหน้าแรก")
    (message,) = render([card])
    assert message["type"] == "flex"
    assert [part["text"] for part in message["contents"]["body"]["contents"]] == ["หัวเรื่อง", "ย่อหน้าแรก", "ย่อหน้าสอง"]
    buttons = message["contents"]["footer"]["contents"]
    assert [button["style"] for button in buttons] == ["primary", "secondary"]
    assert buttons[0]["action"] == {"type": "uri", "label": "โทร 191", "uri": "tel:191"}


def test_a_place_keeps_to_line_s_lengths() -> None:
    (message,) = render([Place("ศ" * 150, "ท" * 150, 19.9, 99.8)])
    assert (len(message["title"]), len(message["address"])) == (100, 100)


def test_a_long_text_is_split_at_a_paragraph() -> None:
    paragraph = "ก" * 3000
    rendered = render([Text(f"{paragraph}\n\n{paragraph}")])
    assert [message["text"] for message in rendered] == [paragraph, paragraph]


def test_nothing_to_say_renders_to_nothing() -> None:
    assert render([]) == []
    assert render([Text("")]) == []


@given(st.text(min_size=1, max_size=12_000))
def test_splitting_keeps_within_the_limit_and_every_visible_letter(text: str) -> None:
    pieces = limits.split_text(text, 100)
    assert all(limits.utf16_units(piece) <= 100 for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


@given(WORDS, WORDS, st.lists(ACTIONS, max_size=4), st.lists(ACTIONS, max_size=20))
def test_whatever_is_said_fits_line_s_limits(
    title: str, text: str, actions: list[Say | Press], choices: list[Say]
) -> None:
    rendered = render([Card(title, text, tuple(actions), text, tuple(choices))])
    assert 1 <= len(rendered) <= limits.MESSAGES_A_REQUEST
    assert len(rendered[-1].get("quickReply", {}).get("items", [])) <= limits.QUICK_REPLIES
    assert len(json.dumps(rendered[0]["contents"]).encode()) < limits.FLEX_BUBBLE_BYTES
    labels = [button["action"]["label"] for button in rendered[0]["contents"].get("footer", {}).get("contents", [])]
    assert all(1 <= limits.graphemes(label) <= limits.LABEL_GRAPHEMES for label in labels)
