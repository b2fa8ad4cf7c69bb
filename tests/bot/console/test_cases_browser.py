"""The inbox in a real browser: every page on a telephone and at a desk, and two of the staff at once."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from bot.cases import canned
from bot.cases.kinds import CaseKind
from bot.outreach.permissions import Role
from bot.storage.case_messages import CITIZEN, NOTE, QUEUED, STAFF
from tests.bot.console.browsing import DESK, TELEPHONE, WIDTHS, Address, Looking, address, chromium, looking
from tests.bot.console.case_site import Office
from tests.bot.console.reviewing import put_in_force

__all__ = ["address", "chromium"]
pytestmark = pytest.mark.browser

LOOKS_AFTER_MS = 5_100
STORY = "เมื่อวานน้ำท่วมถนนหน้าโรงเรียนอีกแล้วค่ะ เด็ก ๆ ต้องถอดรองเท้าเดินลุยน้ำเข้าโรงเรียน อยากให้ช่วยกันคิดว่าจะทำอย่างไรดี"


def a_photograph() -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((320, 240)).convert("RGB").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def office(address: Address) -> Office:
    put_in_force(address.site.database, address.site.catalogue)
    office = Office(address.site)
    office.has_quota(limit=300, used=20)
    by = address.site.add_account(Role.STAFF, name="สมหญิง").id
    with address.site.database.transaction() as db:
        text = "สวัสดีค่ะ {ชื่อ} เรื่องที่ {เลขเรื่อง} ดิฉัน {เจ้าหน้าที่} รับไว้แล้วนะคะ\nศูนย์เปิด{เวลาทำการ}"
        canned.save(db, answer_id=None, title="รับเรื่องไว้แล้ว", text=text, by=by, now=address.site.now)
    return office


def a_full_case(office: Office) -> int:
    """With everything that a page can show."""
    form = {"place": "ถนนหน้าโรงเรียน", "district": "mae_sai", "who": "เด็กนักเรียน", "contact": "081 234 5678"}
    case = office.opened(
        CaseKind.PROPOSAL, ago=timedelta(hours=3), form=form, called="ป้าคำ", topic="forum.join", detail=STORY
    )
    office.asked(case, "เวทีครั้งหน้าจัดที่ไหน", entry="forum.join", ago=timedelta(hours=3, minutes=12))
    office.asked(case, "ใครเสนอเรื่องได้บ้าง", entry=None, ago=timedelta(hours=3, minutes=9))
    office.hears(case, STORY, ago=timedelta(hours=3))
    office.photographed(case, body=a_photograph())
    visitor = office.site.visitor(Role.STAFF, name="มาลี.ใจดี")
    for what in ({"do": "note", "note": "โทรถามผู้ใหญ่บ้านแล้ว รอเขาโทรกลับ"}, {"do": "take"}):
        visitor.post(f"/console/cases/{case}/do", office.form(case, **what))
    said = {"text": "ขอบคุณค่ะคุณป้าคำ รับเรื่องไว้แล้ว จะเอาเข้าเวทีวันเสาร์นี้นะคะ", "do": "send"}
    visitor.post(f"/console/cases/{case}/answer", office.form(case, **said))
    office.hears(case, "ดีใจมากค่ะ ไปกันกี่โมงคะ")
    return case


@pytest.mark.parametrize("size", WIDTHS)
def test_every_page_of_the_inbox(chromium: Browser, address: Address, office: Office, size: tuple[int, int]) -> None:
    case = a_full_case(office)
    office.opened(CaseKind.URGENT, ago=timedelta(minutes=50), detail="ไม่อยากอยู่แล้วค่ะ เหนื่อยมาก")
    office.opened(CaseKind.WANTS_PERSON, ago=timedelta(days=4), user_id="U" + "8" * 32)
    office.opened(CaseKind.COMPLAINT, ago=timedelta(minutes=8), detail="ไปที่ศูนย์เมื่อเช้า ไม่มีใครอยู่เลย", topic="center.hours")
    office.opened(CaseKind.TELEPHONE, user_id=None, detail="1")
    with looking(chromium, address, size=size) as someone:
        someone.enter(Role.STAFF, name="มาลี")
        someone.open("/console/")
        someone.check("home-cases")
        someone.open("/console/cases")
        someone.check("cases")
        someone.open("/console/cases?show=overdue&kind=urgent")
        someone.check("cases-filtered")
        someone.open(f"/console/cases/{case}")
        for summary in ("ก่อนหน้านี้คุยอะไรกับบอต", "เขียนบันทึกภายใน", "ส่งต่อให้คนอื่นดูแล", "ปิดเรื่องนี้"):
            someone.unfold(summary)
        someone.check("case")
        someone.press("ดูชื่อและที่ติดต่อ")
        assert someone.page.get_by_text("081 234 5678").is_visible()
        someone.open(f"/console/cases/{case}/faq")
        someone.check("case-to-faq")
        someone.open("/console/cases/canned")
        someone.check("cases-canned")
        someone.page.get_by_role("link", name="แก้ “").click()
        someone.check("cases-canned-form")


@pytest.fixture
def two(chromium: Browser, address: Address, office: Office) -> Iterator[tuple[Looking, Looking]]:
    assert office
    with ExitStack() as stack:
        first = stack.enter_context(looking(chromium, address, size=DESK))
        second = stack.enter_context(looking(chromium, address, size=TELEPHONE))
        for someone, name, role in ((first, "มาลี", Role.STAFF), (second, "สมชาย", Role.VOLUNTEER)):
            someone.page.clock.install()
            someone.enter(role, name=name)
        yield first, second


def test_two_of_the_staff_at_once(two: tuple[Looking, Looking], office: Office) -> None:
    first, second = two
    case = office.opened()
    office.hears(case, "ขอถามเรื่องเวทีหน่อยค่ะ")
    for someone in two:
        someone.open("/console/cases")
        someone.page.get_by_role("link", name=f"#{case}").click()
    first.press("รับเรื่องนี้")
    second.page.get_by_label("ข้อความถึงผู้เขียน").fill("เวทีมีวันเสาร์นี้ค่ะ")
    second.page.clock.run_for(LOOKS_AFTER_MS)
    expect(second.page.get_by_text("เพิ่งมีคนทำอะไรกับเรื่องนี้")).to_be_visible()
    expect(second.page.locator(".case-standing")).to_contain_text("มาลี ดูแล")
    second.check("case-moved")
    second.press("ส่งคำตอบ")
    second.complaints_allowed("409")
    assert "มาลีรับเรื่องนี้" in second.page.get_by_role("alert").inner_text()
    assert second.page.get_by_label("ข้อความ", exact=True).input_value() == "เวทีมีวันเสาร์นี้ค่ะ"
    second.check("case-taken-by-somebody-else")
    second.press("ฝากเป็นบันทึกภายใน")
    first.page.clock.run_for(LOOKS_AFTER_MS)
    expect(first.page.get_by_text("เวทีมีวันเสาร์นี้ค่ะ")).to_be_visible()

    first.unfold("ส่งต่อให้คนอื่นดูแล")
    first.page.get_by_label("ส่งต่อให้").select_option("สมชาย (อาสาสมัคร)")
    first.press("ส่งต่อ")
    second.open(f"/console/cases/{case}")
    second.page.get_by_label("คำตอบสำเร็จรูป").select_option("รับเรื่องไว้แล้ว")
    second.press("ใส่")
    assert "ดิฉัน สมชาย รับไว้แล้ว" in second.page.get_by_label("ข้อความถึงผู้เขียน").input_value()
    second.page.get_by_label("ข้อความถึงผู้เขียน").fill("เจอกันเก้าโมงค่ะ")
    second.press("ส่งคำตอบ")
    expect(second.page.get_by_text("กำลังส่งให้ทาง LINE ค่ะ")).to_be_visible()
    second.check("case-answered")
    first.page.clock.run_for(LOOKS_AFTER_MS)
    expect(first.page.locator(".case-by-staff")).to_contain_text("เจอกันเก้าโมงค่ะ")
    assert [author for author, _ in office.words(case)] == [CITIZEN, NOTE, STAFF]
    assert office.said(case)[-1].delivery == QUEUED


def test_what_the_citizen_writes_appears_by_itself(two: tuple[Looking, Looking], office: Office) -> None:
    first, second = two
    case = office.opened()
    first.open(f"/console/cases/{case}")
    second.open("/console/cases")
    first.page.get_by_label("ข้อความถึงผู้เขียน").fill("พิมพ์ค้างไว้")
    office.hears(case, "มีใครอยู่ไหมคะ")
    other = office.opened(CaseKind.COMPLAINT, user_id="U" + "9" * 32)
    for someone in two:
        someone.page.clock.run_for(LOOKS_AFTER_MS)
    expect(first.page.get_by_text("มีใครอยู่ไหมคะ")).to_be_visible()
    expect(first.page.locator(".case-cost")).to_contain_text("ฟรี ถ้าส่งภายใน")
    expect(second.page.get_by_role("link", name=f"#{other}")).to_be_visible()
    first.page.clock.run_for(51_000)
    expect(first.page.locator(".case-cost")).to_have_text("ใช้โควตา 1 ข้อความ เหลือประมาณ 280")
    assert first.page.get_by_label("ข้อความถึงผู้เขียน").input_value() == "พิมพ์ค้างไว้"
    first.press("ส่งคำตอบ")
    assert office.words(case) == [(CITIZEN, "มีใครอยู่ไหมคะ"), (STAFF, "พิมพ์ค้างไว้")]


def test_everything_works_without_javascript(chromium: Browser, address: Address, office: Office) -> None:
    case = office.opened()
    with looking(chromium, address, size=TELEPHONE, javascript=False) as someone:
        someone.enter(Role.STAFF, name="มาลี")
        someone.open("/console/cases")
        someone.page.get_by_role("link", name=f"#{case}").click()
        someone.press("รับเรื่องนี้")
        someone.page.get_by_label("คำตอบสำเร็จรูป").select_option("รับเรื่องไว้แล้ว")
        someone.press("ใส่")
        someone.press("ส่งคำตอบ")
        someone.page.locator("summary", has_text="ปิดเรื่องนี้").click()
        someone.press("ปิดเรื่อง")
        assert someone.page.get_by_role("button", name="เปิดเรื่องนี้อีกครั้ง").is_visible()
    assert "ดิฉัน มาลี รับไว้แล้วนะคะ" in (office.words(case)[0][1] or "")
