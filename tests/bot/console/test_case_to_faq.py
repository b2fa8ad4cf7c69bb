"""What staff answered becomes what the bot answers: in the draft, masked, by those who edit the FAQ."""

from __future__ import annotations

import pytest

from bot.outreach.permissions import Role
from knowledge.checks import FEWEST_VARIANTS
from tests.bot.console.case_site import PHONE, Office
from tests.bot.console.reviewing import catalogue, reviewing_site
from tests.bot.console.visiting import Site, Visitor, text_of

__all__ = ["reviewing_site"]
ASKED = "ยืมโต๊ะเก้าอี้ของศูนย์ได้ไหม"
WAYS = "\n".join(f"ยืมโต๊ะแบบที่ {number} ได้ไหม" for number in range(FEWEST_VARIANTS - 1))


@pytest.fixture
def office(reviewing_site: Site) -> Office:
    return Office(reviewing_site)


def answered(office: Office, staff: Visitor) -> int:
    case = office.opened(detail=ASKED)
    office.hears(case, f"{ASKED} โทร {PHONE}")
    said = office.form(case, text=f"ได้ค่ะ โทรหาดิฉันที่ {PHONE}", do="send")
    assert staff.post(f"/console/cases/{case}/answer", said).status_code == 302
    return case


def test_the_form_is_filled_in_without_what_identifies_people(office: Office) -> None:
    staff = office.site.visitor(Role.STAFF)
    case = answered(office, staff)
    assert "ทำเป็นคำตอบในคลัง" in text_of(staff.get(f"/console/cases/{case}"))
    page = staff.get(f"/console/cases/{case}/faq")
    assert f"คนถามว่า {ASKED} โทร <เบอร์โทร>" in text_of(page)
    assert "ได้ค่ะ โทรหาดิฉันที่ <เบอร์โทร>" in text_of(page)
    assert PHONE not in page.get_data(as_text=True)


def test_the_question_becomes_another_way_to_ask_what_is_there(office: Office) -> None:
    staff = office.site.visitor(Role.STAFF)
    case = answered(office, staff)
    done = staff.post(f"/console/cases/{case}/faq", {"do": "other", "entry": "center.hours", "question": ASKED})
    assert done.location == "/console/faq/topics/center.hours"
    assert ASKED in catalogue(office.site).entries["center.hours"].variants
    assert office.logged()[-1] == ("faq.from_case", "faq_entry/center.hours")


def test_the_answer_becomes_a_topic_of_the_draft(office: Office) -> None:
    staff = office.site.visitor(Role.STAFF)
    case = answered(office, staff)
    form = {"do": "new", "question": ASKED, "title": "ยืมโต๊ะ", "family": "center", "answer": "ได้ค่ะ", "texts": WAYS}
    done = staff.post(f"/console/cases/{case}/faq", form)
    assert done.location == f"/console/faq/topics/center.case_{case}"
    entry = catalogue(office.site).entries[f"center.case_{case}"]
    assert (entry.title["th"], entry.answer["th"]) == ("ยืมโต๊ะ", "ได้ค่ะ")
    assert entry.variants == (ASKED, *WAYS.split("\n"))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"texts": ""}, f"มีวิธีถาม 1 แบบ ขออย่างน้อย {FEWEST_VARIANTS} แบบค่ะ"),
        ({"title": " "}, "ขอชื่อเรื่องและคำตอบด้วยค่ะ"),
        ({"question": " "}, "ขอคำถามด้วยค่ะ"),
        ({"do": "other", "entry": ""}, "ยังไม่ได้เลือกเรื่องค่ะ"),
        ({"do": "add:no.such"}, "เรื่องที่เลือกไม่อยู่ในฉบับร่างแล้วค่ะ"),
    ],
)
def test_what_the_draft_does_not_take_stays_in_the_form(office: Office, changes: dict[str, str], why: str) -> None:
    staff = office.site.visitor(Role.STAFF)
    case = answered(office, staff)
    form = {"do": "new", "question": ASKED, "title": "ยืมโต๊ะ", "family": "center", "answer": "ได้ค่ะ", "texts": WAYS}
    page = staff.post(f"/console/cases/{case}/faq", form | changes)
    assert page.status_code == 422
    assert why in text_of(page)
    assert ">ได้ค่ะ</textarea>" in page.get_data(as_text=True)
    assert office.logged()[-1][0] == "case.answered"


def test_volunteers_do_not_edit_the_faq(office: Office) -> None:
    case, volunteer = office.opened(), office.site.visitor(Role.VOLUNTEER)
    office.hears(case, ASKED)
    assert "ทำเป็นคำตอบในคลัง" not in text_of(volunteer.get(f"/console/cases/{case}"))
    assert volunteer.get(f"/console/cases/{case}/faq").status_code == 403
