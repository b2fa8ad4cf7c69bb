"""Somebody answers into an open case after the line is over: for staff, or for the bot?"""

from __future__ import annotations

import pytest

from bot.storage.engine import Database
from knowledge.decision import Decision
from tests.builders import an_event
from tests.handlers.casework import (
    befriended,
    case_of,
    kept,
    leave_word,
    picture,
    said,
    staff_closes,
    staff_writes,
    words,
)
from tests.office import Office, labels, words_of

PASS_ON = said("button.case_pass_on")


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database


@pytest.fixture
def chat(office: Office) -> Office:
    """Staff have asked Somchai something an hour ago."""
    office.matcher.told["เลือกพรรคไหนดี"] = Decision("fallback", None, (), refusal="political")
    befriended(office, ศูนย์คืออะไร="center.what", ขอบคุณค่ะ="general.thanks")
    staff_writes(office, leave_word(office).id)
    office.wait(hours=1)
    office.say("เมนู")  # the bot says that it is back
    return office


def offer(chat: Office) -> str:
    return said("case.pass_on_offer", number=str(case_of(chat).id))


def test_what_the_bot_cannot_answer_is_heard(chat: Office) -> None:
    told = words(chat, "อยู่เชียงของค่ะ โทร 081 234 5678")
    case = case_of(chat)
    promise = said("case.promise", day="วันพรุ่งนี้", time="13:00 น.")
    assert told == f"{said('case.passed_on', number=str(case.id))}\n{promise}"
    assert kept(chat, case.id)[-1] == ("citizen", "text", "อยู่เชียงของค่ะ โทร 081 234 5678")
    assert case.waits_for == "staff"
    assert chat.questions() == []


def test_what_it_can_answer_is_answered_and_offered_to_staff(chat: Office) -> None:
    heard = chat.say("ศูนย์คืออะไร")
    assert "เครือข่ายประชาสังคม" in words_of(heard)
    assert words_of(heard).endswith(offer(chat))
    assert labels(heard[-1:])[0] == PASS_ON

    assert said("case.passed_on", number=str(case_of(chat).id)) in words_of(chat.press(heard, PASS_ON))
    assert kept(chat, case_of(chat).id)[-1] == ("citizen", "text", "ศูนย์คืออะไร")


def test_what_follows_it_is_passed_on_too(chat: Office) -> None:
    chat.say("อยู่เชียงของค่ะ")
    assert said("case.passed_on", number=str(case_of(chat).id)) in words(chat, "ใกล้วัดพระแก้ว")
    assert kept(chat, case_of(chat).id)[-1][2] == "ใกล้วัดพระแก้ว"


def test_the_offer_is_worded_once_in_a_row(chat: Office) -> None:
    first, *others = (chat.say("ศูนย์คืออะไร") for _ in range(3))
    assert offer(chat) in words_of(first)
    assert [offer(chat) in words_of(one) for one in others] == [False, False]
    assert [PASS_ON in labels(one) for one in others] == [True, True]


def test_thanks_get_a_button_and_no_question(chat: Office) -> None:
    heard = chat.say("ขอบคุณค่ะ")
    assert offer(chat) not in words_of(heard)
    assert labels(heard)[0] == PASS_ON


def test_a_refusal_is_no_answer_to_staff(chat: Office) -> None:
    heard = chat.say("เลือกพรรคไหนดี")
    assert "เป็นกลาง" in words_of(heard)
    assert kept(chat, case_of(chat).id)[-1][0] == "staff"


def test_pressed_twice_it_is_passed_on_once(chat: Office) -> None:
    heard = chat.say("ศูนย์คืออะไร")
    chat.press(heard, PASS_ON)
    assert words_of(chat.press(heard, PASS_ON)) == said("case.pass_on_gone")
    assert [author for author, _, _ in kept(chat, case_of(chat).id)].count("citizen") == 2


def test_an_earlier_button_never_passes_on_a_later_message(chat: Office) -> None:
    first = chat.say("ศูนย์คืออะไร")
    chat.say("ขอบคุณค่ะ")
    assert words_of(chat.press(first, PASS_ON)) == said("case.pass_on_gone")


def test_pictures_are_heard_and_answered_once(chat: Office) -> None:
    told = [chat.hear(picture(f"p{index}", index=index, total=3)) for index in (1, 2, 3)]
    assert [bool(one) for one in told] == [True, False, False]
    assert [kind for _, kind, _ in kept(chat, case_of(chat).id)][-3:] == ["image"] * 3


def test_a_place_that_staff_asked_for_reaches_them(chat: Office) -> None:
    place = {"type": "location", "id": "9", "latitude": 19.91, "longitude": 99.83, "address": "อำเภอเมืองเชียงราย"}
    told = words_of(chat.hear(an_event("message", message=place)))
    assert said("case.passed_on", number=str(case_of(chat).id)) in told
    assert kept(chat, case_of(chat).id)[-1][1] == "location"


def test_after_a_week_the_bot_is_asked(chat: Office) -> None:
    chat.wait(days=7)
    assert offer(chat) not in words(chat, "ศูนย์คืออะไร")


def test_a_closed_case_is_not_answered_into(chat: Office) -> None:
    staff_closes(chat, case_of(chat).id)
    assert "ยังไม่เข้าใจ" in words(chat, "อยู่เชียงของค่ะ")
    assert case_of(chat).state == "closed"


def test_before_staff_have_answered_the_bot_is_asked(office: Office) -> None:
    befriended(office, ศูนย์คืออะไร="center.what")
    leave_word(office)
    assert said("case.pass_on_offer", number=str(case_of(office).id)) not in words(office, "ศูนย์คืออะไร")
