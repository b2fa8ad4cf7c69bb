from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.line import limits
from bot.line.render import render
from bot.messages import Card, Link, Message, Place, Press, Say, Text
from tests.proof.contracting import actions_in, by_the_sdk

SAY = Say("เมนู", "เมนู")
LONG = "บรรทัดหนึ่งของข้อความยาว\n\n"


def labels(part: object) -> list[str]:
    return [action["label"] for action in actions_in(part)]


def left_out(messages: Sequence[Message]) -> tuple[list[dict[str, Any]], list[str]]:
    with capture_logs() as lines:
        rendered = render(messages)
    return rendered, [line["part"] for line in lines]


def test_quick_replies_ride_on_the_last_message_only() -> None:
    first, last = render([Text("หนึ่ง", (SAY,)), Text("สอง")])
    assert "quickReply" not in first
    assert last["quickReply"]["items"] == [
        {"type": "action", "action": {"type": "message", "label": "เมนู", "text": "เมนู"}}
    ]


def test_the_choices_of_the_last_message_win_and_thirteen_are_shown() -> None:
    choices = tuple(Press(f"ข้อ {number}", "d", "ก") for number in range(20))
    (*_, last) = render([Text("หนึ่ง", (SAY,)), Text("สอง", choices)])
    assert labels(last) == [f"ข้อ {number}" for number in range(limits.QUICK_REPLIES)]


def test_a_choice_that_cannot_be_made_leaves_its_place_to_the_next() -> None:
    bad = Link("ไม่ได้", "mailto:a@example.org")
    (message,) = render([Text("ก", (bad, *[SAY] * 13))])
    assert labels(message) == ["เมนู"] * 13
    assert render([Text("ก", (bad,))]) == [{"type": "text", "text": "ก"}]


def test_a_card_is_a_bubble_with_its_paragraphs_and_buttons() -> None:
    card = Card("หัวเรื่อง", "ย่อหน้าแรก\n\nย่อหน้าสอง", (Link("โทร 191", "tel:191"), Say("ไป", "ไป")), "ย่อหน้าแรก")
    (message,) = render([card])
    assert message["type"] == "flex"
    assert [part["text"] for part in message["contents"]["body"]["contents"]] == ["หัวเรื่อง", "ย่อหน้าแรก", "ย่อหน้าสอง"]
    buttons = message["contents"]["footer"]["contents"]
    assert [button["style"] for button in buttons] == ["primary", "secondary"]
    assert buttons[0]["action"] == {"type": "uri", "label": "โทร 191", "uri": "tel:191"}


def test_four_actions_are_buttons_and_five_are_rows_with_longer_labels() -> None:
    actions = tuple(Say("เวทีแลกเปลี่ยนเรียนรู้ของคนในชุมชน", "ก") for _ in range(5))
    (four,) = render([Card("ก", "", actions[:4], "")])
    (five,) = render([Card("ก", "", actions, "")])
    assert [part["type"] for part in four["contents"]["footer"]["contents"]] == ["button"] * 4
    assert {part["type"] for part in five["contents"]["footer"]["contents"]} == {"box", "separator"}
    assert max(map(limits.graphemes, labels(four))) == limits.LABEL_GRAPHEMES
    assert labels(five) == ["เวทีแลกเปลี่ยนเรียนรู้ของคนในชุมชน"] * 5


@pytest.mark.parametrize(
    ("card", "alt"),
    [
        (Card("ติดต่อศูนย์", "โทรได้เลยค่ะ\nวันจันทร์ถึงวันศุกร์", (), ""), "ติดต่อศูนย์\nโทรได้เลยค่ะ วันจันทร์ถึงวันศุกร์"),
        (Card("", "ก" * 50 + "ค่ะ " + "ข" * 50, (), "ก" * 50 + "ค่ะ " + "ข" * 50), "ก" * 50 + "ค่ะ"),
        (Card("หัวเรื่อง", "ข้อความ", (), "คำบอกของผู้เขียนเอง"), "คำบอกของผู้เขียนเอง"),
        (Card("หัวเรื่อง", " ", (SAY,), ""), "หัวเรื่อง"),
        (Card("", "", (SAY, Link("โทร", "tel:191")), ""), "เมนู, โทร"),
        (Card("", "ที่" * 500, (), ""), "ที่" * 133 + "…"),
    ],
    ids=["title and beginning", "the text again", "own words", "title alone", "buttons alone", "too long"],
)
def test_a_notification_is_made_of_the_card_s_own_words(card: Card, alt: str) -> None:
    (message,) = render([card])
    assert message["altText"] == alt
    assert limits.utf16_units(alt) <= limits.NOTIFICATION_UNITS


def test_a_card_too_large_for_a_bubble_says_its_words_ahead_and_loses_none() -> None:
    actions = tuple(Press(f"ข้อ {number}", f"d{number}", "ก") for number in range(6))
    *texts, buttons = render([Card("หัวเรื่อง", LONG * 300, actions, "")])
    assert {text["type"] for text in texts} == {"text"}
    said = "".join("".join(text["text"] for text in texts).split())
    assert said == "".join(f"หัวเรื่อง{LONG * 300}".split())
    assert [part["text"] for part in buttons["contents"]["body"]["contents"]] == ["หัวเรื่อง"]
    assert labels(buttons) == [f"ข้อ {number}" for number in range(6)]


def test_a_card_with_more_buttons_than_a_bubble_holds_becomes_several() -> None:
    actions = tuple(Press(f"ข้อ {number}", "ก" * 300, "ก" * 300) for number in range(20))
    first, *others = render([Card("หัวเรื่อง", "ข้อความ", actions, "")])
    assert first == {"type": "text", "text": "หัวเรื่อง\n\nข้อความ"}
    assert [message["type"] for message in others] == ["flex"] * 3
    assert labels(others) == [f"ข้อ {number}" for number in range(20)]


def test_a_place_keeps_to_line_s_lengths() -> None:
    (message,) = render([Place("ศ" * 150, "😀" * 60, 19.9, 99.8)])
    assert (message["title"], message["address"]) == ("ศ" * 99 + "…", "😀" * 49 + "…")
    assert (message["latitude"], message["longitude"]) == (19.9, 99.8)


@pytest.mark.parametrize(
    ("title", "address", "shown"),
    [
        ("ศูนย์", " ", ("ศูนย์", "ศูนย์")),
        ("", "ถนนสายหนึ่ง\nต.เวียง", ("ถนนสายหนึ่ง ต.เวียง",) * 2),
        ("", "", ("19.90000, 99.80000",) * 2),
    ],
)
def test_a_place_without_a_name_is_called_by_what_there_is(title: str, address: str, shown: tuple[str, str]) -> None:
    (message,) = render([Place(title, address, 19.9, 99.8)])
    assert (message["title"], message["address"]) == shown


@pytest.mark.parametrize("latitude", [90.1, -91, float("nan"), float("inf")])
def test_a_place_off_the_globe_leaves_its_words_and_choices(latitude: float) -> None:
    place = Place("ศูนย์", "ถนนสายหนึ่ง", latitude, 99.8, (SAY,))
    rendered, parts = left_out([place])
    assert (rendered[0]["type"], rendered[0]["text"], labels(rendered)) == ("text", "ศูนย์\nถนนสายหนึ่ง", ["เมนู"])
    assert parts == ["place"]


def test_a_long_text_is_split_at_a_paragraph() -> None:
    paragraph = "ก" * 3000
    rendered = render([Text(f"{paragraph}\n\n{paragraph}")])
    assert [message["text"] for message in rendered] == [paragraph, paragraph]


def test_nothing_to_say_renders_to_nothing() -> None:
    assert render([]) == []
    assert render([Text("", (SAY,)), Text(" \n\u200b"), Card(" ", "\n", (), "ก"), Place("", "", 200, 0)]) == []
    assert render([Card("", "", (Link("ไม่ได้", "mailto:a@example.org"),), "")]) == []


def test_more_than_five_messages_are_joined_where_they_are_short() -> None:
    rendered, parts = left_out([Text(f"ข้อ {number}") for number in range(7)])
    assert [message["text"] for message in rendered] == ["ข้อ 0\n\nข้อ 1\n\nข้อ 2", "ข้อ 3", "ข้อ 4", "ข้อ 5", "ข้อ 6"]
    assert parts == []


def test_too_much_for_five_messages_loses_the_end_of_its_words_before_any_button() -> None:
    card = Card("หัวเรื่อง", "ข้อความ", (SAY,), "")
    rendered, parts = left_out([Text("ก" * 40_000), card])
    assert [message["type"] for message in rendered] == ["text"] * 4 + ["flex"]
    assert rendered[3]["text"] == "ก" * 4_999 + "…"
    assert labels(rendered) == ["เมนู"]
    assert parts == ["message"]


def test_six_cards_lose_the_last() -> None:
    rendered, parts = left_out([Card(f"ใบ {number}", "", (SAY,), "") for number in range(6)])
    assert [message["altText"] for message in rendered] == [f"ใบ {number}" for number in range(5)]
    assert parts == ["message"]


def test_half_a_surrogate_pair_in_what_somebody_wrote_does_not_stop_the_answer() -> None:
    broken = "เขียนว่า \ud83d"
    text, card = render([Text(broken), Card(broken, broken, (Say(broken, broken),), broken, (Say(broken, broken),))])
    assert text["text"] == "เขียนว่า \ufffd"
    assert by_the_sdk([text, card]) == [text, card]
