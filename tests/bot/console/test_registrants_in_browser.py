"""The registrants on a telephone: found, added, cancelled, told by telephone; and the roster on paper."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from bot.outreach.permissions import Role
from bot.storage import service_messages
from tests.bot.console.browsing import TELEPHONE, Address, Looking, address, chromium, looking
from tests.bot.console.registrant_site import NAMES, Hall, a_hall
from tests.bot.console.visiting import NINE

__all__ = ["address", "chromium"]
pytestmark = pytest.mark.browser


@pytest.fixture
def hall(address: Address) -> Hall:
    hall = a_hall(address.site, capacity=6, title="เวทีแลกเปลี่ยนเรียนรู้เรื่องน้ำและป่าชุมชน")
    for number, name in enumerate(NAMES):
        party = 2 if number == 1 else 1
        hall.enter(
            number, name, party=party, companions=("เด็กหญิงพลอย แก้วใส",) if party > 1 else (), district="mae_sai",
            answers={hall.question_id: "yes"},
        )  # fmt: skip
    hall.enter(20, "ยายคำ ปินตา", person=False, way="staff")
    return hall


@pytest.fixture
def staff(chromium: Browser, hall: Hall, address: Address) -> Iterator[Looking]:
    with looking(chromium, address, size=TELEPHONE) as someone:
        someone.enter(Role.STAFF, name="มาลี")
        yield someone


def test_a_day_with_the_registrants(staff: Looking, hall: Hall, address: Address) -> None:
    staff.open(hall.address)
    staff.unfold("ถ้ามีที่ว่าง")
    staff.check("registrants")
    staff.page.get_by_label("ค้นจากชื่อ เบอร์ หรือรหัส").fill("สมชาย")
    staff.press("ค้น")
    staff.check("registrants-found")
    staff.page.get_by_role("main").get_by_role("link", name=NAMES[0]).click()
    for summary in ("เปลี่ยนจำนวนคน", "เปลี่ยนบัญชี LINE", "ยกเลิกที่นั่งนี้"):
        staff.unfold(summary)
    staff.check("registrant")
    staff.page.get_by_label("เพราะอะไร").fill("โทรมาขอยกเลิก")
    staff.press("ยกเลิกที่นั่ง")
    staff.check("registrant-cancelled")
    staff.open(f"{hall.address}/add")
    staff.page.get_by_label("ชื่อ", exact=True).fill("ตาสม ใจงาม")
    staff.page.get_by_label("เบอร์โทร").fill("812345678")
    staff.press("บันทึก")
    staff.complaints_allowed("422")
    staff.check("registrant-add-faults")
    staff.page.get_by_label("เขาตกลงแล้ว").check()
    staff.press("บันทึก")
    assert staff.page.get_by_role("heading", name="ตาสม ใจงาม").is_visible()
    staff.unfold("เปลี่ยนบัญชี LINE")
    staff.press("ออกรหัส")
    staff.check("registrant-claim")
    with address.site.database.transaction() as db:
        service_messages.hold_all(db, why="late", now=NINE)
    staff.open("/console/events/telephone")
    staff.unfold("ดูทีละข้อความ")
    staff.check("registrants-telephone")


def test_a_roster_fits_on_paper(staff: Looking, hall: Hall, address: Address) -> None:
    for number in range(30, 32):
        hall.enter(number)
    staff.open(hall.address)
    staff.page.get_by_label("ใส่เบอร์โทร").check()
    staff.page.get_by_label("ใส่คนที่รอคิวต่อท้าย").check()
    staff.press("เปิดใบรายชื่อ")
    staff.check("roster")
    pdf = staff.page.pdf(prefer_css_page_size=True, path=staff.shots / "roster.pdf" if staff.shots else None)
    assert pdf.count(b"/Type /Page\n") == 2
