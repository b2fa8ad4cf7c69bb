from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.answers import compose
from knowledge.entries import Detail, Entry

TODAY = date(2026, 3, 1)


def an_entry(**changes: object) -> Entry:
    values: dict[str, object] = {
        "id": "center.contact",
        "title": {"th": "ติดต่อ"},
        "answer": {"th": "ติดต่อได้ค่ะ", "en": "Get in touch."},
        "details": (
            Detail(("contact_phone",), {"th": "โทร {contact_phone}", "en": "Call {contact_phone}"}),
            Detail(("contact_email", "contact_url"), {"th": "{contact_email} {contact_url}"}),
        ),
        "unavailable": {"th": "ยังไม่มีเบอร์ค่ะ"},
        "actions": (),
        "related": (),
        "variants": (),
    }
    return Entry(**(values | changes))  # type: ignore[arg-type]


def said(entry: Entry, language: str = "th", **facts: str) -> str:
    return compose(entry, language=language, facts=facts, today=TODAY)


def test_a_detail_is_said_when_all_it_needs_is_there() -> None:
    assert said(an_entry(), contact_phone="053", contact_email="a@b") == "ติดต่อได้ค่ะ\n\nโทร 053"


def test_without_any_detail_it_says_so() -> None:
    assert said(an_entry(), contact_phone="") == "ติดต่อได้ค่ะ\n\nยังไม่มีเบอร์ค่ะ"


def test_a_missing_language_is_thai_line_by_line() -> None:
    facts = {"contact_phone": "053", "contact_email": "a@b", "contact_url": "c"}
    assert said(an_entry(), "en", **facts) == "Get in touch.\n\nCall 053\na@b c"
    assert said(an_entry(), "zh", **facts) == "ติดต่อได้ค่ะ\n\nโทร 053\na@b c"


def test_years_are_counted_in_the_buddhist_era() -> None:
    entry = an_entry(answer={"th": "ทำงานมา {years_since:2555} ปี"}, details=(), unavailable=None)
    assert said(entry) == "ทำงานมา 14 ปี"


def test_a_line_of_the_answer_without_its_setting_is_left_out() -> None:
    entry = an_entry(answer={"th": "สวัสดี\n\nโทร {contact_phone}\n\nลาก่อน"}, details=(), unavailable=None)
    assert said(entry) == "สวัสดี\n\nลาก่อน"
    assert said(entry, contact_phone="053") == "สวัสดี\n\nโทร 053\n\nลาก่อน"


def test_doubled_braces_are_braces() -> None:
    assert said(an_entry(answer={"th": "{{ก}}"}, details=(), unavailable=None)) == "{ก}"


@pytest.mark.parametrize("text", ["{{7*7}}", "{contact_email}", "{years_since:2555}", "{0.__class__}", "%s\\1\\g<0>"])
def test_a_settings_text_is_never_read_as_a_template(text: str) -> None:
    assert said(an_entry(), contact_phone=text) == f"ติดต่อได้ค่ะ\n\nโทร {text}"


@given(st.text(min_size=1))
def test_any_text_of_a_setting_is_said_as_it_is(text: str) -> None:
    assert said(an_entry(), contact_phone=text) == f"ติดต่อได้ค่ะ\n\nโทร {text}"
