"""Reviewing as people do it: fifty groups by keyboard, twenty by thumb, and every page looked over."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from bot.outreach import silent_errors
from bot.outreach.permissions import Role
from bot.storage.engine import Database
from bot.vault import Vault
from knowledge.catalogue import Catalogue
from knowledge.model import Model
from tests.bot.console.browsing import DESK, TELEPHONE, WIDTHS, Address, Looking, chromium, looking, served
from tests.bot.console.reviewing import XSS, ask_all, catalogue, group, logged, put_in_force, queue
from tests.bot.outreach.reviewing import ask

__all__ = ["chromium"]
pytestmark = pytest.mark.browser
SUBJECTS = (
    "ยืมเต็นท์", "ขอทุนวิจัย", "ซ่อมถนน", "ปลูกกาแฟ", "หาหมอฟัน", "จองห้องประชุม", "ฝึกพูดอังกฤษ", "เลี้ยงไหม", "ขุดบ่อ", "ทำปุ๋ย",
    "ต่อภาษีรถ", "ขายลำไย", "ดูดาว",
)  # fmt: skip
ENDINGS = ("ได้ไหม", "ที่ไหนบ้าง", "กี่บาทหรือ", "ต้องพกอะไรมา", "วันพระมาได้หรือเปล่า")
SIXTY = [f"{subject}{ending} {number}" for number, (subject, ending) in enumerate(
    (subject, ending) for subject in SUBJECTS for ending in ENDINGS)]  # fmt: skip


@pytest.fixture
def address(
    sqlite_database: Database,
    vault: Vault,
    small_catalogue: Catalogue,
    small_catalogue_model: Model,
) -> Iterator[Address]:
    put_in_force(sqlite_database, small_catalogue)
    with served(sqlite_database, vault, small_catalogue, small_catalogue_model) as address:
        yield address


def ready(someone: Looking) -> None:
    """The page takes keys: it lets those pass that were pressed a moment too long on the page before."""
    someone.page.wait_for_selector("html[data-ready]")


def ask_apart(address: Address, texts: list[str]) -> int:
    """Each text a group of its own, as far as they are different enough; how many groups that makes."""
    ask_all(address.site, texts, times=[1 + len(texts) - number for number in range(len(texts))])
    return len(queue(address.site))


def decided(address: Address) -> dict[str, int]:
    kinds: dict[str, int] = {}
    with address.site.database.reading() as db:
        from bot.outreach import review

        for state in ("decided", "ignored"):
            for line in review.list_groups(db, state=state, limit=200):
                kind = (line.group.decision or {})["kind"]
                kinds[kind] = kinds.get(kind, 0) + 1
    return kinds


def test_fifty_groups_by_keyboard(chromium: Browser, address: Address) -> None:
    groups = ask_apart(address, SIXTY)
    assert groups >= 50
    with looking(chromium, address, size=DESK) as someone:
        someone.enter(Role.STAFF)
        someone.open("/console/review")
        someone.page.get_by_role("link", name="เริ่มทบทวน").click()
        keys, started = [], time.monotonic()
        for number in range(50):
            ready(someone)
            here = someone.page.url
            key = "12356787"[number % 8]
            someone.page.keyboard.press(key)
            keys.append(key)
            someone.page.wait_for_url(lambda url, here=here: url != here)
        took = time.monotonic() - started
        print(f"fifty groups in {took:.1f} s, {len(keys) / 50:.2f} keys a decision")
        ready(someone) if groups > 50 else None
        someone.check("review-after-fifty")
    assert len(keys) == 50
    assert sum(decided(address).values()) == 50
    assert decided(address) == {"add_to": 20, "small_talk": 6, "out_of_scope": 6, "ignore": 12, "needs_person": 6}
    assert [action for action, *_ in logged(address.site)].count("review.decided") == 50


def test_twenty_groups_by_touch(chromium: Browser, address: Address) -> None:
    groups = ask_apart(address, SIXTY[:24])
    with looking(chromium, address, size=TELEPHONE) as first:
        first.enter(Role.STAFF)
        cookies = first.context.cookies()
    context = chromium.new_context(
        locale="th-TH", viewport={"width": TELEPHONE[0], "height": TELEPHONE[1]}, has_touch=True, is_mobile=True
    )
    context.set_default_timeout(8_000)
    context.add_cookies(cookies)  # type: ignore[arg-type]
    page, taps = context.new_page(), 0
    page.goto(f"{address.url}/console/review/{queue(address.site)[0].group.id}")
    for number in range(20):
        here = page.url
        name = ("add:center.hours", "add:forum.join", "scope:near", "ignore")[number % 4]
        page.locator(f'button[name="do"][value="{name}"]').first.tap()
        taps += 1
        page.wait_for_url(lambda url, here=here: url != here)
    context.close()
    assert (taps, len(queue(address.site))) == (20, groups - 20)
    assert decided(address) == {"add_to": 10, "out_of_scope": 5, "ignore": 5}


def test_undo_search_and_a_thai_keyboard(chromium: Browser, address: Address) -> None:
    ask_apart(address, SIXTY[:6])
    with looking(chromium, address, size=DESK) as someone:
        someone.enter(Role.STAFF)
        first = queue(address.site)[0].group.id
        someone.open(f"/console/review/{first}")
        ready(someone)
        someone.page.evaluate(
            "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'ึ', code: 'Digit7', bubbles: true}))"
        )
        someone.page.wait_for_url(lambda url: not url.endswith(f"/{first}"))
        assert group(address.site, first).state == "ignored"
        ready(someone)
        someone.page.keyboard.press("u")
        expect(someone.page.get_by_text("ย้อนกลับแล้วค่ะ")).to_be_visible()
        assert group(address.site, first).state == "open"
        ready(someone)
        someone.page.keyboard.press("/")
        someone.page.keyboard.type("forum")
        expect(someone.page.locator("#matches button")).to_have_count(1)
        someone.check("review-finding")
        someone.page.keyboard.press("Enter")
        someone.page.wait_for_url(lambda url: not url.endswith(f"/{first}"))
        assert (group(address.site, first).decision or {})["entry"] == "forum.join"


def test_a_key_held_down_decides_once_and_enter_in_a_wording_never(chromium: Browser, address: Address) -> None:
    ask_apart(address, SIXTY[:6])
    with looking(chromium, address, size=DESK) as someone:
        someone.enter(Role.STAFF)
        first = queue(address.site)[0].group.id
        someone.open(f"/console/review/{first}")
        ready(someone)
        someone.unfold("ให้บอตจำ")
        someone.page.get_by_label("ข้อความแบบที่ 1").fill("ขอยืมเต็นท์หลังใหญ่")
        someone.page.keyboard.press("Enter")
        expect(someone.page.get_by_label("ข้อความแบบที่ 1")).to_have_value("ขอยืมเต็นท์หลังใหญ่")
        assert group(address.site, first).state == "open"
        someone.open(f"/console/review/{first}")
        ready(someone)
        someone.page.keyboard.down("7")
        for _ in range(10):
            someone.page.keyboard.down("7")
        ready(someone)
        for _ in range(10):
            someone.page.keyboard.down("7")
        someone.page.keyboard.up("7")
        someone.page.wait_for_timeout(400)
    assert decided(address) == {"ignore": 1}


def test_two_tabs_on_one_group(chromium: Browser, address: Address) -> None:
    ask_apart(address, SIXTY[:3])
    with looking(chromium, address, size=DESK) as malee, looking(chromium, address, size=DESK) as somchai:
        malee.enter(Role.STAFF, name="malee")
        somchai.enter(Role.STAFF, name="somchai")
        first = queue(address.site)[0].group.id
        for someone in (malee, somchai):
            someone.open(f"/console/review/{first}")
            ready(someone)
        malee.page.keyboard.press("1")
        malee.page.wait_for_url(lambda url: not url.endswith(f"/{first}"))
        somchai.page.keyboard.press("7")
        expect(somchai.page.get_by_text("malee ตัดสินกลุ่มนั้นไปแล้ว")).to_be_visible()
        somchai.check("review-second")
    assert decided(address) == {"add_to": 1}


@pytest.mark.parametrize("size", WIDTHS)
def test_every_page_is_fit_to_be_seen(chromium: Browser, address: Address, size: tuple[int, int]) -> None:
    site = address.site
    with site.database.transaction() as db:
        for number in range(1, 9):
            at = site.now - timedelta(days=1, minutes=number)
            ask(db, number, f"วันเสาร์เปิดกี่โมง {number}", at=at, decision="answer", entry="center.hours")
        silent_errors.draw_sample(db, now=site.now)
    tents = ["ยืมเต็นท์ได้ไหมคะ", "ยืมเต็นท์ได้ไหมคะ งานวันเสาร์นี้"]
    ask_all(site, [*tents, *SIXTY[5:12]], times=[7, 3, 2, 2, 1, 1, 1, 1, 1])
    ask_all(site, ["ก" * 300, *XSS])
    first = queue(site)[0].group.id
    with looking(chromium, address, size=size) as volunteer:
        volunteer.enter(Role.VOLUNTEER, name="nid")
        volunteer.open(f"/console/review/{first}")
        volunteer.check("review-volunteer")
        volunteer.page.locator('[data-key="1"]').click()
        expect(volunteer.page.get_by_text("ส่งข้อเสนอแล้วค่ะ")).to_be_visible()
    with looking(chromium, address, size=size) as someone:
        someone.enter(Role.STAFF, name="malee")
        someone.open("/console/review")
        someone.check("review-queue")
        someone.open(f"/console/review/{first}")
        someone.check("review-group")
        for name in ("ให้บอตจำ", "บอตอ่านคำถามนี้", "ข้อความก่อนและหลัง", "สอนคำที่บอตอ่านผิด", "คุยเล่นหรือไม่ใช่เรื่องของเรา"):
            someone.unfold(name)
        expect(someone.page.locator(".candidates").first).to_be_visible()
        someone.check("review-group-unfolded")
        someone.open(f"/console/review/{first}/merge")
        someone.check("review-merge")
        someone.open(f"/console/review/{first}")
        someone.page.locator('[data-key="4"]').click()
        expect(someone.page.get_by_text("ตอนนี้มี")).to_be_visible()
        someone.check("review-new")
        someone.open(f"/console/review/{first}")
        someone.page.get_by_role("button", name="ตกลงตามข้อเสนอ").click()
        expect(someone.page.get_by_text("ล่าสุดคุณตัดสิน")).to_be_visible()
        someone.check("review-next")
        someone.open(f"/console/review/{first}")
        someone.check("review-decided")
        for line in queue(site):
            someone.open(f"/console/review/{line.group.id}")
            assert someone.page.evaluate(
                "window.bad === undefined && document.scrollingElement.scrollWidth <= innerWidth"
            )
        someone.open("/console/review/sample")
        someone.check("review-sample")
        ready(someone)
        for key in ("j", "k", "l"):
            someone.page.keyboard.press(key)
            someone.page.wait_for_url(re.compile("done="))
            someone.open("/console/review/sample")
            ready(someone)
        someone.check("review-sample-judged")
        someone.open("/console/review/tests")
        someone.check("review-tests")
    assert [action for action, *_ in logged(site)].count("review.judged") == 3


def test_without_scripts(chromium: Browser, address: Address) -> None:
    ask_apart(address, SIXTY[:3])
    first = queue(address.site)[0].group.id
    with looking(chromium, address, javascript=False) as someone:
        someone.enter(Role.STAFF)
        someone.open(f"/console/review/{first}")
        someone.page.get_by_label("เรื่องอื่น").select_option("forum.join")
        someone.press("ใช้")
        expect(someone.page.get_by_text("ล่าสุดคุณตัดสิน")).to_be_visible()
        someone.press("ย้อนกลับ")
        expect(someone.page.get_by_text("ย้อนกลับแล้วค่ะ")).to_be_visible()
    assert catalogue(address.site).to_json() == address.site.catalogue.to_json()
