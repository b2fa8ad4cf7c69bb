"""What changes while somebody fills in a form: the event, what it asks, its seats, the time that goes by."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from bot.events.forms import Form
from bot.storage import events
from handlers import sign_up_aside
from tests.builders import NOON
from tests.handlers.signing_up import Citizen, a_question, chat, said
from tests.office import answers

__all__ = ["chat"]
AGREE, CONFIRM, GO_ON, ANEW = "ยินยอมและไปต่อ", "ยืนยัน", "ทำต่อจากเมื่อกี้", "เริ่มใหม่"
TITLE = "เวทีแลกเปลี่ยนเรียนรู้"


def fill_in(chat: Citizen, *texts: str) -> str:
    """Up to the summary, unless the texts end earlier."""
    heard = chat.agree()
    for text in texts:
        heard = chat.say(text)
    return heard


@pytest.fixture
def filled(chat: Citizen) -> Citizen:
    """The summary is shown."""
    chat.make_event(phone_rule="optional")
    fill_in(chat, "มาลี", "ข้าม", "3")
    assert CONFIRM in chat.labels
    return chat


def test_a_new_question_is_asked_and_nothing_else(filled: Citizen) -> None:
    filled.add_question(a_question("อยากฟังเรื่องอะไร"))
    filled.amend(form_version=2)
    assert filled.press(CONFIRM).startswith(f"{said('signup.changed')}\nอยากฟังเรื่องอะไร")
    assert filled.say("เรื่องน้ำ").startswith(said("signup.summary_title"))
    filled.press(CONFIRM)
    assert (filled.states(), list(filled.forms()[0].answers.values())) == ([("confirmed", 3)], ["เรื่องน้ำ"])
    assert filled.rows()[0].form_version == 2


@pytest.mark.parametrize(
    ("changes", "key", "answer"),
    [
        ({"phone_rule": "required"}, "signup.ask_phone", "0812345678"),
        ({"asks_district": True}, "signup.ask_district", "แม่สาย"),
        ({"asks_companions": True}, "signup.ask_companions", "แดง, ดำ"),
        ({"minors": "guardian"}, "signup.ask_age", "ใช่"),
        ({"minors": "adults"}, "signup.ask_age", "ใช่"),
        ({"party_most": 2}, "signup.ask_party", "2"),
    ],
)
def test_only_what_is_new_or_not_right_any_more_is_asked(
    filled: Citizen, changes: dict[str, Any], key: str, answer: str
) -> None:
    filled.amend(form_version=2, **changes)
    assert filled.press(CONFIRM) == f"{said('signup.changed')}\n{said(key, most='2')}"
    assert filled.say(answer).startswith(said("signup.summary_title"))
    filled.press(CONFIRM)
    assert [state for state, _ in filled.states()] == ["confirmed"]


def test_what_is_not_asked_any_more_is_not_kept(chat: Citizen) -> None:
    chat.make_event(phone_rule="required")
    fill_in(chat, "มาลี", "0812345678", "2")
    chat.amend(phone_rule="no", party_most=1, form_version=2)
    assert chat.press(CONFIRM).startswith(f"{said('signup.summary_title')}\n{said('signup.changed')}")
    chat.press(CONFIRM)
    assert (chat.forms(), chat.states()) == ([Form("มาลี")], [("confirmed", 1)])


def test_a_form_that_changes_in_the_middle_is_followed(chat: Citizen) -> None:
    chat.make_event(phone_rule="required")
    fill_in(chat, "มาลี")
    chat.amend(phone_rule="no", asks_district=True, form_version=2)
    assert chat.say("0812345678") == f"{said('signup.changed')}\n{said('signup.ask_district')}"


def test_a_notice_that_changes_is_agreed_to_anew(filled: Citizen) -> None:
    filled.amend(retention_days=365)
    assert said("signup.notice_changed") in filled.press(CONFIRM)
    assert filled.rows() == []
    assert filled.press(AGREE).startswith(said("signup.summary_title")), "nothing has to be given again"
    filled.press(CONFIRM)
    assert len(filled.rows()) == 1


def test_an_old_yes_is_no_yes_to_other_words(chat: Citizen) -> None:
    chat.make_event(phone_rule="no")
    chat.open("self")
    chat.amend(retention_days=365)
    assert said("signup.notice_changed") in chat.press(AGREE)
    assert chat.press(AGREE) == said("signup.ask_name")


@pytest.mark.parametrize(
    ("changes", "key", "facts"),
    [
        ({"state": events.CALLED_OFF, "called_off_why": "น้ำท่วม"}, "signup.called_off_why", {"why": "น้ำท่วม"}),
        ({"starts_at": NOON}, "signup.begun", {}),
        ({"capacity": 0, "has_waiting_list": False}, "signup.full", {}),
    ],
)
def test_an_event_that_is_over_meanwhile_ends_the_form(
    filled: Citizen, changes: dict[str, Any], key: str, facts: dict[str, str]
) -> None:
    filled.amend(**changes)
    assert filled.press(CONFIRM) == said(key, **facts)
    assert (filled.memory.step, filled.memory.unfinished, filled.rows()) == (None, None, [])


def test_an_event_that_is_called_off_in_the_middle_is_said_at_the_next_answer(chat: Citizen) -> None:
    chat.make_event(phone_rule="required")
    fill_in(chat, "มาลี")
    chat.amend(state=events.CALLED_OFF)
    chat.told = {"เปิดกี่โมงคะ": answers("center.hours")}
    chat.say("เปิดกี่โมงคะ")
    assert chat.asked == said("signup.called_off")
    assert chat.say("0812345678") == said("signup.called_off")
    assert (chat.memory.step, chat.logged()) == (None, ["เปิดกี่โมงคะ"])


def test_seats_that_go_meanwhile_leave_fewer_to_choose_from(filled: Citizen) -> None:
    filled.amend(capacity=2, has_waiting_list=False)
    assert filled.press(CONFIRM).startswith(said("signup.too_few_left", left="2"))
    assert filled.press("2 คน").startswith(said("signup.summary_title"))
    filled.press(CONFIRM)
    assert filled.states() == [("confirmed", 2)]


def test_seats_that_go_meanwhile_make_it_a_place_in_the_line(filled: Citizen) -> None:
    filled.take_seats(10)
    assert filled.press(CONFIRM).startswith(said("signup.waiting", place="1"))


def test_a_place_that_one_got_otherwise_meanwhile_is_shown(filled: Citizen) -> None:
    other = filled.somebody_else()
    other.user_id = filled.user_id
    summary = filled.heard
    filled.press(CONFIRM)
    filled.say("ยกเลิก")
    assert filled.open() == filled.press(CONFIRM, on=summary)
    assert len(filled.rows()) == 1


# What was left lying.


def later(chat: Citizen, **duration: float) -> Citizen:
    chat.wait(**duration)
    return chat


def test_a_form_left_lying_is_found_again_and_goes_on_where_it_was(chat: Citizen) -> None:
    chat.make_event(phone_rule="required")
    asked = fill_in(chat, "มาลี")
    later(chat, hours=5)
    assert chat.memory.step is None
    assert chat.open() == said("signup.unfinished", title=TITLE)
    assert chat.labels[:2] == [GO_ON, ANEW]
    assert chat.press(GO_ON) == asked
    assert chat.memory.unfinished is None
    chat.say("0812345678")
    chat.say("1")
    chat.press(CONFIRM)
    assert chat.forms() == [Form("มาลี", "+66812345678")]


def test_it_can_be_begun_anew(chat: Citizen) -> None:
    chat.make_event(phone_rule="required")
    fill_in(chat, "มาลี")
    later(chat, hours=5).open()
    assert chat.press(ANEW).startswith(said("signup.notice_title"))
    assert chat.memory.unfinished is None
    assert chat.press(AGREE) == said("signup.ask_name")


@pytest.mark.parametrize(("hours", "found"), [(23.9, True), (24.1, False)])
def test_it_is_kept_for_a_day(chat: Citizen, hours: float, found: bool) -> None:
    chat.make_event(phone_rule="required")
    fill_in(chat, "มาลี")
    later(chat, hours=hours)
    assert (chat.open() == said("signup.unfinished", title=TITLE)) is found


def test_a_day_is_a_day_also_when_one_writes_of_other_things_meanwhile(chat: Citizen) -> None:
    chat.make_event(phone_rule="required")
    fill_in(chat, "มาลี")
    for _ in range(3):
        later(chat, hours=7.9).say("เมนู")
    assert chat.memory.unfinished is not None
    later(chat, hours=1)
    assert chat.memory.unfinished is None


def test_texts_are_no_answers_meanwhile_and_are_not_logged_either(chat: Citizen) -> None:
    chat.make_event(phone_rule="required")
    fill_in(chat)
    later(chat, hours=1)
    assert chat.say("มาลี สุขใจ") == said("signup.left_lying", title=TITLE)
    assert (chat.route, chat.logged(), chat.memory.earlier) == ("left_lying", [], ())
    assert json.loads(chat.memory.unfinished.data["form"])["given"] == {}
    assert chat.press(GO_ON) == said("signup.ask_name")


def test_it_is_offered_once_and_never_instead_of_an_answer(chat: Citizen) -> None:
    chat.make_event(phone_rule="required")
    fill_in(chat)
    chat.told = {"ศูนย์คืออะไร": answers("center.what")}
    later(chat, hours=1).say("ศูนย์คืออะไร")
    assert chat.route == "question"
    chat.say("อะไรก็ไม่รู้")
    assert chat.memory.said == sign_up_aside.LEFT_LYING
    chat.say("อะไรก็ไม่รู้อีก")
    assert chat.route == "question"


def test_before_the_yes_there_is_nothing_to_find_again(chat: Citizen) -> None:
    chat.make_event()
    chat.open("self")
    later(chat, hours=1)
    assert (chat.memory.unfinished, chat.open()) == (None, said("signup.whom", title=TITLE))


def test_what_was_left_by_a_word_is_not_found_again(chat: Citizen) -> None:
    chat.make_event(phone_rule="required")
    fill_in(chat, "มาลี")
    later(chat, hours=1).open()
    chat.press(GO_ON)
    chat.say("ยกเลิก")
    assert chat.open() == said("signup.whom", title=TITLE)


def test_another_event_in_the_middle_puts_the_first_aside(chat: Citizen) -> None:
    first = chat.make_event(phone_rule="required")
    asked = fill_in(chat, "มาลี")
    chat.make_event(phone_rule="no", party_most=1)
    fill_in(chat, "มาลี")
    chat.press(CONFIRM)
    assert len(chat.rows()) == 1

    chat.event_id = first
    assert chat.open() == said("signup.unfinished", title=TITLE)
    assert chat.press(GO_ON) == asked


def test_the_same_event_opened_in_the_middle_asks_whether_to_go_on(chat: Citizen) -> None:
    chat.make_event(phone_rule="required")
    asked = fill_in(chat, "มาลี")
    assert chat.open("self") == said("signup.unfinished", title=TITLE)
    assert chat.press(GO_ON) == asked
    chat.open()
    assert chat.press(ANEW).startswith(said("signup.notice_title"))


def test_an_event_that_is_over_takes_its_unfinished_form_with_it(chat: Citizen) -> None:
    chat.make_event(phone_rule="required")
    fill_in(chat, "มาลี")
    later(chat, hours=1)
    chat.amend(starts_at=NOON + timedelta(minutes=5))
    chat.press_data(chat.data("sign_up_on", i=str(chat.event_id)))
    assert (chat.heard[0]["text"], chat.memory.unfinished) == (said("signup.begun"), None)


def test_what_another_release_wrote_is_no_form(chat: Citizen, monkeypatch: pytest.MonkeyPatch) -> None:
    chat.make_event(phone_rule="required")
    fill_in(chat)
    monkeypatch.setattr("handlers.sign_up_form.Filling", lambda **_: (_ for _ in ()).throw(TypeError))
    assert chat.say("มาลี") == said("signup.gone")
    assert chat.memory.step is None


def test_another_dialogue_in_the_middle_puts_the_form_aside(chat: Citizen) -> None:
    chat.make_event(phone_rule="required")
    asked = fill_in(chat, "มาลี")
    chat.press_data(chat.data("staff"))
    assert chat.memory.step == "leave:word"
    chat.say("ยกเลิก")
    assert chat.open() == said("signup.unfinished", title=TITLE)
    assert chat.press(GO_ON) == asked
