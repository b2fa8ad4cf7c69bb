"""Groups and rooms on the phone: writing as a member, mentioning the bot, changing one's words, coming and going."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.bot.simulator.desk import KHAM, SOMSRI, Desk, RememberingBot, text
from tests.bot.simulator.phone_page import PhonePage, phone_of, running_browser

pytestmark = pytest.mark.browser
VILLAGE = "C" + "5" * 32
ACCOUNT = "ศูนย์พัฒนาการเมืองภาคพลเมือง"


@pytest.fixture(scope="module")
def browser() -> Iterator[BrowserContext]:
    with running_browser() as browser:
        yield browser


@pytest.fixture
def phone(browser: BrowserContext, desk: Desk) -> Iterator[PhonePage]:
    """Somsri's phone, open at the village's group."""
    desk.api("POST", "/groups", {"groupId": VILLAGE, "name": "บ้านป่าตึง", "members": [SOMSRI, KHAM]})
    with phone_of(browser, desk, person=f"{SOMSRI}/{VILLAGE}") as phone:
        expect(phone.page.locator("#chat-name")).to_have_text("บ้านป่าตึง")
        yield phone
        assert phone.complaints == []


def event_of(bot: RememberingBot, number: int) -> dict[str, Any]:
    event: dict[str, Any] = bot.wait_for(number)[number - 1].events[0]
    return event


def in_chat_menu(phone: PhonePage, label: str) -> None:
    phone.page.click("#open-menu")
    phone.choose_in_menu(label)


def test_a_member_writes_and_mentions_the_bot(phone: PhonePage, desk: Desk, remembering_bot: RememberingBot) -> None:
    phone.page.fill("#words", "สวัสดี 😀 ")
    phone.page.click("#mention-bot")
    phone.page.type("#words", "กับ @ลุงคำ เมืองเทิง")
    phone.page.press("#words", "Enter")

    expect(phone.mine.locator(".mention")).to_have_text([f"@{ACCOUNT}", "@ลุงคำ เมืองเทิง"])
    expect(phone.mine).to_contain_text("อ่านแล้ว")
    event = event_of(remembering_bot, 1)
    assert event["source"] == {"type": "group", "groupId": VILLAGE, "userId": SOMSRI}
    bot, kham = event["message"]["mention"]["mentionees"]
    assert bot["isSelf"] is True
    assert bot["userId"] == desk.line("GET", "/v2/bot/info").json["userId"]
    assert (kham["userId"], kham["isSelf"]) == (KHAM, False)
    units = event["message"]["text"].encode("utf-16-le")
    assert units[2 * bot["index"] : 2 * (bot["index"] + bot["length"])].decode("utf-16-le") == f"@{ACCOUNT}"

    phone.page.select_option("#group-speaker", label="ลุงคำ เมืองเทิง")
    expect(phone.page.locator(".row.member .sender")).to_have_text("สมศรี ใจดี")
    phone.page.click("#attach")
    expect(phone.page.locator("#tray").get_by_role("button", name="รูปภาพ")).to_be_hidden()
    phone.page.locator("#tray").get_by_role("button", name="ส่งสติกเกอร์ โอเค").click()
    expect(phone.mine.locator(".sticker")).to_be_visible()
    assert event_of(remembering_bot, 2)["source"]["userId"] == KHAM


def test_a_members_words_are_changed_and_taken_back(
    phone: PhonePage, desk: Desk, remembering_bot: RememberingBot
) -> None:
    desk.api("POST", f"/groups/{VILLAGE}/text", {"userId": KHAM, "text": "ของลุง", "wait": True})
    phone.write("น้ำใหล")
    expect(phone.page.locator(".row.member .sender")).to_have_text("ลุงคำ เมืองเทิง")

    phone.mine.locator(".bubble").click(button="right")
    phone.choose_in_menu("แก้ไขข้อความ")
    phone.sheet.locator("textarea").fill("@ศูนย์ฯ น้ำไหล")
    phone.sheet.get_by_role("button", name="บันทึก").click()
    expect(phone.mine).to_contain_text("น้ำไหล")
    expect(phone.mine.locator(".edited")).to_have_text("แก้ไขแล้ว")
    written, edited = event_of(remembering_bot, 2), event_of(remembering_bot, 3)
    assert (edited["type"], edited["message"]["id"]) == ("messageEdited", written["message"]["id"])
    assert edited["message"]["mention"]["mentionees"][0]["isSelf"] is True
    assert edited["message"]["text"].endswith(" น้ำไหล")

    phone.page.locator(".row.member .bubble").click(button="right")
    expect(phone.page.get_by_role("menuitem", name="ยกเลิกข้อความ")).to_have_count(0)
    phone.page.keyboard.press("Escape")
    phone.mine.locator(".bubble").click(button="right")
    phone.choose_in_menu("ยกเลิกข้อความ")
    expect(phone.page.locator(".row.note")).to_have_text("คุณยกเลิกข้อความแล้ว")
    unsent = event_of(remembering_bot, 4)
    assert (unsent["type"], unsent["source"]["groupId"]) == ("unsend", VILLAGE)


def test_members_and_the_bot_come_and_go(phone: PhonePage, desk: Desk, remembering_bot: RememberingBot) -> None:
    in_chat_menu(phone, "เพิ่มสมาชิก")
    phone.sheet.get_by_label("ครูแพรว").check()
    phone.sheet.get_by_role("button", name="ให้เข้ากลุ่ม").click()
    expect(phone.page.locator("#speaking-as")).to_have_text("3 คน และบอต")
    in_chat_menu(phone, "สมาชิกออก")
    phone.sheet.get_by_label("ลุงคำ").check()
    phone.sheet.get_by_role("button", name="ให้ออก").click()
    expect(phone.page.locator("#group-speaker option")).to_have_text(["สมศรี ใจดี", "ครูแพรว วงค์คำ"])

    in_chat_menu(phone, "เอาบอตออกจากกลุ่ม")
    expect(phone.page.locator("#composer")).to_be_hidden()
    expect(phone.page.locator("#add-friend")).to_contain_text("บอตไม่ได้อยู่ในกลุ่มนี้")
    phone.page.get_by_role("button", name="เชิญบอตเข้ากลุ่ม").click()
    expect(phone.page.locator("#composer")).to_be_visible()
    kinds = [received.events[0]["type"] for received in remembering_bot.wait_for(4)]
    assert kinds == ["memberJoined", "memberLeft", "leave", "join"]

    assert desk.line("POST", f"/v2/bot/group/{VILLAGE}/leave").status == 200
    expect(phone.page.locator("#speaking-as")).to_have_text("2 คน ไม่มีบอต")


def test_a_room_is_made_and_left_for_ones_own_chat(
    phone: PhonePage, desk: Desk, remembering_bot: RememberingBot
) -> None:
    desk.push(SOMSRI, text("ถึงสมศรีคนเดียว"))
    phone.page.click("#open-people")
    phone.page.click("#add-group")
    phone.sheet.get_by_label("ชนิด").select_option(label="ห้องคุยหลายคน")
    phone.sheet.get_by_role("button", name="เพิ่ม", exact=True).click()
    expect(phone.page.locator("#chat-name")).to_have_text("ห้องคุยหลายคน")

    phone.write("ในห้อง")
    source = event_of(remembering_bot, 1)["source"]
    assert (source["type"], source["roomId"][0]) == ("room", "R")
    phone.mine.locator(".bubble").click(button="right")
    expect(phone.page.get_by_role("menuitem", name="แก้ไขข้อความ")).to_have_count(0)
    phone.page.keyboard.press("Escape")

    in_chat_menu(phone, "กลับไปแชตส่วนตัว")
    expect(phone.bots).to_contain_text(["ถึงสมศรีคนเดียว"])
    expect(phone.page.locator("#speaking-as")).to_have_text("คุยในนาม สมศรี ใจดี")
    expect(phone.page.locator("#group-bar")).to_be_hidden()
