"""Leaving a word for staff: it can be left at any moment, and whatever comes in between does not end it."""

from __future__ import annotations

from bot.storage import case_messages
from tests.scenarios.house import House
from tests.scenarios.phone import Heard, Phone, all_at_once, said
from tests.scenarios.test_arriving import MENU
from tests.scenarios.test_asking import FITS
from tests.scenarios.test_staff import TO_STAFF, number_in

HELD = "ฝากข้อความเมื่อกี้"
CANCEL = "ยกเลิก"
QUESTION = "ศูนย์เปิดกี่โมงคะ"
WORD = "ถนนหน้าโรงเรียนบ้านป่าแดดน้ำท่วมทุกปี"


def begin(phone: Phone) -> Heard:
    asked = phone.press(TO_STAFF, on=phone.say("เมนู"))
    assert asked.words == said("leave.person")
    return asked


def test_leaving_a_word_can_be_left_by_word_by_button_and_by_menu(house: House) -> None:
    def leave(by: str) -> None:
        phone = Phone.of_a_friend(house)
        asked = begin(phone)
        left = phone.press(CANCEL, on=asked) if by == "button" else phone.say({"word": CANCEL, "menu": "เมนู"}[by])
        assert left.labels == MENU
        assert left.words.startswith(said("menu.title" if by == "menu" else "menu.left"))
        assert FITS in phone.say(QUESTION).words
        assert house.case_kinds(of=phone.user_id) == []

    all_at_once(leave, ("word",), ("button",), ("menu",))


def test_a_question_in_between_is_answered_and_the_wait_goes_on(house: House, known: Phone) -> None:
    begin(known)
    between = known.say(QUESTION)
    assert FITS in between.words
    assert between.words.endswith(said("leave.held"))
    assert between.choices == [HELD, CANCEL]
    assert house.case(number_in(known.say(WORD))) == ("wants_person", WORD)


def test_what_was_taken_for_a_question_can_still_be_left(house: House, known: Phone) -> None:
    begin(known)
    between = known.say(QUESTION)

    kept = known.press(HELD, on=between)

    assert house.case(number_in(kept)) == ("wants_person", QUESTION)
    assert said("stale.button") in known.press(HELD, on=between).words, "once"
    assert house.case_kinds(of=known.user_id) == ["wants_person"]


def test_what_was_left_in_between_can_be_taken_back(house: House, known: Phone) -> None:
    begin(known)
    between = known.say(QUESTION)
    asked_in = known.sent_message_id
    number = number_in(known.press(HELD, on=between))

    known.unsend(asked_in)

    assert QUESTION not in house.case(number)[1]


def test_a_sticker_does_not_end_the_wait(house: House, known: Phone) -> None:
    begin(known)

    between = known.sticker()
    kept = known.say(WORD)

    assert between.words.endswith(said("leave.waiting"))
    assert between.choices == [CANCEL]
    assert house.case(number_in(kept)) == ("wants_person", WORD)


def test_a_picture_can_be_left_for_staff(house: House, known: Phone) -> None:
    begin(known)

    number = number_in(known.picture())

    with house.db.reading() as db:
        written = [row for row, _ in case_messages.list_latest(db, number, limit=9)]
    assert [row.kind for row in written if row.author == case_messages.CITIZEN] == ["image"]


def test_a_topic_in_between_does_not_end_the_wait(house: House, known: Phone) -> None:
    menu = known.say("เมนู")
    known.press(TO_STAFF, on=menu)

    between = known.press("เวทีแลกเปลี่ยน", on=menu)

    assert FITS in between.words
    assert between.words.endswith(said("leave.waiting"))
    assert house.case(number_in(known.say(WORD))) == ("wants_person", WORD)
