"""The door on a telephone: typed, looked for by name, without a signal for a minute, and through a camera's eye."""

from __future__ import annotations

import base64
import io
from datetime import timedelta

import pytest
import segno
from playwright.sync_api import Browser, Route, expect

from bot.console.access import SESSION_COOKIE
from bot.outreach.permissions import Role
from bot.storage import registrations
from tests.bot.console.browsing import DESK, TELEPHONE, WIDTHS, Address, Looking, address, chromium, looking
from tests.bot.console.test_check_in import an_event_today, lines, logged

__all__ = ["address", "chromium"]
pytestmark = pytest.mark.browser


def open_door(someone: Looking, event_id: int, role: Role = Role.VOLUNTEER) -> None:
    someone.enter(role)
    someone.open(f"/console/check-in/{event_id}")
    expect(someone.page.locator("[data-roster-told]")).to_contain_text("โหลดรายชื่อไว้แล้ว")


def type_in(someone: Looking, text: str) -> None:
    someone.page.get_by_label("รหัสบนบัตร หรือชื่อ").fill(text)
    someone.page.keyboard.press("Enter")


def answer_lost(route: Route) -> None:
    """It was done, and the telephone never hears of it."""
    route.fetch()
    route.abort()


def title(someone: Looking, words: str) -> None:
    expect(someone.page.locator("#answer .ci-title")).to_contain_text(words)


@pytest.mark.parametrize("size", WIDTHS)
def test_every_page_of_the_door_is_fit_to_be_seen(chromium: Browser, address: Address, size: tuple[int, int]) -> None:
    event, (first, second, third) = an_event_today(address.site)
    with looking(chromium, address, size=size) as someone:
        someone.enter(Role.STAFF)
        someone.open("/console/check-in/")
        someone.check("check-in-index")
        open_door(someone, event.id, Role.VOLUNTEER)
        type_in(someone, second.code.lower())
        title(someone, "เช็กอินแล้วค่ะ")
        expect(someone.page.locator("[data-came]")).to_have_text("2")
        someone.check("check-in-new")
        type_in(someone, second.code)
        title(someone, "มาแล้ว 08:59")  # some milliseconds before nine, by the telephone
        type_in(someone, "ใจดี")
        title(someone, "คนไหนคะ")
        someone.check("check-in-choose")
        someone.page.locator("#answer .ci-card", has_text="สมชาย").get_by_role("button", name="เช็กอิน").click()
        title(someone, "เช็กอินแล้วค่ะ")
        expect(someone.page.locator("[data-last] li")).to_have_count(2)
        someone.page.get_by_role("button", name="เลิกเช็กอินของ สมชาย ใจดี").click()
        title(someone, "เลิกการเช็กอินแล้วค่ะ")
        type_in(someone, "234567")
        title(someone, "ไม่พบในงานนี้ค่ะ")
        someone.unfold("คนที่ไม่ได้ลงทะเบียน")
        someone.unfold("เสียง การสั่น")
        someone.check("check-in-unfolded")
        someone.page.get_by_label("ชื่อ", exact=True).fill("ยายคำ")
        someone.page.get_by_label("บอกแล้ว เขาตกลง").check()
        someone.press("ให้เข้า")
        title(someone, "เช็กอินแล้วค่ะ")
        expect(someone.page.locator("[data-came]")).to_have_text("3")
        someone.page.get_by_role("link", name="กรอกจากใบรายชื่อ").click()
        someone.check("check-in-paper")
        someone.open(f"/console/check-in/{event.id}/wall")
        expect(someone.page.locator("[data-code]")).to_have_text(someone.page.locator("[data-code]").inner_text())
        someone.check("check-in-wall")
    assert [(row, people) for row, people, *_ in lines(address.site)][:2] == [(second.id, 2), (first.id, 0)]
    assert third.id not in {row for row, *_ in lines(address.site)}


def test_a_minute_without_a_signal(chromium: Browser, address: Address) -> None:
    """Three parties, one of them twice, one whose answer was lost: sent in order, once, with the time at the door."""
    site = address.site
    event, (first, second, third) = an_event_today(site)
    with looking(chromium, address) as someone:
        someone.page.clock.install()
        open_door(someone, event.id)
        someone.page.route("**/send", answer_lost, times=1)
        type_in(someone, first.code)
        expect(someone.page.locator("[data-signal]")).to_have_text("ไม่มีสัญญาณ รอส่ง 1 รายการ")
        someone.context.set_offline(True)
        for text in (f"https://bot.example/t/{second.ticket}", third.code):
            type_in(someone, text)
            title(someone, "จดไว้แล้วค่ะ")
        expect(someone.page.locator("#answer .ci-words")).to_contain_text("<b>ตาอิน</b> · 3 คน · จะส่งเมื่อมีสัญญาณ")
        type_in(someone, first.code.lower())
        title(someone, "จดไว้แล้วเมื่อครู่ค่ะ")
        type_in(someone, "สมหญิง")
        title(someone, "คนไหนคะ")
        type_in(someone, "234567")
        title(someone, "ไม่อยู่ในรายชื่อที่โหลดไว้ค่ะ")
        expect(someone.page.locator("[data-signal]")).to_have_text("ไม่มีสัญญาณ รอส่ง 4 รายการ")
        someone.page.clock.run_for(60_000)
        assert [row for row, *_ in lines(site)] == [first.id]
        someone.context.set_offline(False)
        someone.page.clock.run_for(31_000)
        expect(someone.page.locator("[data-signal]")).to_have_text("ส่งครบแล้ว")
        expect(someone.page.locator("[data-came]")).to_have_text("6")
        expect(someone.page.locator("[data-last] li")).to_have_count(3)
        assert (
            someone.page.evaluate("Object.keys(localStorage).filter((one) => one.startsWith('civicbot-door/'))") == []
        )
    assert [(row, people, way) for row, people, way, _ in lines(site)] == [
        (first.id, 1, "code"), (second.id, 2, "code"), (third.id, 3, "code"),
    ]  # fmt: skip
    assert all(timedelta(seconds=59) < site.now - at < timedelta(seconds=95) for *_, at in lines(site)[1:])
    assert len(logged(site)) == 3


def test_what_waits_outlives_the_sign_in_and_the_page(chromium: Browser, address: Address) -> None:
    site = address.site
    event, (first, second, _) = an_event_today(site)
    with looking(chromium, address) as someone:
        open_door(someone, event.id)
        someone.context.clear_cookies(name=SESSION_COOKIE)
        type_in(someone, first.code)
        expect(someone.page.locator("[data-signal]")).to_contain_text("หมดเวลาเข้าสู่ระบบแล้วค่ะ รอส่ง 1 รายการ")
        expect(someone.page.locator("[data-roster-told]")).to_contain_text("ยังไม่ได้โหลดรายชื่อ")
        someone.page.get_by_role("link", name="เข้าสู่ระบบใหม่").click()
        expect(someone.page.get_by_role("heading", level=1)).to_contain_text("เข้าสู่ระบบ")
        assert lines(site) == []
        someone.enter(Role.VOLUNTEER, name="somebody.else")
        someone.open("/console/check-in/")
        expect(someone.page.get_by_text("รอส่ง 1 รายการ")).to_be_visible()
        someone.open(f"/console/check-in/{event.id}")
        expect(someone.page.locator("[data-came]")).to_have_text("1")
        expect(someone.page.locator("[data-signal]")).to_have_text("ส่งครบแล้ว")
        someone.context.set_offline(True)
        type_in(someone, second.code)
        title(someone, "จดไว้แล้วค่ะ")
        someone.page.get_by_role("button", name="เลิกทำ นางสาวสมหญิง ใจดี").click()
        someone.context.set_offline(False)
        expect(someone.page.locator("[data-signal]")).to_have_text("ส่งครบแล้ว", timeout=20_000)
    assert [(row, people) for row, people, *_ in lines(site)] in ([(first.id, 1)], [(first.id, 1), (second.id, 0)])


def test_loaded_anew_without_a_signal_the_door_still_takes_codes(chromium: Browser, address: Address) -> None:
    event, (first, second, _) = an_event_today(address.site)
    with looking(chromium, address) as someone:
        open_door(someone, event.id)
        expect(someone.page.locator("[data-reload-told]")).to_contain_text("ยังสแกนและพิมพ์รหัสต่อได้")
        someone.context.set_offline(True)
        type_in(someone, first.code)
        title(someone, "จดไว้แล้วค่ะ")
        someone.page.reload()
        expect(someone.page.get_by_role("heading", level=1)).to_have_text("เช็กอิน ตอนไม่มีสัญญาณ")
        assert "สมชาย" not in str(
            someone.page.evaluate("caches.match('/console/check-in/shell').then((one) => one.text())")
        )
        type_in(someone, second.code)
        title(someone, "จดไว้แล้วค่ะ")
        expect(someone.page.locator("[data-last] li")).to_have_count(2)
        someone.complaints.clear()
        someone.check("check-in-shell")
        someone.context.set_offline(False)
        expect(someone.page.locator("[data-signal]")).to_have_text("ส่งครบแล้ว", timeout=20_000)
        expect(someone.page.locator("[data-came]")).to_have_text("3")
    assert [(row, people) for row, people, *_ in lines(address.site)] == [(first.id, 1), (second.id, 2)]


def test_decoder_reads_a_ticket_where_the_browser_cannot(chromium: Browser, address: Address) -> None:
    event, (row, *_) = an_event_today(address.site)
    ticket = f"{address.url}/t/{row.ticket}"
    picture = io.BytesIO()
    segno.make(ticket).save(picture, kind="png", scale=6, border=8)
    with looking(chromium, address, size=TELEPHONE) as someone:
        open_door(someone, event.id)
        read = someone.page.evaluate(
            """async (source) => {
              const image = new Image();
              image.src = source;
              await image.decode();
              const canvas = document.createElement("canvas");
              [canvas.width, canvas.height] = [image.width, image.height];
              const context = canvas.getContext("2d");
              context.drawImage(image, 0, 0);
              const { decodeQR } = await import(document.querySelector("[data-door]").dataset.decoder);
              return decodeQR(context.getImageData(0, 0, image.width, image.height));
            }""",
            f"data:image/png;base64,{base64.b64encode(picture.getvalue()).decode()}",
        )
    assert read == ticket


def test_without_scripts_the_door_still_opens(chromium: Browser, address: Address) -> None:
    event, (row, *_) = an_event_today(address.site)
    with looking(chromium, address, size=DESK, javascript=False) as someone:
        someone.enter(Role.VOLUNTEER)
        someone.open(f"/console/check-in/{event.id}")
        type_in(someone, "สมชาย")
        title(someone, "คนไหนคะ")
        someone.page.locator("#answer").get_by_role("button", name="เช็กอิน").click()
        expect(someone.page.get_by_text("สมชาย ใจดี: เช็กอินแล้วค่ะ 1 คน")).to_be_visible()
        someone.page.get_by_role("button", name="เลิกเช็กอินของ สมชาย ใจดี").click()
        expect(someone.page.get_by_text("สมชาย ใจดี: เลิกการเช็กอินแล้วค่ะ")).to_be_visible()
    with address.site.database.reading() as db:
        assert registrations.find(db, row.id) is not None
    assert [(one, people) for one, people, *_ in lines(address.site)] == [(row.id, 0)]
