"""Stars, and one sentence for whoever likes to write one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.events import check_in
from bot.storage import event_feedback
from tests.bot.events.making import IN_A_WEEK
from tests.builders import MALEE, a_text, an_event
from tests.handlers.registered import TITLE, Door, door, either_door, said
from tests.office import answers, data_of, labels, words_of

__all__ = ["door", "either_door"]
AFTER = IN_A_WEEK + timedelta(hours=5)
ASKED = "มีงานที่แม่สายอีกไหม"


def came(door: Door) -> tuple[int, int]:
    """The event, and Somchai's place at it; it is over."""
    event_id = door.event()
    place = door.place(event_id)
    door.office.now = AFTER
    return event_id, place


def kept(door: Door, event_id: int) -> tuple[dict[int, int], list[tuple[int, str]]]:
    with door.office.database.reading() as db:
        return event_feedback.count_by_stars(db, event_id), event_feedback.list_words(db, event_id, limit=9)


def test_five_rows_of_stars_are_asked_for(door: Door) -> None:
    _, place = came(door)
    heard = door.tell(place, "feedback")
    assert said("told.ask_stars") in words_of(heard)
    assert labels(heard) == ["⭐⭐⭐⭐⭐", "⭐⭐⭐⭐", "⭐⭐⭐", "⭐⭐", "⭐"]


def test_only_those_who_came_are_asked_where_anybody_was_checked_in(door: Door) -> None:
    event_id = door.event()
    here, away = door.place(event_id), door.place(event_id, MALEE)
    door.office.now = IN_A_WEEK
    with door.office.database.transaction() as db:
        check_in.check_in(
            db, registration_id=here, at=IN_A_WEEK, way="code", staff_id=None, key="1", now=IN_A_WEEK
        )  # fmt: skip
    door.office.now = AFTER
    assert (door.tell(here, "feedback") != [], door.tell(away, "feedback", to=MALEE)) == (True, [])


@pytest.mark.parametrize("why", ["left", "no wish", "rescheduled", "answered"])
def test_nobody_is_asked_in_vain(door: Door, why: str) -> None:
    event_id, place = came(door)
    match why:
        case "left":
            door.change(place, state="cancelled")
        case "no wish":
            door.amend(event_id, asks_feedback=False)
        case "rescheduled":
            door.amend(event_id, schedule_version=2)
        case "answered":
            door.press("stars", r=place, n=4)
    assert door.tell(place, "feedback") == []


def test_stars_are_kept_and_a_word_may_follow_masked(either_door: Door) -> None:
    door, (event_id, place) = either_door, came(either_door)
    asked = door.press("stars", r=place, n=5)
    assert words_of(asked) == said("told.ask_word", stars="5", title=TITLE)
    assert kept(door, event_id) == ({5: 1}, [])
    assert words_of(door.say("ดีมากค่ะ โทรหาได้ที่ 081-234-5678")) == said("told.thanks")
    assert kept(door, event_id) == ({5: 1}, [(5, "ดีมากค่ะ โทรหาได้ที่ <เบอร์โทร>")])
    assert door.office.questions() == []


@pytest.mark.parametrize("word", ["ข้าม", "ข้ามค่ะ", "“ข้าม”", None])
def test_the_word_can_be_skipped(door: Door, word: str | None) -> None:
    event_id, place = came(door)
    asked = door.press("stars", r=place, n=3)
    heard = door.say(word) if word else door.tap(asked, "ข้าม")
    assert words_of(heard) == said("told.thanks")
    assert kept(door, event_id) == ({3: 1}, [])


def test_other_stars_take_the_place_of_the_first(door: Door) -> None:
    event_id, place = came(door)
    door.press("stars", r=place, n=1)
    door.press("stars", r=place, n=4)
    door.say("เปลี่ยนใจค่ะ")
    assert kept(door, event_id) == ({4: 1}, [(4, "เปลี่ยนใจค่ะ")])


def test_a_question_in_between_is_answered_and_may_have_been_the_word(door: Door) -> None:
    event_id, place = came(door)
    door.office.matcher.told = {ASKED: answers("center.contact")}
    door.press("stars", r=place, n=4)
    heard = door.say(ASKED)
    assert words_of(heard[-1:]) == said("told.word_held")
    door.tap(heard, "ใช้ข้อความเมื่อกี้")
    assert kept(door, event_id) == ({4: 1}, [(4, ASKED)])


@pytest.mark.parametrize("held", [False, True])
def test_a_word_is_taken_back_with_its_message(either_door: Door, held: bool) -> None:
    door, (event_id, place) = either_door, came(either_door)
    door.office.matcher.told = {ASKED: answers("center.contact")}
    door.press("stars", r=place, n=4)
    heard = door.hear(a_text(ASKED if held else "วิทยากรพูดเร็วไป", message_id="w1"))
    if held:
        door.tap(heard, "ใช้ข้อความเมื่อกี้")
    assert len(kept(door, event_id)[1]) == 1
    door.hear(an_event("unsend", unsend={"messageId": "w1"}))
    assert kept(door, event_id) == ({4: 1}, [])


def test_an_old_skip_is_an_old_button(door: Door) -> None:
    _, place = came(door)
    asked = door.press("stars", r=place, n=3)
    door.say("ดีค่ะ")
    assert words_of(door.tap(asked, "ข้าม")) == said("stale.button")


def test_stars_during_another_dialogue_let_it_go_on(door: Door) -> None:
    event_id, place = came(door)
    door.press("staff")
    heard = door.press("stars", r=place, n=5)
    assert [words_of([one]) for one in heard] == [said("told.thanks"), said("leave.waiting")]
    assert kept(door, event_id) == ({5: 1}, [])


def test_stars_before_the_end_are_refused(door: Door) -> None:
    event_id = door.event()
    place = door.place(event_id)
    assert words_of(door.press("stars", r=place, n=5)) == said("told.not_over_yet")
    assert kept(door, event_id) == ({}, [])


def test_stars_without_a_seat_are_refused(door: Door) -> None:
    event_id, place = came(door)
    door.change(place, state="cancelled")
    assert words_of(door.press("stars", r=place, n=5)) == said("told.only_with_seat")
    assert kept(door, event_id) == ({}, [])


@pytest.mark.parametrize("stars", ["0", "6", "-1", "x"])
def test_stars_that_do_not_exist_are_refused(door: Door, stars: str) -> None:
    event_id, place = came(door)
    door.press("stars", r=place, n=stars)
    assert kept(door, event_id) == ({}, [])


def test_a_star_button_says_which_place_and_how_many(door: Door) -> None:
    _, place = came(door)
    data = data_of(door.tell(place, "feedback"), "⭐⭐")
    assert door.office.desk.buttons.decode(data).arguments == {"r": str(place), "n": "2"}


@pytest.mark.parametrize("gives", [True, False])
def test_whoever_has_earned_a_certificate_finds_it_with_the_thanks(door: Door, *, gives: bool) -> None:
    event_id = door.event(gives_certificate=gives)
    place = door.place(event_id)
    with door.office.database.transaction() as db:
        check_in.check_in(
            db, registration_id=place, at=IN_A_WEEK, way="code", staff_id=None, key="1", now=IN_A_WEEK
        )  # fmt: skip
    door.office.now = AFTER
    heard = door.office.press(door.tell(place, "feedback"), "⭐⭐⭐⭐⭐")
    thanked = door.office.press(heard, said("button.told_skip"))
    assert (labels(thanked)[0] == said("button.told_certificate")) == gives
