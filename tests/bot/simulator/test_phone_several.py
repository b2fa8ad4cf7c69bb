"""Several phones on one page: each its own person's, all of them live."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, FrameLocator, expect

from tests.bot.simulator.desk import KHAM, SOMSRI, Desk, RememberingBot, text
from tests.bot.simulator.phone_page import DESKTOP, PHONE, PhonePage, phone_of, phones_of, running_browser


@pytest.fixture(scope="module")
def browser() -> Iterator[BrowserContext]:
    with running_browser() as browser:
        yield browser


def inside(phones: PhonePage, place: int) -> FrameLocator:
    return phones.page.frame_locator(f"#phone-{place}")


@pytest.mark.browser
def test_two_to_four_people_chat_side_by_side(
    browser: BrowserContext, desk: Desk, remembering_bot: RememberingBot
) -> None:
    with phone_of(browser, desk, viewport=DESKTOP) as phones:
        phones.page.get_by_role("link", name="เปิดโทรศัพท์หลายเครื่องพร้อมกัน").click()
        frames = phones.page.locator("iframe")
        expect(frames).to_have_count(2)
        phones.page.get_by_role("button", name="4 เครื่อง").click()
        expect(frames).to_have_count(4)
        for place in range(4):
            expect(inside(phones, place).locator("#speaking-as")).to_contain_text("คุยในนาม")
            expect(inside(phones, place).locator("#words")).to_be_in_viewport()

        desk.push(SOMSRI, text("ถึงสมศรี"))
        desk.push(KHAM, text("ถึงลุงคำ"))
        expect(inside(phones, 0).locator(".row.bot")).to_contain_text(["ถึงสมศรี"])
        expect(inside(phones, 1).locator(".row.bot")).to_contain_text(["ถึงลุงคำ"])
        inside(phones, 1).locator("#words").fill("ลุงเองครับ")
        inside(phones, 1).locator("#words").press("Enter")
        expect(inside(phones, 1).locator(".row.person")).to_contain_text("ลุงเองครับ")
        expect(inside(phones, 0).locator(".row.person")).to_have_count(0)
        assert remembering_bot.wait_for(1)[0].events[0]["source"]["userId"] == KHAM

        sides = "(element) => element.scrollWidth - element.clientWidth"
        assert inside(phones, 0).locator("html").evaluate(sides) == 0
        assert phones.page.evaluate("document.scrollingElement.scrollWidth - innerWidth") == 0
        phones.page.get_by_role("button", name="2 เครื่อง").click()
        expect(frames).to_have_count(2)
        expect(inside(phones, 1).locator(".row.person")).to_contain_text("ลุงเองครับ")
        assert phones.complaints == []


@pytest.mark.browser
def test_a_narrow_screen_shows_one_phone_at_a_time(browser: BrowserContext, desk: Desk) -> None:
    with phones_of(browser, desk, SOMSRI, KHAM, viewport=PHONE) as phones:
        tabs = phones.page.get_by_role("tab")
        expect(tabs).to_have_text(["สมศรี ใจดี", "ลุงคำ เมืองเทิง"])
        expect(phones.page.locator("#phone-0")).to_be_visible()
        expect(phones.page.locator("#phone-1")).to_be_hidden()

        desk.push(KHAM, text("ถึงลุงคำ"))
        tabs.first.focus()
        phones.page.keyboard.press("ArrowRight")
        expect(tabs.last).to_be_focused()
        expect(phones.page.locator("#phone-0")).to_be_hidden()
        expect(inside(phones, 1).locator(".row.bot")).to_contain_text(["ถึงลุงคำ"])

        inside(phones, 1).locator("#open-people").click()
        inside(phones, 1).get_by_role("button", name="ครูแพรว").click()
        expect(tabs).to_have_text(["สมศรี ใจดี", "ครูแพรว วงค์คำ"])
        phones.page.reload()
        expect(tabs).to_have_text(["สมศรี ใจดี", "ครูแพรว วงค์คำ"])
        for place in range(2):
            expect(inside(phones, place).locator("#speaking-as")).to_contain_text("คุยในนาม")
        assert phones.page.evaluate("document.scrollingElement.scrollWidth - innerWidth") == 0
        assert phones.complaints == []


def test_nobody_else_may_put_the_phone_into_their_page(desk: Desk) -> None:
    for page in ("phone", "phones"):
        headers = desk.call("GET", f"/simulator/{page}").headers
        assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]
        assert headers["X-Frame-Options"] == "SAMEORIGIN"
