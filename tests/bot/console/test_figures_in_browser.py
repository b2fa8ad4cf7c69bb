"""The figures in a real browser: chosen, looked at as charts and as tables, printed, taken away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser

from bot.console.figures import Sources
from bot.outreach.permissions import Role
from knowledge.evaluation import Share
from tests.bot.console.browsing import WIDTHS, Address, Looking, address, chromium, looking
from tests.bot.console.figure_site import hang_in
from tests.bot.console.visiting import NINE
from tests.bot.outreach.counting import answer, ask_as

__all__ = ["address", "chromium"]
pytestmark = pytest.mark.browser
DAY = timedelta(days=1)
SOURCES = Sources(
    waiting_groups=lambda _db: 23,
    silent_errors=lambda _db, _now: [
        (date(2026, 9, 14) + 7 * number * DAY, Share(number % 4, 40)) for number in range(11)
    ],
    districts=lambda _db, _period: [("แม่สาย", 7), ("เมืองเชียงราย", 31)],
)


@pytest.fixture(autouse=True)
def hung_in(monkeypatch: pytest.MonkeyPatch) -> None:
    hang_in(monkeypatch, SOURCES)


@pytest.fixture(params=WIDTHS)
def staff(request: pytest.FixtureRequest, chromium: Browser, hung_in: None, address: Address) -> Iterator[Looking]:
    with address.site.database.transaction() as db:
        for number in range(60):
            at = NINE - number * DAY
            ask_as(db, at, "center.hours", people=5 + number % 7, feedback=("yes", "no", None)[number % 3])
            ask_as(db, at, "welfare.elderly", people=number % 4)
            ask_as(db, at, people=number % 3)
            ask_as(db, at, people=number % 2, decision="clarify")
            answer(db, at, after=0.3 + number / 50)
    with looking(chromium, address, size=request.param) as someone:
        someone.enter(Role.STAFF)
        yield someone


def test_the_dashboard_is_read_as_charts_and_as_tables(staff: Looking) -> None:
    staff.open("/console/figures")
    staff.check("figures")
    for summary in staff.page.locator("section summary").all():
        summary.click()
    assert staff.page.locator("section table").count() == 8
    staff.check("figures-tables")
    staff.page.get_by_role("link", name="90 วัน").click()
    assert staff.page.get_by_role("img").first.get_attribute("aria-labelledby") == "days-chart-title days-chart-what"
    staff.check("figures-90")


def test_own_days_are_chosen_and_a_mistake_is_told(staff: Looking) -> None:
    staff.open("/console/figures")
    staff.unfold("เลือกวันเอง")
    staff.page.get_by_label("ตั้งแต่วันที่").fill("2026-11-20")
    staff.page.get_by_label("ถึงวันที่").fill("2026-11-10")
    staff.press("ดู")
    staff.complaints_allowed("422")
    assert staff.page.get_by_role("alert").inner_text() == "วันแรกอยู่หลังวันสุดท้ายค่ะ ลองสลับกันนะคะ"
    staff.check("figures-mistake")
    staff.page.get_by_label("ตั้งแต่วันที่").fill("2026-11-01")
    staff.press("ดู")
    assert "1 พฤศจิกายน 2569 – 10 พฤศจิกายน 2569" in staff.page.get_by_role("main").inner_text()


def test_a_table_is_taken_away(staff: Looking) -> None:
    staff.open("/console/figures?period=7")
    staff.page.locator("section summary").first.click()
    with staff.page.expect_download() as taken:
        staff.press("CSV")
    assert taken.value.suggested_filename == "figures-days-2026-11-24-2026-11-30.csv"


def test_there_is_a_page_for_paper(staff: Looking) -> None:
    staff.open("/console/figures")
    staff.page.get_by_role("link", name="แบบสำหรับพิมพ์").click()
    staff.check("figures-print")
    staff.page.emulate_media(media="print")
    assert not staff.page.get_by_text("กด Ctrl+P").is_visible()
    assert staff.page.locator("table").count() == 8


def test_the_month_for_everybody_is_looked_at_and_taken_away(staff: Looking) -> None:
    staff.open("/console/figures")
    staff.page.get_by_role("link", name="สรุปรายเดือนสำหรับประชาชน").click()
    assert staff.page.get_by_label("เดือน").input_value() == "2026-10"
    staff.check("figures-public")
    with staff.page.expect_download() as taken:
        staff.press("เก็บเป็นหน้าเว็บ (HTML)")
    assert taken.value.suggested_filename == "summary-2026-10.html"
