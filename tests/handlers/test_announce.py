"""Announcing inside LINE: the way from the word to the approval, and that nobody else ever learns of it."""

from __future__ import annotations

import pytest

from bot.notices import drafting
from bot.outreach import line_linking
from bot.storage import events, preferences
from bot.storage.notices import SUBMITTED
from bot.storage.staff import StaffRow
from tests.builders import MALEE, NOON, a_press
from tests.handlers.announcing import (
    CANCEL,
    CHANGE,
    EVERYONE,
    FREE,
    LOOK,
    OF_DISTRICT,
    OF_PROGRAMME,
    OTHER,
    REGISTERED,
    SUBMIT,
    THIS,
    TO,
    WORDS,
    agree,
    audited,
    link,
    notices_of,
    summed_up,
)
from tests.handlers.registered import TITLE, Door, door, either_door, said
from tests.office import answers, data_of, labels, words_of

__all__ = ["door", "either_door"]


def test_the_whole_way_ends_with_a_notice_that_waits_for_approval(either_door: Door) -> None:
    door, event_id = either_door, either_door.event()
    account = link(door)
    agree(door, 3)
    agree(door, 1, first=200, wants_notices=False)

    listed = door.say("ประกาศ")
    assert said("announce.which") in words_of(listed)
    assert labels(listed) == [THIS, FREE, CANCEL]
    preview = door.tap(listed, THIS)
    assert "ยังไม่ได้ส่งถึงใคร" in words_of(preview)
    assert TITLE in words_of(preview)
    assert labels(preview)[-4:] == [TO, WORDS, OTHER, CANCEL]
    audiences = door.tap(preview, TO)
    assert labels(audiences)[:4] == [EVERYONE, OF_PROGRAMME, OF_DISTRICT, REGISTERED]
    assert said("announce.people", count="3") in words_of(audiences)
    summary = door.tap(audiences, EVERYONE)
    assert labels(summary) == [SUBMIT, CHANGE, LOOK, CANCEL]
    assert said("announce.not_agreed", count="2") in words_of(summary)
    assert said("announce.quota_unknown") in words_of(summary)
    assert notices_of(door) == [], "nothing is kept before it is handed in"

    done = door.tap(summary, SUBMIT)

    (notice,) = notices_of(door)
    assert (notice.state, notice.author_id, notice.event_id, notice.title) == (SUBMITTED, account.id, event_id, TITLE)
    assert notice.audience == {"groups": [["everyone", ""]], "without": []}
    assert said("announce.submitted") in words_of(done)
    assert f"http://127.0.0.1:8000/console/notices/{notice.id}" in words_of(done)
    number = str(notice.id)
    assert audited(door) == [("notice.created", "มาลี", number), ("notice.submitted", "มาลี", number)]
    assert [way for way, _, _ in door.office.line.sent if way in {"push", "multicast"}] == [], "nothing is sent"


def test_what_is_handed_in_is_what_the_preview_showed(door: Door) -> None:
    door.event()
    link(door)
    agree(door, 1)
    preview = door.tap(door.say("ประกาศ"), THIS)
    door.tap(door.tap(door.tap(preview, TO), EVERYONE), SUBMIT)
    (bubble,) = drafting.plan_of(notices_of(door)[0]).content.bubbles
    shown = words_of(preview)
    assert [paragraph for paragraph in bubble.text.split("\n\n") if paragraph not in shown] == []


@pytest.mark.parametrize("word", ["ประกาศ", "ส่งประกาศ", "announce", "Announce!"])
def test_the_words_that_begin(door: Door, word: str) -> None:
    door.event()
    link(door)
    assert said("announce.which") in words_of(door.say(word))
    assert door.office.questions() == []


def test_to_everybody_else_the_word_is_a_question_like_any_other(door: Door) -> None:
    door.event()
    door.person()
    heard = door.say("ประกาศ")
    assert [(row.text, row.decision) for row in door.office.questions()] == [("ประกาศ", "fallback")]
    door.person(MALEE)
    assert words_of(heard) == words_of(door.say("คำอื่นใด", by=MALEE))


def test_somebody_else_s_press_means_nothing(door: Door) -> None:
    door.event()
    link(door)
    data = data_of(door.say("ประกาศ"), THIS)
    door.person(MALEE)
    assert words_of(door.hear(a_press(data, user_id=MALEE))) == said("stale.button")


@pytest.mark.parametrize("way", ["unlinked", "disabled"])
def test_whoever_lost_the_right_cannot_hand_in(door: Door, way: str) -> None:
    door.event()
    account = link(door)
    agree(door, 1)
    summary = summed_up(door)
    with door.office.database.transaction() as db:
        if way == "disabled":
            db.get_one(StaffRow, account.id).disabled_at = door.office.now
        else:
            line_linking.unlink(db, staff_id=account.id)
    assert words_of(door.tap(summary, SUBMIT)) == said("stale.button")
    assert notices_of(door) == []
    door.say("รถรับส่งมีไหม")
    assert door.office.questions()[-1].text == "รถรับส่งมีไหม", "and the dialogue is over"


def test_somebody_who_lost_the_right_asks_like_everybody(door: Door) -> None:
    door.event()
    account = link(door)
    door.tap(door.tap(door.say("ประกาศ"), THIS), WORDS)
    with door.office.database.transaction() as db:
        line_linking.unlink(db, staff_id=account.id)
    door.say("รถรับส่งมีไหม")
    assert door.office.questions()[-1].text == "รถรับส่งมีไหม"


def test_pressed_twice_makes_one_notice(either_door: Door) -> None:
    door = either_door
    door.event()
    link(door)
    agree(door, 1)
    summary = summed_up(door)
    door.tap(summary, SUBMIT)
    heard = door.tap(summary, SUBMIT)
    assert len(notices_of(door)) == 1
    assert said("announce.submitted_before") in words_of(heard)
    assert f"/console/notices/{notices_of(door)[0].id}" in words_of(heard)
    assert len(audited(door)) == 2


def test_a_button_of_an_earlier_announcement_changes_nothing(door: Door) -> None:
    door.event()
    link(door)
    agree(door, 1)
    before = summed_up(door)
    door.say("ประกาศ")
    heard = door.tap(before, SUBMIT)
    assert words_of(heard).startswith(said("announce.of_another"))
    assert said("announce.waiting_event") in words_of(heard)
    assert notices_of(door) == []


def test_a_button_of_one_that_was_left_leads_to_a_new_one(door: Door) -> None:
    door.event()
    link(door)
    agree(door, 1)
    before = summed_up(door)
    assert said("menu.left").split("\n", maxsplit=1)[0] in words_of(door.say("ยกเลิก"))
    heard = door.tap(before, SUBMIT)
    assert words_of(heard) == said("announce.over")
    assert said("announce.which") in words_of(door.tap(heard, "เริ่มประกาศใหม่"))
    assert notices_of(door) == []


def test_after_half_an_hour_it_is_forgotten(door: Door) -> None:
    door.event()
    link(door)
    agree(door, 1)
    before = summed_up(door)
    door.office.wait(minutes=31)
    assert words_of(door.tap(before, SUBMIT)) == said("announce.over")
    assert notices_of(door) == []


@pytest.mark.parametrize("at", [THIS, TO, EVERYONE, SUBMIT])
def test_an_event_called_off_meanwhile_is_refused(door: Door, at: str) -> None:
    event_id = door.event()
    door.event(title="งานอื่น")
    link(door)
    agree(door, 1)
    heard = door.say("ประกาศ")
    for label in (THIS, TO, EVERYONE, SUBMIT):
        if label == at:
            door.amend(event_id, state=events.CALLED_OFF, called_off_why="ฝนตก")
            refused = door.tap(heard, label)
            break
        heard = door.tap(heard, label)
    assert words_of(refused).startswith(said("announce.event_called_off"))
    assert "งานอื่น" in words_of(refused)
    assert TITLE not in words_of(refused)
    assert notices_of(door) == []


def test_an_event_that_is_over_by_then_is_refused(door: Door) -> None:
    link(door)
    event_id = door.event()
    listed = door.say("ประกาศ")
    door.amend(event_id, ends_at=NOON)
    heard = door.tap(listed, THIS)
    assert words_of(heard).startswith(said("announce.event_over"))
    assert said("announce.none") in words_of(heard)


def test_an_event_that_changed_meanwhile_is_shown_again(door: Door) -> None:
    event_id = door.event()
    link(door)
    agree(door, 1)
    summary = summed_up(door)
    door.amend(event_id, place_name="ศาลากลาง")
    heard = door.tap(summary, SUBMIT)
    assert said("announce.changed") in words_of(heard)
    assert notices_of(door) == []


def test_seats_taken_meanwhile_change_nothing(door: Door) -> None:
    """What was previewed is sent, as it was."""
    event_id = door.event()
    link(door)
    agree(door, 1)
    summary = summed_up(door)
    door.place(event_id, MALEE)
    door.tap(summary, SUBMIT)
    assert len(notices_of(door)) == 1


def test_a_summary_of_another_group_hands_in_nothing(door: Door) -> None:
    event_id = door.event()
    link(door)
    agree(door, 2, district="mae_sai")
    door.place(event_id, f"U{100:032x}")
    audiences = door.tap(door.tap(door.say("ประกาศ"), THIS), TO)
    everyone = door.tap(audiences, EVERYONE)
    registered = door.tap(audiences, REGISTERED)
    heard = door.tap(everyone, SUBMIT)
    assert said("announce.changed") in words_of(heard)
    assert notices_of(door) == []
    door.tap(heard, SUBMIT)
    assert notices_of(door)[0].audience["groups"] == [["registered", str(event_id)]]
    assert said("announce.people", count="1") in words_of(registered)


def test_nobody_to_reach_is_told_before_anything_is_handed_in(door: Door) -> None:
    door.event()
    link(door)
    assert said("announce.nobody") in words_of(summed_up(door, REGISTERED))


def test_a_group_that_became_empty_is_not_handed_in(door: Door) -> None:
    door.event()
    link(door)
    (person_id,) = agree(door, 1)
    summary = summed_up(door)
    with door.office.database.transaction() as db:
        preferences.save(db, person_id, wants_notices=False)
    assert said("announce.nobody") in words_of(door.tap(summary, SUBMIT))
    assert notices_of(door) == []


def test_a_question_in_between_is_answered_and_the_step_asked_again(door: Door) -> None:
    door.event()
    link(door)
    agree(door, 1)
    summed_up(door)
    door.office.matcher.told["ศูนย์เปิดกี่โมง"] = answers("center.hours")
    heard = door.say("ศูนย์เปิดกี่โมง")
    assert labels(heard)[-4:] == [SUBMIT, CHANGE, LOOK, CANCEL]
    door.tap(heard, SUBMIT)
    assert len(notices_of(door)) == 1


def test_the_words_of_a_button_can_be_typed(door: Door) -> None:
    door.event()
    link(door)
    agree(door, 1)
    door.tap(door.say("ประกาศ"), THIS)
    for words in (TO, EVERYONE, SUBMIT):
        door.say(words)
    assert len(notices_of(door)) == 1


def test_any_other_text_is_told_what_is_waited_for(door: Door) -> None:
    door.event()
    link(door)
    door.say("ประกาศ")
    heard = door.say("อะไรก็ได้")
    assert words_of(heard) == "\n".join((said("announce.press"), said("announce.waiting_event")))
    assert words_of(door.tap(heard, "ดูรายการงาน")).startswith(said("announce.which"))
