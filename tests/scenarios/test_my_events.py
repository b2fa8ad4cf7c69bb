"""One's places, through the chat of a phone: the ticket, another size, an offered seat, giving it back."""

from __future__ import annotations

from datetime import timedelta

from bot import clock
from bot.storage import events, people, registrations
from bot.vault import Vault
from tests.bot.events.making import make_event, sign_up
from tests.scenarios.house import House
from tests.scenarios.phone import Phone, said

TITLE = "เวทีแม่สายของเรา"


def an_event(house: House) -> int:
    """Of two seats, in ten days; free seats are given to those who wait at once, at whatever hour this runs."""
    starts_at = clock.now() + timedelta(days=10)
    with house.db.transaction() as db:
        return make_event(db, title=TITLE, capacity=2, starts_at=starts_at, offer_minutes=0, created_at=clock.now()).id


def a_place(house: House, event_id: int, phone: Phone, *, party: int = 1) -> int:
    with house.db.transaction() as db:
        person = people.find(db, line_user_id=phone.user_id)
        event = events.find(db, event_id)
        assert person is not None
        assert event is not None
        vault = Vault([house.environment["CIVICBOT_SECRET_KEY"]])
        return sign_up(db, vault, event, person.id, party=party, now=clock.now()).registration.id


def state(house: House, registration_id: int) -> tuple[str, int]:
    with house.db.reading() as db:
        row = registrations.find(db, registration_id)
        assert row is not None
        return row.state, row.party_size


def test_a_place_is_seen_changed_and_given_back_and_goes_to_who_waits(house: House, known: Phone) -> None:
    event_id = an_event(house)
    place = a_place(house, event_id, known)
    other = Phone.of_a_friend(house)

    listed = known.say("กิจกรรมของฉัน")
    assert (TITLE in listed.words, "ยืนยันแล้ว" in listed.words) == (True, True)

    ticket = known.press("ดูบัตร")
    assert set(ticket.links) == {"เปิดหน้าบัตร", "ใส่ปฏิทิน"}

    known.press("เปลี่ยนจำนวนคน")
    assert known.say("๒ คน").words.startswith(said("mine.size_changed", people="2 คน"))
    assert state(house, place) == ("confirmed", 2)

    waiting = a_place(house, event_id, other)
    heard_before = len(other.bubbles())
    known.press("ยกเลิก")
    known.press("ใช่ ยกเลิกเลย")
    assert known.heard is not None
    assert known.heard.words == said("mine.left_to_others", title=TITLE, who="คุณ")
    assert (state(house, place)[0], state(house, waiting)[0]) == ("cancelled", "confirmed")

    told = other.wait_for_bubbles(heard_before + 1)[-1]
    assert said("told.promoted_alt", title=TITLE) == told["altText"]
