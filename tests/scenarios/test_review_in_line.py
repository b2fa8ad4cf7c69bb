"""A volunteer and somebody of the staff review on their phones, and the person who asked is told."""

from __future__ import annotations

import itertools

import pytest
from sqlalchemy import select, update

from bot import clock
from bot.outreach import audience, line_linking, review_intake, staff
from bot.outreach.permissions import Role
from bot.outreach.sign_in import hash_password
from bot.storage.hear_back import HearBackRow
from bot.storage.people import PersonRow
from bot.storage.questions import QuestionRow
from bot.storage.reviews import ReviewGroupRow
from bot.vault import Vault
from tests.bot.storage import hear_back_table
from tests.scenarios.house import House
from tests.scenarios.phone import Phone, said

NOT_OURS, SKIP, ENOUGH = "ไม่ใช่เรื่องของเรา", "ข้าม", "พอแล้ว"
OFFER, YES = "ให้บอกเมื่อมีคำตอบ", "ให้แจ้งกลับ"
RAIN = "วันมะรืนหิมะจะตกที่ดอยตุงกี่เซนติเมตร"
_numbers = itertools.count(1)


@pytest.fixture
def house(house: House) -> House:
    hear_back_table.make(house.db)
    return house


def link(house: House, phone: Phone, role: Role, *, name: str) -> None:
    """The whole way: a code from the console, typed in the chat."""
    vault = Vault([house.environment["CIVICBOT_SECRET_KEY"]])
    now = clock.now()
    with house.db.transaction() as db:
        login = f"line-reviewer-{next(_numbers)}"
        invited = staff.add_account(db, name=name, login=login, role=role, by=None, now=now)
        password = hash_password("ต้นสัก ต้นยาง ต้นไผ่", login=login, name=name)
        account = staff.accept_invitation(db, token=invited.token, password_hash=password, now=now)
        code = line_linking.make_code(db, vault, staff_id=account.id, now=now)
    assert "เชื่อมเรียบร้อย" in phone.say(f"เชื่อม {code}").words


def gather(house: House) -> None:
    """What the job does every few minutes, now: questions of a moment ago included."""
    with house.db.transaction() as db:
        later = clock.now() + review_intake.GRACE
        review_intake.gather(db, now=later, limit=10_000, words_of=str.split)


def only(house: House, text: str) -> int:
    """The group of this wording; all others are out of the way."""
    with house.db.transaction() as db:
        found = select(ReviewGroupRow.id).join(QuestionRow, QuestionRow.id == ReviewGroupRow.label_id)
        group_id = db.scalars(found.where(QuestionRow.text == text).order_by(ReviewGroupRow.id.desc())).first()
        assert group_id is not None
        others = update(ReviewGroupRow).where(ReviewGroupRow.id != group_id, ReviewGroupRow.state == "open")
        db.execute(others.values(state="ignored"))
    return group_id


def group(house: House, group_id: int) -> ReviewGroupRow:
    with house.db.reading() as db:
        return db.get_one(ReviewGroupRow, group_id)


def test_a_volunteer_proposes_staff_decide_and_nobody_else_sees_a_thing(house: House, known: Phone) -> None:
    text = f"{RAIN} ({house.db.engine.dialect.name})"
    known.say(text)
    gather(house)
    group_id = only(house, text)
    volunteer, member = Phone.of_a_friend(house), Phone.of_a_friend(house)
    assert "รอทบทวน" not in volunteer.say("ทบทวน").words
    link(house, volunteer, Role.VOLUNTEER, name="มาลี")
    link(house, member, Role.STAFF, name="สมชาย")

    card = volunteer.say("ทบทวน")
    assert text in card.words
    assert card.labels[-4:] == ["ใหม่", NOT_OURS, SKIP, ENOUGH]
    assert said("review.end") in volunteer.press(NOT_OURS, on=card).words
    assert group(house, group_id).state == "open"

    seen = member.say("ทบทวน")
    assert "มาลีเสนอว่า" in seen.words
    assert "บันทึกแล้วค่ะ" in member.press("ทำตามที่เสนอ", on=seen).words
    assert group(house, group_id).state == "decided"
    assert "ตัดสินไปก่อนแล้ว" in volunteer.press(NOT_OURS, on=card).words
    assert "รอทบทวน" not in known.say("ทบทวน").words


def test_who_agreed_is_told_with_the_next_free_reply(house: House, known: Phone) -> None:
    asked = known.say(f"{RAIN} ครับ")
    assert known.press(OFFER, on=asked).choices == [YES, "ไม่ต้องแจ้ง"]
    assert "บอตจะมาบอกในแชตนี้" in known.press(YES).words
    with house.db.transaction() as db:
        person = audience.find(db, line_user_id=known.user_id)
        assert person is not None
        mine = update(HearBackRow).where(HearBackRow.person_id == person.id)
        db.execute(mine.values(state="answered", entry="center.hours", answered_at=clock.now()))

    mark = house.mark()
    heard = known.say("ศูนย์อยู่ที่ไหนคะ")

    assert "มีคำตอบแล้วค่ะ" in heard.words
    assert f"{RAIN} ครับ" in heard.words
    assert [row["path"] for row in house.calls(after=mark, of=known.user_id, path="/v2/bot/message/")] == [
        "/v2/bot/message/reply"
    ]
    assert "มีคำตอบแล้วค่ะ" not in known.say("ศูนย์เปิดกี่โมงคะ").words
    with house.db.reading() as db:
        found = select(HearBackRow.state).join(PersonRow).where(PersonRow.line_user_id == known.user_id)
        assert list(db.scalars(found)) == ["told"]


def test_the_word_takes_it_back(known: Phone) -> None:
    known.press(YES, on=known.press(OFFER, on=known.say(f"{RAIN} คะ")))
    assert known.say("ไม่ต้องแจ้ง").words == said("hear.withdrawn")
