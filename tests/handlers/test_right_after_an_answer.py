"""What follows an answered question within the same breath, and is no part of it, is not swallowed."""

from __future__ import annotations

from typing import Any

from tests.builders import a_press, a_text
from tests.office import Office, answers, words_of

QUESTION = "ศูนย์เปิดกี่โมง"


def at_once(office: Office, event: dict[str, Any]) -> list[dict[str, Any]]:
    before = len(office.line.sent)
    office.receive(event)
    office.wait(seconds=1)
    office.work()
    new = [messages for way, _, messages in office.line.sent[before:] if way != "loading"]
    return new[-1] if new else []


def prepared(office: Office, word: str) -> list[dict[str, Any]]:
    office.matcher.told[QUESTION] = answers("center.hours")
    office.matcher.told[f"{QUESTION}\n{word}"] = answers("center.hours")
    office.say("เมนู", message_id="0")
    office.wait(seconds=5)
    office.receive(a_text(QUESTION, message_id="1"))
    office.work()
    return office.line.sent[-1][2]


def test_the_menu_word_right_after_an_answer_shows_the_menu(office: Office) -> None:
    prepared(office, "เมนู")
    office.wait(seconds=0.8)

    assert at_once(office, a_text("เมนู", message_id="2"))


def test_an_answer_to_a_dialogue_right_after_an_answer_is_kept(office: Office) -> None:
    prepared(office, "ถนนหน้าบ้านพัง")
    office.receive(a_press(office.desk.buttons.encode("do", now=office.now, a="collect_proposal")))
    office.work()
    office.wait(seconds=0.8)

    assert "เรื่องนี้เกิดที่ไหนคะ" in words_of(at_once(office, a_text("ถนนหน้าบ้านพัง", message_id="3")))
