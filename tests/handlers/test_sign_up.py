"""Signing up in the chat: from the button under an event to the ticket."""

from __future__ import annotations

from typing import Any

import pytest

from bot.events import asking
from bot.events.forms import Form, School
from bot.storage import events
from bot.storage.engine import Database
from bot.vault import Vault
from handlers import sign_up_consent
from tests.handlers.signing_up import Citizen, a_question, chat, said
from tests.office import data_of, shipped, words_of

__all__ = ["chat"]
AGREE, CONFIRM = "ยินยอมและไปต่อ", "ยืนยัน"


@pytest.fixture
def anywhere(database: Database, vault: Vault) -> Citizen:
    """On each database; what the others show is the same on both."""
    return Citizen(database, vault)


def test_somebody_signs_up_with_a_family(anywhere: Citizen) -> None:
    chat = anywhere
    chat.make_event(phone_rule="required", asks_district=True, asks_companions=True)
    chat.open("self")
    assert chat.press(AGREE) == said("signup.ask_name")
    assert chat.say("ชื่อสมชาย ใจดีครับ") == said("signup.ask_phone")
    assert chat.say("๐๘๑-๒๓๔-๕๖๗๘") == said("signup.ask_district")
    assert chat.press("แม่สาย") == said("signup.ask_party", most="5")
    assert chat.say("มากัน 3 คน") == said("signup.ask_companions", most="2")
    summary = chat.say("สมหญิง ใจดี และ ด.ช.แดง ใจดี")
    for shown in ("สมชาย ใจดี", "081-234-5678", "แม่สาย", "3 คน", "1. สมหญิง ใจดี\n2. ด.ช.แดง ใจดี"):
        assert shown in summary

    done = chat.press(CONFIRM)

    (row,) = chat.rows()
    assert done.startswith(said("signup.done"))
    assert row.code in done
    assert (row.kind, row.way, row.state, row.seats) == ("self", "line", "confirmed", 3)
    assert chat.forms() == [Form("สมชาย ใจดี", "+66812345678", "mae_sai", ("สมหญิง ใจดี", "ด.ช.แดง ใจดี"))]
    assert (chat.memory.step, dict(chat.memory.data), chat.memory.unfinished) == (None, {}, None)
    assert chat.logged() == []


def test_the_least_that_can_be_asked_is_a_name(chat: Citizen) -> None:
    chat.make_event(phone_rule="no", party_most=1)
    chat.agree()
    assert CONFIRM in (chat.say("มาลี") and chat.labels)
    chat.press(CONFIRM)
    assert (chat.forms(), chat.states()) == ([Form("มาลี")], [("confirmed", 1)])


def test_for_whom_is_asked_first_and_may_be_typed(chat: Citizen) -> None:
    chat.make_event(phone_rule="no", party_most=1)
    assert chat.open() == said("signup.whom", title="เวทีแลกเปลี่ยนเรียนรู้")
    assert chat.labels == ["ตัวฉันเอง", "คนอื่นที่ไม่มี LINE"]
    assert chat.say("เอ่อ").startswith(said("signup.press"))
    assert chat.say("ลงให้แม่ค่ะ").startswith(said("signup.notice_title"))
    chat.press(AGREE)
    assert chat.asked == said("signup.ask_name_neighbour")


def test_nothing_is_asked_before_the_yes_and_the_very_words_are_kept(chat: Citizen) -> None:
    chat.make_event(phone_rule="no", party_most=1, purpose="จัดอาหารให้พอ", retention_days=30)
    notice = chat.open("self")
    for told in ("จัดอาหารให้พอ", "30 วันหลังจบงาน", "อาสาสมัครหน้างาน", "ข้อมูลของฉัน"):
        assert told in notice
    assert chat.labels == [AGREE, "ไม่ยินยอม"]
    assert "about" not in chat.memory.data, "before the yes there is nothing to find again"

    chat.press(AGREE)
    chat.say("มาลี")
    chat.press(CONFIRM)

    assert chat.consents() == [("button", _hash(chat))]


def _hash(chat: Citizen) -> str:
    """Of the notice for oneself, made anew."""
    with chat.database.reading() as db:
        event = events.find(db, chat.event_id)
        turn: Any = type("Turn", (), {"catalogue": shipped()})
        return sign_up_consent.hash_of(turn, event, "self", "th")


def test_a_typed_yes_is_a_yes_and_anything_else_is_not(chat: Citizen) -> None:
    chat.make_event(phone_rule="no", party_most=1)
    chat.open("self")
    assert chat.say("ค่ะ").startswith(said("signup.notice_title"))
    assert chat.say("ยินยอมค่ะ") == said("signup.ask_name")
    chat.say("มาลี")
    chat.press(CONFIRM)
    assert chat.consents() == [("text", _hash(chat))]


@pytest.mark.parametrize("how", ["pressed", "typed"])
def test_without_a_yes_nothing_is_kept(chat: Citizen, how: str) -> None:
    chat.make_event()
    chat.open("self")
    heard = chat.press("ไม่ยินยอม") if how == "pressed" else chat.say("ไม่ยินยอม")
    assert heard == said("signup.declined")
    assert (chat.memory.step, chat.memory.unfinished, chat.rows()) == (None, None, [])


@pytest.mark.parametrize(
    "text", ["ยังไงคะ", "ไม่เข้าใจค่ะ", "ยังอ่านอยู่", "ไม่มีปัญหาค่ะ", "ไม่ขัดข้อง", "no problem", "ค่ะ", "ได้ค่ะ", "ไม่แน่ใจ"]
)
def test_what_is_no_plain_answer_to_the_notice_is_asked_again(chat: Citizen, text: str) -> None:
    chat.make_event()
    chat.open("self")
    assert chat.say(text).startswith(f"{said('signup.notice_title')}\n{said('signup.press_agree')}")
    assert chat.labels == [AGREE, "ไม่ยินยอม"]


@pytest.mark.parametrize("text", ["ไม่", "ไม่ค่ะ", "ไม่ยินยอมค่ะ", "“ไม่ยินยอม”", "ไม่ตกลง", "ไม่เอาค่ะ", "ไม่ยอม", "บ่", "no"])
def test_a_plain_no_to_the_notice_ends_it(chat: Citizen, text: str) -> None:
    chat.make_event()
    chat.open("self")
    assert (chat.say(text), chat.memory.step) == (said("signup.declined"), None)


def test_a_plain_no_in_english_ends_it(chat: Citizen) -> None:
    chat.make_event()
    chat.open("self")
    assert chat.say("I do not agree").startswith("All right. Nothing is kept")


@pytest.mark.parametrize("text", ["“ยินยอม”", "ยินยอมและไปต่อค่ะ", "I agree, go on"])
def test_the_words_that_the_notice_names_are_a_yes_also_with_their_marks(chat: Citizen, text: str) -> None:
    chat.make_event()
    chat.open("self")
    assert chat.say(text) == said("signup.ask_name")


@pytest.mark.parametrize("kind", ["self", "neighbour"])
def test_an_old_no_does_not_deny_a_place_that_stands(chat: Citizen, kind: str) -> None:
    chat.make_event(phone_rule="no", party_most=1)
    chat.open(kind)
    notice = chat.heard
    chat.press(AGREE)
    chat.say("มาลี")
    chat.press(CONFIRM)
    chat.wait(minutes=7)
    heard = chat.press("ไม่ยินยอม", on=notice)
    assert heard.startswith(said("signup.already" if kind == "self" else "signup.already_other"))
    assert chat.states() == [("confirmed", 1)]


def test_a_neighbour_without_line_gets_a_place_of_their_own(chat: Citizen) -> None:
    chat.make_event(phone_rule="optional", party_most=1)
    chat.agree()
    chat.say("มาลี")
    chat.press("ข้าม")
    chat.press(CONFIRM)

    assert said("signup.notice_neighbour") in chat.press("ลงทะเบียนให้คนอื่น")
    chat.press(AGREE)
    assert chat.say("ยายคำ") == f"{said('signup.ask_phone_neighbour')}\n{said('signup.may_skip')}"
    chat.say("0898765432")
    chat.press(CONFIRM)

    assert [(row.kind, form.name) for row, form in zip(chat.rows(), chat.forms(), strict=True)] == [
        ("self", "มาลี"), ("neighbour", "ยายคำ"),
    ]  # fmt: skip


def test_a_class_of_forty_is_registered_in_one_go(chat: Citizen) -> None:
    chat.make_event(phone_rule="required", for_classes=True, minors="guardian", capacity=60)
    chat.open()
    assert said("signup.notice_class") in chat.press("นักเรียนทั้งห้อง")
    chat.press(AGREE)
    assert chat.say("โรงเรียนบ้านป่าแดด") == said("signup.ask_level")
    assert chat.say("ป.6/1") == said("signup.ask_teacher")
    assert chat.say("ครูแก้ว ใจดี") == said("signup.ask_phone_teacher")
    assert chat.say("0812345678") == said("signup.ask_pupils", most="60")
    assert chat.press("40 คน") == said("signup.ask_guardians")
    chat.press("ผู้ปกครองอนุญาตแล้ว")
    assert "นักเรียนและครู\n40 คน" in words_of(chat.heard)
    chat.press(CONFIRM)

    assert chat.states() == [("confirmed", 40)]
    school = School("โรงเรียนบ้านป่าแดด", "ป.6/1")
    assert chat.forms() == [Form("ครูแก้ว ใจดี", "+66812345678", school=school, minor=True, guardian=True)]


def test_forty_names_of_pupils_come_in_one_message(anywhere: Citizen) -> None:
    chat = anywhere
    pupils = [f"นักเรียน คน{chr(0x0E01 + number)}" for number in range(40)]
    chat.make_event(phone_rule="no", for_classes=True, asks_companions=True, capacity=60)
    chat.agree("class")
    for text in ("บ้านป่าแดด", "ป.6", "ครูแก้ว"):
        chat.say(text)
    assert chat.say("40") == said("signup.ask_pupil_names", most="40")
    chat.say("\n".join(pupils))
    chat.press(CONFIRM)
    assert list(chat.forms()[0].companions) == pupils


def test_the_event_s_own_questions_are_asked_by_their_kind(chat: Citizen) -> None:
    chat.make_event(
        a_question("อยากฟังเรื่องอะไร"), a_question("กินอะไร", "choice", choices=("ข้าวผัด", "มังสวิรัติ"), required=True),
        a_question("ต้องการรถรับส่งไหม", "yes_no", required=True), a_question("มีรถกี่คัน", "number", required=True),
        phone_rule="no", party_most=1,
    )  # fmt: skip
    chat.agree()
    assert chat.say("มาลี") == f"อยากฟังเรื่องอะไร\n{said('signup.may_skip')}"
    assert chat.press("ข้าม") == "กินอะไร"
    assert chat.labels == ["ข้าวผัด", "มังสวิรัติ", "ย้อนกลับ", "ยกเลิก"]
    assert chat.say("พิซซ่า").startswith(said("signup.fault_choice"))
    assert chat.press("มังสวิรัติ") == "ต้องการรถรับส่งไหม"
    assert chat.say("ไม่ต้องค่ะ") == "มีรถกี่คัน"
    assert chat.say("หลายคัน").startswith(said("signup.fault_no_number"))
    chat.say("๒ คัน")
    chat.press(CONFIRM)
    (form,) = chat.forms()
    assert list(form.answers.values()) == ["มังสวิรัติ", asking.NO, "2"]


def test_long_choices_are_written_out_and_leafed_through(chat: Citizen) -> None:
    choices = tuple(f"หัวข้อที่ยาวมากจนไม่พอดีกับปุ่มหนึ่งปุ่ม เรื่องที่ {number}" for number in range(1, 11))
    chat.make_event(a_question("เลือกหัวข้อ", "choice", choices=choices, required=True), phone_rule="no", party_most=1)
    chat.agree()
    assert f"10. {choices[9]}" in chat.say("มาลี")
    chat.press("ดูข้ออื่น")
    chat.press(next(label for label in chat.labels if label.startswith("10. ")))
    chat.press(CONFIRM)
    assert list(chat.forms()[0].answers.values()) == [choices[9]]


@pytest.mark.parametrize(
    ("texts", "key", "facts"),
    [
        (["081 234 5678"], "signup.fault_number_for_name", {}),
        (["จัดที่ไหนคะ"], "signup.fault_question", {}),
        (["อยากไปค่ะ"], "signup.fault_no_name", {}),
        (["มาลี", "081-234"], "signup.fault_phone_short", {}),
        (["มาลี", "ข้าม"], "signup.fault_needed", {}),
        (["มาลี", "191"], "signup.fault_phone_hotline", {}),
        (["มาลี", "0812345678", "9 คน"], "signup.fault_party", {"most": "5"}),
        (["มาลี", "0812345678", "มากับเพื่อน 2 คน"], "signup.fault_no_number", {}),
    ],
)
def test_what_cannot_be_read_is_explained_and_asked_again(
    chat: Citizen, texts: list[str], key: str, facts: dict[str, str]
) -> None:
    chat.make_event(phone_rule="required")
    asked = chat.agree()
    for text in texts[:-1]:
        asked = chat.say(text)
    assert chat.say(texts[-1]) == f"{said(key, **facts)}\n{asked}"


def test_a_number_behind_the_name_is_not_asked_for_again(chat: Citizen) -> None:
    chat.make_event(phone_rule="required", party_most=1)
    chat.agree()
    chat.say("มาลี สุขใจ 081-234-5678")
    chat.press(CONFIRM)
    assert chat.forms() == [Form("มาลี สุขใจ", "+66812345678")]


def test_too_few_names_are_counted_and_added_to(chat: Citizen) -> None:
    chat.make_event(phone_rule="no", asks_companions=True)
    chat.agree()
    chat.say("มาลี")
    chat.say("4")
    assert chat.say("แดง, ดำ") == said("signup.ask_more_names", names="แดง, ดำ", left="1")
    assert "3 คน" in chat.labels
    assert chat.say("ขาว, เขียว").startswith(said("signup.fault_many_names", got="4", most="3", left="1"))
    chat.say("ขาว")
    chat.press(CONFIRM)
    assert chat.forms()[0].companions == ("แดง", "ดำ", "ขาว")


def test_too_few_names_may_be_all_of_them(chat: Citizen) -> None:
    chat.make_event(phone_rule="no", asks_companions=True)
    chat.agree()
    chat.say("มาลี")
    chat.say("4")
    chat.say("แดง, ดำ")
    chat.press("3 คน")
    chat.press(CONFIRM)
    assert (chat.forms()[0].companions, chat.states()) == (("แดง", "ดำ"), [("confirmed", 3)])


def test_a_minor_needs_a_guardian_s_yes(chat: Citizen) -> None:
    chat.make_event(phone_rule="no", party_most=1, minors="guardian")
    chat.agree()
    assert chat.say("แดง ใจดี") == said("signup.ask_age")
    assert chat.say("15") == said("signup.ask_guardian")
    assert chat.press("ยังไม่ได้ถาม").startswith(said("signup.needs_guardian"))
    assert CONFIRM not in chat.labels
    chat.press("ผู้ปกครองอนุญาตแล้ว")
    chat.press(CONFIRM)
    assert chat.forms() == [Form("แดง ใจดี", minor=True, guardian=True)]


def test_an_event_for_adults_takes_no_minors(chat: Citizen) -> None:
    chat.make_event(phone_rule="no", party_most=1, minors="adults")
    chat.agree()
    chat.say("แดง ใจดี")
    assert chat.press("มีคนยังไม่ครบ").startswith(said("signup.adults_only"))
    chat.press("ครบ 20 ปีแล้ว")
    chat.press(CONFIRM)
    assert chat.forms() == [Form("แดง ใจดี", minor=False)]


def test_a_returning_person_is_offered_what_they_gave_before(chat: Citizen) -> None:
    first = chat.make_event(phone_rule="required", asks_district=True, party_most=1)
    chat.agree()
    for text in ("สมชาย ใจดี", "0812345678", "แม่สาย"):
        chat.say(text)
    chat.press(CONFIRM)

    assert chat.make_event(phone_rule="required", party_most=1) != first
    offered = chat.agree()
    assert offered.startswith(said("signup.earlier"))
    assert ("สมชาย ใจดี" in offered, "xxx-xxx-5678" in offered, "แม่สาย" in offered) == (True, True, False)
    assert "081-234-5678" in chat.press("ใช้ข้อมูลเดิม")
    chat.press(CONFIRM)
    assert chat.forms() == [Form("สมชาย ใจดี", "+66812345678")]


@pytest.mark.parametrize("how", ["แก้ไข", "ไม่ใช่ค่ะ"])
def test_what_was_given_before_is_not_used_against_one_s_will(chat: Citizen, how: str) -> None:
    for _ in range(2):
        chat.make_event(phone_rule="no", party_most=1)
        chat.agree()
        if said("signup.earlier") in words_of(chat.heard):
            break
        chat.say("สมชาย")
        chat.press(CONFIRM)
    heard = chat.press(how) if how == "แก้ไข" else chat.say(how)
    assert heard == said("signup.ask_name")


def test_somebody_else_s_buttons_lead_to_nobody_s_form(chat: Citizen) -> None:
    chat.make_event(phone_rule="no", party_most=1)
    chat.agree()
    chat.say("มาลี")
    button = data_of(chat.heard, CONFIRM)
    assert chat.somebody_else().press_data(button) == said("stale.button")
    assert chat.rows() == []
