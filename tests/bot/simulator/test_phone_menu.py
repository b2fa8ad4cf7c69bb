"""The account's menu under the chat: opened, pressed, closed and switched as on LINE."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, expect

from tests.bot.simulator.desk import KHAM, SOMSRI, Desk, RememberingBot
from tests.bot.simulator.phone_menus import link, make_menu, show_to_all
from tests.bot.simulator.phone_page import PhonePage, phone_of, running_browser
from tests.bot.simulator.rules import messages as m

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[BrowserContext]:
    with running_browser() as browser:
        yield browser


def switch(alias: str) -> dict[str, Any]:
    return {"type": "richmenuswitch", "label": f"ไป {alias}", "richMenuAliasId": alias, "data": f"to={alias}"}


def bar(phone: PhonePage) -> Locator:
    return phone.page.locator("#menu-bar-text")


def test_a_menu_opens_closes_and_gives_way_to_the_keyboard(browser: BrowserContext, desk: Desk) -> None:
    show_to_all(desk, make_menu(desk, m.say("กิจกรรม"), m.link()))
    with phone_of(browser, desk) as phone:
        expect(phone.menu).to_be_visible()
        expect(phone.menu.locator("img")).to_have_js_property("naturalWidth", 900)
        expect(bar(phone)).to_have_text("เมนูของศูนย์")
        box, area = phone.menu.bounding_box(), phone.area("กิจกรรม").bounding_box()
        assert box is not None
        assert area is not None
        assert area["width"] == pytest.approx(box["width"] / 3, abs=1)
        assert area["height"] == pytest.approx(box["width"] * 600 / 900 / 2, abs=1)

        bar(phone).click()
        expect(phone.menu).to_be_hidden()
        expect(bar(phone)).to_have_attribute("aria-expanded", "false")
        phone.page.click("#open-keyboard")
        expect(phone.page.locator("#words")).to_be_focused()
        expect(bar(phone)).to_be_hidden()
        phone.page.click("#rich-menu-toggle")
        expect(phone.menu).to_be_visible()
        assert phone.complaints == []


def test_areas_do_what_their_actions_say(browser: BrowserContext, desk: Desk, remembering_bot: RememberingBot) -> None:
    actions = (
        m.say("กิจกรรม", "มีอะไรบ้าง"), m.press(label="เลือก", data="a=2", displayText="เลือกแล้ว"), m.link(),
        m.pick(label="วัน", mode="time", min="09:00", max="16:00"), m.copy("053-1"),
    )  # fmt: skip
    show_to_all(desk, make_menu(desk, *actions))
    with phone_of(browser, desk) as phone:
        phone.area("กิจกรรม").focus()
        phone.page.keyboard.press("Enter")
        expect(phone.mine).to_contain_text(["มีอะไรบ้าง"])
        phone.page.keyboard.press("Tab")
        phone.page.keyboard.press("Space")
        expect(phone.mine).to_contain_text(["มีอะไรบ้าง", "เลือกแล้ว"])
        phone.area("เปิด").click()
        expect(phone.sheet.get_by_role("link")).to_have_attribute("href", "https://example.org")
        phone.sheet.get_by_role("button", name="ไม่เปิด").click()
        phone.area("วัน").click()
        phone.sheet.locator("input").fill("17:00")
        phone.sheet.get_by_role("button", name="ตกลง").click()
        expect(phone.sheet).to_contain_text("อยู่นอกช่วงที่เลือกได้")
        phone.sheet.locator("input").fill("10:30")
        phone.sheet.get_by_role("button", name="ตกลง").click()
        phone.menu.get_by_role("button").nth(4).click()
        expect(phone.page.locator("#toasts")).to_contain_text("คัดลอกแล้ว")
        expect(phone.menu).to_be_visible()

        said = [received.events[0] for received in remembering_bot.wait_for(3)]
        assert said[0]["message"]["text"] == "มีอะไรบ้าง"
        assert [event["postback"] for event in said[1:]] == [
            {"data": "a=2"}, {"data": "d", "params": {"time": "10:30"}},
        ]  # fmt: skip
        assert phone.page.evaluate("navigator.clipboard.readText()") == "053-1"
        assert phone.complaints == []


def test_a_postback_closes_the_menu_or_opens_it_or_the_keyboard_or_the_voice(
    browser: BrowserContext, desk: Desk, remembering_bot: RememberingBot
) -> None:
    def option(label: str, way: str, **more: str) -> dict[str, Any]:
        return m.press(label=label, inputOption=way, **more)

    show_to_all(
        desk,
        make_menu(
            desk,
            option("ปิด", "closeRichMenu"),
            option("พิมพ์", "openKeyboard", fillInText="ชื่อ: "),
            option("พูด", "openVoice"),
        ),
    )
    desk.push(SOMSRI, m.quick(option("เปิด", "openRichMenu")))
    with phone_of(browser, desk) as phone:
        phone.area("ปิด").click()
        expect(phone.menu).to_be_hidden()
        phone.quick_replies.click()
        expect(phone.menu).to_be_visible()
        phone.area("พูด").click()
        phone.sheet.get_by_role("button", name="ส่งเสียง").click()
        expect(phone.mine.locator("audio")).to_be_visible()
        phone.area("พิมพ์").click()
        expect(phone.page.locator("#words")).to_have_value("ชื่อ: ")
        expect(phone.page.locator("#words")).to_be_focused()
        expect(phone.menu).to_be_hidden()

        kinds = [received.events[0]["type"] for received in remembering_bot.wait_for(5)]
        assert kinds == ["postback", "postback", "postback", "message", "postback"]
        assert phone.complaints == []


def test_a_tap_switches_the_menu_by_its_alias(
    browser: BrowserContext, desk: Desk, remembering_bot: RememberingBot
) -> None:
    show_to_all(desk, make_menu(desk, switch("two"), switch("nowhere"), alias="one"))
    make_menu(desk, switch("one"), m.say(), bar="หน้าสอง", selected=False, alias="two")
    with phone_of(browser, desk) as phone:
        phone.area("ไป nowhere").click()
        expect(phone.page.locator("#toasts")).to_contain_text("เมนูยังเป็นอันเดิม")
        phone.area("ไป two").click()
        expect(bar(phone)).to_have_text("หน้าสอง")
        expect(phone.menu).to_be_visible()
        phone.area("ไป one").click()
        expect(bar(phone)).to_have_text("เมนูของศูนย์")

        params = [received.events[0]["postback"]["params"] for received in remembering_bot.wait_for(3)]
        assert [each["status"] for each in params] == ["RICHMENU_ALIAS_ID_NOTFOUND", "SUCCESS", "SUCCESS"]
        assert [each["newRichMenuAliasId"] for each in params[1:]] == ["two", "one"]


def test_a_menu_that_is_linked_later_comes_up_by_itself(browser: BrowserContext, desk: Desk) -> None:
    closed = make_menu(desk, m.say(), bar="ปิดไว้ก่อน", selected=False)
    own = make_menu(desk, m.say("ของฉัน"), bar="เฉพาะคนนี้")
    with phone_of(browser, desk) as phone:
        expect(phone.page.locator("#words")).to_be_visible()
        show_to_all(desk, closed)
        expect(bar(phone)).to_have_text("ปิดไว้ก่อน")
        expect(phone.menu).to_be_hidden()

        link(desk, SOMSRI, own)
        expect(phone.area("ของฉัน")).to_be_visible()

        phone.page.click("#open-people")
        phone.page.locator(f"[data-user-id='{KHAM}']").click()
        expect(bar(phone)).to_have_text("ปิดไว้ก่อน")
        phone.page.click("#open-menu")
        phone.choose_in_menu("บล็อกบัญชีนี้")
        expect(bar(phone)).to_be_hidden()
        expect(phone.page.locator("#follow")).to_be_visible()
