"""ข้อมูลของฉัน and ลบข้อมูลของฉัน: what is shown, what is asked, and that nothing happens but by a fresh yes."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from bot.cases import opening
from bot.cases.kinds import CaseKind
from bot.outreach import preferences
from bot.privacy import links
from bot.storage import people, registrations, staff
from bot.storage.engine import Database
from bot.storage.people import PersonRow
from bot.storage.tombstones import TombstoneRow
from bot.vault import Vault
from tests.builders import MALEE, SOMCHAI, a_press, a_text
from tests.handlers.registered import TITLE, Door, door, either_door, said
from tests.office import Office, answers, data_of, labels, words_of

__all__ = ["door", "either_door"]
OPEN, ERASE, STAFF = said("button.data_open"), said("button.data_erase"), said("button.data_staff")
YES, NO = said("button.erase_yes"), said("button.erase_no")
STALE = said("stale.button")


@pytest.fixture
def chat(door: Door) -> Office:
    """Somchai has been told about his data."""
    door.person()
    return door.office


def address_in(messages: list[dict[str, Any]]) -> str:
    return str(next(action["uri"] for action in _links(messages)))


def _links(node: Any) -> list[dict[str, Any]]:
    if isinstance(node, list):
        return [found for one in node for found in _links(one)]
    if not isinstance(node, dict):
        return []
    own = [node] if node.get("type") == "uri" and "uri" in node else []
    return own + [found for value in node.values() for found in _links(value)]


def is_known(office: Office, user_id: str = SOMCHAI) -> bool:
    with office.database.reading() as db:
        return people.find(db, line_user_id=user_id) is not None


def receipts(office: Office) -> int:
    with office.database.reading() as db:
        return db.scalar(select(func.count()).select_from(TombstoneRow)) or 0


# Seeing it.


@pytest.mark.parametrize("text", ["ข้อมูลของฉัน", "ข้อมูลของฉันค่ะ", "ขอดูข้อมูลของฉัน", "My data", "show my data"])
def test_card_says_how_much_there_is_and_leads_to_all_of_it(door: Door, text: str) -> None:
    door.place(door.event())
    heard = door.office.say(text)
    language = "en" if text.isascii() else "th"
    assert said("data.title", language) in words_of(heard)
    assert said("data.events", language, number="1") in words_of(heard)
    assert labels(heard)[:3] == [said(f"button.data_{name}", language) for name in ("open", "erase", "staff")]


def test_link_is_the_persons_own(chat: Office) -> None:
    address = address_in(chat.say("ข้อมูลของฉัน"))
    token = address.removeprefix(f"{chat.desk.base_url}/me/")
    with chat.database.reading() as db:
        row = people.find(db, line_user_id=SOMCHAI)
        found = links.find_by_token(db, token, now=chat.now)
    assert row is not None
    assert isinstance(found, links.Open)
    assert found.person_id == row.id


def test_in_english_the_page_is_too(chat: Office) -> None:
    assert address_in(chat.say("my data")).endswith("?lang=en")


def test_of_nobody_there_is_hardly_anything(chat: Office) -> None:
    assert said("data.little") in words_of(chat.say("ข้อมูลของฉัน"))


def test_the_button_under_the_answer_about_privacy_leads_here(chat: Office) -> None:
    chat.matcher.told = {"เก็บข้อมูลอะไรไว้บ้าง": answers("general.privacy")}
    heard = chat.press(chat.say("เก็บข้อมูลอะไรไว้บ้าง"), said("action.privacy"))
    assert labels(heard)[:1] == [OPEN]


def test_a_dialogue_that_waits_goes_on_after_it(door: Door) -> None:
    door.person()
    waiting = door.press("prefer_on")
    assert waiting
    door.press("staff")
    heard = door.say("ข้อมูลของฉัน")
    assert (OPEN in labels(heard), said("button.cancel") in labels(heard)) == (True, True)


def test_staff_can_be_asked_about_it(chat: Office) -> None:
    chat.say("ถามอะไรสักอย่างที่บอตไม่รู้")
    chat.press(chat.say("ข้อมูลของฉัน"), STAFF)
    assert [(kind, words) for kind, _, words in chat.cases()] == [("privacy", None)]


# What goes.


@pytest.mark.parametrize("kind", ["neighbour", "class"])
def test_that_others_lose_their_places_is_said_before(door: Door, kind: str) -> None:
    door.place(door.event())
    assert said("erase.places_of_others") not in words_of(door.office.say("ลบข้อมูลของฉัน"))
    door.place(door.event(), kind=kind)
    assert said("erase.places_of_others") in words_of(door.office.say("ลบข้อมูลของฉัน"))


def test_before_anything_is_erased_it_is_said_what_goes_and_what_stays(door: Door) -> None:
    office = door.office
    for number in range(6):
        door.place(door.event(title=f"งานที่ {number}"))
    person_id = door.person()
    with office.database.transaction() as db:
        opening.open_case(db, CaseKind.COMPLAINT, now=office.now, person_id=person_id)
        preferences.agree(
            db, person_id=person_id, wording_hash="0" * 64, way="button", now=office.now, sensitive=frozenset()
        )
    words = words_of(office.say("ลบข้อมูลของฉัน"))
    told = [
        said("erase.title"), said("erase.what"), said("erase.places"),
        said("erase.place", title="งานที่ 4", date="1 ธันวาคม 2569"), said("erase.more_places", number="1"),
        said("erase.cases", number="1"), said("erase.notices"), said("erase.stays", days="30"), said("erase.chat"),
    ]  # fmt: skip
    assert [sentence for sentence in told if sentence not in words] == []
    assert said("erase.staff") not in words
    assert is_known(office)


def test_staff_are_told_that_their_account_stays_without_line(door: Door) -> None:
    person_id = door.person()
    with door.office.database.transaction() as db:
        staff_id = staff.add(db, name="มาลี", login="malee", role="volunteer", created_at=door.office.now)
        assert staff_id is not None
        staff.change(db, staff_id, person_id=person_id, linked_at=door.office.now)
    shown = door.office.say("ลบข้อมูลของฉัน")
    assert said("erase.staff") in words_of(shown)
    door.office.press(shown, YES)
    with door.office.database.reading() as db:
        row = staff.find(db, staff_id)
    assert row is not None
    assert (row.person_id, row.disabled_at) == (None, None)


# Yes.


@pytest.mark.parametrize("way", ["button", "typed"])
def test_yes_erases_and_says_the_receipts_number(either_door: Door, way: str) -> None:
    office = either_door.office
    place = either_door.place(either_door.event())
    shown = office.say("ลบข้อมูลของฉัน")
    heard = office.press(shown, YES) if way == "button" else office.say("ลบเลยค่ะ")
    assert words_of(heard) == said("erase.done", number="1")
    assert labels(heard) == []
    assert (is_known(office), receipts(office)) == (False, 1)
    with office.database.reading() as db:
        row = registrations.find(db, place)
    assert row is not None
    assert (row.person_id, row.state, row.forgotten) == (None, "cancelled", True)


def test_last_words_cost_nothing(chat: Office) -> None:
    shown = chat.say("ลบข้อมูลของฉัน")
    before = len(chat.line.sent)
    chat.press(shown, YES)
    assert [way for way, _, _ in chat.line.sent[before:] if way != "loading"] == ["reply"]


def test_pressing_twice_erases_once_and_leaves_nothing(chat: Office) -> None:
    shown = chat.say("ลบข้อมูลของฉัน")
    chat.press(shown, YES)
    heard = chat.press(shown, YES)
    assert words_of(heard) == said("erase.done_before")
    assert not is_known(chat)


def test_both_presses_in_one_webhook_erase_once(chat: Office) -> None:
    shown = chat.say("ลบข้อมูลของฉัน")
    data = data_of(shown, YES)
    chat.hear(a_press(data), a_press(data))
    assert (is_known(chat), receipts(chat)) == (False, 1)


def test_whoever_came_back_is_not_erased_by_the_button_of_then(chat: Office) -> None:
    shown = chat.say("ลบข้อมูลของฉัน")
    chat.press(shown, YES)
    chat.wait(minutes=1)
    chat.say("สวัสดีค่ะ")
    heard = chat.press(shown, YES)
    assert STALE in words_of(heard)
    assert is_known(chat)


# No, and what is neither.


@pytest.mark.parametrize("way", ["button", "ไม่ลบ", "ไม่ค่ะ", "ยกเลิก"])
def test_no_erases_nothing_and_makes_the_yes_worthless(chat: Office, way: str) -> None:
    shown = chat.say("ลบข้อมูลของฉัน")
    heard = chat.press(shown, NO) if way == "button" else chat.say(way)
    assert said("menu.left" if way == "ยกเลิก" else "erase.kept") in words_of(heard)
    assert STALE in words_of(chat.press(shown, YES))
    assert is_known(chat)


@pytest.mark.parametrize("text", ["ใช่", "ได้ค่ะ", "แล้วไง", "ลบ"])
def test_a_word_by_the_way_erases_nothing(chat: Office, text: str) -> None:
    chat.say("ลบข้อมูลของฉัน")
    heard = chat.say(text)
    assert words_of(heard) == said("erase.unsure")
    assert labels(heard) == [YES, NO]
    assert is_known(chat)


def test_what_is_about_something_else_is_answered_before_it_is_asked_again(chat: Office) -> None:
    chat.matcher.told = {"เสนอเรื่องเข้าเวที": answers("forum.what")}
    chat.say("ลบข้อมูลของฉัน")
    heard = chat.say("เสนอเรื่องเข้าเวที")
    assert (said("erase.unsure") in words_of(heard), said("erase.title") in words_of(heard)) == (False, True)
    assert is_known(chat)


def test_typed_twice_only_the_later_question_can_be_answered(chat: Office) -> None:
    first = chat.say("ลบข้อมูลของฉัน")
    second = chat.say("ลบข้อมูลของฉัน")
    assert STALE in words_of(chat.press(first, YES))
    assert is_known(chat)
    chat.press(second, YES)
    assert not is_known(chat)


@pytest.mark.parametrize("minutes", [16, 29, 31, 60 * 24 * 30])
def test_an_old_yes_erases_nothing(chat: Office, minutes: int) -> None:
    shown = chat.say("ลบข้อมูลของฉัน")
    chat.wait(minutes=minutes)
    chat.press(shown, YES)
    assert is_known(chat)
    chat.wait(minutes=2)
    chat.say("ลบเลย")
    assert receipts(chat) == (1 if minutes < 30 else 0)  # asked anew within the half hour that a dialogue is remembered


def test_a_late_yes_is_asked_for_again(chat: Office) -> None:
    shown = chat.say("ลบข้อมูลของฉัน")
    chat.wait(minutes=16)
    again = chat.press(shown, YES)
    assert said("erase.title") in words_of(again)
    chat.press(again, YES)
    assert not is_known(chat)


def test_nobody_erases_somebody_else(door: Door) -> None:
    door.person()
    door.person(MALEE)
    shown = door.office.say("ลบข้อมูลของฉัน")
    door.office.hear(a_press(data_of(shown, YES), user_id=MALEE))
    assert (is_known(door.office), is_known(door.office, MALEE)) == (True, True)


def test_yes_without_the_question_is_a_word_like_any_other(chat: Office) -> None:
    chat.say("ลบเลย")
    assert is_known(chat)


def test_a_question_in_between_is_answered_and_then_it_is_asked_again(chat: Office) -> None:
    chat.matcher.told = {"ศูนย์เปิดกี่โมงคะ": answers("center.hours")}
    chat.say("ลบข้อมูลของฉัน")
    heard = chat.say("ศูนย์เปิดกี่โมงคะ")
    assert said("erase.title") in words_of(heard)
    chat.press(heard, YES)
    assert not is_known(chat)


def test_after_it_somebody_is_new_to_us(sqlite_database: Database, vault: Vault) -> None:
    office = Office(sqlite_database, vault)
    door = Door(office)
    door.place(door.event())
    office.press(office.say("ลบข้อมูลของฉัน"), YES)
    office.wait(minutes=5)
    heard = office.hear(a_text("ข้อมูลของฉัน"))
    assert said("data.little") in words_of(heard)
    assert TITLE not in words_of(office.say("กิจกรรมของฉัน"))
    with office.database.reading() as db:
        assert db.scalar(select(func.count()).select_from(PersonRow)) == 1
