"""What registrants are told without having written: worded from how it is now, or not said at all."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.events import booking, calling_off, moving, registration, waiting_list
from bot.events.forms import Form
from bot.storage import events, registrations, service_messages
from tests.bot.events.making import IN_A_WEEK
from tests.builders import MALEE, NOON, SOMCHAI
from tests.handlers.registered import THIRD, TITLE, WHEN, WHEN_IN_LINES, Door, door, said
from tests.office import labels, words_of

__all__ = ["door"]
DAY_BEFORE, HOURS_BEFORE = "reminder/1440", "reminder/120"


def waiting(door: Door, *, party: int = 1, **event: object) -> int:
    """Somchai waits; Malee has what there is."""
    event_id = door.event(capacity=party, **event)
    door.place(event_id, MALEE, party=party)
    return door.place(event_id, party=party)


def give_back(door: Door, place: int) -> None:
    """Malee does."""
    with door.office.database.transaction() as db:
        (first, *_) = registrations.list_of_event(db, door.registration(place).event_id, limit=9)
        registration.cancel(db, registration_id=first.id, by="person", now=door.office.now)


def tell_again(door: Door, place: int, kind: str) -> None:
    with door.office.database.transaction() as db:
        row = registrations.find(db, place)
        assert row is not None
        booking.tell(db, row, kind, now=door.office.now)


# Changes of state


def test_an_offer_is_told_with_its_deadline_and_its_answers(door: Door) -> None:
    place = waiting(door)
    give_back(door, place)
    heard = door.tell(place, "offer")
    assert said("mine.offer", who="คุณ", people="1 คน", until="วันนี้ 15:00 น.") in words_of(heard)
    assert labels(heard) == ["รับที่นั่ง", "ไม่ไปแล้ว"]


def test_an_offer_that_is_gone_is_not_told(door: Door) -> None:
    place = waiting(door)
    give_back(door, place)
    door.office.wait(hours=4)
    assert door.tell(place, "offer") == []


def test_an_offer_of_an_earlier_turn_is_not_told_even_when_there_is_another(door: Door) -> None:
    place = waiting(door)
    give_back(door, place)
    row = door.registration(place)
    door.change(place, turn=row.turn + 2)
    assert door.tell(place, "offer") == []


def test_a_seat_given_at_once_is_told_with_a_way_to_give_it_back(door: Door) -> None:
    place = waiting(door, offer_minutes=0)
    give_back(door, place)
    heard = door.tell(place, "promoted")
    assert said("told.promoted", who="คุณ") in words_of(heard)
    assert labels(heard) == ["เปิดหน้าบัตร", "ใส่ปฏิทิน", "เปลี่ยนจำนวนคน", "ไปไม่ได้"]
    door.press("leave_yes", r=place)
    assert door.tell(place, "promoted") == []


def test_an_offer_that_ran_out_is_told(door: Door) -> None:
    place = waiting(door)
    give_back(door, place)
    door.office.work()  # the offer is told: one that nobody heard of ends nobody's place
    door.office.wait(hours=4)
    with door.office.database.transaction() as db:
        waiting_list.run_out(
            db, registration_id=place, event_id=door.registration(place).event_id, now=door.office.now
        )  # fmt: skip
    heard = door.tell(place, "offer_over")
    gone = said("mine.offer_ran_out", title=TITLE, who="คุณ")
    assert words_of(heard) == f"{gone}\n{said('mine.may_come_back')}"
    assert labels(heard)[0] == "ดูงานนี้"


def test_after_an_offer_that_may_not_have_been_read_the_line_is_told_once_more(door: Door) -> None:
    place = waiting(door)
    give_back(door, place)
    with door.office.database.transaction() as db:
        offers = service_messages.list_in_state(db, service_messages.BOOKED, limit=9)
        offer = next(message.id for message in offers if message.kind == "offer")
        service_messages.move(db, [offer], states=("booked",), to="queued", now=NOON)
        row = door.registration(place)
        events.amend(db, row.event_id, seen=1, capacity=0)
    door.office.wait(hours=4)
    with door.office.database.transaction() as db:
        waiting_list.run_out(db, registration_id=place, event_id=row.event_id, now=door.office.now)
    heard = door.tell(place, "back_in_line")
    assert words_of(heard) == said("told.back_in_line", title=TITLE, who="คุณ", place="1")


def test_staff_admit_put_in_the_line_and_refuse(door: Door) -> None:
    event_id = door.event(admits_each=True, capacity=1)
    admitted, lined_up, refused = (door.place(event_id, user) for user in (SOMCHAI, MALEE, THIRD))
    with door.office.database.transaction() as db:
        registration.admit(db, registration_id=admitted, now=NOON)
        registration.admit(db, registration_id=lined_up, now=NOON)
        registration.refuse(db, registration_id=refused, now=NOON)
    heard = door.tell(admitted, "admitted")
    assert said("told.admitted", who="คุณ") in words_of(heard)
    assert door.registration(admitted).code in words_of(heard)
    assert words_of(door.tell(lined_up, "waitlisted", to=MALEE)) == said(
        "told.waitlisted", title=TITLE, who="คุณ", place="1"
    )  # fmt: skip
    assert words_of(door.tell(refused, "refused", to=THIRD)) == said("mine.refused", title=TITLE, who="คุณ")


def cancelled_by_staff(door: Door, place: int) -> None:
    with door.office.database.transaction() as db:
        done = registration.cancel(db, registration_id=place, by="staff", now=door.office.now)
        booking.tell(db, done.registration, booking.STAFF_CANCELLED, now=door.office.now)


def test_cancelling_by_staff_is_told_with_the_way_to_them(door: Door) -> None:
    place = door.place(door.event())
    cancelled_by_staff(door, place)
    heard = door.tell(place, "staff_cancelled")
    assert words_of(heard) == said("told.cancelled_by_staff", title=TITLE, who="คุณ")
    assert labels(heard) == ["เมนู", "คุยกับเจ้าหน้าที่"]


def test_a_neighbour_whose_place_staff_cancelled_is_named(door: Door) -> None:
    place = door.place(door.event(), kind="neighbour", form=Form(name="คุณยายคำ"))
    cancelled_by_staff(door, place)
    assert words_of(door.tell(place, "staff_cancelled")) == said(
        "told.cancelled_by_staff", title=TITLE, who="คุณยายคำ"
    )  # fmt: skip


@pytest.mark.parametrize("since", [{"state": "confirmed", "ended_by": None}, {"ended_by": "person"}, {"turn": 9}])
def test_cancelling_by_staff_is_not_told_when_it_is_not_so_any_more(door: Door, since: dict[str, object]) -> None:
    place = door.place(door.event())
    cancelled_by_staff(door, place)
    door.change(place, **since)
    assert door.tell(place, "staff_cancelled") == []


def test_a_move_is_told_with_the_new_event(door: Door) -> None:
    place, target = door.place(door.event()), door.event(title="งานใหม่")
    with door.office.database.transaction() as db:
        moved = moving.move(
            db, door.office.vault, registration_id=place, to_event_id=target, now=NOON
        ).registration.id  # fmt: skip
    words = words_of(door.tell(moved, "moved"))
    assert (words.startswith("งานใหม่"), said("told.moved", who="คุณ") in words, "ยืนยันแล้ว" in words) == (True,) * 3


# Changes of the event


def changed(door: Door, place: int) -> None:
    with door.office.database.transaction() as db:
        row = registrations.find(db, place)
        assert row is not None
        booking.tell_all(db, [row], booking.CHANGED, occurrence=2, now=door.office.now)


def test_a_change_says_how_it_is_now(door: Door) -> None:
    event_id = door.event()
    place = door.place(event_id)
    changed(door, place)
    later = IN_A_WEEK + timedelta(hours=1)
    door.amend(
        event_id, starts_at=later, ends_at=later + timedelta(hours=2), place_name="ศาลาบ้านสันทราย", version=9,
        latitude=19.9, longitude=99.8, online_link="https://meet.example/new",
    )  # fmt: skip
    heard = door.tell(place, "changed")
    words = words_of(heard)
    assert ("เวลา 13:00–15:00\u00a0น." in words, "ศาลาบ้านสันทราย" in words) == (True, True)
    assert labels(heard) == ["เข้าร่วมออนไลน์", "ดูแผนที่", "ดูบัตร", "ยกเลิก"]
    assert "https://meet.example/new" in str(heard)


def test_a_change_is_not_told_to_whoever_left(door: Door) -> None:
    place = door.place(door.event())
    changed(door, place)
    door.change(place, state="cancelled")
    assert door.tell(place, "changed") == []


def test_calling_off_is_told_with_the_reason(door: Door) -> None:
    event_id = door.event()
    place = door.place(event_id)
    with door.office.database.transaction() as db:
        calling_off.call_off(db, event_id=event_id, why="น้ำท่วมถนน", now=NOON)
    words = words_of(door.tell(place, "called_off"))
    assert words == "\n".join(
        (
            said("mine.called_off", title=TITLE, when=WHEN), said("mine.called_off_why", why="น้ำท่วมถนน"), "",
            said("told.called_off_rest", who="คุณ"),
        )
    )  # fmt: skip


@pytest.mark.parametrize(
    "kind", ["offer", "promoted", "admitted", "waitlisted", "moved", "changed", "staff_cancelled", DAY_BEFORE]
)
def test_nothing_else_is_told_of_what_was_called_off(door: Door, kind: str) -> None:
    event_id = door.event()
    place = door.place(event_id)
    if kind != DAY_BEFORE:
        tell_again(door, place, kind)
    door.amend(event_id, state=events.CALLED_OFF)
    assert door.tell(place, kind) == []


# Reminders


def test_the_day_before_says_tomorrow_with_all_that_is_needed(door: Door) -> None:
    event_id = door.event(bring="น้ำดื่ม ร่ม", latitude=19.9, longitude=99.8, online_link="https://meet.example/x")
    place = door.place(event_id)
    door.office.now = IN_A_WEEK - timedelta(days=1)
    heard = door.tell(place, DAY_BEFORE)
    row = door.registration(place)
    assert words_of([heard[0]["contents"]["body"]]).splitlines() == [
        TITLE, said("told.reminder", soon="พรุ่งนี้"), "วันเวลา", *WHEN_IN_LINES, "สถานที่", "หอประชุมอำเภอแม่สาย · ออนไลน์",
        "นำมาด้วย", "น้ำดื่ม ร่ม", "รหัสบัตร", row.code,
    ]  # fmt: skip
    assert labels(heard) == ["ไป", "ไม่ไป", "เข้าร่วมออนไลน์", "ดูแผนที่", "ดูบัตร"]


@pytest.mark.parametrize(
    ("before", "soon"),
    [
        (timedelta(hours=2), "อีก 2 ชั่วโมง"), (timedelta(hours=1, minutes=31), "อีก 2 ชั่วโมง"),
        (timedelta(minutes=89), "อีก 90 นาที"), (timedelta(minutes=1), "อีก 5 นาที"), (timedelta(hours=16), "พรุ่งนี้"),
        (timedelta(days=3), "อีก 3 วัน"),
    ],
)  # fmt: skip
def test_how_soon_is_said_as_it_is_at_that_moment(door: Door, before: timedelta, soon: str) -> None:
    place = door.place(door.event())
    door.office.now = IN_A_WEEK - before
    assert said("told.reminder", soon=soon) in words_of(door.tell(place, HOURS_BEFORE))


def test_a_neighbours_reminder_names_them(door: Door) -> None:
    place = door.place(door.event(), kind="neighbour", form=Form(name="คุณยายคำ"))
    door.office.now = IN_A_WEEK - timedelta(hours=2)
    words = words_of(door.tell(place, HOURS_BEFORE))
    assert said("told.reminder_of", soon="อีก 2 ชั่วโมง", who="คุณยายคำ") in words


@pytest.mark.parametrize("why", ["left", "not coming", "rescheduled", "no reminder wanted", "begun", "held"])
def test_a_reminder_that_is_not_true_any_more_is_not_told(door: Door, why: str) -> None:
    event_id = door.event()
    place = door.place(event_id)
    door.office.now = IN_A_WEEK - timedelta(hours=2)
    match why:
        case "left":
            door.change(place, state="cancelled")
        case "not coming":
            door.change(place, coming=False)
        case "rescheduled":
            door.amend(event_id, schedule_version=2)
        case "no reminder wanted":
            door.amend(event_id, reminder_minutes=[1440])
        case "begun":
            door.office.now = IN_A_WEEK
        case "held":
            with door.office.database.transaction() as db:
                service_messages.hold_all(db, why="restored", now=door.office.now)
    assert door.tell(place, HOURS_BEFORE) == []


def test_a_message_of_somebody_else_is_not_told(door: Door) -> None:
    place = door.place(door.event())
    door.office.now = IN_A_WEEK - timedelta(hours=2)
    assert door.tell(place, HOURS_BEFORE, to=MALEE) == []
    assert door.tell(place, HOURS_BEFORE) != []


def test_english_speakers_are_told_in_english(door: Door) -> None:
    place = door.place(door.event())
    door.office.now = IN_A_WEEK - timedelta(days=1)
    words = words_of(door.tell(place, DAY_BEFORE, language="en"))
    assert said("told.reminder", "en", soon="tomorrow") in words
