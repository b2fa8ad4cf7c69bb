"""One's places: seen, changed in size, given back; and a kind sentence for whatever is not possible."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.events import calling_off, registration
from bot.events.forms import Form, School
from bot.storage import registrations
from handlers.party_size import read_size
from tests.bot.events.making import IN_A_WEEK
from tests.builders import MALEE, NOON, SOMCHAI
from tests.handlers.registered import THIRD, TITLE, WHEN, WHEN_IN_LINES, Door, door, either_door, said
from tests.office import answers, data_of, labels, words_of

__all__ = ["door", "either_door"]
ASKED = "ศูนย์อยู่ที่ไหน"


def full(door: Door, **more: object) -> int:
    """An event whose only seat Malee has."""
    event_id = door.event(capacity=1, **more)
    door.place(event_id, MALEE)
    return event_id


def test_nothing_booked_is_said_and_leads_to_what_is_on(door: Door) -> None:
    door.person()
    heard = door.say("กิจกรรมของฉัน")
    assert words_of(heard) == said("events.nothing_booked")
    assert labels(heard)[0] == "ดูกิจกรรม"


@pytest.mark.parametrize("text", ["กิจกรรมของฉัน", "บัตรของฉัน!", "My events"])
def test_places_stand_side_by_side_the_next_first(either_door: Door, text: str) -> None:
    door = either_door
    later = door.event(title="งานทีหลัง", starts_at=IN_A_WEEK + timedelta(days=3))
    sooner = door.event(title="งานก่อน")
    over = door.event(title="งานที่จบแล้ว", starts_at=NOON + timedelta(hours=1))
    for event_id in (later, over, sooner):
        door.place(event_id)
    door.office.wait(hours=5)
    (carousel,) = door.say(text)
    titles = [bubble["body"]["contents"][0]["text"] for bubble in carousel["contents"]["contents"]]
    assert titles == ["งานก่อน", "งานทีหลัง"]


def test_each_state_is_said_in_words(door: Door) -> None:
    taken = full(door)
    door.place(door.event(title="ก"))
    door.place(taken)
    door.place(door.event(title="ค", admits_each=True))
    offered = full(door, title="ง")
    place = door.place(offered)
    door.change(place, state=registrations.OFFERED, seats=1, offer_until=NOON + timedelta(hours=3))
    words = words_of(door.press("mine"))
    found = [state for state in ("ยืนยันแล้ว", "คิวที่ 1", "รอเจ้าหน้าที่ยืนยัน", "ตอบภายใน วันนี้ 15:00 น.") if state in words]
    assert found == ["ยืนยันแล้ว", "คิวที่ 1", "รอเจ้าหน้าที่ยืนยัน", "ตอบภายใน วันนี้ 15:00 น."]


def test_more_than_ten_places_go_on(door: Door) -> None:
    for number in range(11):
        door.place(door.event(title=f"งาน {number:02}"))
    first = door.press("mine")
    assert labels(first).count("ดูบัตร") == 10
    assert "งาน 10" in words_of(door.tap(first, "ดูเพิ่มเติม"))


def test_the_ticket_has_its_facts_its_picture_and_its_ways_on(door: Door) -> None:
    event_id = door.event(place_name="หอประชุม", district="mae_sai", online_link="https://meet.example/x")
    place = door.place(event_id, party=2)
    row = door.registration(place)
    (card,) = door.press("booked", r=place)
    bubble = card["contents"]
    assert bubble["hero"]["url"] == f"{door.office.desk.base_url}/t/{row.ticket}/qr.png"
    assert words_of([bubble["body"]]).splitlines() == [
        TITLE, "ยืนยันแล้ว", "วันเวลา", *WHEN_IN_LINES, "สถานที่", "หอประชุม · อำเภอแม่สาย · ออนไลน์", "ชื่อ", "สมชาย ใจดี",
        "มากัน", "2 คน", "รหัสบัตร", row.code,
    ]  # fmt: skip
    assert labels([card]) == ["เข้าร่วมออนไลน์", "เปิดหน้าบัตร", "ใส่ปฏิทิน", "เปลี่ยนจำนวนคน", "ยกเลิก"]


def test_the_online_link_and_the_picture_are_for_those_with_a_seat(door: Door) -> None:
    place = door.place(full(door, online_link="https://meet.example/x"))
    (card,) = door.press("booked", r=place)
    assert ("hero" in card["contents"], "meet.example" in str(card)) == (False, False)
    assert labels([card]) == ["เปลี่ยนจำนวนคน", "ยกเลิก"]


def test_neighbours_and_classes_go_by_their_names(door: Door) -> None:
    event_id = door.event(for_classes=True, capacity=100)
    neighbour = door.place(event_id, kind="neighbour", form=Form(name="ยายคำ"))
    a_class = door.place(event_id, party=40, kind="class", form=Form("ครูนิด", school=School("บ้านสันทราย", "ป.6")))
    words = words_of(door.press("mine"))
    assert ("ยายคำ" in words, "บ้านสันทราย ป.6" in words, "40 คน" in words) == (True, True, True)
    assert "ยกเลิกการลงทะเบียนของยายคำ" in words_of(door.press("leave_event", r=neighbour))
    assert "ยกเลิกการลงทะเบียนของบ้านสันทราย ป.6" in words_of(door.press("leave_event", r=a_class))


ACTIONS = ("booked", "leave_event", "leave_yes", "party", "coming", "not_coming", "offer_yes", "offer_no", "offer_wait")


@pytest.mark.parametrize("action", [*ACTIONS, "party_is", "stars", "here", "here_fewer"])
def test_somebody_elses_place_is_not_there(door: Door, action: str) -> None:
    place = door.place(door.event(), MALEE)
    door.person(SOMCHAI)
    before = door.registration(place)
    heard = door.press(action, r=place, t=before.turn, n=3)
    after = door.registration(place)
    assert words_of(heard) == said("mine.not_there")
    assert (after.state, after.party_size, after.turn) == (before.state, before.party_size, before.turn)


@pytest.mark.parametrize("action", [*ACTIONS, "party_is"])
def test_a_place_that_never_was_is_not_there(door: Door, action: str) -> None:
    door.person()
    assert words_of(door.press(action, r="99999999999999999999999", n="1", t="x")) == said("mine.not_there")


# Giving it back


def test_cancelling_asks_once_and_names_the_event_and_the_seat(either_door: Door) -> None:
    door = either_door
    place = door.place(door.event(), party=2)
    asked = door.press("leave_event", r=place)
    assert words_of(asked) == "\n".join(
        (said("mine.ask_leave", title=TITLE, when=WHEN, who="คุณ"), said("mine.seat_to_others", people="2 คน"))
    )
    assert labels(asked) == ["ใช่ ยกเลิกเลย", "ไม่ยกเลิก"]
    assert door.registration(place).state == "confirmed"
    done = door.tap(asked, "ใช่ ยกเลิกเลย")
    assert words_of(done) == said("mine.left", title=TITLE, who="คุณ")
    assert (door.registration(place).state, door.registration(place).ended_by) == ("cancelled", "person")


def test_cancelling_tells_that_others_wait_for_the_seat(door: Door) -> None:
    event_id = door.event(capacity=1)
    place = door.place(event_id)
    door.place(event_id, MALEE)
    asked = door.press("leave_event", r=place)
    assert words_of(asked).endswith(said("mine.seat_to_line", people="1 คน"))
    assert words_of(door.tap(asked, "ใช่ ยกเลิกเลย")) == said("mine.left_to_others", title=TITLE, who="คุณ")


def test_leaving_the_line_says_that_the_place_in_it_is_lost(door: Door) -> None:
    place = door.place(full(door))
    assert words_of(door.press("leave_event", r=place)).endswith(said("mine.line_is_lost", state="คิวที่ 1"))


def test_cancelling_twice_says_that_it_was_done(door: Door) -> None:
    place = door.place(door.event())
    door.press("leave_yes", r=place)
    again = door.press("leave_yes", r=place)
    assert words_of(again) == f"{said('mine.you_left', title=TITLE, who='คุณ')}\n{said('mine.may_come_back')}"
    assert labels(again)[0] == "ดูงานนี้"


def test_not_cancelling_shows_the_ticket(door: Door) -> None:
    place = door.place(door.event())
    heard = door.tap(door.press("leave_event", r=place), "ไม่ยกเลิก")
    assert "ยืนยันแล้ว" in words_of(heard)


@pytest.mark.parametrize("action", ["leave_event", "leave_yes", "party", "not_coming"])
def test_after_the_beginning_staff_at_the_door_help(door: Door, action: str) -> None:
    place = door.place(door.event(starts_at=NOON + timedelta(hours=1)))
    door.office.wait(hours=2)
    assert words_of(door.press(action, r=place)) == said("mine.has_begun", title=TITLE)
    assert door.registration(place).state == "confirmed"


@pytest.mark.parametrize("action", ACTIONS)
def test_what_was_called_off_says_so_with_the_reason(door: Door, action: str) -> None:
    event_id = door.event()
    place = door.place(event_id)
    with door.office.database.transaction() as db:
        calling_off.call_off(db, event_id=event_id, why="น้ำท่วม", now=door.office.now)
    words = words_of(door.press(action, r=place, t=door.registration(place).turn))
    expected = f"{said('mine.called_off', title=TITLE, when=WHEN)}\n{said('mine.called_off_why', why='น้ำท่วม')}"
    assert words.endswith(expected)


@pytest.mark.parametrize("action", ["booked", "leave_event", "leave_yes", "party", "coming"])
def test_what_is_over_says_so(door: Door, action: str) -> None:
    place = door.place(door.event())
    door.office.wait(days=9)
    assert words_of(door.press(action, r=place)) == said("mine.over", title=TITLE, when=WHEN)


@pytest.mark.parametrize("text", ["ยกเลิกการลงทะเบียน", "cancel my registration"])
def test_cancelling_in_words_asks_about_the_only_place(door: Door, text: str) -> None:
    door.place(door.event())
    assert labels(door.say(text))[1] in {"ไม่ยกเลิก", "No, keep it"}


def test_cancelling_in_words_with_several_places_asks_which(door: Door) -> None:
    for title in ("ก", "ข"):
        door.place(door.event(title=title))
    heard = door.say("ยกเลิกการลงทะเบียน")
    assert words_of(heard[:1]) == said("mine.which_to_leave")
    assert labels(heard[1:]).count("ยกเลิก") == 2


# Another size


def test_a_size_is_asked_for_and_pressed(door: Door) -> None:
    place = door.place(door.event(), party=2)
    asked = door.press("party", r=place)
    assert words_of(asked) == said("mine.ask_size", title=TITLE, who="คุณ", people="2 คน")
    assert labels(asked) == ["1 คน", "3 คน", "4 คน", "5 คน", "ไม่เปลี่ยนแล้ว"]
    heard = door.tap(asked, "3 คน")
    assert words_of(heard).startswith(said("mine.size_changed", people="3 คน"))
    assert (door.registration(place).party_size, door.registration(place).seats) == (3, 3)


def test_a_size_is_typed_and_unread_words_are_asked_again(door: Door) -> None:
    place = door.place(door.event())
    door.press("party", r=place)
    assert words_of(door.say("หลายคน")) == said("mine.size_unread")
    assert words_of(door.say("มากัน ๔ คนค่ะ")).startswith(said("mine.size_changed", people="4 คน"))
    assert door.registration(place).party_size == 4
    assert words_of(door.say("๒")) != said("mine.size_unread"), "the dialogue is over"


def test_a_question_in_between_is_answered_and_the_size_asked_again(door: Door) -> None:
    place = door.place(door.event())
    door.office.matcher.told = {ASKED: answers("center.contact")}
    door.press("party", r=place)
    heard = door.say(ASKED)
    assert words_of(heard[-1:]) == said("mine.size_waiting")
    door.say("3")
    assert door.registration(place).party_size == 3


@pytest.mark.parametrize("leave", ["ยกเลิก", None])
def test_leaving_the_dialogue_leaves_the_place_as_it_was_and_says_so(door: Door, leave: str | None) -> None:
    place = door.place(door.event())
    asked = door.press("party", r=place)
    heard = door.say(leave) if leave else door.tap(asked, "ไม่เปลี่ยนแล้ว")
    assert words_of(heard) == said("mine.size_kept")
    assert door.registration(place).state == "confirmed"


@pytest.mark.parametrize(
    ("size", "sentence"),
    [
        ("5", said("mine.some_more_seats", free="2", total="3", people="1 คน")),
        ("9", said("mine.size_too_large", most="5")),
        ("0", said("mine.size_none")),
        ("1", said("mine.size_same", people="1 คน")),
    ],
)
def test_each_refusal_of_a_size_has_its_sentence(door: Door, size: str, sentence: str) -> None:
    place = door.place(door.event(capacity=3))
    assert words_of(door.press("party_is", r=place, n=size)).startswith(sentence)
    assert door.registration(place).party_size == 1


def test_no_seat_more_keeps_what_is_there(door: Door) -> None:
    place = door.place(door.event(capacity=1))
    assert words_of(door.press("party_is", r=place, n=2)) == said("mine.no_more_seats", people="1 คน")


def test_names_of_those_added_are_told_at_the_door(door: Door) -> None:
    place = door.place(door.event(asks_companions=True))
    assert said("mine.names_at_door") in words_of(door.press("party_is", r=place, n=2))


def test_an_offered_place_cannot_change_its_size(door: Door) -> None:
    place = door.place(full(door))
    door.change(place, state=registrations.OFFERED, seats=1, offer_until=NOON + timedelta(hours=3))
    assert labels(door.press("party", r=place)) == ["รับที่นั่ง", "ไม่ไปแล้ว"]


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("3", 3), ("๓ คน", 3), ("มากันสามคนค่ะ", 3), ("ไปแค่ 2 คนครับ", 2), ("เหลือ 1", 1), ("สิบคน", 10),
        ("just two people", 2),
        ("0", 0), ("หลายคน", None), ("0812345678", None), ("3 หรือ 4", None), ("ยังไม่รู้", None), ("", None),
    ],
)  # fmt: skip
def test_sizes_are_read(text: str, size: int | None) -> None:
    assert read_size(text) == size


# Coming, or not


def test_coming_is_kept(door: Door) -> None:
    place = door.place(door.event())
    assert words_of(door.press("coming", r=place)) == said("mine.coming", title=TITLE, when=WHEN)
    assert door.registration(place).coming is True


def test_not_coming_asks_once_and_then_frees_the_seat_for_those_who_wait(door: Door) -> None:
    event_id = door.event(capacity=1)
    place = door.place(event_id)
    other = door.place(event_id, MALEE)
    asked = door.press("not_coming", r=place)
    assert words_of(asked) == said("mine.give_to_line", title=TITLE, who="คุณ", people="1 คน")
    assert door.registration(place).state == "confirmed"
    door.tap(asked, "คืนที่นั่ง")
    assert (door.registration(place).state, door.registration(other).state) == ("cancelled", "offered")


def test_not_coming_may_be_taken_back(door: Door) -> None:
    place = door.place(door.event())
    asked = door.press("not_coming", r=place)
    assert words_of(asked) == said("mine.give_back", title=TITLE, who="คุณ", people="1 คน")
    door.tap(asked, "ยังไปเหมือนเดิม")
    assert (door.registration(place).state, door.registration(place).coming) == ("confirmed", True)


def test_another_dialogue_goes_on_after_a_button_about_a_place(door: Door) -> None:
    place = door.place(door.event())
    door.press("staff")
    heard = door.press("coming", r=place)
    assert words_of(heard[-1:]) == said("leave.waiting")


def test_content_actions_lead_here(door: Door) -> None:
    door.place(door.event())
    assert "ดูบัตร" in labels(door.press("do", a="my_registrations"))
    assert "ใช่ ยกเลิกเลย" in labels(door.press("do", a="cancel_registration"))


def test_english_is_answered_in_english(door: Door) -> None:
    door.place(door.event())
    words = words_of(door.say("my events"))
    assert ("Confirmed" in words, "Tuesday 1\u00a0December\u00a02026\n12:00–15:00" in words) == (True, True)


def test_refused_and_ended_by_staff_are_told_apart(door: Door) -> None:
    event_id = door.event(admits_each=True)
    refused, ended = door.place(event_id), door.place(event_id, THIRD)
    with door.office.database.transaction() as db:
        registration.refuse(db, registration_id=refused, now=NOON)
        registration.cancel(db, registration_id=ended, by="staff", now=NOON)
    assert words_of(door.press("booked", r=refused)) == said("mine.refused", title=TITLE, who="คุณ")
    words = words_of(door.press("booked", by=THIRD, r=ended))
    assert words.startswith(said("mine.staff_ended", title=TITLE, who="คุณ"))


def test_whoever_left_is_not_sent_back_once_registration_has_closed(door: Door) -> None:
    event_id = door.event(closes_at=NOON + timedelta(hours=1))
    place = door.place(event_id)
    door.press("leave_yes", r=place)
    door.office.wait(hours=2)
    heard = door.press("booked", r=place)
    assert words_of(heard) == said("mine.you_left", title=TITLE, who="คุณ")
    assert "ดูงานนี้" not in labels(heard)


def test_buttons_carry_only_their_registration(door: Door) -> None:
    place = door.place(door.event())
    data = data_of(door.press("booked", r=place, by=SOMCHAI), "ยกเลิก")
    assert door.office.desk.buttons.decode(data).arguments == {"r": str(place)}
