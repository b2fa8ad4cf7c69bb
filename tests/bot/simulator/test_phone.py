"""The phone page as a person uses it: writing, tapping, taking back, changing hands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.bot.simulator.desk import KHAM, SOMSRI, Desk, RememberingBot, text
from tests.bot.simulator.phone_page import DESKTOP, PhonePage, follow_script, phone_of, running_browser

pytestmark = pytest.mark.browser
BANGKOK = ZoneInfo("Asia/Bangkok")


@pytest.fixture(scope="module")
def browser() -> Iterator[BrowserContext]:
    with running_browser() as browser:
        yield browser


@pytest.fixture
def phone(browser: BrowserContext, desk: Desk) -> Iterator[PhonePage]:
    with phone_of(browser, desk) as phone:
        yield phone
        assert phone.complaints == []


def with_choices(*actions: dict[str, Any]) -> dict[str, Any]:
    return {**text("เลือกได้เลยค่ะ"), "quickReply": {"items": [{"type": "action", "action": each} for each in actions]}}


def say(label: str) -> dict[str, Any]:
    return {"type": "message", "label": label, "text": label}


def test_what_is_written_is_read_and_answered(phone: PhonePage, desk: Desk, remembering_bot: RememberingBot) -> None:
    follow_script(remembering_bot, desk, {"น้ำไม่ไหลค่ะ": [text("แจ้งเทศบาลได้เลยค่ะ"), text("โทร 053-123-456")]})

    phone.write("น้ำไม่ไหลค่ะ")

    expect(phone.bots).to_have_count(2)
    expect(phone.mine).to_contain_text("อ่านแล้ว")
    expect(phone.bots.first).to_contain_text("แจ้งเทศบาลได้เลยค่ะ")
    expect(phone.page.locator(".row.day")).to_contain_text("วันนี้")
    expect(phone.page.locator(".row.day")).to_contain_text(str(datetime.now(BANGKOK).year + 543))
    expect(phone.page.locator("#words")).to_have_value("")


def test_shift_enter_breaks_the_line_and_enter_sends(phone: PhonePage, remembering_bot: RememberingBot) -> None:
    phone.page.fill("#words", "บรรทัดแรก")
    phone.page.press("#words", "Shift+Enter")
    phone.page.type("#words", "บรรทัดสอง")
    expect(phone.mine).to_have_count(0)
    phone.page.press("#words", "Enter")

    expect(phone.mine).to_have_count(1)
    assert remembering_bot.wait_for(1)[0].events[0]["message"]["text"] == "บรรทัดแรก\nบรรทัดสอง"


def test_a_bot_that_fails_is_told_beside_the_message(phone: PhonePage, remembering_bot: RememberingBot) -> None:
    remembering_bot.statuses = [500]

    phone.write("สวัสดี")

    expect(phone.mine.locator(".mark")).to_have_text("บอตตอบ 500")


def test_what_a_person_wrote_waits_in_the_field_when_the_platform_is_away(browser: BrowserContext, desk: Desk) -> None:
    with phone_of(browser, desk) as phone:
        phone.page.route("**/text", lambda route: route.abort())
        phone.write("อย่าหายนะ")
        expect(phone.page.locator("#toasts")).to_contain_text("ส่งไม่ได้")
        expect(phone.page.locator("#words")).to_have_value("อย่าหายนะ")


def test_quick_replies_vanish_once_one_is_tapped(phone: PhonePage, desk: Desk, remembering_bot: RememberingBot) -> None:
    follow_script(remembering_bot, desk, {"เมนู": [with_choices(say("กิจกรรม"), say("ติดต่อ"))]})
    phone.write("เมนู")
    expect(phone.quick_replies).to_have_text(["กิจกรรม", "ติดต่อ"])

    phone.quick_replies.first.click()

    expect(phone.quick_replies).to_have_count(0)
    expect(phone.mine.last).to_contain_text("กิจกรรม")


def test_quick_replies_vanish_at_the_next_message(phone: PhonePage, desk: Desk) -> None:
    desk.push(SOMSRI, with_choices(say("กิจกรรม")))
    expect(phone.quick_replies).to_have_count(1)

    desk.push(SOMSRI, text("ประกาศค่ะ"))

    expect(phone.quick_replies).to_have_count(0)


def test_a_date_is_picked_and_its_button_stays_until_then(
    phone: PhonePage, desk: Desk, remembering_bot: RememberingBot
) -> None:
    picker = {"type": "datetimepicker", "label": "เลือกวัน", "data": "day", "mode": "date", "min": "2026-12-01"}
    desk.push(SOMSRI, with_choices(picker))
    phone.quick_replies.click()
    phone.sheet.get_by_role("button", name="ยกเลิก").click()
    expect(phone.quick_replies).to_have_count(1)

    phone.quick_replies.click()
    phone.sheet.locator("input").fill("2026-11-30")
    phone.sheet.get_by_role("button", name="ตกลง").click()
    expect(phone.sheet).to_contain_text("อยู่นอกช่วงที่เลือกได้")
    phone.sheet.locator("input").fill("2026-12-05")
    expect(phone.sheet).to_contain_text("5 ธันวาคม 2569")
    phone.sheet.get_by_role("button", name="ตกลง").click()

    expect(phone.quick_replies).to_have_count(0)
    assert remembering_bot.wait_for(1)[0].events[0]["postback"] == {"data": "day", "params": {"date": "2026-12-05"}}


def test_a_postback_shows_its_words_and_sends_its_data(
    phone: PhonePage, desk: Desk, remembering_bot: RememberingBot
) -> None:
    postback = {"type": "postback", "label": "ใช่", "data": "a=1", "displayText": "ใช่ค่ะ"}
    desk.push(SOMSRI, with_choices(postback))

    phone.quick_replies.click()

    expect(phone.mine).to_contain_text("ใช่ค่ะ")
    assert remembering_bot.wait_for(1)[0].events[0]["postback"] == {"data": "a=1"}


def test_a_postback_can_open_the_keyboard_on_a_text(phone: PhonePage, desk: Desk) -> None:
    postback = {"type": "postback", "label": "พิมพ์ชื่อ", "data": "n", "inputOption": "openKeyboard", "fillInText": "ชื่อ: "}
    desk.push(SOMSRI, with_choices(postback))

    phone.quick_replies.click()

    expect(phone.page.locator("#words")).to_have_value("ชื่อ: ")
    expect(phone.page.locator("#words")).to_be_focused()


def test_a_link_shows_its_address_before_it_opens(phone: PhonePage, desk: Desk) -> None:
    desk.push(SOMSRI, text("ดูที่ https://example.org/งาน?x=1) ค่ะ <b>ด่วน</b>"))
    bubble = phone.bots.locator(".bubble")
    expect(bubble).to_have_text("ดูที่ https://example.org/งาน?x=1) ค่ะ <b>ด่วน</b>")

    bubble.get_by_role("link").click()

    way = phone.sheet.get_by_role("link", name="เปิดในแท็บใหม่")
    expect(phone.sheet.locator(".address")).to_have_text("https://example.org/")
    expect(way).to_have_attribute("href", "https://example.org/")
    expect(way).to_have_attribute("rel", "noopener noreferrer")


def test_a_code_is_copied(phone: PhonePage, desk: Desk) -> None:
    desk.push(SOMSRI, with_choices({"type": "clipboard", "label": "คัดลอก", "clipboardText": "รหัส-1234"}))

    phone.quick_replies.click()

    expect(phone.page.locator("#toasts")).to_contain_text("คัดลอกแล้ว")
    assert phone.page.evaluate("navigator.clipboard.readText()") == "รหัส-1234"


def test_a_place_a_picture_and_a_sticker_are_sent(phone: PhonePage, remembering_bot: RememberingBot) -> None:
    for label in ("รูปภาพ", "ตำแหน่ง", "ส่งสติกเกอร์ ขอบคุณ"):
        phone.page.click("#attach")
        phone.page.locator("#tray").get_by_role("button", name=label, exact=True).click()
        if label == "ตำแหน่ง":
            phone.sheet.get_by_role("button", name="ส่ง", exact=True).click()

    expect(phone.mine).to_have_count(3)
    expect(phone.mine.locator("img")).to_have_js_property("complete", True)
    kinds = [received.events[0]["message"]["type"] for received in remembering_bot.wait_for(3)]
    assert kinds == ["image", "location", "sticker"]


def test_a_message_is_taken_back(phone: PhonePage, remembering_bot: RememberingBot) -> None:
    phone.write("เลขบัตรของฉันคือ…")
    expect(phone.mine.locator(".mark")).to_have_text("อ่านแล้ว")

    phone.mine.locator(".bubble").click(button="right")
    phone.choose_in_menu("ยกเลิกข้อความ")

    expect(phone.page.locator(".row.note")).to_have_text("คุณยกเลิกข้อความแล้ว")
    expect(phone.page.locator("#chat")).not_to_contain_text("เลขบัตร")
    written, unsent = remembering_bot.wait_for(2)
    assert unsent.events[0]["unsend"] == {"messageId": written.events[0]["message"]["id"]}


def test_whoever_blocks_cannot_write_until_they_follow_again(phone: PhonePage, remembering_bot: RememberingBot) -> None:
    phone.page.click("#open-menu")
    phone.choose_in_menu("บล็อกบัญชีนี้")
    expect(phone.page.locator("#composer")).to_be_hidden()

    phone.page.click("#follow")

    expect(phone.page.locator("#composer")).to_be_visible()
    kinds = [received.events[0]["type"] for received in remembering_bot.wait_for(2)]
    assert kinds == ["unfollow", "follow"]


def test_a_newcomer_is_added_and_follows(phone: PhonePage, desk: Desk, remembering_bot: RememberingBot) -> None:
    follow_script(remembering_bot, desk, {"follow": [text("ยินดีต้อนรับค่ะ")]})
    phone.page.click("#open-people")
    phone.page.click("#add-person")
    phone.sheet.get_by_label("ชื่อที่แสดง").fill("ป้านวล แสนสุข")
    phone.sheet.get_by_role("button", name="เพิ่ม", exact=True).click()
    expect(phone.page.locator("#speaking-as")).to_have_text("คุยในนาม ป้านวล แสนสุข")

    phone.page.click("#follow")

    expect(phone.bots).to_contain_text(["ยินดีต้อนรับค่ะ"])


def test_another_person_has_another_chat(phone: PhonePage, desk: Desk) -> None:
    desk.push(SOMSRI, text("ถึงสมศรี"))
    desk.push(KHAM, text("ถึงลุงคำ"))
    expect(phone.bots).to_contain_text(["ถึงสมศรี"])

    phone.page.click("#open-people")
    phone.page.get_by_role("button", name="ลุงคำ").click()

    expect(phone.bots).to_contain_text(["ถึงลุงคำ"])
    expect(phone.page.locator("#chat")).not_to_contain_text("ถึงสมศรี")


def test_dots_move_while_the_bot_thinks(phone: PhonePage, desk: Desk) -> None:
    loading = {"chatId": SOMSRI, "loadingSeconds": 20}
    assert desk.line("POST", "/v2/bot/chat/loading/start", loading).status == 202
    expect(phone.page.locator("#loading")).to_be_visible()

    desk.push(SOMSRI, text("คิดเสร็จแล้ว"))

    expect(phone.page.locator("#loading")).to_be_hidden()


def test_the_newest_message_is_in_sight_and_an_old_one_is_left_in_peace(phone: PhonePage, desk: Desk) -> None:
    for number in range(12):
        desk.push(SOMSRI, text(f"ข้อความที่ {number}\n\n\nยาวหน่อย"))
    expect(phone.bots).to_have_count(12)
    expect(phone.bots.last).to_be_in_viewport()
    phone.page.locator("#chat-scroll").hover()
    phone.page.mouse.wheel(0, -9_000)
    expect(phone.bots.first).to_be_in_viewport()

    desk.push(SOMSRI, text("ใหม่สุด"))

    expect(phone.page.locator("#to-newest")).to_be_visible()
    expect(phone.bots.last).not_to_be_in_viewport()
    phone.page.click("#to-newest")
    expect(phone.bots.last).to_be_in_viewport()


def test_raw_traffic_stands_beside_the_phone(
    browser: BrowserContext, desk: Desk, remembering_bot: RememberingBot
) -> None:
    follow_script(remembering_bot, desk, {"สวัสดี": [text("สวัสดีค่ะ")]})
    desk.write("ของคนอื่น", person=KHAM)
    with phone_of(browser, desk, viewport=DESKTOP) as phone:
        phone.write("สวัสดี")
        rows = phone.page.locator("#journal details")
        expect(rows).to_have_count(3)
        expect(rows.last).to_contain_text("คนอื่น")

        webhook = rows.filter(has_text="LINE → บอต").first
        webhook.locator("summary").click()
        webhook.get_by_role("button", name="คัดลอกคำขอ").click()

        assert '"text": "สวัสดี"' in phone.page.evaluate("navigator.clipboard.readText()")
        assert phone.complaints == []


def test_the_tools_send_again_redeliver_and_send_batches(
    browser: BrowserContext, desk: Desk, remembering_bot: RememberingBot
) -> None:
    with phone_of(browser, desk, viewport=DESKTOP) as phone:
        phone.write("สวัสดี")
        expect(phone.mine.locator(".mark")).to_have_text("อ่านแล้ว")
        phone.page.get_by_role("button", name="ส่งเหตุการณ์ล่าสุดซ้ำ").click()
        expect(phone.page.locator("#toasts")).to_contain_text("ส่งเหตุการณ์เดิมซ้ำแล้ว · บอตตอบ 200")
        phone.page.get_by_role("button", name="ส่งล่าสุดแบบ redelivery").click()
        expect(phone.page.locator("#toasts")).to_contain_text("ส่งใหม่แบบ redelivery แล้ว · บอตตอบ 200")
        phone.page.get_by_role("button", name="ส่งหลายข้อความเป็นชุด").click()
        phone.sheet.locator("textarea").fill("หนึ่ง\nสอง")
        phone.sheet.get_by_role("button", name="ส่งเป็นชุด").click()

        first, again, redelivered, batch = remembering_bot.wait_for(4)
        assert again.events[0]["webhookEventId"] == first.events[0]["webhookEventId"]
        assert redelivered.events[0]["deliveryContext"] == {"isRedelivery": True}
        assert [event["message"]["text"] for event in batch.events] == ["หนึ่ง", "สอง"]
        assert phone.complaints == []
