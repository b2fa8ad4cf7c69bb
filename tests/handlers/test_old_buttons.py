"""Buttons that stayed on a screen for long."""

from __future__ import annotations

import pytest

from handlers import wording
from tests.office import Office, answers, shipped, words_of

QUESTION = "ศูนย์เปิดกี่โมง"
TO_STAFF = "คุยกับเจ้าหน้าที่"


@pytest.fixture
def asked(office: Office) -> list[dict[str, object]]:
    """An answer to somebody who has been told about their data, and the buttons under it."""
    office.matcher.told[QUESTION] = answers("center.hours")
    office.say("เมนู")
    return office.say(QUESTION)


def said(key: str) -> str:
    return wording.load("th").say(key, centre="")


@pytest.mark.parametrize(("days", "opened"), [(6, ["wants_person"]), (8, [])], ids=["within a week", "later"])
def test_a_staff_button_about_a_question_is_good_for_a_week(
    office: Office, asked: list[dict[str, object]], days: int, opened: list[str]
) -> None:
    office.wait(days=days)

    heard = words_of(office.press(asked, TO_STAFF))

    assert [kind for kind, _, _ in office.cases()] == opened
    assert (heard == said("stale.button")) is (opened == [])


def test_a_staff_button_about_nothing_never_grows_old(office: Office) -> None:
    menu = office.say("เมนู")
    office.wait(days=400)

    assert words_of(office.press(menu, TO_STAFF)) == said("leave.person")


@pytest.mark.parametrize("label", ["👍 ตรง", "เมนู"])
def test_buttons_that_act_upon_nothing_never_grow_old(
    office: Office, asked: list[dict[str, object]], label: str
) -> None:
    office.wait(days=20)

    assert said("stale.button") not in words_of(office.press(asked, label))


def test_an_old_no_to_all_choices_does_nothing(office: Office) -> None:
    office.say("เมนู")
    missed = office.say("ไม่มีใครรู้")
    office.wait(days=8)

    assert words_of(office.press(missed, "ไม่ใช่ทั้งหมดนี้")) == said("stale.button")

    assert office.questions()[-1].chosen is None


def test_a_topic_among_old_choices_is_still_answered(office: Office) -> None:
    office.say("เมนู")
    missed = office.say("ไม่มีใครรู้")
    office.wait(days=8)
    topic = shipped().entries["center.what"].title["th"]

    assert said("answer.fits") in words_of(office.press(missed, topic))
