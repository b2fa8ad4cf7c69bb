"""A volunteer announces from their own phone: into the approval, and to nobody before that."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot import clock
from bot.notices import drafting
from bot.outreach import line_linking, staff
from bot.outreach.permissions import Role
from bot.storage import audit, events, people, preferences
from bot.storage.events import EventRow
from bot.storage.notices import SUBMITTED, NoticeRow
from bot.vault import Vault
from tests.bot.events.making import make_event, sign_up
from tests.bot.outreach.accounts import HASH
from tests.scenarios.house import House
from tests.scenarios.phone import Heard, Phone, said

TITLE = "เวทีน้ำสะอาดเพื่อคนแม่สาย"
THIS, TO, REGISTERED, SUBMIT = "ประกาศงานนี้", "เลือกผู้รับ", "คนที่ลงทะเบียนแล้ว", "ส่งขออนุมัติ"
OWN = "พรุ่งนี้มาเจอกันที่หอประชุมนะคะ เอาขวดน้ำมาด้วยค่ะ"
_numbers = itertools.count(1)


@pytest.fixture
def event_id(house: House) -> Iterator[int]:
    """The next of all; it is gone afterwards."""
    with house.db.transaction() as db:
        number = make_event(db, title=TITLE, starts_at=clock.now() + timedelta(minutes=30)).id
    yield number
    with house.db.transaction() as db:
        db.execute(update(EventRow).where(EventRow.id == number).values(state=events.DRAFT))


def link(house: House, phone: Phone, *, name: str) -> int:
    """The whole way: a code from the console, typed in the chat. The account's number."""
    vault, now = Vault([house.environment["CIVICBOT_SECRET_KEY"]]), clock.now()
    with house.db.transaction() as db:
        login = f"line-announcer-{next(_numbers)}"
        invited = staff.add_account(db, name=name, login=login, role=Role.VOLUNTEER, by=None, now=now)
        account = staff.accept_invitation(db, token=invited.token, password_hash=HASH, now=now)
        code = line_linking.make_code(db, vault, staff_id=account.id, now=now)
    assert "เชื่อมเรียบร้อย" in phone.say(f"เชื่อม {code}").words
    return account.id


def register(house: House, phone: Phone, event_id: int) -> None:
    """Somebody who has a place, and agreed to notices."""
    with house.db.transaction() as db:
        person, event = people.find(db, line_user_id=phone.user_id), events.find(db, event_id)
        assert person is not None
        assert event is not None
        vault = Vault([house.environment["CIVICBOT_SECRET_KEY"]])
        sign_up(db, vault, event, person.id, now=clock.now())
        preferences.save(db, person.id, wants_notices=True, asked_at=clock.now())


def notices_of(house: House, event_id: int) -> list[NoticeRow]:
    with house.db.reading() as db:
        return list(db.scalars(select(NoticeRow).where(NoticeRow.event_id == event_id).order_by(NoticeRow.id)))


def choose(phone: Phone, listed: Heard) -> Heard:
    """The card of our event, among those of other scenarios."""
    (drawn,) = [message["contents"] for message in listed.messages if message["type"] == "flex"]
    cards = drawn["contents"] if drawn["type"] == "carousel" else [drawn]
    (card,) = [card for card in cards if TITLE in str(card)]
    return phone.press(THIS, on=Heard([card], listed.event_id))


def test_a_volunteer_hands_in_what_was_shown_and_nobody_is_sent_a_thing(
    house: House, known: Phone, event_id: int
) -> None:
    listener = Phone.of_a_friend(house)
    register(house, listener, event_id)
    assert said("announce.which") not in known.say("ประกาศ").words
    account_id = link(house, known, name="มาลี")

    mark = house.mark()
    preview = choose(known, known.say("ประกาศ"))
    assert TITLE in preview.words
    assert {"ดูงานและลงทะเบียน", "ไม่รับข่าวแล้ว", TO} <= set(preview.labels)
    assert known.press("แก้ข้อความ").words == said("announce.words")
    assert OWN in known.say(OWN).words
    audiences = known.press(TO)
    assert REGISTERED in audiences.labels
    summary = known.press(REGISTERED)
    assert said("announce.people", count="1") in summary.words
    done = known.press(SUBMIT)

    (notice,) = notices_of(house, event_id)
    assert (notice.state, notice.author_id, notice.audience["groups"]) == (
        SUBMITTED, account_id, [["registered", str(event_id)]],
    )  # fmt: skip
    assert drafting.plan_of(notice).content.bubbles[0].text == OWN
    assert done.links["เปิดหน้าเว็บ"].endswith(f"/console/notices/{notice.id}")
    assert said("announce.submitted_before") in known.press(SUBMIT, on=summary).words
    assert len(notices_of(house, event_id)) == 1
    with house.db.reading() as db:
        lines = audit.list_entries(db, action_prefix="notice.", before_id=None, limit=99)
    written = [line.action for line in lines if line.subject_id == str(notice.id)]
    assert written == ["notice.submitted", "notice.created"]
    assert house.calls(after=mark, of=listener.user_id) == []


def test_an_event_called_off_while_it_is_announced(house: House, known: Phone, event_id: int) -> None:
    link(house, known, name="สมชาย")
    preview = choose(known, known.say("ประกาศ"))
    with house.db.transaction() as db:
        db.execute(update(EventRow).where(EventRow.id == event_id).values(state=events.CALLED_OFF))
    assert said("announce.event_called_off") in known.press(TO, on=preview).words
    assert notices_of(house, event_id) == []
