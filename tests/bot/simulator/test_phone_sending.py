"""What a person can send from the phone, and how they see that it was read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.bot.simulator.desk import SOMSRI, Desk, RememberingBot
from tests.bot.simulator.phone_page import PhonePage, phone_of, running_browser
from tests.bot.simulator.rules import messages as m

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[BrowserContext]:
    with running_browser() as browser:
        yield browser


@pytest.fixture
def phone(browser: BrowserContext, desk: Desk) -> Iterator[PhonePage]:
    with phone_of(browser, desk) as phone:
        yield phone
        assert phone.complaints == []


def press_in_tray(phone: PhonePage, label: str) -> None:
    phone.page.click("#attach")
    phone.page.locator("#tray").get_by_role("button", name=label, exact=True).click()


def test_a_film_a_voice_a_file_and_any_point_are_sent(phone: PhonePage, remembering_bot: RememberingBot) -> None:
    press_in_tray(phone, "วิดีโอ")
    press_in_tray(phone, "เสียง")
    phone.sheet.get_by_role("button", name="ส่งเสียง").click()
    press_in_tray(phone, "ไฟล์")
    press_in_tray(phone, "ตำแหน่ง")
    phone.sheet.get_by_label("ตอนนี้อยู่ที่").select_option(label="จุดอื่น (ใส่พิกัดเอง)")
    phone.sheet.get_by_label("ละติจูด").fill("91")
    phone.sheet.get_by_role("button", name="ส่ง", exact=True).click()
    expect(phone.sheet).to_contain_text("พิกัดไม่ถูกต้อง")
    phone.sheet.get_by_label("ละติจูด").fill("20.0458")
    phone.sheet.get_by_label("ลองจิจูด").fill("99.8943")
    phone.sheet.get_by_role("button", name="ส่ง", exact=True).click()

    expect(phone.mine).to_have_count(4)
    messages: list[dict[str, Any]] = [received.events[0]["message"] for received in remembering_bot.wait_for(4)]
    assert [message["type"] for message in messages] == ["video", "audio", "file", "location"]
    film, voice, document, point = messages
    assert phone.mine.nth(0).locator("video").get_attribute("src") == f"/simulator/api/content/{film['id']}"
    assert phone.mine.nth(1).locator("audio").get_attribute("src") == f"/simulator/api/content/{voice['id']}"
    expect(phone.mine.nth(2).get_by_role("link")).to_have_attribute("download", document["fileName"])
    assert (point["latitude"], point["longitude"]) == (20.0458, 99.8943)
    expect(phone.mine.nth(3)).to_contain_text("20.0458, 99.8943")


def test_dates_times_and_both_begin_where_they_should_and_stay_in_range(
    phone: PhonePage, desk: Desk, remembering_bot: RememberingBot
) -> None:
    days = m.pick(initial="2026-12-05", min="2026-12-01", max="2026-12-31")
    times = m.pick(label="เลือกเวลา", mode="time", initial="10:00", min="09:00", max="16:30")
    both = m.pick(
        label="เลือกนัด", mode="datetime", initial="2026-12-05t10:00", min="2026-12-01t00:00", max="2026-12-31t23:59"
    )
    desk.push(SOMSRI, m.template("buttons", text="นัดหมาย", actions=[days, times, both]))

    for label, shown, wrong, right in (
        ("เลือกวัน", "2026-12-05", "2027-01-01", "2026-12-06"),
        ("เลือกเวลา", "10:00", "16:31", "16:30"),
        ("เลือกนัด", "2026-12-05T10:00", "2026-11-30T10:00", "2026-12-07T13:15"),
    ):
        phone.press(label)
        field = phone.sheet.locator("input")
        expect(field).to_have_value(shown)
        expect(phone.sheet.locator(".hint")).to_contain_text("เลือกได้ตั้งแต่")
        field.fill(wrong)
        phone.sheet.get_by_role("button", name="ตกลง").click()
        expect(phone.sheet.get_by_role("alert")).to_have_text("อยู่นอกช่วงที่เลือกได้")
        field.fill(right)
        phone.sheet.get_by_role("button", name="ตกลง").click()
        expect(phone.sheet).to_have_count(0)

    picked = [received.events[0]["postback"]["params"] for received in remembering_bot.wait_for(3)]
    assert picked == [{"date": "2026-12-06"}, {"time": "16:30"}, {"datetime": "2026-12-07T13:15"}]


def test_an_account_that_reads_by_hand_has_read_what_it_marked_and_nothing_else(
    browser: BrowserContext, desk: Desk, remembering_bot: RememberingBot
) -> None:
    """Also a message whose webhook had failed at first."""
    desk.api("POST", "/config", {"chatMode": "chat"})
    remembering_bot.statuses = [500]
    with phone_of(browser, desk) as phone:
        marks = phone.mine.locator(".mark")
        phone.write("ข้อความแรก")
        expect(marks).to_have_text(["บอตตอบ 500"])
        phone.write("ข้อความที่สอง")
        first, second = [received.events[0]["message"] for received in remembering_bot.wait_for(2)]
        desk.push(SOMSRI, m.text())
        expect(phone.bots).to_have_count(1)
        expect(marks).to_have_text(["บอตตอบ 500", ""])

        desk.line("POST", "/v2/bot/chat/markAsRead", {"markAsReadToken": first["markAsReadToken"]})
        expect(marks).to_have_text(["อ่านแล้ว", ""])
        desk.line("POST", "/v2/bot/chat/markAsRead", {"markAsReadToken": second["markAsReadToken"]})
        expect(marks).to_have_text(["อ่านแล้ว", "อ่านแล้ว"])
        phone.page.reload()
        expect(marks).to_have_text(["อ่านแล้ว", "อ่านแล้ว"])
