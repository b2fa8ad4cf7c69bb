"""What reaches a person of the centre, and the way out of it; what a button and a picture may not do."""

from __future__ import annotations

import re

import pytest

from tests.scenarios.house import CONTACT_PHONE, House
from tests.scenarios.phone import Heard, Phone, said
from tests.scenarios.test_arriving import MENU, NOTICE

TO_STAFF = "คุยกับเจ้าหน้าที่"


def number_in(heard: Heard) -> int:
    """The case's number, as the person is told it."""
    found = re.search(r"(?:เลขเรื่องของคุณคือ|เรื่องที่)\s(\d+)", heard.words)
    assert found is not None, heard.words
    return int(found[1])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("ไม่อยากมีชีวิตอยู่อีกต่อไปแล้ว", id="despair"),
        pytest.param("หนูโดนพ่อเลี้ยงตีจนเลือดออก ช่วยหนูด้วย", id="violence"),
    ],
)
def test_a_cry_for_help_gets_the_hotlines_at_once_and_reaches_staff_as_urgent(
    house: House, phone: Phone, text: str
) -> None:
    heard = phone.say(text)

    assert NOTICE not in heard.words, "nothing stands before the hotlines"
    assert heard.links == {f"โทร {line}": f"tel:{line}" for line in ("191", "1669", "1323", "1300")}
    assert all(line in heard.messages[0]["altText"] for line in ("191", "1669", "1323", "1300"))
    (case,) = (case for case in house.listed_cases() if case["case"] == number_in(heard))
    assert (case["kind"], case["urgent"], case["state"], case["question"]) == ("urgent", True, "open", text)
    assert house.question(heard.event_id).urgent
    assert NOTICE in phone.say("เมนู").words, "the notice comes with the next answer"


def test_urgent_cases_come_first(house: House, known: Phone) -> None:
    urgent = number_in(known.say("เหนื่อยมาก อยากตายให้จบๆ ไป"))

    later = number_in(known.press(TO_STAFF, on=known.say("ขอเบอร์ติดต่อศูนย์หน่อยครับ")))

    numbers = [case["case"] for case in house.listed_cases()]

    assert numbers.index(urgent) < numbers.index(later)


def test_a_cry_for_help_is_heard_in_the_middle_of_a_dialogue(known: Phone) -> None:
    known.press(TO_STAFF, on=known.say("เมนู"))

    assert "1323" in known.say("ไม่อยากมีชีวิตอยู่อีกต่อไปแล้ว").words


def test_a_question_is_handed_to_staff_once_with_a_number(house: House, known: Phone) -> None:
    asked = known.say("ศูนย์นี้ตั้งมากี่ปีแล้ว")

    told = known.press(TO_STAFF, on=asked)
    again = known.press(TO_STAFF, on=asked)

    assert CONTACT_PHONE in told.words
    assert "อยู่กับเจ้าหน้าที่แล้ว" in again.words
    assert number_in(told) == number_in(again)
    (case,) = (case for case in house.listed_cases() if case["case"] == number_in(told))
    assert (case["kind"], case["urgent"], case["question"]) == ("wants_person", False, "ศูนย์นี้ตั้งมากี่ปีแล้ว")


def test_a_word_is_left_for_staff(house: House, known: Phone) -> None:
    known.press(TO_STAFF, on=known.say("เมนู"))

    kept = known.say("น้ำท่วมถนนหน้าโรงเรียนบ้านป่าแดดทุกปี โทร 081 234 5678")

    assert house.case(number_in(kept)) == ("wants_person", "น้ำท่วมถนนหน้าโรงเรียนบ้านป่าแดดทุกปี โทร <เบอร์โทร>")
    assert house.question(kept.event_id) is None, "it is no question"


def test_a_word_for_staff_that_is_taken_back_loses_its_words(house: House, known: Phone) -> None:
    known.press(TO_STAFF, on=known.say("เมนู"))
    number = number_in(known.say("เรื่องที่เผลอเล่าไป"))

    known.unsend(known.sent_message_id)

    assert "เรื่องที่เผลอเล่าไป" not in house.case(number)[1]


def test_who_wants_a_person_without_having_asked_is_asked_what_to_say(house: House, known: Phone) -> None:
    assert known.press(TO_STAFF, on=known.say("เมนู")).words == said("leave.person")

    kept = known.say("อยากปรึกษาเรื่องที่ดินทำกินค่ะ")

    assert house.case(number_in(kept)) == ("wants_person", "อยากปรึกษาเรื่องที่ดินทำกินค่ะ")


def test_one_s_data_can_be_asked_for(house: House, known: Phone) -> None:
    heard = known.press("คุยกับเจ้าหน้าที่เรื่องข้อมูล", on=known.say("ข้อมูลของฉัน"))

    assert "ส่งคำขอเรื่องข้อมูลของคุณ" in heard.words
    assert house.case(number_in(heard))[0] == "privacy"


def test_a_button_that_was_tampered_with_does_nothing(house: House, known: Phone) -> None:
    asked = known.say("ศูนย์เปิดกี่โมงคะ")
    data = asked.action("👎 ไม่ตรง")["data"]
    forged = [
        data.replace("v=no", "v=yes"),
        data[:-1] + ("A" if data[-1] != "A" else "B"),
        "fits?v=yes",
        "menu?~zz~",
        "~",
    ]

    heard = [known.send_data(each) for each in forged]

    words = [said("stale.button"), said("stale.button.again")] * 3
    assert [answer.words for answer in heard] == words[: len(forged)]
    assert [answer.choices for answer in heard] == [MENU] * len(forged)
    assert house.question(asked.event_id).feedback is None


def test_an_old_button_still_works(known: Phone) -> None:
    menu = known.say("เมนู")
    known.say("ศูนย์นี้ตั้งมากี่ปีแล้ว")

    assert "ศูนย์พัฒนาการเมืองภาคพลเมือง" in known.press("ศูนย์คืออะไร", on=menu).words
