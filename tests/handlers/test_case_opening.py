"""Asking for a person: a number, a promise, and one case for one conversation."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.storage.case_messages import CaseMessageRow
from bot.storage.engine import Database
from tests.builders import an_event
from tests.handlers.casework import (
    TO_STAFF,
    befriended,
    case_of,
    cases_of,
    kept,
    leave_word,
    picture,
    said,
    staff_closes,
    words,
)
from tests.office import Office, answers, labels, words_of

TOMORROW = said("case.promise", day="วันพรุ่งนี้", time="12:00 น.")


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database


@pytest.fixture
def chat(office: Office) -> Office:
    office.matcher.told |= {
        "ร้องเรียน": answers("general.complaint"),
        "อยากตาย": answers("general.crisis", urgent=True),
    }
    return befriended(office, ติดต่อยังไง="center.contact", ช่วยเรื่องเงินไหม="poverty.money")


def test_a_question_handed_over_gets_number_promise_and_the_way_to_ask(chat: Office) -> None:
    told = chat.press(chat.say("ติดต่อยังไง"), TO_STAFF)

    case = case_of(chat)
    assert words_of(told).splitlines()[:3] == [
        said("staff.told", number=str(case.id)), TOMORROW, said("case.ask_later", number=str(case.id)),
    ]  # fmt: skip
    assert "053 000 000" in words_of(told)
    assert (case.kind, case.topic, case.due_at is not None) == ("wants_person", "center.contact", True)


@pytest.mark.parametrize("typed", ["คุยกับเจ้าหน้าที่", "ขอคุยกับเจ้าหน้าที่ค่ะ", "ติดต่อเจ้าหน้าที่ครับ", "talk to staff"])
def test_typed_it_does_what_the_button_does(chat: Office, typed: str) -> None:
    chat.say(typed)
    words(chat, "น้ำประปาไม่ไหล")
    assert kept(chat, case_of(chat).id) == [("citizen", "text", "น้ำประปาไม่ไหล")]


def test_at_night_it_says_when_staff_are_back(chat: Office) -> None:
    chat.wait(hours=9)
    told = words_of(chat.press(chat.say("ติดต่อยังไง"), TO_STAFF))
    assert said("case.office_closed", day="วันพรุ่งนี้", time="08:30 น.") in told


def test_a_word_left_is_kept_as_it_is_for_staff_and_masked_in_the_list(chat: Office) -> None:
    chat.press(chat.say("เมนู"), TO_STAFF)
    told = words(chat, "โทรกลับ 081 234 5678 นะคะ")

    case = case_of(chat)
    assert told.splitlines()[:2] == [said("leave.kept", number=str(case.id)), TOMORROW]
    assert case.detail == "โทรกลับ <เบอร์โทร> นะคะ"
    assert kept(chat, case.id) == [("citizen", "text", "โทรกลับ 081 234 5678 นะคะ")]


def test_another_question_goes_into_the_case_that_is_open(chat: Office) -> None:
    first = chat.press(chat.say("ติดต่อยังไง"), TO_STAFF)
    asked = chat.say("ช่วยเรื่องเงินไหม")
    second, again = chat.press(asked, TO_STAFF), chat.press(asked, TO_STAFF)

    number = str(case_of(chat).id)
    assert said("staff.told", number=number) in words_of(first)
    assert said("case.added", number=number) in words_of(second)
    assert said("staff.told_before", number=number) in words_of(again)
    assert kept(chat, int(number)) == [("citizen", "text", "ช่วยเรื่องเงินไหม")]


def test_who_asks_again_without_a_question_adds_to_it(chat: Office) -> None:
    case = leave_word(chat)
    asked = chat.press(chat.say("เมนู"), TO_STAFF)
    assert words_of(asked) == f"{said('case.more', number=str(case.id))}\n{TOMORROW}"
    assert said("case.more_kept", number=str(case.id)) in words(chat, "มีเอกสารแล้วค่ะ")
    assert kept(chat, case_of(chat).id)[-1][2] == "มีเอกสารแล้วค่ะ"


def test_what_follows_a_word_for_staff_is_more_of_it(chat: Office) -> None:
    case = leave_word(chat)
    told = [words(chat, "แล้วก็มีเอกสารด้วย"), words_of(chat.hear(picture("p1"))), words(chat, "ติดต่อยังไง")]
    passed = said("case.passed_on", number=str(case.id))
    assert [passed in one for one in told] == [True, True, False]
    assert "053 000 000" in told[2]
    assert [kind for _, kind, _ in kept(chat, case.id)] == ["text", "text", "image"]


def test_a_quarter_of_an_hour_later_the_bot_is_asked(chat: Office) -> None:
    case = leave_word(chat)
    chat.wait(minutes=15)
    assert "ยังไม่เข้าใจ" in words(chat, "มีอะไรกินบ้าง")
    assert len(kept(chat, case.id)) == 1


def test_what_is_added_to_one_that_was_closed_meanwhile_opens_it_again(chat: Office) -> None:
    case = leave_word(chat)
    chat.press(chat.say("เมนู"), TO_STAFF)
    staff_closes(chat, case.id)
    assert said("case.more_kept", number=str(case.id)) in words(chat, "อีกนิดค่ะ")
    assert case_of(chat).state != "closed"


def test_after_a_closed_one_there_is_a_new_one(chat: Office) -> None:
    staff_closes(chat, leave_word(chat).id)
    leave_word(chat, "เรื่องใหม่ค่ะ")
    assert [case.state for case in cases_of(chat)] == ["closed", "open"]


def test_a_complaint_is_one_of_its_own(chat: Office) -> None:
    leave_word(chat)
    told = chat.press(chat.say("ร้องเรียน"), TO_STAFF)
    assert [case.kind for case in cases_of(chat)] == ["wants_person", "complaint"]
    assert TOMORROW in words_of(told)


def test_help_in_hardship_says_what_it_is_about(chat: Office) -> None:
    chat.press(chat.say("ช่วยเรื่องเงินไหม"), TO_STAFF)
    assert case_of(chat).topic == "poverty.money"


def test_repeated_misses_get_number_and_promise_once(chat: Office) -> None:
    *_, third = (words(chat, text) for text in ("ก", "ข", "ค"))
    case = case_of(chat)
    assert third.splitlines()[1].endswith(f"เลขเรื่องของคุณคือ {case.id}")
    assert TOMORROW in third
    chat.say("ติดต่อยังไง")
    *_, again = (words(chat, text) for text in ("ง", "จ", "ฉ"))
    assert f"เลขเรื่องของคุณคือ {case.id}" in again
    assert kept(chat, case_of(chat).id) == [("citizen", "text", "ฉ")]


def test_an_urgent_one_keeps_the_words_as_they_are(chat: Office) -> None:
    chat.matcher.told["ช่วยด้วย โทร 081 234 5678"] = answers("general.crisis", urgent=True)
    chat.say("อยากตาย")
    chat.say("ช่วยด้วย โทร 081 234 5678")

    case = case_of(chat)
    assert [text for _, _, text in kept(chat, case.id)] == ["อยากตาย", "ช่วยด้วย โทร 081 234 5678"]


def test_more_after_a_cry_for_help_reaches_staff(chat: Office) -> None:
    chat.say("อยากตาย")
    told = words(chat, "อยู่บ้านป่าแดด ซอย 3")
    place = chat.hear(
        an_event(
            "message", message={"type": "location", "id": "9", "latitude": 19.9, "longitude": 99.8, "address": "ป่าแดด"}
        )
    )

    number = str(case_of(chat).id)
    assert told == f"{said('case.passed_on', number=number)}\n{said('case.passed_on_urgent')}"
    assert said("case.passed_on", number=number) in words_of(place)
    heard = [text for _, _, text in kept(chat, int(number))]
    assert heard[:2] == ["อยากตาย", "อยู่บ้านป่าแดด ซอย 3"]
    assert "19.9" in str(heard[2])


def test_a_word_taken_back_is_gone_from_the_case(chat: Office) -> None:
    case = leave_word(chat, "เผลอเล่าไป")
    with chat.database.reading() as db:
        message_id = db.scalars(select(CaseMessageRow.message_id)).one()
    chat.hear(an_event("unsend", unsend={"messageId": message_id}))
    assert [text for _, _, text in kept(chat, case.id)] == [None]
    assert case_of(chat).detail == ""


def test_the_buttons_lead_on(chat: Office) -> None:
    told = chat.press(chat.say("ติดต่อยังไง"), TO_STAFF)
    assert labels(told) == [said("button.case_more"), said("button.menu")]
    assert said("case.more", number=str(case_of(chat).id)) in words_of(chat.press(told, said("button.case_more")))
