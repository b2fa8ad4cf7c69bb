"""The FAQ's pages as staff see them: whole journeys, on a telephone and at a desk, with scripts and without."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from bot.outreach.permissions import Role
from bot.storage.engine import Database
from bot.vault import Vault
from knowledge.catalogue import Catalogue
from knowledge.model import Model
from tests.bot.console.browsing import DESK, TELEPHONE, WIDTHS, Address, Looking, chromium, looking, served
from tests.bot.console.faq_site import draft_of, put_in_force
from tests.knowledge.content import HOURS, JOIN

__all__ = ["chromium"]
pytestmark = pytest.mark.browser

PAGES = (
    *("faq", "faq/new", "faq/topics/center.hours", "faq/draft", "faq/check", "faq/messages", "faq/messages/near"),
    *("faq/words", "faq/words/northern", "faq/words/particles", "faq/versions", "faq/files"),
)


@pytest.fixture
def address(
    sqlite_database: Database, vault: Vault, small_catalogue: Catalogue, small_catalogue_model: Model
) -> Iterator[Address]:
    put_in_force(sqlite_database, small_catalogue, small_catalogue_model)
    with served(sqlite_database, vault, small_catalogue, small_catalogue_model) as address:
        yield address


def write(someone: Looking, label: str, text: str) -> None:
    someone.page.get_by_label(label, exact=True).fill(text)


def told(someone: Looking, text: str) -> None:
    expect(someone.page.get_by_role("status").filter(has_text=text)).to_be_visible()


@pytest.mark.parametrize("size", WIDTHS)
def test_every_page_fits_and_is_accessible(chromium: Browser, address: Address, size: tuple[int, int]) -> None:
    with looking(chromium, address, size=size) as someone:
        someone.enter(Role.ADMINISTRATOR)
        for path in PAGES:
            someone.open(f"/console/{path}")
            someone.check(path.replace("/", "-"))


@pytest.mark.parametrize("size", WIDTHS)
@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
def test_from_an_edit_to_what_is_in_force(
    chromium: Browser, address: Address, size: tuple[int, int], *, javascript: bool
) -> None:
    with looking(chromium, address, size=size, javascript=javascript) as someone:
        someone.page.on("dialog", lambda dialog: dialog.accept())
        someone.complaints_allowed("422")
        someone.enter(Role.STAFF)
        someone.open("/console/faq/topics/center.hours")
        write(someone, "ชื่อเรื่อง", "เวลาทำการของศูนย์พัฒนาการเมือง")
        write(someone, "คำตอบ", "เปิดทุกวันค่ะ")
        if not javascript:
            someone.press("ดูตัวอย่างจากที่พิมพ์")
        expect(someone.page.locator(".line-bubble").first).to_contain_text("เปิดทุกวันค่ะ")
        someone.press("บันทึกลงฉบับร่าง")
        expect(someone.page.locator("#fault-title_th-1")).to_contain_text("ปุ่มใน LINE รับได้ 20 ตัวค่ะ")
        if javascript:
            someone.check("faq-topic-fault")
        write(someone, "ชื่อเรื่อง", "เวลาเปิด")
        someone.press("บันทึกลงฉบับร่าง")
        told(someone, "บันทึกลงฉบับร่างแล้วค่ะ")
        someone.open("/console/faq/draft")
        expect(someone.page.locator("#topic-1")).to_have_text("เวลาเปิด")
        if javascript:
            someone.check("faq-draft-changed")
        someone.open("/console/faq/check")
        someone.press("เริ่มตรวจ")
        expect(someone.page.get_by_role("button", name="เผยแพร่ฉบับร่าง")).to_be_visible(timeout=60_000)
        if javascript:
            someone.check("faq-check-report")
        someone.press("เผยแพร่ฉบับร่าง")
        told(someone, "เผยแพร่แล้วค่ะ")
        assert draft_of(address.site) is None
        someone.open("/console/faq")
        expect(someone.page.get_by_role("link", name="เวลาเปิด")).to_be_visible()


def test_two_editors_of_one_topic(chromium: Browser, address: Address) -> None:
    with looking(chromium, address, size=TELEPHONE) as one, looking(chromium, address, size=DESK) as other:
        for someone, name in ((one, "หนึ่ง"), (other, "สอง")):
            someone.complaints_allowed("409")
            someone.enter(Role.STAFF, name=name)
            someone.open("/console/faq/topics/center.hours")
        write(one, "คำตอบ", "ของหนึ่งค่ะ")
        one.press("บันทึกลงฉบับร่าง")
        write(other, "คำตอบ", "ของสองค่ะ")
        other.press("บันทึกลงฉบับร่าง")
        expect(other.page.get_by_role("alert")).to_contain_text("มีคนแก้เรื่องนี้ไประหว่างที่คุณแก้อยู่ค่ะ")
        expect(other.page.get_by_label("คำตอบ", exact=True)).to_have_value("ของสองค่ะ")
        other.check("faq-conflict")
        other.press("บันทึกลงฉบับร่าง")
        told(other, "บันทึกลงฉบับร่างแล้วค่ะ")


def test_a_wording_is_moved_with_one_tap(chromium: Browser, address: Address) -> None:
    with looking(chromium, address, size=TELEPHONE) as someone:
        someone.complaints_allowed("422")
        someone.enter(Role.STAFF)
        someone.open("/console/faq/topics/forum.join")
        write(someone, "บรรทัดละหนึ่งแบบ", "\n".join((*JOIN, "ร่วมเวทีต้องแต่งตัวยังไง")))
        someone.press("บันทึกลงฉบับร่าง")
        someone.open("/console/faq/topics/center.hours")
        write(someone, "บรรทัดละหนึ่งแบบ", "\n".join((*HOURS, JOIN[0])))
        someone.press("บันทึกลงฉบับร่าง")
        someone.check("faq-twin")
        someone.page.get_by_label(JOIN[0]).check()
        someone.press("บันทึกลงฉบับร่าง")
        told(someone, "บันทึกลงฉบับร่างแล้วค่ะ")
        draft = draft_of(address.site)
        assert draft is not None
        assert draft.catalogue.entries["center.hours"].variants == (*HOURS, JOIN[0])


def test_a_faulty_table_is_told_row_by_row(chromium: Browser, address: Address) -> None:
    with looking(chromium, address, size=TELEPHONE) as someone:
        someone.complaints_allowed("422")
        someone.enter(Role.STAFF)
        someone.open("/console/faq/files")
        file = {"name": "faq.csv", "mimeType": "text/csv", "buffer": b"id,text\r\nx,y\r\n"}
        someone.page.get_by_label("ไฟล์ .xlsx หรือ .csv").set_input_files(file)  # type: ignore[arg-type]
        someone.press("นำเข้าฉบับร่าง")
        expect(someone.page.get_by_role("alert")).to_contain_text("ยังไม่ได้นำเข้าค่ะ")
        expect(someone.page.locator(".faq-faults li").first).to_contain_text("แถว 1")
        someone.check("faq-import-faults")
