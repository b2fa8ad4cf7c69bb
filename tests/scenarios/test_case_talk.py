"""Talking to a person of the centre: the bot keeps quiet meanwhile, and comes back."""

from __future__ import annotations

from bot import clock
from bot.cases import handling
from tests.scenarios.phone import Heard, said
from tests.scenarios.test_asking import FITS
from tests.scenarios.test_cases_answered import FIRST, SECOND, Counter, counter

__all__ = ["counter"]
QUESTION = "ศูนย์เปิดกี่โมงคะ"


def test_the_bot_keeps_quiet_until_it_is_called_back(counter: Counter) -> None:
    phone = counter.phone
    counter.wait_until_said(counter.answer(FIRST))

    assert phone.send_in_vain("text", text=QUESTION) == "with_person"
    assert phone.send_in_vain("image", count=1) == "with_person"
    assert "โทร 1323" in phone.say("ไม่อยากมีชีวิตอยู่อีกต่อไปแล้ว").labels
    assert said("menu.text") in phone.say("เมนู").words
    counter.wait_until_said(counter.answer(SECOND))
    assert counter.seen(SECOND) == 1

    number = str(counter.case().id)  # staff took up the urgent one
    assert said("case.line_ended", number=number) in phone.say("คุยกับบอท").words
    assert FITS in phone.say(QUESTION).words


def test_the_end_is_asked_about_and_can_be_no_end(counter: Counter) -> None:
    phone, case = counter.phone, counter.case()
    before = len(phone.bubbles())
    with counter.house.db.transaction() as db:
        handling.close(db, counter.vault, case.id, by=counter.staff_id, tell=True, now=clock.now())
    phone.wait_for_bubbles(before + 1)
    assert said("case.state_closed") in phone.say(f"#{case.id}").words

    asked = Heard(phone.bubbles()[before : before + 1], "")
    assert asked.words == said("case.closed", number=str(case.id))
    assert said("case.reopened", number=str(case.id)) in phone.press("ยังไม่ได้", on=asked).words
    assert said("case.more_kept", number=str(case.id)) in phone.say("ยังไม่ได้โฉนดคืนค่ะ").words
    assert said("case.state_open") in phone.say("เรื่องของฉัน").words
    assert counter.case().satisfied == "no"
