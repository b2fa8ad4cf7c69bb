"""A proposal for a forum, and a community's story, from the first press to the number."""

from __future__ import annotations

from sqlalchemy import select

from bot.storage.case_messages import CaseMessageRow
from bot.storage.case_pictures import CasePictureRow
from bot.storage.consents import ConsentRow
from bot.storage.people import PersonRow
from tests.scenarios.house import House
from tests.scenarios.phone import Phone, said
from tests.scenarios.test_staff import number_in

PROPOSE, TELL = "จะขอให้มาจัดเวทีที่หมู่บ้านต้องติดต่อยังไง", "อยากส่งเรื่องของชุมชนให้สื่ออาสา ส่งยังไง"
SEND = said("button.intake_send")


def agreed_to(house: House, phone: Phone) -> list[str]:
    with house.db.reading() as db:
        return list(
            db.scalars(
                select(ConsentRow.purpose)
                .join(PersonRow, PersonRow.id == ConsentRow.person_id)
                .where(PersonRow.line_user_id == phone.user_id, ConsentRow.withdrawn_at.is_(None))
                .order_by(ConsentRow.id)
            )
        )


def test_a_proposal_is_asked_for_looked_at_and_sent(house: House, known: Phone) -> None:
    known.press("เสนอเรื่อง", on=known.say(PROPOSE))
    known.say("น้ำท่วมถนนหน้าโรงเรียนทุกปี เด็กเดินลำบาก")
    between = known.say("ศูนย์เปิดกี่โมงคะ")
    assert between.words.endswith(said("intake.held"))
    known.say("บ้านป่าแดด")
    known.say("เด็กนักเรียนกับผู้ปกครอง")
    shown = known.press(said("button.intake_no_contact"))
    assert said("intake.consent_proposal") in shown.words
    assert house.case_kinds(of=known.user_id) == []

    kept = known.press(SEND, on=shown)

    assert house.case(number_in(kept)) == ("proposal", "น้ำท่วมถนนหน้าโรงเรียนทุกปี เด็กเดินลำบาก")
    assert agreed_to(house, known) == ["proposal"]
    assert said("stale.button") in known.press(SEND, on=shown).words
    assert said("case.kind_proposal") in known.say(f"เรื่องที่ {number_in(kept)}").words


def test_a_story_is_told_with_pictures_and_what_may_be_done_with_it(house: House, known: Phone) -> None:
    known.press("ส่งเรื่องของชุมชน", on=known.say(TELL))
    known.say("ชาวบ้านป่าแดดช่วยกันดับไฟทั้งคืน")
    known.picture()
    known.press(said("button.intake_done"))
    known.press(said("button.intake_contact_yes"))
    known.press(said("button.intake_unnamed"))
    kept = known.press(SEND)

    number = number_in(kept)
    with house.db.reading() as db:
        heard = list(db.scalars(select(CaseMessageRow.kind).where(CaseMessageRow.case_id == number)))
        pictures = list(db.scalars(select(CasePictureRow.id).where(CasePictureRow.case_id == number)))
    assert (heard, len(pictures)) == (["text", "image"], 1)
    assert agreed_to(house, known) == ["story", "story_publish"]
    known.press(said("button.case_unpublish"), on=known.say("เรื่องของฉัน"))
    assert agreed_to(house, known) == ["story"]
