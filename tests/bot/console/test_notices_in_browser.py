"""A notice on a telephone, from the first word to the approver's desk; and its pages on a desk."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from bot.outreach.permissions import Role
from bot.storage import notices
from tests.bot.console.browsing import DESK, TELEPHONE, Address, Looking, address, chromium, looking
from tests.bot.console.notice_site import add_readers, notice, tell_quota
from tests.bot.console.notice_writing import hang_in
from tests.bot.console.visiting import NINE
from tests.bot.events.making import a_person, make_event, sign_up
from tests.builders import NOON

__all__ = ["address", "chromium", "pages_of_notices"]
pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def pages_of_notices(monkeypatch: pytest.MonkeyPatch) -> None:
    hang_in(monkeypatch)


def photograph(someone: Looking, name: str) -> None:
    """Without a script axe cannot look at a page."""
    if someone.shots is not None:
        someone.page.screenshot(path=someone.shots / f"{name}.png", full_page=True)
    assert someone.page.locator("h1").count() == 1


def test_a_notice_from_the_first_word_to_the_approver(chromium: Browser, address: Address, tmp_path: Path) -> None:
    site = address.site
    site.now = NOON
    add_readers(site, 60)
    tell_quota(site, 100, used=20)
    with looking(chromium, address, size=TELEPHONE) as someone:
        page = someone.page
        someone.enter(Role.VOLUNTEER, name="มาลี")
        someone.open("/console/notices")
        page.get_by_role("link", name="เขียนประกาศ").click()
        someone.check("notice-new")
        someone.press("เขียนเอง")
        page.wait_for_load_state()
        page.get_by_label("การ์ด มีหัวข้อหรือรูป").check()
        page.get_by_label("หัวข้อ", exact=True).fill("น้ำไม่ไหลพรุ่งนี้")
        Image.new("RGB", (2400, 1200), "teal").save(tmp_path / "photo.png")
        page.route("**/n/*.jpg", lambda route: route.fulfill(path=tmp_path / "photo.png"))
        someone.unfold("ลิงก์และรูป")
        page.get_by_label("เลือกรูปจากเครื่อง").set_input_files(tmp_path / "photo.png")
        expect(page.locator("img.notice-picture")).to_be_visible()
        page.wait_for_load_state()
        expect(page.get_by_label("หัวข้อ", exact=True)).to_have_value("น้ำไม่ไหลพรุ่งนี้")
        page.get_by_label("ข้อความ", exact=True).last.fill(
            "คุณ{ชื่อ}คะ <img src=x onerror=alert(1)> ดูที่ bit.ly/nam {{7*7}} %s"
        )
        preview = page.locator("[data-preview-here]")
        expect(preview.locator(".notice-title")).to_have_text("น้ำไม่ไหลพรุ่งนี้")
        expect(preview.locator(".notice-lines p").last).to_have_text(
            "คุณมาลีคะ <img src=x onerror=alert(1)> ดูที่ bit.ly/nam {{7*7}} %s"
        )
        expect(preview.locator(".notice-bad")).to_contain_text("ลิงก์ย่อใช้ไม่ได้ค่ะ")
        page.get_by_label("เริ่มส่งเมื่อไร").fill("พรุ่งนี้")
        expect(preview.locator(".notice-mend")).to_contain_text("แต่ยังไม่มีเวลาค่ะ")
        page.get_by_label("เริ่มส่งเมื่อไร").fill("25 พ.ย. 69 เก้าโมงเช้า")
        expect(preview).to_contain_text("เริ่มส่งวันพุธที่ 25 พฤศจิกายน 2569 เวลา 09:00")
        page.get_by_role("button", name="ดูตัวอย่าง").click()
        expect(page.locator("#preview")).to_be_focused()
        someone.press("ส่งขออนุมัติ")
        expect(page.locator("#fault-b0_text-2")).to_contain_text("ลิงก์ย่อใช้ไม่ได้ค่ะ")
        page.wait_for_load_state()
        someone.check("notice-faults")
        page.get_by_label("ข้อความ", exact=True).last.fill("คุณ{ชื่อ}คะ พรุ่งนี้น้ำไม่ไหลทั้งอำเภอ รองน้ำไว้ก่อนนะคะ")
        someone.press("เลือกผู้รับ")
        counted = page.locator("[data-counted-here]")
        expect(counted).to_contain_text("ยังไม่ได้เลือก")
        page.wait_for_load_state()
        page.get_by_label("ทุกคนที่ตอบรับข่าว").check()
        expect(counted.locator(".notice-total")).to_have_text("ส่งถึง 60 คน")
        expect(page.locator("[data-total-here]")).to_have_text("ส่งถึง 60 คน")
        expect(counted).to_contain_text("เดือนนี้เหลือ 80 ข้อความ หลังประกาศนี้เหลือ 20")
        someone.check("notice-audience")
        someone.press("บันทึก")
        expect(page.locator("#audience")).to_contain_text("ตอนนี้จะถึง 60 คน")
        page.wait_for_load_state()
        someone.check("notice-form")
        someone.press("ส่งขออนุมัติ")
        expect(page.locator(".alert-success")).to_contain_text("ส่งขออนุมัติแล้วค่ะ")
        page.wait_for_load_state()
    kept = notice(site, 1)
    assert kept.content["bubbles"][0]["picture"].startswith(f"{address.url}/n/")
    assert (kept.state, kept.send_at) == (notices.SUBMITTED, NOON.replace(day=25, hour=2))


def test_the_pages_on_a_desk_and_without_a_script(chromium: Browser, address: Address) -> None:
    site = address.site
    site.now = NOON
    add_readers(site, 60, first=100)
    tell_quota(site, 10)
    with site.database.transaction() as db:
        event = make_event(db, starts_at=NINE + timedelta(days=5), district="phan", summary="คุยกันเรื่องน้ำ\nและป่า")
        sign_up(db, site.vault, event, a_person(db, 1), now=NOON)
    with looking(chromium, address, size=DESK, javascript=False) as someone:
        page = someone.page
        someone.enter(Role.STAFF)
        someone.open("/console/notices/new")
        page.get_by_role("button", name="ชวนมางาน: เวทีแลกเปลี่ยนเรียนรู้").click()
        page.get_by_role("button", name="เพิ่มกล่อง").click()
        page.get_by_label("ข้อความ", exact=True).last.fill("แล้วเจอกันนะคะ")
        page.get_by_role("button", name="ดูตัวอย่าง").click()
        expect(page.locator(".notice-bubble")).to_have_count(2)
        expect(page.locator(".notice-bubble").last).to_contain_text("แล้วเจอกันนะคะ")
        photograph(someone, "notice-form")
        page.get_by_role("button", name="เปลี่ยนผู้รับ").click()
        expect(page.locator(".notice-total")).to_have_text("ส่งถึง 60 คน")
        expect(page.locator("[data-counted-here]")).to_contain_text("โควตาไม่พอค่ะ")
        page.get_by_label("ทุกคนที่ตอบรับข่าว").check()
        page.locator("summary", has_text="ตามอำเภอ").first.click()
        page.get_by_role("button", name="นับใหม่").last.click()
        photograph(someone, "notice-audience")
        page.get_by_role("button", name="บันทึก").click()
        expect(page.locator("#audience")).to_contain_text("โควตาเดือนนี้ไม่พอ")
        page.wait_for_load_state()
