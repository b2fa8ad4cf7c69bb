"""A volunteer takes, answers and closes a case on their own phone; the citizen hears of it on theirs."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.outreach.permissions import Role
from bot.storage.cases import CaseRow
from bot.storage.people import PersonRow
from tests.office import words_of
from tests.scenarios.house import House, wait_for
from tests.scenarios.phone import Heard, Phone, said
from tests.scenarios.test_preferences import button
from tests.scenarios.test_review_in_line import link

ANSWER = "ได้ค่ะ มาที่ศูนย์วันพุธได้เลยนะคะ"


def case_of(house: House, phone: Phone) -> int:
    statement = select(CaseRow.id).join(PersonRow, PersonRow.id == CaseRow.person_id)
    with house.db.reading() as db:
        found = db.scalar(statement.where(PersonRow.line_user_id == phone.user_id).order_by(CaseRow.id.desc()))
    return found or pytest.fail("no case was opened")


def sees(phone: Phone, words: str) -> Heard:
    """Once the bot has said it by itself."""

    def look() -> Heard | None:
        bubbles = phone.bubbles()
        return Heard(bubbles, "") if words in words_of(bubbles) else None

    return wait_for(look, what=f"{words!r} stands on the screen")


def test_a_volunteer_takes_answers_and_closes_a_case_in_the_chat(house: House, known: Phone) -> None:
    known.press("คุยกับเจ้าหน้าที่", on=known.say("เมนู"))
    known.say("อยากปรึกษาเรื่องที่ดินทำกินค่ะ")
    number = case_of(house, known)
    volunteer = Phone.of_a_friend(house)
    assert said("desk.title") not in volunteer.say("กล่องเรื่อง").words
    link(house, volunteer, Role.VOLUNTEER, name="มาลี")
    assert said("desk.title") in volunteer.say("กล่องเรื่อง").words

    card = volunteer.send_data(button(house, "case_desk", d="show", c=str(number)))
    assert said("desk.took") in volunteer.press("รับเรื่อง", on=card).words
    volunteer.press("ตอบ")
    assert said("desk.ask_send", number=str(number)) in volunteer.say(ANSWER).words
    assert said("desk.sent") in volunteer.press("ส่งเลย").words
    sees(known, ANSWER)

    assert known.send_in_vain("text", text="ขอบคุณค่ะ") == "with_person"
    assert "ขอบคุณค่ะ" in volunteer.press("ดูข้อความ", on=card).words
    volunteer.press("ปิดเรื่อง")
    assert said("desk.closed_told") in volunteer.press("บอกเขาแล้วปิด").words
    asked = sees(known, said("case.closed", number=str(number)))
    assert known.press("ช่วยได้", on=asked).words == said("case.helped")
    with house.db.reading() as db:
        assert (db.get_one(CaseRow, number).state, db.get_one(CaseRow, number).satisfied) == ("closed", "yes")
