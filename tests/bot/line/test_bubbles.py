from __future__ import annotations

import json
from typing import Any

import pytest

from bot.line import limits
from bot.line.bubbles import deal, draw, fits
from tests.proof.contracting import actions_in


def press(number: int, *, data: str = "d") -> dict[str, Any]:
    return {"type": "postback", "label": f"ข้อ {number}", "data": data, "displayText": "ก"}


def test_words_are_large_and_grow_with_the_phone_s_own_text_size() -> None:
    title, text = draw("หัวเรื่อง", ["ย่อหน้า"], (), as_rows=False)["body"]["contents"]
    assert (title["text"], title["size"], title["weight"]) == ("หัวเรื่อง", "xl", "bold")
    assert (text["text"], text["size"], text["lineSpacing"]) == ("ย่อหน้า", "lg", "8px")
    assert all(part["scaling"] and part["wrap"] for part in (title, text))


def test_the_first_button_stands_out_and_all_are_high_and_grow() -> None:
    buttons = draw("", ["ก"], [press(1), press(2), press(3)], as_rows=False)["footer"]["contents"]
    assert [button["style"] for button in buttons] == ["primary", "secondary", "secondary"]
    assert {(button["type"], button["height"], button["scaling"]) for button in buttons} == {("button", "md", True)}


def test_rows_can_be_pressed_as_a_whole_and_are_parted_by_lines() -> None:
    contents = draw("", ["ก"], [press(number) for number in range(5)], as_rows=True)["footer"]["contents"]
    assert [part["type"] for part in contents] == ["box", "separator"] * 4 + ["box"]
    label, arrow = contents[0]["contents"]
    assert (label["text"], label["size"], label["wrap"], label["scaling"]) == ("ข้อ 0", "lg", True, True)
    assert (arrow["text"], contents[0]["action"]) == ("›", press(0))


def test_a_bubble_has_no_block_for_what_is_not_there() -> None:
    assert draw("ก", (), (), as_rows=False).keys() == {"type", "size", "body"}
    assert draw("", (), [press(1)], as_rows=False).keys() == {"type", "size", "footer"}


@pytest.mark.parametrize("letter", ["ก", "a", "😀", "\x01", '"'])
def test_what_fits_is_measured_as_the_sdk_sends_it(letter: str) -> None:
    paragraphs: list[str] = []
    while fits(draw("", [*paragraphs, letter * 100], (), as_rows=False)):
        paragraphs.append(letter * 100)
    bubble = draw("", paragraphs, (), as_rows=False)
    assert len(json.dumps(bubble)) <= limits.FLEX_BUBBLE_BYTES
    assert len(json.dumps(draw("", [*paragraphs, letter * 100], (), as_rows=False))) > limits.FLEX_BUBBLE_BYTES
    assert len(json.dumps(bubble, ensure_ascii=False).encode()) <= limits.FLEX_BUBBLE_BYTES


def test_a_text_component_keeps_to_the_length_of_a_text_message() -> None:
    assert fits(draw("", ["a" * limits.TEXT_UNITS], (), as_rows=False))
    assert not fits(draw("", ["a" * (limits.TEXT_UNITS + 1)], (), as_rows=False))


@pytest.mark.parametrize("as_rows", [True, False])
def test_more_actions_than_a_bubble_holds_are_dealt_out_in_order(*, as_rows: bool) -> None:
    actions = [press(number, data="ก" * 300) for number in range(40)]
    dealt = list(deal("หัวเรื่อง", actions, as_rows=as_rows))
    assert len(dealt) > 1
    assert all(fits(bubble) for bubble in dealt)
    assert actions_in(dealt) == actions
    assert {bubble["body"]["contents"][0]["text"] for bubble in dealt} == {"หัวเรื่อง"}


def test_no_actions_are_dealt_into_no_bubble() -> None:
    assert list(deal("หัวเรื่อง", [], as_rows=False)) == []
