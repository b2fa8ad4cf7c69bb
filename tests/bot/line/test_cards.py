from __future__ import annotations

from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.line.cards import WORDLESS, prepare
from bot.line.render import render
from bot.messages import Card, Say
from tests.proof.contracting import actions_in

SAY = Say("เมนู", "เมนู")
QR = "https://example.org/t/a.png"
FACTS = (("วันที่", "วันเสาร์ที่ 28 พฤศจิกายน 2569"), ("ที่นั่งว่าง", "12"))


def bubble_of(card: Card) -> dict[str, Any]:
    (message,) = render([card])
    bubble: dict[str, Any] = message["contents"]
    return bubble


def rows_of(card: Card) -> list[Any]:
    """What stands under the title: the words of each row."""
    (facts,) = bubble_of(card)["body"]["contents"][1:]
    return [
        [part["text"] for part in row["contents"]] if row["type"] == "box" else row["text"] for row in facts["contents"]
    ]


def test_facts_are_two_columns_whose_values_wrap() -> None:
    assert rows_of(Card("ก", "", (), facts=FACTS)) == [list(fact) for fact in FACTS]
    row = bubble_of(Card("ก", "", (), facts=FACTS))["body"]["contents"][1]["contents"][0]
    assert row["layout"] == "horizontal"
    assert all(part["wrap"] and part["scaling"] for part in row["contents"])


def test_a_fact_that_is_half_empty_takes_the_whole_row_and_an_empty_one_none() -> None:
    facts = (("วันที่", " "), ("", "พรุ่งนี้"), ("\u200b", ""), ("เวลา\nเริ่ม", "9 โมง\nตรง"))
    assert rows_of(Card("ก", "", (), facts=facts)) == ["วันที่", "พรุ่งนี้", ["เวลา เริ่ม", "9 โมง\nตรง"]]


def test_a_whole_question_as_a_label_stands_above_its_value() -> None:
    facts = (("แพ้อาหารหรือมีอะไรที่กินไม่ได้ไหมคะ", "ไม่มี"), *FACTS)
    assert rows_of(Card("ก", "", (), facts=facts)) == [list(fact) for fact in facts]
    rows = bubble_of(Card("ก", "", (), facts=facts))["body"]["contents"][1]["contents"]
    assert [row["layout"] for row in rows] == ["vertical", *("horizontal" for _ in FACTS)]


def test_facts_alone_make_a_card_with_a_notification() -> None:
    (message,) = render([Card("", "", (), facts=FACTS)])
    assert message["altText"] == "วันที่ วันเสาร์ที่ 28 พฤศจิกายน 2569, ที่นั่งว่าง 12"


@pytest.mark.parametrize(("shape", "ratio", "mode"), [("wide", "20:13", "cover"), ("square", "1:1", "fit")])
def test_a_picture_stands_on_top_a_banner_filled_and_a_square_whole(shape: Any, ratio: str, mode: str) -> None:
    hero = bubble_of(Card("ก", "", (), picture=QR, picture_shape=shape))["hero"]
    assert (hero["url"], hero["size"], hero["aspectRatio"], hero["aspectMode"]) == (QR, "full", ratio, mode)


def test_a_picture_that_line_cannot_fetch_is_left_out_and_logged_without_its_address() -> None:
    with capture_logs() as lines:
        bubble = bubble_of(Card("ก", "", (), picture="http://example.org/secret.png"))
    assert bubble.keys() == {"type", "size", "body"}
    assert [(line["part"], line["why"]) for line in lines] == [("picture", "LINE fetches no such address")]


def test_a_picture_of_this_machine_keeps_its_http_for_the_simulator() -> None:
    address = "http://127.0.0.1:8000/t/a.png"
    assert bubble_of(Card("ก", "", (), picture=address))["hero"]["url"] == address


def test_a_picture_without_words_is_a_card_all_the_same() -> None:
    (message,) = render([Card("", "", (), picture=QR)])
    assert (message["contents"].keys(), message["altText"]) == ({"type", "size", "hero"}, WORDLESS)


def test_nothing_that_can_be_sent_is_no_card() -> None:
    assert prepare(Card(" ", "", (), picture="http://example.org/a.png", facts=(("", " "),))) is None


def test_a_card_too_large_for_a_bubble_says_its_facts_ahead_and_keeps_its_picture() -> None:
    facts = (("รายละเอียด", "ยาวมาก " * 1_000), ("สถานที่", "ศาลาหมู่ 4"))
    *texts, last = render([Card("หัวเรื่อง", "ข้อความ", (SAY,), picture=QR, facts=facts)])
    said = "\n".join(text["text"] for text in texts)
    assert said.startswith("หัวเรื่อง\n\nข้อความ\n\nรายละเอียด: ยาวมาก")
    assert said.endswith("สถานที่: ศาลาหมู่ 4")
    assert (last["contents"]["hero"]["url"], len(actions_in(last))) == (QR, 1)


def test_of_several_bubbles_only_the_first_has_the_picture() -> None:
    actions = tuple(Say("ก" * 20, "ก" * 300) for _ in range(40))
    _, *dealt = render([Card("หัวเรื่อง", "", actions, picture=QR)])
    assert [("hero" in message["contents"]) for message in dealt] == [True, *[False] * (len(dealt) - 1)]
    assert len(dealt) > 1
