"""A question in the middle of a dialogue is answered, and the dialogue goes on."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import a_follow, a_press, an_event
from tests.office import Office, answers, labels, words_of

QUESTION, STORY = "เปิดกี่โมงคะ", "ถนนหน้าบ้านพัง"
WAITING = "ยังรอเรื่องที่จะฝาก"


@pytest.fixture
def leaving(office: Office) -> Office:
    """Somebody who was asked for a word to staff."""
    office.matcher.told = {
        QUESTION: answers("center.hours"),
        "เวลาเปิด": answers("center.hours"),
        "สบายดีไหม": answers("general.greeting"),
        "อยากตาย": answers("general.crisis", urgent=True),
    }
    office.hear(a_follow())
    office.hear(pressed(office, "staff"))
    return office


def pressed(office: Office, action: str, **arguments: str) -> dict[str, Any]:
    return a_press(office.desk.buttons.encode(action, now=office.now, **arguments))


def kinds(office: Office) -> list[str]:
    return [kind for kind, _, _ in office.cases()]


def test_a_question_is_answered_and_the_wait_goes_on(leaving: Office) -> None:
    messages = leaving.say(QUESTION)
    assert len(messages) > 1
    assert WAITING in words_of(messages[-1:])
    assert {"ยกเลิก", "ฝากข้อความเมื่อกี้"} <= set(labels(messages[-1:]))
    assert kinds(leaving) == []
    leaving.say(STORY)
    assert kinds(leaving) == ["wants_person"]


@pytest.mark.parametrize("text", ["เวลาเปิด", "สบายดีไหม", STORY])
def test_what_asks_nothing_or_is_small_talk_is_what_was_waited_for(leaving: Office, text: str) -> None:
    leaving.say(text)
    assert kinds(leaving) == ["wants_person"]


def test_what_was_taken_for_a_question_can_be_passed_on(leaving: Office) -> None:
    messages = leaving.say(QUESTION, message_id="5")
    assert "รับเรื่องไว้แล้ว" in words_of(leaving.press(messages, "ฝากข้อความเมื่อกี้"))
    assert kinds(leaving) == ["wants_person"]
    assert "ใช้ไม่ได้แล้ว" in words_of(leaving.press(messages, "ฝากข้อความเมื่อกี้")), "once"
    assert kinds(leaving) == ["wants_person"]


@pytest.mark.parametrize("text", ["ยกเลิก", "ยกเลิกค่ะ", "ไม่เอาแล้วค่ะ", "“ยกเลิก”", "หยุดนะคะ"])
def test_a_word_ends_the_dialogue(leaving: Office, text: str) -> None:
    assert "ยกเลิกให้แล้ว" in words_of(leaving.say(text))
    leaving.say(STORY)
    assert kinds(leaving) == []


def test_a_cry_for_help_comes_first(leaving: Office) -> None:
    assert "1323" in words_of(leaving.say("อยากตาย"))
    assert kinds(leaving) == ["urgent"]


@pytest.mark.parametrize("aside", ["sticker", "topic"])
def test_what_is_said_by_the_way_does_not_end_the_wait(leaving: Office, aside: str) -> None:
    sticker = an_event("message", message={"type": "sticker", "id": "7"})
    messages = leaving.hear(sticker if aside == "sticker" else pressed(leaving, "topic", e="center.what"))
    assert "ยังไม่ได้ส่ง" in words_of(messages[-1:])
    leaving.say(STORY)
    assert kinds(leaving) == ["wants_person"]


def test_the_cancel_button_of_a_dialogue_that_is_over_cancels_no_other(leaving: Office) -> None:
    first = leaving.say(QUESTION)
    leaving.say("ยกเลิก")
    leaving.hear(pressed(leaving, "do", a="collect_story"))
    assert "ใช้ไม่ได้แล้ว" in words_of(leaving.press(first, "ยกเลิก"))
    assert "มีรูปไหมคะ" in words_of(leaving.say(STORY))
