"""How somebody wants to be addressed: kept sealed, used in greetings, changed and given up as easily as given."""

from __future__ import annotations

import pytest

from bot.storage import people
from tests.builders import SOMCHAI, a_text, an_event
from tests.handlers.registered import Door, door, either_door, said
from tests.handlers.test_preferences_more import CALL_ME, TICKED
from tests.handlers.wishes import called_of
from tests.office import answers, labels, words_of

__all__ = ["door", "either_door"]


@pytest.fixture
def chat(door: Door) -> Door:
    door.person()
    return door


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ป้าคำ", "ป้าคำ"), ("เรียกว่าป้าคำค่ะ", "ป้าคำ"), ("  คุณ สมชาย ครับ", "คุณ สมชาย"), ("call me Joe", "Joe"),
        ("อ.คำแสน", "อ.คำแสน"), ("D'Arcy", "D'Arcy"),
    ],
)  # fmt: skip
def test_a_form_of_address_is_kept_sealed_and_used(chat: Door, typed: str, kept: str) -> None:
    asked = chat.tap(chat.say("ตั้งค่า"), CALL_ME)
    assert words_of(asked) == said("preferences.ask_called")
    heard = chat.say(typed)
    assert called_of(chat) == kept
    assert f"“{kept}”" in words_of(heard)
    with chat.office.database.reading() as db:
        person = people.find(db, line_user_id=SOMCHAI)
        assert person is not None
        assert person.called is not None
        assert kept.encode() not in person.called
    assert chat.office.questions() == []


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("ก" * 31, "preferences.called_long"), ("0812345678", "preferences.called_signs"),
        ("ป้าคำ ๙", "preferences.called_signs"), ("ดู https://a.example", "preferences.called_signs"),
        ("bit.ly คำ", "preferences.called_signs"), ("@kham", "preferences.called_signs"),
        ("😊", "preferences.called_signs"), ("ป้า\nคำ <b>", "preferences.called_signs"),
    ],
)  # fmt: skip
def test_what_is_no_form_of_address_is_asked_for_once_more(chat: Door, typed: str, key: str) -> None:
    chat.tap(chat.say("ตั้งค่า"), CALL_ME)
    assert words_of(chat.say(typed)) == said(key, most="30")
    assert called_of(chat) == ""
    chat.say("ป้าคำ")
    assert called_of(chat) == "ป้าคำ"


def test_thirty_letters_with_all_their_marks_fit(chat: Door) -> None:
    chat.tap(chat.say("ตั้งค่า"), CALL_ME)
    chat.say("กี้" * 30)
    assert called_of(chat) == "กี้" * 30


@pytest.mark.parametrize("way", ["pressed", "typed"])
def test_it_is_taken_back_as_easily(chat: Door, way: str) -> None:
    chat.tap(chat.say("ตั้งค่า"), CALL_ME)
    card = chat.say("ป้าคำ")
    asked = chat.tap(card, said("preferences.row_called", name="ป้าคำ"))
    gone = chat.tap(asked, said("button.prefer_called_no")) if way == "pressed" else chat.say("ไม่ต้องเรียกค่ะ")
    assert said("preferences.called_gone") in words_of(gone)
    assert (called_of(chat), CALL_ME in labels(gone)) == ("", True)


@pytest.mark.parametrize(("message_id", "left"), [("n1", ""), ("n0", "ป้าคำ")])
def test_a_form_of_address_goes_with_the_message_in_which_it_was_typed(
    either_door: Door, message_id: str, left: str
) -> None:
    door = either_door
    door.person()
    for number, text in enumerate(("ป้าคำแสน", "ป้าคำ")):
        door.press("prefer_called")
        door.hear(a_text(text, message_id=f"n{number}"))
    assert called_of(door) == "ป้าคำ"
    door.hear(an_event("unsend", unsend={"messageId": message_id}))
    assert called_of(door) == left


@pytest.mark.parametrize("way", ["pressed", "typed"])
def test_leaving_changes_nothing_and_says_so(chat: Door, way: str) -> None:
    asked = chat.tap(chat.say("ตั้งค่า"), CALL_ME)
    heard = chat.tap(asked, said("button.cancel")) if way == "pressed" else chat.say("ยกเลิก")
    assert said("preferences.kept") in words_of(heard)
    chat.say("ป้าคำ")
    assert called_of(chat) == ""


def test_a_question_in_between_is_answered_and_the_name_asked_again(chat: Door) -> None:
    chat.office.matcher.told = {"ศูนย์เปิดกี่โมงคะ": answers("center.hours")}
    chat.tap(chat.say("ตั้งค่า"), CALL_ME)
    assert words_of(chat.say("ศูนย์เปิดกี่โมงคะ")).endswith(said("preferences.called_waiting"))
    chat.say("ป้าคำ")
    assert called_of(chat) == "ป้าคำ"


def test_another_button_of_the_settings_ends_the_question(chat: Door) -> None:
    card = chat.say("ตั้งค่า")
    chat.tap(card, CALL_ME)
    chat.tap(card, TICKED)
    chat.say("ป้าคำ")
    assert called_of(chat) == ""


def test_whoever_says_hello_is_greeted_so(chat: Door) -> None:
    chat.office.matcher.told = {"สวัสดีค่ะ": answers("general.greeting")}
    before = words_of(chat.say("สวัสดีค่ะ"))
    chat.tap(chat.say("ตั้งค่า"), CALL_ME)
    chat.say("คุณป้าคำ")
    assert words_of(chat.say("สวัสดีค่ะ")) == before.replace("สวัสดีค่ะ", "สวัสดีค่ะ คุณป้าคำ", 1)


@pytest.mark.parametrize(
    "text",
    [
        *("ยกเลิกค่ะ", "ไม่เอาค่ะ", "ไม่", "ไม่เปลี่ยนแล้ว", "ไม่อยากบอก", "ไม่เป็นไรค่ะ", "บ่เอา", "ข้าม", "ขอข้าม", "เปลี่ยนใจ"),
        *("อะไรก็ได้", "“ยกเลิก”", "no", "No thanks", "skip", "cancel", "never mind"),
    ],
)
def test_a_no_is_nobody_s_name(chat: Door, text: str) -> None:
    chat.press("prefer_called")
    chat.say("ป้าคำ")
    chat.press("prefer_called")
    heard = chat.say(text)
    assert words_of(heard).split("\n")[1] in {said("preferences.kept"), said("preferences.kept", "en")}
    assert called_of(chat) == "ป้าคำ"
    chat.office.matcher.told["ป้าแดง"] = answers("center.what")
    chat.say("ป้าแดง")  # it is not waited for any more
    assert called_of(chat) == "ป้าคำ"


@pytest.mark.parametrize("text", ["โนรา", "ไม้", "คุณบ่าวพ่อ"])
def test_what_only_begins_like_a_no_is_a_name(chat: Door, text: str) -> None:
    chat.press("prefer_called")
    chat.say(text)
    assert called_of(chat) == text


def test_a_menu_asked_for_politely_is_no_name(chat: Door) -> None:
    chat.press("prefer_called")
    assert said("menu.text") in words_of(chat.say("เมนูค่ะ"))
    assert called_of(chat) == ""


def test_what_the_bot_can_answer_is_no_name_though_it_is_no_question(chat: Door) -> None:
    chat.office.matcher.told["ขอเบอร์ศูนย์หน่อย"] = answers("center.contact")
    chat.office.matcher.told["ป้าดีใจ"] = answers("general.greeting")
    chat.press("prefer_called")
    assert words_of(chat.say("ขอเบอร์ศูนย์หน่อย")).endswith(said("preferences.called_waiting"))
    assert called_of(chat) == ""
    chat.say("ป้าดีใจ")
    assert called_of(chat) == "ป้าดีใจ"
