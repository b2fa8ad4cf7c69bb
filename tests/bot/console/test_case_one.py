"""One case on its page: who sees what of it, and what it costs to answer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.cases.kinds import CaseKind
from bot.outreach.permissions import Role
from bot.storage import people
from tests.bot.console.case_site import PHONE, PHOTO, Office, do, office
from tests.bot.console.reviewing import put_in_force
from tests.bot.console.test_carriers import CARRIERS, Page, look
from tests.bot.console.visiting import counted_queries, text_of

__all__ = ["office"]
FORM = {"place": "ถนนหน้าโรงเรียนบ้านดู่", "district": "mae_sai", "who": "เด็กนักเรียน", "contact": PHONE}


def test_a_case_shows_how_it_stands_and_what_was_said(office: Office) -> None:
    case = office.opened(ago=timedelta(hours=2))
    office.hears(case, "ขอพบเจ้าหน้าที่ค่ะ", ago=timedelta(hours=2))
    page = text_of(office.site.visitor(Role.STAFF).get(f"/console/cases/{case}"))
    assert f"เรื่องที่ {case} อยากคุยกับเจ้าหน้าที่" in page
    assert "ยังไม่มีคนรับ" in page
    assert "เขียนมา 2 ชั่วโมงก่อน" in page
    assert "ขอพบเจ้าหน้าที่ค่ะ" in page
    assert "รับเรื่องนี้" in page


def test_volunteers_see_words_without_what_identifies_people(office: Office) -> None:
    case = office.opened(form=FORM)
    office.hears(case, f"โทรหาฉันที่ {PHONE} นะคะ")
    volunteer = office.site.visitor(Role.VOLUNTEER)
    page = volunteer.get(f"/console/cases/{case}")
    assert PHONE not in page.get_data(as_text=True)
    assert "โทรหาฉันที่ <เบอร์โทร> นะคะ" in text_of(page)
    assert "ดูชื่อและที่ติดต่อ" not in text_of(page).replace("ชื่อและที่ติดต่อ ดูได้เฉพาะ", "")
    assert volunteer.post(f"/console/cases/{case}/contact").status_code == 403


def test_staff_see_the_contact_once_they_ask_and_that_is_written_down(office: Office) -> None:
    case = office.opened(CaseKind.PROPOSAL, form=FORM)
    staff = office.site.visitor(Role.STAFF)
    hidden = text_of(staff.get(f"/console/cases/{case}"))
    assert "ถนนหน้าโรงเรียนบ้านดู่" in hidden
    assert PHONE not in hidden
    assert PHONE in text_of(staff.post(f"/console/cases/{case}/contact"))
    assert office.logged()[-1] == ("case.contact_shown", f"case/{case}")


def test_an_answer_that_was_taken_back_is_shown_as_such_and_no_id_of_a_message(office: Office) -> None:
    form = {**FORM, "message_ids": {"contact": "message-17"}, "taken_back": ["who", "may_publish"]}
    case = office.opened(CaseKind.PROPOSAL, form=form)
    staff = office.site.visitor(Role.STAFF)
    pages = [text_of(staff.get(f"/console/cases/{case}")), text_of(staff.post(f"/console/cases/{case}/contact"))]
    assert ["message-17" in page or "message_ids" in page for page in pages] == [False, False]
    assert ["ผู้เขียนยกเลิกแล้ว เกี่ยวกับใคร, ให้เผยแพร่" in page for page in pages] == [True, True]


def test_what_is_about_somebodys_data_is_not_there_for_volunteers(office: Office) -> None:
    case = office.opened(CaseKind.PRIVACY)
    volunteer, staff = office.site.visitor(Role.VOLUNTEER), office.site.visitor(Role.STAFF)
    for path in ("", "/now"):
        assert volunteer.get(f"/console/cases/{case}{path}").status_code == 404
        assert staff.get(f"/console/cases/{case}{path}").status_code == 200
    assert do(volunteer, office, case, "take") == 404
    assert do(staff, office, case, "take") == 302


def test_a_picture_is_shown_to_those_who_see_its_case(office: Office) -> None:
    case, other = office.opened(CaseKind.PRIVACY), office.opened()
    picture = office.photographed(case)
    path = f"/console/cases/{case}/pictures/{picture}"
    staff, volunteer = office.site.visitor(Role.STAFF), office.site.visitor(Role.VOLUNTEER)
    shown = staff.get(path)
    assert shown.data == PHOTO
    assert shown.headers["Content-Type"] == "image/jpeg"
    assert shown.headers["Cache-Control"] == "no-store"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert f'src="{path}"' in staff.get(f"/console/cases/{case}").get_data(as_text=True)
    assert volunteer.get(path).status_code == 404
    assert staff.get(f"/console/cases/{other}/pictures/{picture}").status_code == 404
    assert staff.get(f"/console/cases/{case}/pictures/999").status_code == 404


def test_a_picture_that_is_not_there_yet_says_so(office: Office) -> None:
    case = office.opened()
    picture = office.photographed(case, kept=False)
    staff = office.site.visitor(Role.STAFF)
    assert "กำลังรับรูปจาก LINE" in text_of(staff.get(f"/console/cases/{case}"))
    assert staff.get(f"/console/cases/{case}/pictures/{picture}").status_code == 404


@pytest.mark.parametrize(
    ("seconds", "quota", "cost"),
    [
        (0, (300, 20), "ฟรี ถ้าส่งภายใน 50 วินาที"),
        (12, (300, 20), "ฟรี ถ้าส่งภายใน 38 วินาที"),
        (50, (300, 20), "ใช้โควตา 1 ข้อความ เหลือประมาณ 280"),
        (50, (300, 400), "ใช้โควตา 1 ข้อความ เหลือประมาณ 0"),
        (50, (None, 400), "ใช้โควตา 1 ข้อความ (แพ็กเกจนี้ไม่จำกัดจำนวน)"),
        (50, None, "ใช้โควตา 1 ข้อความ"),
    ],
)
def test_what_an_answer_costs_is_said(
    office: Office, seconds: int, quota: tuple[int | None, int] | None, cost: str
) -> None:
    case = office.opened()
    if quota is not None:
        office.has_quota(limit=quota[0], used=quota[1])
    office.hears(case, "อยู่ไหมคะ")
    office.site.later(seconds=seconds)
    assert cost in text_of(office.site.visitor(Role.STAFF).get(f"/console/cases/{case}"))


def test_a_page_asks_as_much_for_many_messages_as_for_one(office: Office) -> None:
    case, staff = office.opened(), office.site.visitor(Role.STAFF)
    office.photographed(case)
    with counted_queries(office.site.database) as one:
        staff.get(f"/console/cases/{case}")
    for _ in range(3):
        office.photographed(case)
    with counted_queries(office.site.database) as many:
        staff.get(f"/console/cases/{case}")
    assert len(many) == len(one)


def test_an_answer_on_its_way_uses_the_free_one_up(office: Office) -> None:
    case, staff = office.opened(), office.site.visitor(Role.STAFF)
    office.hears(case, "อยู่ไหมคะ")
    staff.post(f"/console/cases/{case}/answer", office.form(case, text="อยู่ค่ะ", do="send"))
    assert "ใช้โควตา 1 ข้อความ" in text_of(staff.get(f"/console/cases/{case}"))


def test_what_was_asked_before_is_shown_with_what_was_answered(office: Office) -> None:
    case = office.opened()
    office.asked(case, "เวทีจัดที่ไหน", entry="forum.join", ago=timedelta(minutes=12))
    office.asked(case, "มีรถไปไหม", entry=None, ago=timedelta(minutes=10))
    office.asked(case, "เมื่อวานถามไว้", entry=None, ago=timedelta(hours=20))
    page = text_of(office.site.visitor(Role.VOLUNTEER).get(f"/console/cases/{case}"))
    assert "ก่อนหน้านี้คุยอะไรกับบอต (2 คำถามใน 30 นาที)" in page
    assert "เวทีจัดที่ไหน 08:48 น. บอตตอบเรื่อง “เรื่องหนึ่ง” มีรถไปไหม 08:50 น. บอตตอบไม่ได้" in page
    assert "เมื่อวานถามไว้" not in page


def test_whoever_has_left_cannot_be_answered(office: Office) -> None:
    case, staff = office.opened(), office.site.visitor(Role.STAFF)
    with office.site.database.transaction() as db:
        people.set_following(db, person_id=office.row(case).person_id or 0, following=False, at=office.site.now)
    page = text_of(staff.get(f"/console/cases/{case}"))
    assert "หรือเขาบล็อกบอตไปแล้ว" in page
    assert "ส่งคำตอบ" not in page
    late = staff.post(f"/console/cases/{case}/answer", office.form(case, text="อยู่ไหมคะ", do="send"))
    assert late.status_code == 409
    assert do(staff, office, case, "close", tell="yes") == 409
    assert do(staff, office, case, "close", tell="no") == 302


def test_what_citizens_write_does_nothing(office: Office) -> None:
    put_in_force(office.site.database, office.site.catalogue)
    staff = office.site.visitor(Role.STAFF)
    for written in CARRIERS.values():
        case = office.opened(detail=written, called=written[:60], form={"place": written, written[:40]: written})
        office.hears(case, written)
        assert do(staff, office, case, "note", note=written) == 302
        assert written in look(staff.get(f"/console/cases/{case}")).text
        look(staff.get(f"/console/cases/{case}/faq"))
        parts = staff.get(f"/console/cases/{case}/now").get_json()
        assert [Page(parts[name]).faults for name in ("standing", "thread", "cost")] == [[], [], []]
    look(staff.get("/console/cases"))


def test_a_case_of_nobody_cannot_be_answered_and_leads_to_where_it_is_worked_on(office: Office) -> None:
    case = office.opened(CaseKind.TELEPHONE, user_id=None, detail="1")
    page = office.site.visitor(Role.STAFF).get(f"/console/cases/{case}")
    assert "ส่งคำตอบ" not in text_of(page)
    assert 'href="/console/events/telephone"' in page.get_data(as_text=True)
    assert "เรื่องนี้ไม่มีใครให้บอกทาง LINE ค่ะ" in text_of(page)


def test_a_number_that_no_case_has(office: Office) -> None:
    staff = office.site.visitor(Role.STAFF)
    for path in ("", "/now", "/pictures/1", "/faq"):
        assert staff.get(f"/console/cases/77{path}").status_code == 404
    assert staff.post("/console/cases/77/do", {"do": "take", "version": "1"}).status_code == 404
    assert staff.post("/console/cases/77/contact").status_code == 404


def test_an_open_page_is_told_what_is_new_and_nothing_else(office: Office) -> None:
    case = office.opened()
    staff, path = office.site.visitor(Role.STAFF), f"/console/cases/{case}/now"
    first = staff.get(path).get_json()
    assert staff.get(path, query_string={"mark": first["mark"]}).status_code == 204
    office.hears(case, "ยังรออยู่นะคะ")
    told = staff.get(path, query_string={"mark": first["mark"]}).get_json()
    assert "ยังรออยู่นะคะ" in told["thread"]
    assert told["version"] == office.row(case).version
    assert told["standing_of"] == first["standing_of"]
    do(staff, office, case, "take")
    assert staff.get(path).get_json()["standing_of"] != first["standing_of"]


def test_the_mark_of_a_page_is_that_of_its_parts(office: Office) -> None:
    case = office.opened()
    staff = office.site.visitor(Role.STAFF)
    page = staff.get(f"/console/cases/{case}").get_data(as_text=True)
    mark = page.partition('data-mark="')[2].partition('"')[0]
    assert staff.get(f"/console/cases/{case}/now", query_string={"mark": mark}).status_code == 204
