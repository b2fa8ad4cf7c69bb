"""Checking oneself in with the six digits on the wall."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.events import wall_codes
from bot.events.forms import Form
from bot.storage import check_ins
from handlers.routes import is_command
from handlers.self_check_in import find_code
from tests.bot.events.making import IN_A_WEEK
from tests.builders import MALEE
from tests.handlers.registered import TITLE, Door, door, either_door, said
from tests.office import Office, answers, labels, words_of

__all__ = ["door", "either_door"]


def at_the_door(door: Door, *, party: int = 1) -> tuple[int, int]:
    """The event, which has just begun, and Somchai's place at it."""
    event_id = door.event()
    place = door.place(event_id, party=party)
    door.office.now = IN_A_WEEK
    return event_id, place


def on_the_wall(office: Office, event_id: int) -> str:
    return wall_codes.code_at(office.vault, event_id, office.now)


def here(door: Door, *places: int) -> dict[int, tuple[int, str]]:
    """People and way, by registration."""
    with door.office.database.reading() as db:
        return {row.registration_id: (row.people, row.way) for row in check_ins.list_of_registrations(db, places)}


@pytest.mark.parametrize("words", ["เช็กอิน {}", "เช็คอิน{}", "{}"])
def test_the_whole_party_is_checked_in(either_door: Door, words: str) -> None:
    door, (event_id, place) = either_door, at_the_door(either_door, party=3)
    heard = door.say(words.format(on_the_wall(door.office, event_id)))
    assert words_of(heard) == said("mine.door_in", title=TITLE, who="คุณ", people="3 คน")
    assert labels(heard)[0] == "มาไม่ครบ"
    assert here(door, place) == {place: (3, "self")}
    assert door.office.questions() == []


def test_twice_says_when_it_was(door: Door) -> None:
    event_id, place = at_the_door(door)
    door.say(f"เช็กอิน {on_the_wall(door.office, event_id)}")
    door.office.wait(minutes=10)
    heard = door.say(f"เช็กอิน {on_the_wall(door.office, event_id)}")
    assert words_of(heard) == said("mine.door_before", title=TITLE, who="คุณ", people="1 คน", at="12:00 น.")
    assert here(door, place) == {place: (1, "self")}


def test_fewer_are_corrected_by_a_button(door: Door) -> None:
    event_id, place = at_the_door(door, party=3)
    asked = door.tap(door.say(f"เช็กอิน {on_the_wall(door.office, event_id)}"), "มาไม่ครบ")
    assert labels(asked) == ["3 คน", "2 คน", "1 คน"]
    assert words_of(door.tap(asked, "2 คน")) == said("mine.door_corrected", people="2 คน")
    assert here(door, place) == {place: (2, "self")}
    assert words_of(door.press("here", r=place, n=9)) == said("mine.door_ask_staff")


def test_counting_without_having_checked_in_is_for_staff(door: Door) -> None:
    _, place = at_the_door(door, party=3)
    assert words_of(door.press("here", r=place, n=2)) == said("mine.door_ask_staff")
    assert here(door, place) == {}


def test_a_neighbour_is_asked_about_and_pressed(door: Door) -> None:
    event_id, own = at_the_door(door)
    door.office.now = IN_A_WEEK - timedelta(days=1)
    neighbour = door.place(event_id, kind="neighbour", form=Form(name="ยายคำ"))
    door.office.now = IN_A_WEEK
    heard = door.say(on_the_wall(door.office, event_id))
    assert words_of(heard).endswith(said("mine.door_others"))
    assert here(door, own, neighbour) == {own: (1, "self")}
    done = door.tap(heard, "ยายคำ มาแล้ว")
    assert words_of(done) == said("mine.door_in", title=TITLE, who="ยายคำ", people="1 คน")
    assert here(door, own, neighbour) == {own: (1, "self"), neighbour: (1, "self")}


def test_a_wrong_code_says_so_and_digits_alone_too_where_one_has_a_place(door: Door) -> None:
    event_id, place = at_the_door(door)
    wrong = f"{(int(on_the_wall(door.office, event_id)) + 1) % 10**6:06}"
    for text in (f"เช็กอิน {wrong}", wrong, "เช็กอิน 12345"):
        assert words_of(door.say(text)) == said("mine.door_wrong")
    assert here(door, place) == {}


def test_an_old_code_is_no_code(door: Door) -> None:
    event_id, place = at_the_door(door)
    code = on_the_wall(door.office, event_id)
    door.office.wait(minutes=4)
    assert words_of(door.say(f"เช็กอิน {code}")) == said("mine.door_wrong")
    assert here(door, place) == {}


def test_without_a_place_staff_at_the_desk_help(door: Door) -> None:
    event_id, _ = at_the_door(door)
    door.person(MALEE)
    heard = door.say(f"เช็กอิน {on_the_wall(door.office, event_id)}", by=MALEE)
    assert words_of(heard) == said("mine.door_no_place", title=TITLE)


def test_digits_alone_of_somebody_without_a_place_are_a_question(door: Door) -> None:
    door.event()
    door.person()
    door.office.now = IN_A_WEEK
    door.office.matcher.told = {"123456": answers("center.what")}
    assert "เครือข่ายประชาสังคม" in words_of(door.say("123456"))


def test_digits_in_a_dialogue_are_its_answer_unless_they_are_on_the_wall(door: Door) -> None:
    event_id, place = at_the_door(door)
    door.press("staff")
    wrong = f"{(int(on_the_wall(door.office, event_id)) + 1) % 10**6:06}"
    assert words_of(door.say(wrong)).startswith("รับเรื่องไว้แล้วค่ะ")
    door.press("staff")
    heard = door.say(on_the_wall(door.office, event_id))
    assert words_of(heard[-1:]) == said("leave.waiting")
    assert here(door, place) == {place: (1, "self")}


def test_the_word_alone_tells_how(door: Door) -> None:
    at_the_door(door)
    assert words_of(door.say("เช็คอินค่ะ")) == said("mine.door_how")


def test_guesses_are_limited(door: Door) -> None:
    event_id, place = at_the_door(door)
    wrong = f"{(int(on_the_wall(door.office, event_id)) + 1) % 10**6:06}"
    for _ in range(10):
        door.say(f"เช็กอิน {wrong}")
    assert words_of(door.say(f"เช็กอิน {on_the_wall(door.office, event_id)}")) == said("mine.door_too_many")
    assert here(door, place) == {}


def test_a_button_from_the_door_grows_old(door: Door) -> None:
    event_id, place = at_the_door(door, party=2)
    asked = door.tap(door.say(on_the_wall(door.office, event_id)), "มาไม่ครบ")
    door.office.wait(hours=2)
    assert words_of(door.tap(asked, "1 คน")) == said("mine.door_ask_staff")
    assert here(door, place) == {place: (2, "self")}


@pytest.mark.parametrize(
    "text",
    [
        "เช็กอิน 123456",
        "เช็คอิน123456",
        "เชคอิน 123-456",
        "เช็กอิ้น ๑๒๓๔๕๖ ค่ะ",
        "check in 123456",
        "Check-in: 123 456",
        "ขอเช็กอินรหัส 123456",
    ],
)  # fmt: skip
def test_codes_are_found(text: str) -> None:
    assert find_code(text) == "123456"
    assert is_command(text)


@pytest.mark.parametrize("text", ["เช็กอินกี่โมง", "123456", "เช็กอินที่ไหน 123456 ใช่ไหม", "โทร 053123456", "เช็กอิน 12345678"])
def test_everything_else_is_none(text: str) -> None:
    assert find_code(text) is None
