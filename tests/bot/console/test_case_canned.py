"""Canned answers: kept by those who edit the FAQ, picked by everybody who answers."""

from __future__ import annotations

import pytest

from bot.outreach.permissions import Role
from tests.bot.console.case_site import Office, office
from tests.bot.console.visiting import text_of

__all__ = ["office"]
TEXT = "สวัสดีค่ะ {ชื่อ} เรื่องที่ {เลขเรื่อง} ดิฉัน {เจ้าหน้าที่} ค่ะ เปิด{เวลาทำการ}"
FILLED = "สวัสดีค่ะ ป้าคำ เรื่องที่ 1 ดิฉัน สมชาย ค่ะ เปิดวันจันทร์ถึงวันศุกร์ 08:30–16:30 น."


@pytest.fixture
def kept(office: Office) -> int:
    staff = office.site.visitor(Role.STAFF, name="มาลี")
    assert staff.post("/console/cases/canned/new", {"title": "ทักทาย", "text": TEXT}).status_code == 302
    return 1


def test_a_canned_answer_is_listed_changed_and_deleted(office: Office, kept: int) -> None:
    staff = office.site.visitor(Role.STAFF)
    assert "ทักทาย สวัสดีค่ะ {ชื่อ}" in text_of(staff.get("/console/cases/canned"))
    path = f"/console/cases/canned/{kept}"
    assert staff.post(path, {"title": "ทัก", "text": "ค่ะ", "version": "1"}).status_code == 302
    assert "ทัก ค่ะ" in text_of(staff.get("/console/cases/canned"))
    assert staff.post(f"{path}/delete", {"version": "2"}).status_code == 302
    assert "ยังไม่มีคำตอบสำเร็จรูปค่ะ" in text_of(staff.get("/console/cases/canned"))
    assert staff.get(path).status_code == 404
    assert [action for action, _ in office.logged()] == ["canned.saved", "canned.saved", "canned.deleted"]


@pytest.mark.parametrize(
    ("title", "text", "why"),
    [
        ("ทักทาย", "ค่ะ", "มีคำตอบชื่อนี้แล้วค่ะ"),
        ("  ", "ค่ะ", "ขอชื่อ 1 ถึง 80 ตัวอักษรค่ะ"),
        ("ก" * 81, "ค่ะ", "ขอชื่อ 1 ถึง 80 ตัวอักษรค่ะ"),
        ("ใหม่", " ", "ยังไม่ได้พิมพ์ข้อความค่ะ"),
        ("ใหม่", "ก" * 5001, "ข้อความยาวเกินไปค่ะ"),
        ("ใหม่", "ถึง {เบอร์โทร}", "ไม่รู้จัก {เบอร์โทร} ค่ะ"),
    ],
)
def test_what_cannot_be_kept_stays_in_the_form(office: Office, kept: int, title: str, text: str, why: str) -> None:
    assert kept
    page = office.site.visitor(Role.STAFF).post("/console/cases/canned/new", {"title": title, "text": text})
    assert page.status_code == 422
    assert why in text_of(page)
    assert text.strip() in page.get_data(as_text=True)


def test_nobody_writes_over_what_somebody_else_changed(office: Office, kept: int) -> None:
    first, second = office.site.visitor(Role.STAFF), office.site.visitor(Role.ADMINISTRATOR)
    path = f"/console/cases/canned/{kept}"
    first.post(path, {"title": "ทักทาย", "text": "ฉบับแรก", "version": "1"})
    page = second.post(path, {"title": "ทักทาย", "text": "ฉบับที่สอง", "version": "1"})
    assert page.status_code == 409
    assert "มีคนแก้คำตอบนี้ไปก่อนแล้วค่ะ" in text_of(page)
    assert "ฉบับแรก" in text_of(page)
    assert ">ฉบับที่สอง</textarea>" in page.get_data(as_text=True)
    assert second.post(f"{path}/delete", {"version": "1"}).location == path
    assert second.post(path, {"title": "ทักทาย", "text": "ฉบับที่สอง", "version": "2"}).status_code == 302


def test_volunteers_pick_and_do_not_edit(office: Office, kept: int) -> None:
    case, volunteer = office.opened(called="ป้าคำ"), office.site.visitor(Role.VOLUNTEER, name="สมชาย")
    assert "แก้ “ทักทาย”" not in text_of(volunteer.get("/console/cases/canned"))
    assert volunteer.get(f"/console/cases/canned/{kept}").status_code == 403
    page = volunteer.get(f"/console/cases/{case}").get_data(as_text=True)
    assert f'data-text="{FILLED}"' in page
    picked = office.form(case, do="fill", canned=str(kept), text="ถึงป้านะคะ\n")
    page = volunteer.post(f"/console/cases/{case}/answer", picked).get_data(as_text=True)
    assert f">ถึงป้านะคะ\n{FILLED}</textarea>" in page
    assert office.words(case) == []
