"""The console as staff see it: whole journeys, on a telephone and at a desk."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from bot.outreach.permissions import Role
from bot.storage import audit
from tests.bot.console.browsing import DESK, TELEPHONE, WIDTHS, Address, Looking, address, chromium, looking
from tests.bot.console.visiting import PASSWORD

__all__ = ["address", "chromium"]
pytestmark = pytest.mark.browser


def actions(address: Address) -> list[str]:
    with address.site.database.reading() as db:
        return [line.action for line in reversed(audit.list_entries(db))]


def heading(someone: Looking, name: str | re.Pattern[str]) -> None:
    expect(someone.page.get_by_role("heading", level=1)).to_have_text(name)


@pytest.mark.parametrize("size", WIDTHS)
def test_from_the_link_to_going_home(chromium: Browser, address: Address, size: tuple[int, int]) -> None:
    with looking(chromium, address, size=size) as someone:
        someone.open(address.invite())
        someone.check("join")
        someone.join(someone.page.url)
        heading(someone, "เปิดใช้รหัสยืนยัน")
        someone.check("enrol")
        someone.enrol()
        heading(someone, "จดรหัสสำรองเก็บไว้นะคะ")
        expect(someone.page.locator(".codes li")).to_have_count(10)
        someone.check("recovery-codes")
        someone.page.get_by_role("link", name="จดแล้ว ไปต่อ").click()
        heading(someone, "สวัสดีค่ะ มาลี ใจดี")

        someone.choose("ลองถาม")
        someone.page.get_by_label("ข้อความ", exact=True).fill("ศูนย์เปิดกี่โมงคะ")
        someone.press("ถาม")
        expect(someone.page.get_by_role("heading", level=2).first).to_be_visible()
        someone.check("try-it-answered")

        someone.choose("คนทำงาน")
        someone.page.get_by_role("link", name="เพิ่มคน").click()
        someone.page.get_by_label("ชื่อ", exact=True).fill("สมชาย อาสา")
        someone.page.get_by_label("ชื่อผู้ใช้").fill("somchai")
        someone.page.get_by_label("อาสาสมัคร").check()
        someone.press("เพิ่ม แล้วออกลิงก์")
        expect(someone.page.locator(".quote")).to_have_text(re.compile(f"^{address.url}/console/join/[\\w-]{{43}}$"))
        someone.check("staff-link")

        someone.choose("บันทึกการทำงาน")
        someone.unfold("ก่อนและหลัง")
        someone.check("audit-log")
        someone.sign_out()
        heading(someone, re.compile("^เข้าสู่ระบบ"))
        someone.check("sign-in")
    assert actions(address) == ["staff.joined", "staff.second_factor_set", "staff.added"]


@pytest.mark.parametrize("size", WIDTHS)
def test_ones_own_account(chromium: Browser, address: Address, size: tuple[int, int]) -> None:
    with looking(chromium, address, size=size) as someone:
        someone.join(address.invite(Role.VOLUNTEER))
        heading(someone, "สวัสดีค่ะ มาลี ใจดี")
        someone.choose("มาลี ใจดี")
        someone.check("account")
        someone.press("ขอรหัสเชื่อมกับ LINE")
        expect(someone.page.locator(".code-digits")).to_have_text(re.compile(r"^\d{4} \d{4}$"))
        someone.check("line-code")
        someone.page.get_by_role("link", name="พิมพ์แล้ว กลับไปดู").click()
        someone.page.get_by_role("link", name="เปิดใช้รหัสยืนยัน").click()
        someone.enrol()
        someone.page.get_by_role("link", name="จดแล้ว ไปต่อ").click()
        someone.choose("มาลี ใจดี")
        expect(someone.page.get_by_text("เหลือรหัสสำรอง 10 รหัส")).to_be_visible()
        someone.check("account-second-factor")

        someone.page.get_by_role("link", name="เปลี่ยนรหัสผ่าน").click()
        someone.page.get_by_label("รหัสผ่านเดิม").fill("ไม่ใช่รหัสนี้แน่นอน")
        someone.page.get_by_label("รหัสผ่านใหม่", exact=True).fill("แม่น้ำ ภูเขา ทะเล")
        someone.page.get_by_label("พิมพ์รหัสผ่านใหม่อีกครั้ง").fill("แม่น้ำ ภูเขา ทะเล")
        someone.complaints_allowed("422")
        someone.press("เปลี่ยนรหัสผ่าน")
        expect(someone.page.get_by_role("alert")).to_have_text("รหัสผ่านเดิมไม่ถูกต้องค่ะ")
        someone.check("password-refused")

        someone.sign_out()
        someone.sign_in("malee")
        heading(someone, "รหัสยืนยัน")
        someone.check("second-factor")
        someone.page.get_by_label("เลขหกหลัก").fill(someone.code())
        someone.press("ยืนยัน")
        heading(someone, "สวัสดีค่ะ มาลี ใจดี")


@pytest.mark.parametrize("size", WIDTHS)
def test_the_people_who_work_here(chromium: Browser, address: Address, size: tuple[int, int]) -> None:
    address.site.add_account(Role.VOLUNTEER, name="ผู้มีชื่อยาวมากๆ-จากศูนย์พัฒนาการเมืองภาคพลเมือง")
    with looking(chromium, address, size=size) as someone:
        someone.enter(name="malee")
        someone.open("/console/staff")
        someone.check("staff")
        someone.page.locator("summary", has_text="แก้ไขบัญชีนี้").last.click()
        someone.check("staff-open")
        someone.unfold("เมนู")
        if someone.shots is not None:
            someone.page.screenshot(path=someone.shots / "menu.png")
        row = someone.page.get_by_role("region", name=re.compile("^malee"))
        if not row.get_by_role("button", name="ปิดบัญชี").is_visible():
            row.locator("summary").click()
        someone.page.once("dialog", lambda dialog: dialog.accept())
        row.get_by_role("button", name="ปิดบัญชี").click()
        expect(someone.page.get_by_role("status")).to_have_text(re.compile("ผู้ดูแลระบบคนสุดท้าย"))
        someone.check("staff-refused")


def test_by_the_keyboard_alone(chromium: Browser, address: Address) -> None:
    with looking(chromium, address, size=DESK) as someone:
        keys = someone.page.keyboard

        def go_to(words: str) -> None:
            """Tabs on until what is under the focus is called so, as one sees it by its outline."""
            for _ in range(40):
                keys.press("Tab")
                name, outline = someone.page.evaluate(_FOCUSED)
                assert outline != "none", name
                if name and name.startswith(words):
                    return
            raise AssertionError(f"no way to {words}")

        someone.open(address.invite(Role.VOLUNTEER))
        go_to("รหัสผ่านใหม่")
        keys.insert_text(PASSWORD)
        go_to("พิมพ์รหัสผ่านใหม่อีกครั้ง")
        keys.insert_text(PASSWORD)
        keys.press("Enter")
        heading(someone, "สวัสดีค่ะ มาลี ใจดี")
        keys.press("Tab")
        assert someone.page.evaluate(_FOCUSED)[0] == "ข้ามไปเนื้อหา"
        keys.press("Enter")
        assert someone.page.evaluate("document.activeElement.id") == "main"
        go_to("ลองถาม")
        keys.press("Enter")
        heading(someone, "ลองถามบอต")
        keys.insert_text("ศูนย์เปิดกี่โมงคะ")
        go_to("ถาม")
        keys.press("Enter")
        expect(someone.page.get_by_role("heading", level=2).first).to_be_visible()
        go_to("ออกจากระบบ")
        keys.press("Enter")
        heading(someone, re.compile("^เข้าสู่ระบบ"))


_FOCUSED = """() => {
  const one = document.activeElement;
  if (one === document.body) { return ["", "past the end"]; }
  return [(one.labels?.[0] ?? one).textContent.trim(), getComputedStyle(one).outlineStyle];
}"""


@pytest.mark.parametrize("size", WIDTHS)
def test_without_javascript(chromium: Browser, address: Address, size: tuple[int, int]) -> None:
    with looking(chromium, address, size=size, javascript=False) as someone:
        page = someone.page
        someone.open(address.invite())
        page.get_by_label("รหัสผ่านใหม่", exact=True).fill(PASSWORD)
        page.get_by_label("พิมพ์รหัสผ่านใหม่อีกครั้ง").fill(PASSWORD)
        someone.press("บันทึกแล้วเข้าสู่ระบบ")
        page.locator("summary", has_text="สแกนไม่ได้").click()
        someone.enrol()
        page.get_by_role("link", name="จดแล้ว ไปต่อ").click()
        heading(someone, "สวัสดีค่ะ มาลี ใจดี")
        menu = page.get_by_role("navigation")
        if size == TELEPHONE:
            page.locator("summary", has_text="เมนู").click()
        menu.get_by_role("link", name="คนทำงาน").click()
        page.get_by_role("link", name="เพิ่มคน").click()
        page.get_by_label("ชื่อ", exact=True).fill("สมชาย")
        page.get_by_label("ชื่อผู้ใช้").fill("somchai")
        someone.press("เพิ่ม แล้วออกลิงก์")
        expect(page.locator("#link")).to_contain_text("/console/join/")
        expect(page.get_by_text("คัดลอกลิงก์")).to_be_hidden()
        if size == TELEPHONE:
            page.locator("summary", has_text="เมนู").click()
        menu.get_by_role("button", name="ออกจากระบบ").click()
        heading(someone, re.compile("^เข้าสู่ระบบ"))
    assert actions(address) == ["staff.joined", "staff.second_factor_set", "staff.added"]


@pytest.mark.parametrize("size", WIDTHS)
def test_what_people_write_does_nothing_in_a_browser(
    chromium: Browser, address: Address, size: tuple[int, int]
) -> None:
    with looking(chromium, address, size=size) as someone:
        someone.enter(name="malee")
        someone.page.on("dialog", lambda dialog: pytest.fail(f"somebody's script says {dialog.message}"))
        for name in ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "ก" * 80, "{{7*7}}"):
            someone.open("/console/staff/add")
            someone.page.get_by_label("ชื่อ", exact=True).fill(name)
            someone.page.get_by_label("ชื่อผู้ใช้").fill(f"login{abs(hash(name))}")
            someone.press("เพิ่ม แล้วออกลิงก์")
            heading(someone, f"ส่งลิงก์นี้ให้ {name}")
        someone.open("/console/staff")
        someone.check("carriers-staff")
        someone.open("/console/audit")
        someone.check("carriers-audit")
        someone.open("/console/try")
        text = "</textarea><script>alert(1)</script><svg onload=alert(1)>" + "ก" * 4900
        someone.page.get_by_label("ข้อความ", exact=True).fill(text)
        someone.press("ถาม")
        expect(someone.page.get_by_role("heading", level=2).first).to_be_visible()
        assert someone.page.get_by_label("ข้อความ", exact=True).input_value() == text
        someone.check("carriers-try-it")


def test_the_one_time_link_stays_between_the_browser_and_us(chromium: Browser, address: Address) -> None:
    """Not in a `Referer`, of files neither, and not to be had by going back."""
    with looking(chromium, address) as someone:
        link = address.invite(Role.VOLUNTEER)
        token = link.rpartition("/")[2]
        someone.join(link)
        heading(someone, "สวัสดีค่ะ มาลี ใจดี")
        told = [request.all_headers().get("referer", "") for request in someone.requests]
        assert [one for one in told if token in one] == []
        assert len(told) > 5
        someone.complaints_allowed("404")
        someone.page.go_back()
        heading(someone, "ลิงก์นี้ใช้ไม่ได้แล้วค่ะ")


def test_after_going_home_the_browser_shows_nothing_by_going_back(chromium: Browser, address: Address) -> None:
    with looking(chromium, address) as someone:
        someone.enter()
        someone.open("/console/staff")
        someone.sign_out()
        heading(someone, re.compile("^เข้าสู่ระบบ"))
        someone.page.go_back()
        heading(someone, re.compile("^เข้าสู่ระบบ"))


def test_the_cookies_of_the_host_work_on_this_machine_without_a_certificate(
    chromium: Browser, address: Address
) -> None:
    """Chromium takes http://127.0.0.1 for safe enough for `Secure` and `__Host-`, and hides them from scripts."""
    with looking(chromium, address) as someone:
        someone.join(address.invite(Role.VOLUNTEER))
        kept = {
            cookie["name"]: (cookie["secure"], cookie["httpOnly"], cookie["sameSite"], cookie["path"], cookie["domain"])
            for cookie in someone.context.cookies()
        }
        names = {"__Host-civicbot", "__Host-civicbot-device", "__Host-civicbot-form"}
        assert kept == dict.fromkeys(names, (True, True, "Lax", "/", "127.0.0.1"))
        assert someone.page.evaluate("document.cookie") == ""


def test_a_page_of_somebody_else_cannot_do_anything_here(chromium: Browser, address: Address) -> None:
    """The form of another site, with a signed-in browser: other origin, and no cookie goes along."""
    with looking(chromium, address) as someone:
        someone.enter(name="malee")
        evil = (
            f'<form id=f method=post action="{address.url}/console/staff/1"><input name=do value=disable></form>'
            f'<iframe src="{address.url}/console/"></iframe>'
        )
        someone.context.route(
            "http://evil.example/**", lambda route: route.fulfill(body=evil, content_type="text/html")
        )
        someone.open("http://evil.example/")
        assert someone.page.frames[1].url in {"", "chrome-error://chromewebdata/"}
        with someone.page.expect_navigation():
            someone.page.evaluate("document.getElementById('f').submit()")
        heading(someone, re.compile("^(คุณยังไม่มีสิทธิ์เปิดหน้านี้ค่ะ|หน้านี้เปิดไว้นานเกินไปค่ะ)$"))
    assert actions(address) == []
