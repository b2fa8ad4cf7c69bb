"""The code that brings somebody's place to their new LINE account."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.events import moving
from handlers.claim import find_code
from handlers.routes import is_command
from tests.bot.events.making import IN_A_WEEK
from tests.builders import MALEE, SOMCHAI, called
from tests.handlers.registered import Door, door, either_door, said
from tests.office import labels, words_of

__all__ = ["door", "either_door"]
WRONG = "HHHHHHHHHH"


def code_for(door: Door, place: int) -> str:
    with door.office.database.transaction() as db:
        return moving.make_claim(db, registration_id=place, now=door.office.now)


def lost(door: Door) -> tuple[int, str]:
    """Malee's place, and the code with which she takes it to her new account, Somchai's here."""
    place = door.place(door.event(), MALEE)
    door.person(SOMCHAI)
    return place, code_for(door, place)


def test_the_code_brings_the_place_and_shows_the_ticket(either_door: Door) -> None:
    door, (place, code) = either_door, lost(either_door)
    heard = door.say(f"รหัส {code[:5].lower()}-{code[5:].lower()}")
    assert words_of(heard[:1]) == said("mine.claimed", who="คุณ")
    assert door.registration(place).code in words_of(heard[1:])
    assert door.registration(place).person_id == door.person(SOMCHAI)
    assert door.office.questions() == []


@pytest.mark.parametrize("text", ["CFHJK RTVWX", "cfhjk-rtvwx"])
def test_a_code_alone_is_no_english(door: Door, text: str) -> None:
    door.person()
    assert words_of(door.say(text)) == said("mine.claim_wrong")


def test_a_used_code_is_no_code(door: Door) -> None:
    _, code = lost(door)
    door.say(f"รหัส {code}")
    assert words_of(door.say(f"รหัส {code}")) == said("mine.claim_wrong")


def test_a_code_is_good_for_a_day(door: Door) -> None:
    place, code = lost(door)
    door.office.wait(hours=25)
    assert words_of(door.say(f"รหัส {code}")) == said("mine.claim_wrong")
    assert door.registration(place).person_id != door.person(SOMCHAI)


def test_whoever_has_a_place_there_keeps_it(door: Door) -> None:
    place, code = lost(door)
    door.place(door.registration(place).event_id, SOMCHAI)
    heard = door.say(f"รหัส {code}")
    assert words_of(heard) == said("mine.claim_already")
    assert labels(heard)[0] == "กิจกรรมของฉัน"


def test_guesses_are_limited_whatever_is_said_in_between(either_door: Door) -> None:
    door, (place, code) = either_door, lost(either_door)
    for _ in range(5):
        assert words_of(door.say(WRONG)) == said("mine.claim_wrong")
        door.say("เมนู")
    assert words_of(door.say(f"รหัส {code}")) == said("mine.claim_too_many", until="วันนี้ 13:00 น.")
    door.office.wait(hours=1)
    door.say(f"รหัส {code}")
    assert door.registration(place).person_id == door.person(SOMCHAI)


def test_a_right_code_forgets_the_wrong_ones(door: Door) -> None:
    _, code = lost(door)
    for _ in range(4):
        door.say(WRONG)
    door.say(code if any(one.isalpha() for one in code) else f"รหัส {code}")
    assert words_of(door.say(WRONG)) == said("mine.claim_wrong")


def test_a_dialogue_goes_on_after_the_code(door: Door) -> None:
    _, code = lost(door)
    door.press("staff")
    heard = door.say(f"รหัส {code}")
    assert (words_of(heard[:1]), words_of(heard[-1:])) == (said("mine.claimed", who="คุณ"), said("leave.waiting"))


def test_a_neighbours_ticket_is_named(door: Door) -> None:
    place = door.place(door.event(starts_at=IN_A_WEEK + timedelta(days=1)), MALEE, kind="neighbour")
    door.person(SOMCHAI)
    heard = door.say(f"รหัส {code_for(door, place)}")
    assert words_of(heard[:1]) == said("mine.claimed", who="สมชาย ใจดี")


def test_a_code_in_a_group_is_refused_and_not_logged(either_door: Door) -> None:
    door, (place, code) = either_door, lost(either_door)
    for number, text in enumerate((f"รหัส {code}", "CFHJK23456")):
        assert words_of(door.hear(called(text, message_id=f"{number}"))) == said("mine.claim_in_group")
    assert (door.registration(place).person_id, door.office.questions()) == (door.person(MALEE), [])
    assert words_of(door.hear(called("อะไรนะ", message_id="2"))) == said("group.unsure")
    door.say(f"รหัส {code}")
    assert door.registration(place).person_id == door.person(SOMCHAI)


@pytest.mark.parametrize(
    "text",
    [
        "CFHJK23456", "cfhjk23456", "CFHJK-23456", "CFHJK 23456", "รหัส CFHJK23456", "รหัสคือ cfhjk 23456 ค่ะ",
        "โค้ด: CFHJK๒๓๔๕๖", "code is CFHJK23456", "ย้ายบัตร CFHJK23456", "C F H J K 2 3 4 5 6",
    ],
)  # fmt: skip
def test_a_code_is_found(text: str) -> None:
    assert find_code(text) == "CFHJK23456"
    assert is_command(text)


@pytest.mark.parametrize("text", ["รหัส CFHJK2345", "รหัส CFHJK234567", "รหัส 2345678923", "รหัส OIEAU12345"])
def test_behind_its_word_a_wrong_code_is_meant_as_one(text: str) -> None:
    assert find_code(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "0812345678", "2345678923", "สวัสดีค่ะ", "CFHJK2345", "กิจกรรม CFHJK23456 คืออะไร", "เช็กอิน 123456", "123456",
        "information", "รหัสไปรษณีย์ 57000", "ขอรหัสหน่อย", "RHYTHMSHRT", "081 234 5678", "บัตรประชาชน 1234567890123",
        "เชื่อม 12345678",
    ],
)  # fmt: skip
def test_everything_else_is_none(text: str) -> None:
    assert find_code(text) is None
