"""How a notice gets on, what came of it, and that as a file."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import openpyxl
import pytest
from playwright.sync_api import Browser, expect

from bot.console import notice_facts, notice_progress
from bot.messages import Failure
from bot.notices import export as exporting
from bot.notices.export import MOST_REQUESTS, Line
from bot.outreach.permissions import Role
from bot.storage import notice_chunks, notices, preferences, staff
from bot.storage.notices import APPROVED, FINISHED, HELD, SENDING
from tests.bot.console.browsing import TELEPHONE, Address, address, chromium, looking
from tests.bot.console.notice_site import (
    Crew,
    add_readers,
    an_approver,
    approve,
    code_of,
    hang_in,
    lines,
    make_notice,
    notice,
    tell_quota,
)
from tests.bot.console.visiting import NINE, Site, Visitor, text_of
from tests.bot.events.making import make_event, sign_up
from tests.bot.notices.test_export import add_chunks

__all__ = ["address", "chromium"]
EVERY = 2100
"""Milliseconds, in which a page has looked once."""


@pytest.fixture(autouse=True)
def _notices(monkeypatch: pytest.MonkeyPatch) -> None:
    hang_in(monkeypatch)


def begun(site: Site, *, people: int = 3, **plan: object) -> tuple[int, Visitor, Crew]:
    """Approved, and its ledger written; nothing has been sent."""
    add_readers(site, people)
    tell_quota(site, None)
    number, someone, crew = make_notice(site, **plan), an_approver(site), Crew(site)  # type: ignore[arg-type]
    approve(site, someone, number)
    site.later(minutes=5)
    with site.database.transaction() as db:
        notice_facts.wake(db, now=site.now)
    while notice(site, number).state in (APPROVED, "planning"):
        assert crew.step()
    return number, someone, crew


def told(visitor: Visitor, number: int) -> tuple[str, int, int, bool]:
    found = visitor.get(f"/console/notices/{number}/progress").get_json()
    return found["state"], found["done"], found["total"], found["over"]


def test_progress_is_told_as_it_moves(site: Site) -> None:
    number, someone, crew = begun(site, people=1200)
    assert told(someone, number) == (SENDING, 0, 1200, False)
    crew.step()
    assert told(someone, number) == (SENDING, 500, 1200, False)
    drawn = someone.get(f"/console/notices/{number}/progress").get_json()["drawn"]
    assert ['max="1200" value="500"' in drawn, "ส่งได้นาทีละ 1,500 คน เหลือเวลาไม่ถึง 1 นาที" in drawn] == [True, True]
    crew.work()
    assert told(someone, number) == (FINISHED, 1200, 1200, True)
    assert len(crew.line.delivered) == 1200


def test_at_night_it_says_when_it_goes_on(site: Site) -> None:
    number, someone, _ = begun(site)
    site.now = NINE + timedelta(hours=12)
    late = an_approver(site, name="อื่น")
    page = late.get(f"/console/notices/{number}")
    assert "ตอนนี้พักอยู่ จะส่งต่อ 1 ธันวาคม 2569 เวลา 08:00 น." in text_of(page)
    assert ["data-moving" in page.get_data(as_text=True), "ดูใหม่" in text_of(page)] == [False, True]
    assert someone.account.id != late.account.id


def test_who_left_meanwhile_and_what_failed_stand_there_with_reasons(site: Site) -> None:
    number, someone, crew = begun(site)
    with site.database.transaction() as db:
        [chunk] = notice_chunks.list_page(db, number, limit=9)
        preferences.save(db, chunk.first, wants_notices=False)
    crew.line.failures = [Failure.AMBIGUOUS]
    crew.step()
    assert told(someone, number)[:3] == (SENDING, 0, 2)
    site.later(hours=24)
    with site.database.transaction() as db:
        notices.touch(db, number, now=site.now)
    crew.work()
    shown = text_of(an_approver(site, name="อื่น").get(f"/console/notices/{number}/results"))
    assert "ไม่รู้ผล: LINE ไม่ได้ตอบ และเกิน 23 ชั่วโมงแล้ว ระบบจึงไม่ส่งซ้ำ 2 คน" in shown
    assert "เพราะเปลี่ยนใจหรือออกไประหว่างนี้ เลิกรับข่าวแล้ว 1 คน" in shown


def test_a_pause_by_line_is_explained_and_goes_on(site: Site) -> None:
    number, someone, crew = begun(site)
    crew.line.failures = [Failure.UNAUTHORISED]
    crew.work()
    assert "LINE ไม่รับรหัสประจำบอต" in text_of(someone.get(f"/console/notices/{number}"))
    someone.post(f"/console/notices/{number}/go-on")
    crew.work()
    assert (notice(site, number).state, len(crew.line.delivered)) == (FINISHED, 3)


@pytest.mark.parametrize(
    ("statistics", "said"),
    [
        (None, "LINE ยังไม่ได้บอกตัวเลข"),
        ({"uniqueImpression": None, "uniqueClick": None}, "มีคนน้อยเกินไป"),
        ({"uniqueImpression": 1234, "uniqueClick": 56}, "เห็นประกาศ 1,234 คน กดลิงก์ 56 คน"),
    ],
)
def test_results_say_what_line_counted(site: Site, statistics: dict[str, int] | None, said: str) -> None:
    number = make_notice(
        site, state=FINISHED,
        columns={
            "began_at": NINE, "finished_at": NINE, "statistics": statistics,
            "statistics_at": NINE if statistics else None,
        },
    )  # fmt: skip
    shown = text_of(an_approver(site).get(f"/console/notices/{number}/results"))
    assert (said in shown, "ไม่ได้แปลว่าคนเปิดอ่านแล้ว" in shown) == (True, True)


def test_results_count_registrations_that_came_after_it(site: Site) -> None:
    with site.database.transaction() as db:
        event = make_event(db, starts_at=NINE + timedelta(days=9), title="เวทีน้ำ")
    number, someone, crew = begun(site, event_id=event.id)
    crew.work()
    with site.database.transaction() as db:
        sign_up(db, site.vault, event, 1, now=site.now)
    shown = text_of(someone.get(f"/console/notices/{number}/results"))
    assert "1 คนที่ได้ประกาศ ลงทะเบียนงาน “เวทีน้ำ” จนถึงตอนนี้" in shown
    assert "LINE รับไปแล้ว 3 คน" in shown


def test_what_has_not_begun_has_no_results(site: Site) -> None:
    number, someone = make_notice(site, state=HELD, columns={"why": "late"}), an_approver(site)
    assert someone.get(f"/console/notices/{number}/results").status_code == 404
    assert someone.post(f"/console/notices/{number}/export", {"format": "csv"}).status_code == 404


def rows_of(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def test_files_run_nothing_name_nobody_and_are_noted(site: Site) -> None:
    number = make_notice(site, state=FINISHED, columns={"began_at": NINE, "finished_at": NINE})
    with site.database.transaction() as db:
        add_chunks(
            db, number, {"people": 2, "settled_at": NINE, "first_tried_at": NINE, "request_id": "=1+1"},
            {"state": "refused", "why": "=HYPERLINK(1)"},
        )  # fmt: skip
    someone = an_approver(site)
    path = f"/console/notices/{number}/export"
    requests = someone.post(path, {"format": "csv"})
    assert requests.headers["Content-Disposition"] == f'attachment; filename="notice-{number}-requests-2026-11-30.csv"'
    assert rows_of(requests.data)[1:] == [
        ["1", "2", "LINE รับไปแล้ว", "", "1", "30 พ.ย. 69 09:00", "30 พ.ย. 69 09:00", "", "'=1+1"],
        ["2", "1", "LINE ไม่รับ", "'=HYPERLINK(1)", "1", "", "", "", ""],
    ]
    reasons = someone.post(path, {"format": "csv", "table": "reasons"})
    assert rows_of(reasons.data) == [
        ["ผล", "เพราะ", "จำนวนคน"], ["LINE รับไปแล้ว", "", "2"], ["LINE ไม่รับ", "'=HYPERLINK(1)", "1"],
    ]  # fmt: skip
    book = openpyxl.load_workbook(io.BytesIO(someone.post(path, {"format": "xlsx"}).data))
    assert book.sheetnames == ["สรุป", "รอบที่ส่ง"]
    assert [cell.data_type for cell in book["รอบที่ส่ง"]["I"]] == ["s", "s", "s"]
    assert someone.post(path, {"format": "exe"}).status_code == 400
    noted = [(after or {})["tables"] for action, _, after in lines(site) if action == "notice.exported"]
    assert noted == [["requests"], ["reasons"], ["reasons", "requests"]]


def test_a_file_that_is_cut_says_so() -> None:
    line = Line(1, 1, "accepted", "", 1, None, None, told_before=False, request_id="")
    table = notice_progress.lines_table([line], more=True)
    assert [row[2] for row in table.rows] == ["LINE รับไปแล้ว", f"ยังมีอีก ไฟล์นี้มีแค่ {MOST_REQUESTS:,} รอบแรก"]
    assert exporting.MOST_REQUESTS == MOST_REQUESTS


def _code_of(site: Site) -> str:
    with site.database.reading() as db:
        row = staff.find_by_login(db, "malee")
    assert row is not None
    return code_of(site, row.id)


@pytest.mark.browser
def test_from_approval_to_the_end_in_a_browser(chromium: Browser, address: Address) -> None:
    site = address.site
    add_readers(site, 1300)
    add_readers(site, 40, first=5000, wants_notices=False)
    tell_quota(site, 5000, used=310)
    with site.database.transaction() as db:
        event = make_event(db, starts_at=NINE + timedelta(days=5), title="เวทีคุยเรื่องน้ำประปาหมู่บ้าน")
    number, crew = make_notice(site, event_id=event.id), Crew(site)
    with looking(chromium, address, size=TELEPHONE) as someone:
        someone.page.clock.install()
        someone.complaints_allowed("422")
        someone.enter(Role.STAFF, name="malee")
        someone.open(f"/console/notices/{number}/approve")
        for code in ("000000", _code_of(site)):
            someone.page.get_by_label("รหัสยืนยันจากแอปในโทรศัพท์").fill(code)
            someone.press("อนุมัติ ส่งถึง 1,300 คน")
            if code == "000000":
                expect(someone.page.locator("#fault-code")).to_be_visible()
                someone.check("notice-approve")
        expect(someone.page.get_by_text("เหลือเวลาเปลี่ยนใจ")).to_be_visible()
        site.later(minutes=5)
        with site.database.transaction() as db:
            notice_facts.wake(db, now=site.now)
        while not crew.line.delivered:
            crew.step()
        someone.page.clock.run_for(EVERY)
        expect(someone.page.locator("progress")).to_have_attribute("value", "500")
        crew.step()
        someone.page.clock.run_for(EVERY)
        expect(someone.page.locator("progress")).to_have_attribute("value", "1000")
        someone.check("notice-sending")
        someone.press("หยุดพัก")
        expect(someone.page.get_by_text("มีคนกดหยุดพักไว้")).to_be_visible()
        someone.press("ส่งต่อ")
        expect(someone.page.locator(".step-badge")).to_have_text("กำลังส่ง")
        crew.work()
        someone.page.clock.run_for(EVERY)
        expect(someone.page.locator(".step-badge")).to_have_text("ส่งจบแล้ว")
        someone.page.get_by_role("link", name="ดูผลทั้งหมด").click()
        expect(someone.page.get_by_text("แปลว่า LINE รับข้อความไว้ส่งต่อ")).to_be_visible()
        someone.check("notice-results")
    assert sorted(crew.line.delivered) == sorted(f"U{one:032x}" for one in range(1, 1301))
