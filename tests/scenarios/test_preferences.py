"""Notices, as a phone shows them: asked once after a registration, a yes, other wishes, and the one tap out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot import clock
from bot.conversation.postback import Buttons
from bot.outreach import preferences
from bot.outreach.preferences import Wishes
from bot.storage import consents, events, people
from bot.storage.events import EventRow
from bot.vault import Vault
from handlers import wording
from tests.bot.events.making import make_event
from tests.scenarios.house import House
from tests.scenarios.phone import Phone, said
from tests.scenarios.test_sign_up import AGREE, CONFIRM

THIS, ALL, NO, OFF, ON = (said(f"button.prefer_{name}") for name in ("this", "all", "no", "off", "on"))
FORUM, MEDIA = "เวทีแลกเปลี่ยนเรียนรู้", "สื่ออาสาประชาสังคม"


@pytest.fixture
def event_id(house: House) -> Iterator[int]:
    """In a week, asking for a name alone; out of sight afterwards."""
    starts_at = clock.now() + timedelta(days=7)
    with house.db.transaction() as db:
        number = make_event(db, title="เวทีลุ่มน้ำกก", phone_rule="no", party_most=1, starts_at=starts_at).id
    yield number
    with house.db.transaction() as db:
        db.execute(update(EventRow).where(EventRow.id == number).values(state=events.DRAFT))


def button(house: House, action: str, **arguments: str) -> str:
    vault = Vault([house.environment["CIVICBOT_SECRET_KEY"]])
    return Buttons(vault).encode(action, now=clock.now(), **arguments)


def wishes_of(house: House, phone: Phone) -> tuple[Wishes, int]:
    """And how many consents are in force."""
    with house.db.reading() as db:
        person = people.find(db, line_user_id=phone.user_id)
        assert person is not None
        given = [row for row in consents.list_of_person(db, person.id) if row.purpose == preferences.PURPOSE]
        return preferences.state_of(db, person.id), len([row for row in given if row.withdrawn_at is None])


def test_asked_after_signing_up_chosen_changed_and_left_with_one_tap(house: House, known: Phone, event_id: int) -> None:
    known.send_data(button(house, "sign_up", i=str(event_id), k="self"))
    known.press(AGREE)
    known.say("มาลี")
    ticket = known.press(CONFIRM)
    assert said("preferences.ask", most="4") in ticket.words
    assert ticket.labels.count(THIS) == 1
    assert "กิจกรรมของฉัน" in ticket.choices

    known.press(THIS)
    wishes, given = wishes_of(house, known)
    assert (wishes.wants, wishes.everything, wishes.programmes, given) == (True, False, ("forum",), 1)

    known.say("ตั้งค่า")
    known.press(said("preferences.row_news", state=said("preferences.state_on")))
    known.press("เลือกเรื่อง")
    assert f"✅ {FORUM}" in known.press(f"⬜ {MEDIA}").labels
    known.press("เสร็จแล้ว")
    known.press("เลือกอำเภอ")
    assert "เชียงของ" in known.say("เชียงของค่ะ").words
    known.press("เลือกช่วงที่ไม่ให้ส่ง")
    assert "08:00–17:00" in known.press("เวลางาน 8–17 น.").words
    wishes, _ = wishes_of(house, known)
    assert (wishes.programmes, wishes.district, wishes.quiet) == (("forum", "media"), "chiang_khong", (480, 1020))

    out = button(house, "notice_off", n="1")
    left = known.send_data(out)
    assert left.words == said("preferences.withdrawn")
    assert wishes_of(house, known) == (Wishes(asked_at=wishes.asked_at), 0)
    assert known.send_data(out).words == said("preferences.off_already")
    assert said("preferences.ask", most="4") in known.press("เปลี่ยนใจ", on=left).words
    known.press(ALL)
    assert wishes_of(house, known)[1] == 1


def test_in_english_by_words_alone(house: House, known: Phone) -> None:
    english = wording.load("en").say
    assert english("preferences.is_off") in known.say("news settings").words
    assert english("preferences.ask", most="4") in known.say("turn on news").words
    assert english("preferences.agreed") in known.say("all topics").words
    assert wishes_of(house, known)[0].wants
    assert known.say("stop news").words == english("preferences.withdrawn")
    assert wishes_of(house, known)[1] == 0
