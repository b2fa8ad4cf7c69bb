"""What comes of a sign-up: a ticket, the line, fewer seats, staff's yes, or a no that helps on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot import thai_dates
from bot.storage import events
from tests.builders import NOON
from tests.handlers.signing_up import Citizen, chat, said
from tests.office import words_of

__all__ = ["chat"]
AGREE, CONFIRM = "ยินยอมและไปต่อ", "ยืนยัน"


@pytest.mark.parametrize(
    ("changes", "key", "facts"),
    [
        ({"state": events.DRAFT}, "signup.no_event", {}),
        ({"state": events.CALLED_OFF}, "signup.called_off", {}),
        ({"state": events.CALLED_OFF, "called_off_why": "น้ำท่วม"}, "signup.called_off_why", {"why": "น้ำท่วม"}),
        ({"starts_at": NOON - timedelta(hours=1)}, "signup.begun", {}),
        ({"opens_at": NOON + timedelta(days=1)}, "signup.not_yet",
         {"opens_at": thai_dates.date_and_time(NOON + timedelta(days=1))}),
        ({"closes_at": NOON - timedelta(days=1)}, "signup.closed",
         {"closed_at": thai_dates.date_and_time(NOON - timedelta(days=1))}),
        ({"capacity": 0, "has_waiting_list": False}, "signup.full", {}),
    ],
)  # fmt: skip
def test_where_nobody_can_register_it_is_said_at_once(
    chat: Citizen, changes: dict[str, Any], key: str, facts: dict[str, str]
) -> None:
    chat.make_event(**changes)
    assert chat.open() == said(key, **facts)
    assert {"ดูกิจกรรม", "คุยกับเจ้าหน้าที่"} <= set(chat.labels)


@pytest.mark.parametrize("number", ["", "99", "x", "٣"])
def test_an_event_that_does_not_exist(chat: Citizen, number: str) -> None:
    assert chat.press_data(chat.data("sign_up", i=number)) == said("signup.no_event")


def test_who_has_a_place_sees_the_ticket_instead(chat: Citizen) -> None:
    chat.make_event(phone_rule="no", party_most=1)
    chat.agree()
    chat.say("มาลี")
    chat.press(CONFIRM)
    ticket = "\n" + words_of(chat.heard[1:2])
    for kind in ("", "self"):
        assert chat.open(kind) == said("signup.already") + ticket
    chat.amend(closes_at=NOON - timedelta(days=1))
    assert chat.open() == said("signup.already") + ticket, "also where registration is closed"


def test_who_comes_too_late_stands_in_the_line(chat: Citizen) -> None:
    chat.make_event(phone_rule="no", party_most=1, capacity=1)
    chat.take_seats(3)
    chat.agree()
    chat.say("มาลี")
    assert chat.press(CONFIRM).startswith(said("signup.waiting", place="3"))
    assert chat.states()[-1] == ("waiting", 0)


def test_fewer_seats_than_asked_for_are_offered(chat: Citizen) -> None:
    chat.make_event(phone_rule="no", capacity=3)
    chat.take_seats(1)
    chat.agree()
    chat.say("มาลี")
    chat.say("4")
    until = f"วันนี้ {thai_dates.time_of_day(chat.now + timedelta(hours=3, seconds=1))}"
    offered = said("signup.offered_fewer", seats="2", asked="4", until=until)
    assert offered in chat.press(CONFIRM)
    assert chat.labels[:3] == ["รับที่นั่ง", "รอให้ครบ", "ไม่ไปแล้ว"]
    chat.press("รับที่นั่ง")
    assert chat.states()[-1] == ("confirmed", 2)


def test_staff_decide_where_the_event_says_so(chat: Citizen) -> None:
    chat.make_event(phone_rule="no", party_most=1, admits_each=True, capacity=0, has_waiting_list=False)
    chat.agree()
    chat.say("มาลี")
    assert chat.press(CONFIRM).startswith(said("signup.pending"))
    assert chat.states() == [("pending", 0)]


def register(chat: Citizen, kind: str, name: str, phone: str) -> str:
    chat.open(kind)
    chat.press(AGREE)
    chat.say(name)
    chat.say(phone)
    return chat.press(CONFIRM)


def test_one_number_and_one_person_register_only_so_many(chat: Citizen) -> None:
    chat.make_event(phone_rule="required", party_most=1, capacity=None)
    for name in ("ก ข", "ค ง", "จ ฉ"):
        assert register(chat, "neighbour", name, "0812345678").startswith(said("signup.done"))
    assert register(chat, "neighbour", "ช ซ", "0812345678").startswith(said("signup.many_by_phone", most="3"))
    chat.say("0812345679")
    assert chat.press(CONFIRM).startswith(said("signup.done"))
    for number, name in enumerate(("ฌ ญ", "ฎ ฏ"), start=1):
        register(chat, "neighbour", name, f"082345678{number}")
    assert register(chat, "neighbour", "ฐ ฑ", "0834567890") == said("signup.many_by_person", most="6")
    assert (len(chat.rows()), chat.memory.step) == (6, None)


def test_a_neighbour_who_is_registered_already_is_not_registered_twice(chat: Citizen) -> None:
    chat.make_event(phone_rule="required", party_most=1)
    register(chat, "neighbour", "ยายคำ", "0812345678")
    assert register(chat, "neighbour", "ยายคำ", "0812345678").startswith(said("signup.already_other"))
    assert len(chat.rows()) == 1
