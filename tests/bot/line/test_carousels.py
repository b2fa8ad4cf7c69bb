from __future__ import annotations

import json
from typing import Any

from structlog.testing import capture_logs

from bot.line import limits
from bot.line.render import render
from bot.messages import Card, Carousel, Press, Say
from tests.proof.contracting import actions_in

SAY = Say("เมนู", "เมนู")
PICTURE = "https://example.org/a.png"


def event(number: int, *, length: int = 0) -> Card:
    actions = (Press("ลงทะเบียน", f"r{number}", "ลงทะเบียน"), Press("ดูรายละเอียด", f"d{number}", "ดูรายละเอียด"))
    facts = (("วันที่", "วันเสาร์ที่ 28 พฤศจิกายน 2569"), ("ที่นั่งว่าง", "12"))
    return Card(f"งานที่ {number}", "ก" * length, actions, picture=PICTURE, facts=facts)


def drawn(*cards: Card, alt: str = "งานที่กำลังจะถึง") -> tuple[dict[str, Any], list[tuple[str, int]]]:
    with capture_logs() as lines:
        (message,) = render([Carousel(cards, alt)])
    return message, [(line["part"], line.get("cards", 1)) for line in lines]


def titles(message: dict[str, Any]) -> list[str]:
    return [bubble["body"]["contents"][0]["text"] for bubble in message["contents"]["contents"]]


def test_cards_stand_side_by_side_in_one_width() -> None:
    message, left_out = drawn(event(1), event(2), Card("งานที่ 3", "", ()))
    assert (message["type"], message["altText"]) == ("flex", "งานที่กำลังจะถึง")
    assert message["contents"]["type"] == "carousel"
    assert titles(message) == ["งานที่ 1", "งานที่ 2", "งานที่ 3"]
    assert {bubble["size"] for bubble in message["contents"]["contents"]} == {"mega"}
    assert [action["data"] for action in actions_in(message)] == ["r1", "d1", "r2", "d2"]
    assert left_out == []


def test_twelve_are_shown_and_the_log_counts_the_others() -> None:
    cards = [Card(f"งานที่ {number}", "", (SAY,)) for number in range(15)]
    message, left_out = drawn(*cards)
    assert titles(message) == [card.title for card in cards[:12]]
    assert left_out == [("card", 3)]


def test_together_they_keep_to_fifty_kilobytes_as_the_sdk_sends_them() -> None:
    cards = [event(number, length=800) for number in range(12)]
    message, left_out = drawn(*cards)
    shown = titles(message)
    assert shown == [card.title for card in cards[: len(shown)]]
    assert left_out == [("card", 12 - len(shown))]
    size = len(json.dumps(message["contents"]))
    assert size <= limits.FLEX_CAROUSEL_BYTES < size + size / len(shown)


def test_twelve_events_of_usual_size_fit() -> None:
    message, left_out = drawn(*[event(number) for number in range(12)])
    assert (len(titles(message)), left_out) == (12, [])


def test_a_card_too_large_for_a_bubble_loses_the_end_of_its_words() -> None:
    message, left_out = drawn(event(1), event(2, length=6_000))
    long = message["contents"]["contents"][1]["body"]["contents"][1]["text"]
    assert long == "ก" * 399 + "…"
    assert (len(actions_in(message)), left_out) == (4, [("words", 1)])


def test_a_card_too_large_however_short_its_words_goes_without_the_others_suffering() -> None:
    many = Card("มากไป", "", tuple(Press("ก", "ก" * 300, "ก" * 300) for _ in range(20)))
    message, left_out = drawn(event(1), many, event(3))
    assert titles(message) == ["งานที่ 1", "งานที่ 3"]
    assert left_out == [("card", 1)]


def test_one_card_alone_is_a_bubble_and_none_is_no_message() -> None:
    message, _ = drawn(event(1), Card(" ", "", ()))
    assert message["contents"] == render([event(1)])[0]["contents"]
    assert render([Carousel((), "ก"), Carousel((Card("", "", ()),), "ก", (SAY,))]) == []


def test_a_notification_without_words_of_its_own_names_the_cards() -> None:
    assert drawn(event(1), event(2), alt=" ")[0]["altText"] == "งานที่ 1, งานที่ 2"
    assert drawn(Card("", "ก", ()), Card("", "ข", ()), alt="")[0]["altText"] == "ก"


def test_its_choices_are_quick_replies_and_those_of_its_cards_are_not() -> None:
    card = Card("ก", "", (), choices=(Say("ไม่", "ไม่"),))
    (message,) = render([Carousel((card, card), "ก", (SAY,))])
    assert [item["action"]["label"] for item in message["quickReply"]["items"]] == ["เมนู"]
