"""What comes in between: questions, pictures, old buttons, corrections, ways back and out. None of it loses a form."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest

from bot.events.forms import Form
from bot.thai_phones import read_phone
from handlers import sign_up
from tests.handlers.signing_up import Citizen, a_question, chat, said
from tests.office import answers, words_of

__all__ = ["chat"]
AGREE, CONFIRM, HELD = "ยินยอมและไปต่อ", "ยืนยัน", "ใช้ข้อความเมื่อกี้"
QUESTION = "เปิดกี่โมงคะ"
STEPS = (
    ("whom", "ตัวฉันเอง"), ("consent", AGREE), ("earlier", "แก้ไข"), ("name", "สมชาย ใจดี"), ("phone", "0812345678"),
    ("district", "แม่สาย"), ("party", "มากัน 2 คน"), ("companions", "แดง ใจดี"), ("minor", "มีคนยังไม่ครบ"),
    ("guardian", "ผู้ปกครองอนุญาตแล้ว"), ("text", "เรื่องน้ำ"), ("choice", "มังสวิรัติ"), ("yes_no", "ใช่"), ("number", "2 คัน"),
    ("confirm", CONFIRM),
)  # fmt: skip
"""Every step that there is, and what is pressed or typed at it."""
ANSWERS = ["เรื่องน้ำ", "มังสวิรัติ", "yes", "2"]


@pytest.fixture
def returning(chat: Citizen) -> Citizen:
    """Somebody who was here before, and an event that asks for everything that can be asked."""
    chat.make_event(phone_rule="no", party_most=1)
    chat.agree()
    chat.say("สมชาย")
    chat.press(CONFIRM)
    chat.make_event(
        a_question("อยากฟังเรื่องอะไร"), a_question("กินอะไร", "choice", choices=("ข้าวผัด", "มังสวิรัติ")),
        a_question("ต้องการรถรับส่งไหม", "yes_no"), a_question("มีรถกี่คัน", "number"),
        phone_rule="optional", asks_district=True, asks_companions=True, minors="guardian",
    )  # fmt: skip
    chat.told = {QUESTION: answers("center.hours"), "ไหม ใจดี": answers("center.hours")}
    return chat


def walk(chat: Citizen, *, until: str = "") -> Iterator[str]:
    """Opens the event; at each step first hands over its name, then answers it."""
    chat.open()
    for step, answer in STEPS:
        yield step
        if step == until:
            return
        if answer in chat.labels:
            chat.press(answer)
        else:
            chat.say(answer)


def go_to(chat: Citizen, step: str) -> None:
    for _ in walk(chat, until=step):
        pass


def steps_of(chat: Citizen) -> set[str]:
    return {str(chat.memory.step)}


def press_topic(chat: Citizen) -> str:
    return chat.press_data(chat.data("topic", e="center.what"))


def press_old(chat: Citizen) -> str:
    return chat.press_data(chat.data("sign_up_is", m="000000", f="name", v="x"))


def share_place(chat: Citizen) -> str:
    return chat.send("location")


INTERRUPTIONS: dict[str, Callable[[Citizen], str]] = {
    "question": lambda chat: chat.say(QUESTION),
    "sticker": lambda chat: chat.send("sticker"),
    "picture": lambda chat: chat.send("image"),
    "voice": lambda chat: chat.send("audio"),
    "topic": press_topic,
    "old button": press_old,
    "place": share_place,
    "event": lambda chat: chat.press_data(chat.data("event", i=str(chat.event_id))),
}


@pytest.mark.parametrize("interruption", INTERRUPTIONS)
def test_what_comes_in_between_at_every_step_is_answered_and_the_step_asked_again(
    returning: Citizen, interruption: str
) -> None:
    seen = set()
    for step in walk(returning):
        asked, there = returning.asked, [label for label in returning.labels if label != HELD]
        seen |= steps_of(returning)
        INTERRUPTIONS[interruption](returning)
        assert len(returning.heard) > 1, f"{step}: {interruption} is answered"
        assert returning.asked == asked, step
        assert set(there) <= set(returning.labels), step
    (row,) = returning.rows()
    (form,) = returning.forms()
    assert (row.state, row.seats) == ("confirmed", 2)
    own = dict(zip(form.answers, ANSWERS, strict=True))
    assert form == Form("สมชาย ใจดี", "+66812345678", "mae_sai", ("แดง ใจดี",), own, None, True, True)
    assert seen == {step.name for step in sign_up.STEPS}
    logged = 15 if interruption == "question" else 0
    assert returning.logged() == [QUESTION] * logged, "only what was asked is kept as a question"


@pytest.mark.parametrize(
    ("step", "how"),
    [
        *((step, "word") for step, _ in STEPS),
        *((step, "button") for step, _ in STEPS[2:]),
        *((step, "polite") for step in ("whom", "consent", "name", "text", "confirm")),
    ],
)
def test_every_step_can_be_left_and_nothing_is_kept(returning: Citizen, step: str, how: str) -> None:
    go_to(returning, step)
    if how == "button":
        returning.press("ยกเลิก")
    else:
        returning.say("ยกเลิกค่ะ" if how == "polite" else "ยกเลิก")
    memory = returning.memory
    assert (memory.step, dict(memory.data), memory.unfinished, returning.rows()) == (None, {}, None, [])
    assert returning.open() == said("signup.whom", title="เวทีแลกเปลี่ยนเรียนรู้"), "it begins from the beginning"


def test_names_and_numbers_land_in_no_log_and_not_among_what_was_said_before(returning: Citizen) -> None:
    for _ in walk(returning):
        pass
    assert (returning.logged(), returning.memory.earlier) == ([], ())


def test_a_name_that_sounds_like_a_question_is_a_name(returning: Citizen) -> None:
    go_to(returning, "name")
    assert returning.say("ไหม ใจดี").startswith(said("signup.ask_phone"))
    assert (returning.route, returning.logged()) == ("signing_up", [])


def test_an_answer_that_was_taken_for_a_question_is_one_press_away(returning: Citizen) -> None:
    go_to(returning, "text")
    returning.say(QUESTION)
    assert returning.labels.count(HELD) == 1
    assert returning.press(HELD).startswith("กินอะไร")
    assert HELD not in returning.labels
    form = json.loads(returning.memory.data["form"])
    assert QUESTION in form["given"].values()


def test_a_question_without_an_answer_is_no_answer_either_and_is_not_logged(returning: Citizen) -> None:
    go_to(returning, "name")
    assert returning.say("มีที่จอดรถไหมคะ").startswith(said("signup.fault_question"))
    assert returning.logged() == []


def test_a_district_typed_after_a_place_was_shared_is_the_answer(returning: Citizen) -> None:
    go_to(returning, "district")
    returning.send("location")
    assert returning.say("แม่สาย") == said("signup.ask_party", most="5")


@pytest.mark.parametrize(
    ("step", "text", "field", "value"),
    [
        ("phone", "ไม่ใช่ ชื่อ สมหญิง", "name", "สมหญิง"),
        ("party", "แก้เบอร์เป็น 089 876 5432", "phone", "+66898765432"),
        ("text", "ไม่ใช่ค่ะ ชื่อสมหญิง", "name", "สมหญิง"),
        ("confirm", "แก้อำเภอเป็น พาน", "district", "phan"),
        ("number", "เปลี่ยนชื่อเป็น สมหญิง ครับ", "name", "สมหญิง"),
    ],
)
def test_a_correction_is_made_and_the_dialogue_goes_on_where_it_was(
    returning: Citizen, step: str, text: str, field: str, value: str
) -> None:
    go_to(returning, step)
    asked = words_of(returning.heard[-1:])
    heard = returning.say(text)
    assert json.loads(returning.memory.data["form"])["given"][field] == value
    if step == "confirm":
        assert heard.startswith(said("signup.summary_title"))
    else:
        assert heard == asked


def test_what_is_to_be_changed_is_asked_with_what_it_is_now(returning: Citizen) -> None:
    go_to(returning, "party")
    now = said("signup.so_far", value=read_phone("0812345678").national)
    assert returning.say("ขอแก้เบอร์ค่ะ").endswith(now)
    assert returning.press("ใช้ตามเดิม") == said("signup.ask_party", most="5")
    returning.say("แก้เบอร์")
    assert returning.say("เหมือนเดิม") == said("signup.ask_party", most="5")
    returning.say("แก้เบอร์")
    returning.press("ข้าม")
    assert json.loads(returning.memory.data["form"])["given"]["phone"] is None


def test_to_a_question_of_the_event_everything_may_be_an_answer(returning: Citizen) -> None:
    go_to(returning, "text")
    assert returning.say("เปลี่ยนชื่อหมู่บ้านของเรา").startswith("กินอะไร")


def test_one_goes_back_one_step_at_a_time(returning: Citizen) -> None:
    go_to(returning, "party")
    assert returning.say("ย้อนกลับ").startswith(said("signup.ask_district"))
    assert returning.press("ย้อนกลับ").startswith(said("signup.ask_phone"))
    assert returning.say("ย้อนกลับค่ะ").startswith(said("signup.ask_name"))
    assert "ย้อนกลับ" not in returning.labels
    assert returning.say("back").startswith(said("signup.first"))
    assert returning.say("สมหญิง") == said("signup.ask_party", most="5"), "what was given stays"


def test_each_item_of_the_summary_can_be_changed(returning: Citizen) -> None:
    go_to(returning, "confirm")
    edits = [label for label in returning.labels if label.startswith("แก้") and label != "แก้ไข"]
    assert edits == [
        "แก้ชื่อ", "แก้เบอร์โทร", "แก้อำเภอ", "แก้จำนวนคน", "แก้รายชื่อ", "แก้เรื่องอายุ", "แก้เรื่องผู้ปกครอง",
        "แก้คำถามที่ 1", "แก้คำถามที่ 2", "แก้คำถามที่ 3", "แก้คำถามที่ 4",
    ]  # fmt: skip
    returning.press("แก้ไข")
    rows = [*edits[:7], "1. อยากฟังเรื่องอะไร", "2. กินอะไร", "3. ต้องการรถรับส่งไหม", "4. มีรถกี่คัน"]
    assert returning.labels[:-1] == rows, "where there is room, each question stands there in its own words"
    for label in rows:
        returning.say("แก้ไข")
        returning.press(label)
        assert returning.press("ใช้ตามเดิม").startswith(said("signup.summary_title")), label
    for text in ("ไม่ใช่", "แก้ไขค่ะ"):
        assert returning.say(text).startswith(said("signup.what_to_edit"))
    returning.press(CONFIRM, on=[*returning.heard, {"action": {"label": CONFIRM, "data": confirm_data(returning)}}])
    assert len(returning.rows()) == 1


def confirm_data(chat: Citizen) -> str:
    return chat.data("sign_up_yes", m=chat.memory.data["mark"], i=str(chat.event_id))


def test_a_smaller_party_needs_fewer_names_and_a_larger_one_more(returning: Citizen) -> None:
    go_to(returning, "confirm")
    returning.press("แก้จำนวนคน")
    assert returning.say("3").startswith(said("signup.ask_companions", most="2"))
    assert returning.say("แก้จำนวนคนเป็น 1").startswith(said("signup.summary_title"))
    returning.press(CONFIRM)
    assert (returning.forms()[0].companions, returning.states()) == ((), [("confirmed", 1)])


def test_the_summary_is_confirmed_by_word_too(returning: Citizen) -> None:
    go_to(returning, "confirm")
    assert returning.say("เอ๊ะ").startswith(said("signup.summary_title"))
    assert returning.say("ถูกต้องค่ะ").startswith(said("signup.done"))
    assert len(returning.rows()) == 1


@pytest.mark.parametrize("typed", ["ได้ แต่ขอดูก่อน", "ใช่ แต่มีผิด", "มีผิดค่ะ", "เอาไว้ก่อน"])
def test_a_yes_with_a_but_registers_nobody(returning: Citizen, typed: str) -> None:
    go_to(returning, "confirm")
    assert returning.say(typed).startswith(said("signup.summary_title"))
    assert returning.rows() == []


def test_a_second_tap_shows_the_same_ticket(returning: Citizen) -> None:
    go_to(returning, "confirm")
    summary = returning.heard
    ticket = returning.press(CONFIRM).removeprefix(said("signup.done"))
    assert returning.press(CONFIRM, on=summary) == said("signup.already") + ticket
    assert len(returning.rows()) == 1


def test_a_second_tap_on_the_yes_to_the_notice_begins_nothing_anew(returning: Citizen) -> None:
    go_to(returning, "consent")
    notice = returning.heard
    for step in ("earlier", "name", "phone"):
        returning.press(AGREE) if step == "earlier" else returning.say("ไม่ใช่" if step == "name" else "สมชาย ใจดี")
    asked = returning.asked
    assert returning.press(AGREE, on=notice) == asked


def test_an_earlier_question_s_button_changes_that_answer_and_nothing_else(returning: Citizen) -> None:
    go_to(returning, "district")
    districts = returning.heard
    returning.press("แม่สาย")
    assert returning.press("พาน", on=districts) == said("signup.ask_party", most="5")
    assert json.loads(returning.memory.data["form"])["given"]["district"] == "phan"


def test_buttons_of_a_form_that_was_left_do_nothing_to_the_next(returning: Citizen) -> None:
    go_to(returning, "district")
    old = returning.heard
    returning.say("ยกเลิก")
    go_to(returning, "phone")
    asked = returning.asked
    heard = returning.press("แม่สาย", on=old)
    assert heard == f"{said('signup.stale')}\n{asked}"
    assert "district" not in json.loads(returning.memory.data["form"])["given"]


@pytest.mark.parametrize("action", sorted(set(sign_up.BUTTONS)))
def test_no_button_breaks_without_a_form_or_without_its_arguments(returning: Citizen, action: str) -> None:
    assert returning.press_data(returning.data(action))
    go_to(returning, "party")
    assert returning.press_data(returning.data(action))
    mark = returning.memory.data.get("mark", "")
    assert returning.press_data(returning.data(action, m=mark, i=str(returning.event_id), f="x", v="x", p="x"))


def test_a_name_in_latin_letters_does_not_make_the_rest_english(returning: Citizen) -> None:
    go_to(returning, "name")
    assert returning.say("Somchai Jaidee").startswith(said("signup.ask_phone"))


def test_a_cry_for_help_comes_first_at_every_step(returning: Citizen) -> None:
    returning.told["อยากตาย"] = answers("general.crisis", urgent=True)
    for step in ("consent", "name", "companions", "confirm"):
        go_to(returning, step)
        assert "1323" in returning.say("อยากตาย")
        returning.say("ยกเลิก")
