"""What everybody must be able to see, reach and trust: sizes, contrast, names of controls, the page's own policy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.bot.simulator.desk import KHAM, SOMSRI, Desk
from tests.bot.simulator.phone_menus import make_menu, show_to_all
from tests.bot.simulator.phone_page import (
    DESKTOP,
    LARGE_PHONE,
    PHONE,
    USUAL_PHONE,
    PhonePage,
    phone_of,
    phones_of,
    running_browser,
)
from tests.bot.simulator.rules import messages as m

LEAST_CONTRAST = 4.5
LEAST_TARGET_PX = 30

FAINT_WORDS = """(least) => {
  const parse = (colour) => (colour.match(/[\\d.]+/g) ?? []).map(Number);
  const linear = (part) => (part /= 255) <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const over = (top, below) => top.slice(0, 3).map((part, i) => part * (top[3] ?? 1) + below[i] * (1 - (top[3] ?? 1)));
  const behind = (element) => {
    if (!element) return [255, 255, 255];
    const colour = parse(getComputedStyle(element).backgroundColor);
    return (colour[3] ?? 1) === 1 ? colour : over(colour, behind(element.parentElement));
  };
  const faint = [];
  for (const element of document.querySelectorAll("body *")) {
    const words = [...element.childNodes].filter((node) => node.nodeType === 3 && node.data.trim());
    const isShown = element.checkVisibility({ visibilityProperty: true }) && !element.matches(":disabled");
    if (!words.length || !isShown) continue;
    const ground = behind(element);
    const ink = over(parse(getComputedStyle(element).color), ground);
    const [more, less] = [light(ink), light(ground)].sort((one, other) => other - one);
    if ((more + 0.05) / (less + 0.05) < least) faint.push(words[0].data.trim());
  }
  return faint;
}"""
NAMELESS_OR_TINY = """(least) => [...document.querySelectorAll("button, a, input, select, textarea, [role=button]")]
  .filter((element) => element.checkVisibility({ visibilityProperty: true }))
  .filter((element) => {
    const name = element.getAttribute("aria-label") || element.labels?.[0]?.textContent || element.textContent;
    const { width, height } = element.getBoundingClientRect();
    return !name.trim() || (element.tagName !== "A" && element.type !== "checkbox" && Math.min(width, height) < least);
  }).map((element) => element.outerHTML)"""


@pytest.fixture(scope="module")
def browser() -> Iterator[BrowserContext]:
    with running_browser() as browser:
        yield browser


def fill(desk: Desk) -> None:
    desk.write("ขอถามหน่อยค่ะ")
    desk.push(
        SOMSRI, m.text(text="ดู https://example.org ค่ะ"), m.card(m.words("หัวข้อ"), m.button(style="primary"), m.button())
    )
    desk.push(SOMSRI, {"type": "sticker", "packageId": "446", "stickerId": "1988"}, m.place(), m.pictures("ดู"))
    desk.push(SOMSRI, m.buttons(title="หัวข้อ"), m.quick(m.say(), times=8))


def check(phone: PhonePage) -> None:
    """The page itself, and the pages of phones in it."""
    for frame in phone.page.frames:
        assert frame.evaluate(FAINT_WORDS, LEAST_CONTRAST) == []
        assert frame.evaluate(NAMELESS_OR_TINY, LEAST_TARGET_PX) == []
        assert frame.evaluate("document.scrollingElement.scrollWidth - innerWidth") == 0
    assert phone.complaints == []


@pytest.mark.browser
@pytest.mark.parametrize("viewport", [PHONE, USUAL_PHONE, LARGE_PHONE, DESKTOP], ids=["360", "390", "430", "1280"])
def test_everything_can_be_read_reached_and_named(
    browser: BrowserContext, desk: Desk, viewport: tuple[int, int]
) -> None:
    fill(desk)
    with phone_of(browser, desk, viewport=viewport) as phone:
        expect(phone.quick_replies).to_have_count(8)
        check(phone)
        phone.page.click("#attach")
        check(phone)
        phone.page.click("#open-menu")
        phone.choose_in_menu("ตัวอักษรใหญ่")
        check(phone)


@pytest.mark.browser
def test_panels_and_sheets_can_be_read_reached_and_left(browser: BrowserContext, desk: Desk) -> None:
    desk.write("สวัสดี")
    with phone_of(browser, desk) as phone:
        phone.page.click("#open-menu")
        check(phone)
        phone.choose_in_menu("ข้อมูลดิบ")
        phone.page.locator("#journal summary").first.click()
        check(phone)
        phone.page.keyboard.press("Escape")
        expect(phone.page.locator("#open-menu")).to_be_focused()

        phone.page.click("#open-people")
        check(phone)
        phone.page.click("#add-person")
        check(phone)
        phone.page.keyboard.press("Escape")
        expect(phone.sheet).to_have_count(0)


@pytest.mark.browser
def test_the_accounts_menu_and_groups_can_be_read_reached_and_named(browser: BrowserContext, desk: Desk) -> None:
    village = "C" + "7" * 32
    desk.api("POST", "/groups", {"groupId": village, "name": "บ้านป่าตึง", "members": [SOMSRI, KHAM]})
    desk.api("POST", f"/groups/{village}/text", {"userId": KHAM, "text": "ขอถามศูนย์", "mention": True, "wait": True})
    desk.push(village, m.text())
    show_to_all(desk, make_menu(desk, m.say("กิจกรรม"), m.link()))
    with phone_of(browser, desk) as phone:
        for width, height in (PHONE, USUAL_PHONE, LARGE_PHONE, DESKTOP):
            phone.page.set_viewport_size({"width": width, "height": height})
            expect(phone.menu).to_be_in_viewport(ratio=1)
            check(phone)
        phone.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        phone.page.click("#open-people")
        phone.page.locator("#groups button").click()
        expect(phone.page.locator(".row.member")).to_contain_text("ลุงคำ เมืองเทิง")
        check(phone)
        phone.page.click("#open-menu")
        check(phone)
        phone.choose_in_menu("ตัวอักษรใหญ่")
        check(phone)
        phone.page.click("#open-people")
        phone.page.click("#add-group")
        check(phone)


@pytest.mark.browser
def test_several_phones_can_be_read_reached_and_named(browser: BrowserContext, desk: Desk) -> None:
    desk.push(SOMSRI, m.card(m.words("หัวข้อ"), m.button(style="primary")), m.buttons(title="หัวข้อ"))
    show_to_all(desk, make_menu(desk, m.say("กิจกรรม"), m.link()))
    with phones_of(browser, desk, SOMSRI, KHAM, viewport=DESKTOP) as phones:
        phones.page.get_by_role("button", name="4 เครื่อง").click()
        for place in range(4):
            expect(phones.page.frame_locator(f"#phone-{place}").locator("#rich-menu")).to_be_visible()
        check(phones)
        phones.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        expect(phones.page.get_by_role("tab")).to_have_count(4)
        check(phones)


@pytest.mark.browser
def test_the_keyboard_alone_takes_a_message_back(browser: BrowserContext, desk: Desk) -> None:
    desk.write("ลองเฉย ๆ")
    with phone_of(browser, desk) as phone:
        phone.mine.locator(".bubble").focus()
        phone.page.keyboard.press("Enter")
        phone.page.keyboard.press("ArrowDown")
        phone.page.keyboard.press("Enter")
        expect(phone.page.locator(".row.note")).to_have_text("คุณยกเลิกข้อความแล้ว")


@pytest.mark.browser
def test_thai_is_set_large_and_new_messages_are_read_aloud(browser: BrowserContext, desk: Desk) -> None:
    desk.push(SOMSRI, m.text())
    with phone_of(browser, desk) as phone:
        expect(phone.bots).to_have_count(1)
        assert phone.styles(".row.bot .bubble", "font-size") == ["18px"]
        log = phone.page.get_by_role("log")
        expect(log).to_have_attribute("aria-live", "polite")
        expect(phone.page.locator("html")).to_have_attribute("lang", "th")


def test_the_page_allows_no_script_or_style_but_its_own(desk: Desk) -> None:
    for name in ("phone", "phones"):
        page = desk.call("GET", f"/simulator/{name}")
        policy = page.headers["Content-Security-Policy"]

        assert page.status == 200
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert b"style=" not in page.raw
        assert b"onclick=" not in page.raw
        assert page.raw.count(b"<script") == page.raw.count(b'<script type="module" src="/simulator/phone-static/') == 1


def test_the_page_carries_the_accounts_name(desk: Desk) -> None:
    name = desk.line("GET", "/v2/bot/info").json["displayName"]

    assert f'data-account-name="{name}"' in desk.call("GET", "/simulator/phone").raw.decode()


def test_the_front_door_leads_to_the_phone(desk: Desk) -> None:
    door = desk.call("GET", "/simulator/")

    assert (door.status, door.headers["Location"]) == (302, "/simulator/phone")
