"""An event's whole life on a telephone, as staff see it; and its pages on a desk."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from bot.events import event_lists, planning
from bot.outreach.permissions import Role
from bot.storage import events, service_messages
from tests.bot.console.browsing import DESK, TELEPHONE, Address, Looking, address, chromium, looking
from tests.bot.console.test_events import crowd, the_event
from tests.bot.console.visiting import NINE
from tests.bot.events.making import make_event

__all__ = ["address", "chromium"]
pytestmark = pytest.mark.browser


def fill(someone: Looking, fields: dict[str, str]) -> None:
    for label, text in fields.items():
        someone.page.get_by_label(label, exact=True).fill(text)


def test_an_event_from_first_to_last(chromium: Browser, address: Address) -> None:
    with looking(chromium, address, size=TELEPHONE) as someone:
        someone.enter(Role.STAFF)
        someone.complaints_allowed("422")
        someone.open("/console/events")
        someone.check("events-none")
        someone.page.get_by_role("link", name="สร้างกิจกรรม").click()
        someone.check("event-new")
        fill(someone, {"ชื่อกิจกรรม": "เวทีคุยเรื่องน้ำ", "วันและเวลาเริ่ม": "จันทร์ที่ 12 ธ.ค. 69 9.00", "เวลาเลิก": "เที่ยง"})
        fill(someone, {"ชื่อสถานที่": "ศาลากลางบ้าน", "จำนวนที่นั่ง": "๓๐", "มาด้วยกันได้ไม่เกินกี่คน": "4"})
        someone.press("เพิ่มคำถาม")
        fill(someone, {"คำถาม": "มาอย่างไร"})
        someone.page.get_by_label("ตอบแบบ").select_option("choice")
        fill(someone, {"ตัวเลือก บรรทัดละข้อ": "เดินมา\nรถส่วนตัว\nรถรับส่งของศูนย์"})
        someone.press("บันทึกฉบับร่าง")
        expect(someone.page.locator("#fault-starts-1")).to_have_text("12 ธันวาคม 2569 เป็นวันเสาร์ ไม่ใช่วันจันทร์ค่ะ")
        someone.check("event-refused")
        fill(someone, {"วันและเวลาเริ่ม": "เสาร์ที่ 12 ธ.ค. 69 9.00"})
        someone.press("บันทึกฉบับร่าง")
        expect(someone.page.locator(".event-when")).to_have_text("วันเสาร์ที่ 12 ธันวาคม 2569 เวลา 09:00–12:00 น.")
        someone.check("event-confirm")
        someone.press("ใช่ บันทึก")
        someone.check("event-draft")
        someone.page.get_by_role("link", name="ดูก่อนเผยแพร่").click()
        someone.check("event-publish")
        someone.press("เผยแพร่เลย")
        crowd(address.site, the_event(address.site))
        someone.page.get_by_role("link", name="แก้ไข").click()
        fill(someone, {"วันและเวลาเริ่ม": "12 ธ.ค. 69 บ่ายโมง", "เวลาเลิก": "สี่โมงเย็น"})
        someone.press("บันทึก")
        someone.check("event-confirm-told")
        someone.press("ใช่ บันทึก")
        someone.check("event-published")
        someone.page.get_by_role("link", name="ยกเลิกกิจกรรม").click()
        someone.check("event-call-off")
        someone.page.get_by_label("เพราะอะไร").fill("ฝนตกหนัก ถนนขาด ขอเลื่อนไปก่อนค่ะ")
        someone.press("ไปต่อ")
        someone.check("event-call-off-sure")
        someone.press("ยกเลิกกิจกรรมเลย")
        expect(someone.page.get_by_text("กำลังแจ้งทาง LINE 1 ราย")).to_be_visible()
        someone.check("event-called-off")
    event = the_event(address.site)
    assert (event.state, event.schedule_version, event.starts_at.hour) == (events.CALLED_OFF, 2, 6)
    with address.site.database.reading() as db:
        counted = service_messages.count_by_state(db, event.id)
    assert {state: number for (kind, state), number in counted.items() if kind == "called_off"} == {
        "booked": 2, "failed": 1
    }  # fmt: skip


def test_the_pages_on_a_desk_and_enter_saves(chromium: Browser, address: Address) -> None:
    with address.site.database.transaction() as db:
        for number in range(3):
            make_event(db, starts_at=NINE + timedelta(days=5 + number), district="phan", summary="คุยกันเรื่องน้ำ\nและป่า")
    with looking(chromium, address, size=DESK) as someone:
        someone.enter(Role.STAFF)
        someone.open("/console/events")
        someone.check("events")
        someone.page.locator(".event-list a").first.click()
        someone.check("event")
        someone.page.get_by_role("link", name="แก้ไข").click()
        someone.check("event-edit")
        fill(someone, {"ชื่อกิจกรรม": "ชื่อของฉัน", "เวลาเลิก": "13.00"})
        with address.site.database.transaction() as db:
            event = event_lists.list_page(db, event_lists.COMING, now=NINE, limit=1)[0]
            changes = {"title": "ชื่อของอีกคน", "contact": "ป้าคำ", "capacity": 40}
            planning.amend(db, event_id=event.id, seen=1, changes=changes, now=NINE)
        someone.complaints_allowed("409")
        someone.press("บันทึก")
        expect(someone.page.get_by_label("ติดต่อสอบถาม")).to_have_value("ป้าคำ")
        someone.check("event-conflict")
        fill(someone, {"เวลาเลิก": "12.00"})
        someone.page.get_by_label("ชื่อกิจกรรม", exact=True).fill("ชื่อใหม่")
        someone.page.get_by_label("ชื่อกิจกรรม", exact=True).press("Enter")
        expect(someone.page.get_by_role("heading", level=1)).to_have_text("ชื่อใหม่")
