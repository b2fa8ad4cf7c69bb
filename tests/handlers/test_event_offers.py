"""A seat that was offered, and the answers to it: each once, and never to an offer that is gone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from bot.events import registration, waiting_list
from bot.storage import events, registrations
from bot.storage.people import PersonRow
from bot.storage.registrations import RegistrationRow
from tests.builders import MALEE, NOON
from tests.handlers.registered import THIRD, TITLE, Door, door, either_door, said
from tests.handlers.wishes import consents_of, wishes_of
from tests.office import answers, labels, words_of

__all__ = ["door", "either_door"]


def offered(door: Door, *, party: int = 1, capacity: int = 1, others: bool = False) -> RegistrationRow:
    """Somchai waited, and what Malee gave back is kept for him. With `others`, somebody waits behind him."""
    event_id = door.event(capacity=capacity)
    gone = door.place(event_id, MALEE, party=capacity)
    place = door.place(event_id, party=party)
    if others:
        door.place(event_id, THIRD)
    with door.office.database.transaction() as db:
        registration.cancel(db, registration_id=gone, by="person", now=door.office.now)
    row = door.registration(place)
    assert row.state == "offered"
    return row


def answer(door: Door, action: str, row: RegistrationRow) -> list[dict[str, Any]]:
    return door.press(action, r=row.id, t=row.turn)


def test_yes_confirms_and_brings_the_ticket(either_door: Door) -> None:
    door, row = either_door, offered(either_door)
    heard = answer(door, "offer_yes", row)
    assert words_of(heard[:1]) == said("mine.offer_taken", title=TITLE, who="คุณ", people="1 คน")
    assert row.code in words_of(heard[1:])
    assert door.registration(row.id).state == "confirmed"


def test_yes_twice_says_that_it_is_confirmed(door: Door) -> None:
    row = offered(door)
    answer(door, "offer_yes", row)
    heard = answer(door, "offer_yes", row)
    assert words_of(heard[:1]) == said("mine.has_seat")
    assert row.code in words_of(heard[1:])


def test_no_gives_it_to_the_next(either_door: Door) -> None:
    door, row = either_door, offered(either_door, others=True)
    assert words_of(answer(door, "offer_no", row)) == said("mine.offer_declined", title=TITLE, who="คุณ")
    with door.office.database.reading() as db:
        assert registrations.count_seats(db, row.event_id) == 1
    assert door.registration(row.id).state == "cancelled"


def test_an_old_no_does_not_touch_a_place_that_was_taken(door: Door) -> None:
    row = offered(door)
    answer(door, "offer_yes", row)
    assert words_of(answer(door, "offer_no", row)[:1]) == said("mine.has_seat")
    assert door.registration(row.id).state == "confirmed"


def test_an_old_button_shows_the_offer_that_stands_now(door: Door) -> None:
    row = offered(door)
    heard = door.press("offer_no", r=row.id, t=row.turn - 1)
    assert words_of(heard[:1]) == said("mine.as_it_is")
    assert labels(heard[1:]) == ["รับที่นั่ง", "ไม่ไปแล้ว"]
    assert door.registration(row.id).state == "offered"


def test_an_offer_that_ran_out_says_where_the_seat_went(door: Door) -> None:
    row = offered(door)
    door.office.work()  # they were told of it
    door.office.now = NOON + timedelta(hours=4)
    gone = said("mine.offer_ran_out", title=TITLE, who="คุณ")
    assert words_of(answer(door, "offer_yes", row)) == f"{said('mine.as_it_is')}\n{gone}"
    with door.office.database.transaction() as db:
        assert waiting_list.run_out(db, registration_id=row.id, event_id=row.event_id, now=door.office.now)
    back = f"{said('mine.as_it_is')}\n{gone}\n{said('mine.may_come_back')}"
    assert words_of(answer(door, "offer_yes", row)) == back
    assert door.registration(row.id).state == "cancelled"


def test_an_offer_that_ran_out_unheard_leaves_the_place_in_the_line_and_says_so(door: Door) -> None:
    row = offered(door)
    door.office.now = NOON + timedelta(hours=4)
    kept = said("mine.offer_back_in_line", title=TITLE, who="คุณ")
    assert words_of(answer(door, "offer_yes", row)) == f"{said('mine.as_it_is')}\n{kept}"
    with door.office.database.transaction() as db:
        events.amend(db, row.event_id, seen=1, capacity=0)
        assert waiting_list.run_out(db, registration_id=row.id, event_id=row.event_id, now=door.office.now)
    assert door.registration(row.id).state == "waiting"


def test_fewer_seats_that_were_not_taken_in_time_leave_the_place_in_the_line(door: Door) -> None:
    row = offered(door, party=4, capacity=2)
    door.office.now = NOON + timedelta(hours=4)
    kept = said("mine.offer_back_in_line", title=TITLE, who="คุณ")
    assert words_of(answer(door, "offer_yes", row)) == f"{said('mine.as_it_is')}\n{kept}"


def test_fewer_seats_are_explained_and_may_be_taken(door: Door) -> None:
    row = offered(door, party=4, capacity=2)
    (card,) = door.press("booked", r=row.id)
    text = said("mine.offer_fewer", who="คุณ", seats="2", party="4", until="วันนี้ 15:00 น.")
    assert text in words_of([card])
    assert labels([card]) == ["รับ 2 ที่", "รอให้ครบ 4 ที่", "ไม่ไปแล้ว"]
    door.tap([card], "รับ 2 ที่")
    after = door.registration(row.id)
    assert (after.state, after.party_size, after.seats) == ("confirmed", 2, 2)


def test_waiting_for_the_whole_party_keeps_the_place(door: Door) -> None:
    row = offered(door, party=4, capacity=2)
    heard = answer(door, "offer_wait", row)
    assert words_of(heard[:1]) == said("mine.offer_waits", title=TITLE, who="คุณ", people="4 คน")
    assert "คิวที่ 1" in words_of(heard[1:])
    assert (door.registration(row.id).state, door.registration(row.id).whole_only) == ("waiting", True)


def test_waiting_for_more_than_all_is_answered_with_the_offer(door: Door) -> None:
    row = offered(door)
    heard = answer(door, "offer_wait", row)
    assert labels(heard[1:]) == ["รับที่นั่ง", "ไม่ไปแล้ว"]
    assert door.registration(row.id).state == "offered"


# What is typed to an offer.


@pytest.fixture
def asked(door: Door) -> Door:
    """Somchai has just been asked whether he wants news."""
    door.office.matcher.told = {"ศูนย์คืออะไร": answers("center.what")}
    door.person()
    with door.office.database.transaction() as db:
        db.execute(update(PersonRow).values(first_seen_at=NOON - timedelta(days=3)))
    assert said("button.prefer_all") in labels(door.say("ศูนย์คืออะไร"))
    return door


def agreed(door: Door) -> list[str]:
    """To what, besides the registration."""
    return [purpose for purpose, _, _ in consents_of(door.office) if purpose != "events"]


@pytest.mark.parametrize("shown_by", ["push", "card"])
@pytest.mark.parametrize("text", ["รับค่ะ", "เอา", "รับเลยครับ", "ไม่รับค่ะ", "ไม่เอา"])
def test_a_typed_answer_to_an_offer_is_no_answer_about_news(asked: Door, shown_by: str, text: str) -> None:
    row = offered(asked)
    if shown_by == "push":
        asked.office.work()
    else:
        asked.press("booked", r=row.id)
    heard = asked.say(text)
    assert words_of(heard[:1]) == said("mine.offer_press")
    assert labels(heard[1:])[:2] == ["รับที่นั่ง", "ไม่ไปแล้ว"]
    assert (wishes_of(asked.office).wants, agreed(asked)) == (False, [])
    assert asked.registration(row.id).state == "offered"


@pytest.mark.parametrize("text", ["รับที่นั่งค่ะ", "“รับที่นั่ง”"])
def test_the_words_of_the_button_take_the_seat(door: Door, text: str) -> None:
    row = offered(door)
    heard = door.say(text)
    assert words_of(heard[:1]) == said("mine.offer_taken", title=TITLE, who="คุณ", people="1 คน")
    assert door.registration(row.id).state == "confirmed"


def test_the_words_of_the_button_take_no_fewer_seats_than_were_asked_for(door: Door) -> None:
    row = offered(door, party=4, capacity=2)
    assert labels(door.say("รับที่นั่ง")[1:])[:3] == ["รับ 2 ที่", "รอให้ครบ 4 ที่", "ไม่ไปแล้ว"]
    assert door.registration(row.id).state == "offered"


def test_of_several_offers_the_one_that_is_meant_is_pressed(door: Door) -> None:
    rows = [offered(door), offered(door)]
    heard = door.say("รับที่นั่ง")
    assert labels(heard[1:]).count("รับที่นั่ง") == 2
    assert [door.registration(row.id).state for row in rows] == ["offered", "offered"]


def test_without_an_offer_in_time_the_words_are_like_any_others(asked: Door) -> None:
    row = offered(asked)
    asked.office.now = NOON + timedelta(hours=4)
    assert said("mine.offer_press") not in words_of(asked.say("รับค่ะ"))
    assert asked.registration(row.id).state == "offered"


def test_only_what_is_said_next_answers_the_question_about_news(asked: Door) -> None:
    asked.press("mine")
    asked.say("รับค่ะ")
    assert (wishes_of(asked.office).wants, agreed(asked)) == (False, [])
