"""What people type for one field: read, or told what is wrong with it."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.events import answers
from bot.events.answers import Fault, Reason
from bot.events.asking import Field, Kind
from bot.events.corrections import Correction, read_correction
from bot.events.names import NameFault, read_name, read_names


def read(kind: Kind, text: str, so_far: tuple[str, ...] = (), **more: Any) -> Any:
    districts = {"แม่สาย": ("mae_sai",), "แม่สาย พาน": ("mae_sai", "phan")}
    return answers.read(
        Field(str(kind), kind, **more), text, named_in=lambda text: districts.get(text, ()), so_far=so_far
    )


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("สมชาย", "สมชาย"), ("ชื่อสมชายครับ", "สมชาย"), ("ผมชื่อ สมชาย  ใจดี ครับ", "สมชาย ใจดี"),
        ("นาย สมชาย ใจดี", "นายสมชาย ใจดี"), ("น.ส. มาลี สุขใจ", "น.ส.มาลี สุขใจ"), ("คุณมาลีค่ะ", "มาลี"),
        ("ชื่อ-นามสกุล: สมหญิง รักดี", "สมหญิง รักดี"), ("ชื่อและนามสกุล สมชาย ใจดี", "สมชาย ใจดี"),
        ("ชื่อไหมค่ะ", "ไหม"), ("แพรไหม", "แพรไหม"), ("แพรไหม ใจดี", "แพรไหม ใจดี"), ("จันทร์เจ้า", "จันทร์เจ้า"),
        ("นายิกา", "นายิกา"), ("นาโบ", "นาโบ"), ("อาหมี่ เชอหมื่อ", "อาหมี่ เชอหมื่อ"), ("my name is John Smith", "John Smith"),
        ("สมชาย ใจดี โทร. 081-234-5678", "สมชาย ใจดี"), ("ดร.สมคิด", "ดร.สมคิด"), ("พระมหาสมชาย", "พระมหาสมชาย"),
        ("สมชาย\u200bใจดี", "สมชายใจดี"), ("ข้าเจ้าชื่อคำปัน เจ้า", "คำปัน"),
    ],
)  # fmt: skip
def test_a_name_is_read(text: str, name: str) -> None:
    assert read_name(text) == name


@pytest.mark.parametrize(
    ("fault", "texts"),
    [
        (NameFault.A_NUMBER, ["081-234-5678", "๐๘๑ ๒๓๔ ๕๖๗๘ ค่ะ", "สมชาย 2", "1234567890123"]),
        (NameFault.A_QUESTION, ["เปิดกี่โมงคะ", "มีที่จอดรถไหม", "จัดที่ไหน", "ชื่ออะไรก็ได้ไหม", "ทำไมต้องบอกชื่อ", "what is it for"]),
        (NameFault.NOT_A_NAME, ["ไม่บอก", "ลงทะเบียน", "ยกเลิกค่ะ", "สวัสดีค่ะ", "https://example.org"]),
        (NameFault.EMPTY, ["นาย", "ชื่อ", "🙂", ""]),
        (NameFault.TOO_LONG, ["ก" * 99]),
    ],
)
def test_what_is_no_name_is_refused(fault: NameFault, texts: list[str]) -> None:
    assert [read_name(text) for text in texts] == [fault] * len(texts)


@pytest.mark.parametrize(
    ("text", "expected", "names"),
    [
        ("แดง ใจดี\nดำ ใจดี", 2, ["แดง ใจดี", "ดำ ใจดี"]), ("แดง, ดำ และ ขาว", 3, ["แดง", "ดำ", "ขาว"]),
        ("1. แดง 2. ดำ", 2, ["แดง", "ดำ"]), ("แดงกับดำ", 2, ["แดง", "ดำ"]), ("แดง\nและดำ", 2, ["แดง", "ดำ"]),
        ("แดง ดำ ขาว", 3, ["แดง", "ดำ", "ขาว"]), ("แดง ใจดี", 2, ["แดง ใจดี"]), ("และหมัด", 1, ["และหมัด"]),
        ("ด.ช.แดง ใจดี, ด.ญ. ดำ", 2, ["ด.ช.แดง ใจดี", "ด.ญ.ดำ"]),
    ],
)  # fmt: skip
def test_several_names_are_told_apart(text: str, expected: int, names: list[str]) -> None:
    assert read_names(text, expected=expected) == names


def test_names_that_are_too_few_are_kept_for_those_that_follow() -> None:
    few = read(Kind.COMPANIONS, "แดง, ดำ", most=3)
    assert few == Fault(Reason.TOO_FEW_NAMES, most=3, got=2, names=("แดง", "ดำ"))
    assert read(Kind.COMPANIONS, "ขาว", few.names, most=3) == ["แดง", "ดำ", "ขาว"]
    assert read(Kind.COMPANIONS, "ขาว, เขียว", few.names, most=3).reason is Reason.TOO_MANY_NAMES
    assert read(Kind.COMPANIONS, "แดง, 081-234-5678", most=2).reason is Reason.A_NUMBER


def test_forty_names_are_read_at_once() -> None:
    pupils = [f"นักเรียน คน{chr(0x0E01 + number)}" for number in range(40)]
    assert read(Kind.COMPANIONS, "\n".join(pupils), most=40) == pupils


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("3", 3), ("๓", 3), ("มากัน 3 คน", 3), ("สามคนค่ะ", 3), ("คนเดียว", 1), ("สี่สิบ", 40), ("สี่สิบสองคน", 42),
        ("ยี่สิบเอ็ดคน", 21), ("สิบ", 10), ("two", 2), ("ผมกับลูก รวม 3 คน", 3), ("just me", 1), ("1,200", 1200),
    ],
)  # fmt: skip
def test_a_number_is_read(text: str, number: int) -> None:
    assert read(Kind.PARTY, text, most=9999) == number


@pytest.mark.parametrize("text", ["หลายคน", "3-4 คน", "2 คน กับเด็ก 1", "มากับเพื่อน 3 คน", "อีก 2 คน", "0", "แม่"])
def test_a_number_that_is_not_clear_is_asked_for_again(text: str) -> None:
    assert read(Kind.PARTY, text, most=9) == Fault(Reason.NO_NUMBER, most=9)


def test_a_party_has_its_limit() -> None:
    assert read(Kind.PARTY, "6 คน", most=5) == Fault(Reason.TOO_MANY, most=5, got=6)


def test_a_number_of_the_event_s_own_may_be_none() -> None:
    assert [read(Kind.NUMBER, text) for text in ("0", "ไม่มี", "2 คัน", "๑๒")] == [0, 0, 2, 12]
    assert read(Kind.NUMBER, "ไม่มี", required=False) == 0


def test_a_telephone_number_is_kept_in_one_form() -> None:
    written = ("081-234-5678", "๐๘๑ ๒๓๔ ๕๖๗๘", "เบอร์ 0812345678 ค่ะ", "+66 81 234 5678")
    assert {read(Kind.PHONE, text) for text in written} == {"+66812345678"}
    assert [read(Kind.PHONE, text).phone for text in ("081-234", "ไม่รู้ค่ะ", "191")] == ["too_short", "empty", "hotline"]


def test_what_may_be_left_out_is_and_what_may_not_is_not() -> None:
    assert [read(Kind.PHONE, text, required=False) for text in ("ข้าม", "ไม่สะดวกค่ะ", "-", "skip")] == [None] * 4
    assert [read(kind, "ข้าม") for kind in (Kind.PHONE, Kind.YES_NO)] == [Fault(Reason.NOT_WITHOUT)] * 2
    assert [read(Kind.YES_NO, text, required=False) for text in ("ไม่มี", "no", "ข้าม")] == [False, False, None]


def test_a_district_is_one_that_is_named() -> None:
    assert read(Kind.DISTRICT, "แม่สาย") == "mae_sai"
    assert read(Kind.DISTRICT, "เมืองนอก") == Fault(Reason.NO_DISTRICT)
    assert read(Kind.DISTRICT, "แม่สาย พาน") == Fault(Reason.SEVERAL_DISTRICTS, names=("mae_sai", "phan"))


@pytest.mark.parametrize(
    ("text", "choice"),
    [("ข้าวผัด", "ข้าวผัด"), ("เอาข้าวผัดค่ะ", "ข้าวผัด"), ("ต้มยำ", "ต้มยำกุ้ง"), ("2", "ต้มยำกุ้ง"), ("ข้อ ๑", "ข้าวผัด")],
)
def test_a_choice_is_read_by_its_words_or_its_number(text: str, choice: str) -> None:
    assert read(Kind.CHOICE, text, choices=("ข้าวผัด", "ต้มยำกุ้ง")) == choice


@pytest.mark.parametrize("text", ["3", "พิซซ่า", "ข้าวผัดกับต้มยำกุ้ง"])
def test_what_is_none_of_the_choices_is_refused(text: str) -> None:
    assert read(Kind.CHOICE, text, choices=("ข้าวผัด", "ต้มยำกุ้ง")) == Fault(Reason.NOT_A_CHOICE)


def test_yes_and_no_in_many_words() -> None:
    yes = ("ใช่", "ใช่ค่ะ", "ครับ", "มีค่ะ", "ได้เลย", "โอเค", "yes", "เคย", "เอา")
    no = ("ไม่", "ไม่ใช่ค่ะ", "ยังครับ", "เปล่า", "บ่", "no", "ไม่มี")
    assert [read(Kind.YES_NO, text) for text in (*yes, *no)] == [True] * len(yes) + [False] * len(no)
    assert read(Kind.YES_NO, "เอ่อ") == Fault(Reason.NOT_YES_OR_NO)


def test_where_something_is_agreed_to_a_yes_is_nothing_but_a_yes() -> None:
    yes = (
        *("ใช่", "ใช่ค่ะ", "ได้เลย", "โอเคค่ะ", "ยืนยัน", "ถูกต้องแล้วครับ", "ถูกหมดแล้ว", "ครับ", "เจ้า", "แม่นแล้วเจ้า", "yes please"),
        *("ใช่ค่ะถูกต้อง", "ใช่ ถูกต้องค่ะ", "ข้อมูลถูกต้องครบถ้วน", "ตกลงตามนี้ค่ะ", "That's right.", "OK"),
    )
    no = ("ไม่", "ไม่ใช่ค่ะ", "ยังค่ะ", "บ่แม่น", "no")
    neither = (
        *("ใช่ แต่เบอร์ผิด", "ได้ แต่ขอแก้เบอร์ก่อน", "มีผิดค่ะ", "เอาไว้ก่อน", "เอาออก", "ถูกบางส่วน", "ยืนยันว่าไม่ส่ง", "ใช่ไหม", "ใช่?"),
        *("ได้แล้วเหรอ", "แล้ว", "เลย", "ok but", "ได้" * 99, ""),
    )
    read_so = answers.read_plain_yes_no
    assert {text: read_so(text) for text in yes} == dict.fromkeys(yes, True)
    assert {text: read_so(text) for text in no} == dict.fromkeys(no, False)
    assert {text: read_so(text) for text in neither} == dict.fromkeys(neither)


def test_a_guardian_s_yes_is_a_plain_one() -> None:
    yes = ("ใช่ค่ะ", "ผู้ปกครองอนุญาตแล้ว", "แม่รู้แล้ว", "พ่อแม่ให้ไปแล้วค่ะ", "my mother agreed")
    assert {text: read(Kind.GUARDIAN, text) for text in yes} == dict.fromkeys(yes, True)
    not_yet = ("ได้ แต่ยังไม่ได้ถามแม่", "ได้ถ้าแม่ว่าง", "มีปัญหา")
    assert [read(Kind.GUARDIAN, text) for text in not_yet] == [Fault(Reason.NOT_YES_OR_NO)] * 3
    assert read(Kind.GUARDIAN, "ยังไม่ได้ขอ") is False


def test_who_is_under_age_is_told_by_yes_by_no_or_by_an_age() -> None:
    texts = ("ใช่", "ครบแล้วค่ะ", "25", "ยังค่ะ", "ไม่ครบ", "อายุ 15", "๑๙ ปี", "20", "ได้ แต่ลูก 15")
    assert [read(Kind.MINOR, text) for text in texts] == [False, False, False, True, True, True, True, False, True]


@pytest.mark.parametrize(
    "text",
    [
        *("อายุไม่ถึง 20", "ต่ำกว่า 20 ค่ะ", "ลูกยังไม่ถึง 20 ปี", "มีหลานอายุ 12 มาด้วย", "ครบ 15 ปีแล้ว", "มีคนยังไม่ครบ"),
        *("มีคนไม่ถึง 20", "ใช่ แต่ลูกอายุ 15", "บ่ครบ", "เปล่า มีเด็ก", "under 20", "one is below 20", "no"),
    ],
)
def test_that_somebody_is_under_age_is_read_wherever_it_stands(text: str) -> None:
    assert read(Kind.MINOR, text) is True


@pytest.mark.parametrize(
    "text",
    [
        *("ครบทุกคน", "ทุกคนครบ", "ครบ 20 ปีแล้วทุกคนค่ะ", "ใช่ทุกคน", "ครบหมดแล้ว", "เกิน 20 แล้ว", "๒๐ ขึ้นไป", "ค่ะ"),
        *("ใช่ 20 กว่าแล้ว", "อายุ 35 กับ 40", "yes, all of us", "everyone is over 20"),
    ],
)
def test_that_everybody_is_of_age_is_read_from_a_plain_yes_or_from_ages(text: str) -> None:
    assert read(Kind.MINOR, text) is False


@pytest.mark.parametrize(
    "text",
    [
        *("มีเด็กมาด้วยค่ะ", "โอเคแต่มีเด็ก", "มี", "ไม่มี", "ไม่มีเด็กค่ะ", "ไม่มีคนอายุต่ำกว่า 20", "ไม่น้อยกว่า 20", "ใช่ไหมนะ"),
        *("ยังไงคะ", "ไม่แน่ใจค่ะ", "ไม่เข้าใจ", "ครบ 3 คน", "nobody is under 20", "not sure"),
    ],
)
def test_what_does_not_say_plainly_who_is_of_age_is_asked_again(text: str) -> None:
    assert read(Kind.MINOR, text) == Fault(Reason.NOT_YES_OR_NO)


@pytest.mark.parametrize("text", ["ยังไงคะ", "ไม่มีปัญหาค่ะ", "ไม่ขัดข้อง", "ไม่แน่ใจ", "ไม่เข้าใจค่ะ", "บ่าย", "no problem"])
def test_what_only_begins_like_a_no_is_none_where_a_plain_answer_counts(text: str) -> None:
    assert read(Kind.GUARDIAN, text) == Fault(Reason.NOT_YES_OR_NO)


def test_own_words_are_kept_as_they_are_unless_they_are_a_book() -> None:
    assert read(Kind.TEXT, "  อยากฟัง\nเรื่องน้ำ ") == "อยากฟัง เรื่องน้ำ"
    assert read(Kind.TEXT, "ก" * 501) == Fault(Reason.TOO_LONG, most=500)
    assert read(Kind.SCHOOL, "ก" * 121) == Fault(Reason.TOO_LONG, most=120)


@pytest.mark.parametrize(
    ("text", "kind", "rest", "flat"),
    [
        ("แก้เบอร์", Kind.PHONE, "", False), ("ขอแก้เบอร์โทรหน่อยค่ะ", Kind.PHONE, "", False),
        ("เปลี่ยนชื่อเป็น สมหญิง", Kind.NAME, "สมหญิง", False), ("ไม่ใช่ ชื่อ สมหญิง", Kind.NAME, "สมหญิง", True),
        ("ไม่ใช่ค่ะ ชื่อสมหญิง", Kind.NAME, "สมหญิง", True), ("แก้จำนวนคนเป็น 3", Kind.PARTY, "3", False),
        ("แก้รายชื่อ", Kind.COMPANIONS, "", False), ("แก้ชื่อโรงเรียน", Kind.SCHOOL, "", False),
        ("แก้ชั้นเป็น ม.5", Kind.LEVEL, "ม.5", False), ("change my phone to 081", Kind.PHONE, "081", False),
        ("ผิดค่ะ เบอร์ 0812345678", Kind.PHONE, "0812345678", True), ("แก้อำเภอเป็นแม่สาย", Kind.DISTRICT, "แม่สาย", False),
    ],
)  # fmt: skip
def test_a_correction_is_read(text: str, kind: Kind, rest: str, flat: bool) -> None:
    assert read_correction(text) == Correction(kind, rest, flat)


@pytest.mark.parametrize("text", ["ชื่อสมชาย", "ไม่ใช่", "แก้ปัญหาน้ำท่วม", "เบอร์ 0812345678", "อยากเปลี่ยน", "แก้"])
def test_what_changes_nothing_is_no_correction(text: str) -> None:
    assert read_correction(text) is None


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(list(Kind)), st.text(max_size=60))
def test_whatever_is_typed_is_a_value_or_a_fault(kind: Kind, text: str) -> None:
    found = read(kind, text, most=3, choices=("ก", "ข"))
    assert isinstance(found, str | int | bool | list | Fault)
    if isinstance(found, list):
        assert len(found) == 3


@pytest.mark.parametrize(
    "piece",
    ["ก", "ชื่อ", "ชื่อ ", "1. ", "และ ", "กับ", "0", "ครับ", "นะคะ ", "ไม่ใช่ ", "แก้ชื่อ", "สิบ", "ขอ", " ", "รวม ", "แก้ชื่อ ผิด "],
)
def test_reading_takes_no_time_however_long_the_message(piece: str) -> None:
    text = (piece * 5000)[:5000]
    started = time.process_time()
    for kind in Kind:
        read(kind, text, most=40, choices=("ก", "ข"))
    read_correction(text)
    assert time.process_time() - started < 1


def test_companions_named_once_more_count_once() -> None:
    assert read(Kind.COMPANIONS, "สมหญิง, มานะ, ปิติ", ("สมหญิง",), most=3) == ["สมหญิง", "มานะ", "ปิติ"]
