"""The dashboard: what it says, what can be taken away, who may, and how many queries it takes."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta

import openpyxl
import pytest
from werkzeug.test import TestResponse

from bot.console.figure_tables import round_top, seconds, with_interval
from bot.console.figures import Sources
from bot.outreach.permissions import Role
from bot.storage import audit
from knowledge.evaluation import Share
from tests.bot.console.figure_site import hang_in, make_index
from tests.bot.console.visiting import NINE, Site, counted_queries
from tests.bot.outreach.counting import answer, ask, ask_as

DAY = timedelta(days=1)
OCTOBER = NINE - 45 * DAY
KNOWN = Sources(
    waiting_groups=lambda _db: 1234,
    silent_errors=lambda _db, _now: [(date(2026, 11, 16), Share(2, 40)), (date(2026, 11, 23), Share(0, 0))],
    districts=lambda _db, _period: [("แม่สาย", 7)],
)
TAKEN = {"first": "2026-11-01", "last": "2026-11-30"}


@pytest.fixture(autouse=True)
def hung_in(monkeypatch: pytest.MonkeyPatch) -> None:
    hang_in(monkeypatch, Sources())


@pytest.fixture
def with_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    hang_in(monkeypatch, KNOWN)


def fill(site: Site, *, entry: str = "center.hours") -> None:
    with site.database.transaction() as db:
        ask_as(db, NINE - DAY, entry, people=30, feedback="yes")
        ask_as(db, NINE - DAY, people=6)
        ask_as(db, NINE - DAY, people=4, decision="clarify")
        ask_as(db, OCTOBER, entry, people=20)
        ask_as(db, OCTOBER, people=9)
        ask_as(db, OCTOBER, people=2, decision="clarify")
        answer(db, NINE - DAY, after=0.5)


def text_of(response: TestResponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.get_data(as_text=True)))


def tiles_of(response: TestResponse) -> dict[str, str]:
    return dict(re.findall(r"<div><dt>([^<]+)</dt><dd>([^<]+)</dd></div>", response.get_data(as_text=True)))


def rows_of(response: TestResponse) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.get_data().decode("utf-8-sig"), newline="")))


def test_the_page_says_what_a_committee_asks(site_on_each: Site) -> None:
    fill(site_on_each)
    page = site_on_each.visitor(Role.VOLUNTEER).get("/console/figures?period=month")
    assert tiles_of(page) == {
        "คำถาม": "40", "ตอบได้": "75%", "ถามกลับ": "10%", "ยังตอบไม่ได้": "15%", "คนบอกว่าตรง": "100%",
        "ครึ่งหนึ่งรอไม่เกิน": "0.50 วินาที",
    }  # fmt: skip
    assert "1 พฤศจิกายน 2569 – 30 พฤศจิกายน 2569" in text_of(page)


def test_what_nobody_knows_yet_is_said(site: Site) -> None:
    page = text_of(site.visitor(Role.STAFF).get("/console/figures"))
    assert page.count("ยังไม่มีข้อมูล") == 8
    assert "บอตใช้อำเภอแค่ระหว่างคุย แล้วลืม" in page


@pytest.mark.usefixtures("with_sources")
def test_what_others_know_is_shown(site: Site) -> None:
    visitor = site.visitor(Role.STAFF)
    page = visitor.get("/console/figures")
    assert "ตอนนี้มี 1,234 กลุ่มคำถามรอคนดูค่ะ" in text_of(page)
    weeks = visitor.post("/console/figures/download", {**TAKEN, "table": "silent_errors", "format": "csv"})
    assert rows_of(weeks)[1:] == [["16 พฤศจิกายน 2569", "2026-11-16", "2", "40", "5.0", "1.4", "16.5"]]
    districts = visitor.post("/console/figures/download", {**TAKEN, "table": "districts", "format": "csv"})
    assert rows_of(districts)[1:] == [["แม่สาย", "7"]]


def test_a_title_cannot_bring_markup_along(site: Site) -> None:
    fill(site, entry="<script>alert(1)</script>")
    page = site.visitor(Role.STAFF).get("/console/figures").get_data(as_text=True)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize("path", ["/console/figures", "/console/figures/print", "/console/figures/public/2026-10"])
def test_pages_carry_no_style_or_script_of_their_own(site: Site, path: str) -> None:
    fill(site)
    page = site.visitor(Role.STAFF).get(path).get_data(as_text=True)
    assert re.findall(r"<style|\sstyle=|\son\w+=|<script(?! src)|https?://", page) == []


def test_every_chart_has_a_name_and_a_table(site: Site) -> None:
    fill(site)
    page = site.visitor(Role.STAFF).get("/console/figures?period=90").get_data(as_text=True)
    charts = re.findall(r'<svg class="chart"[^>]* aria-labelledby="(\S+) (\S+)"', page)
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert {name for pair in charts for name in pair} - set(ids) == set()
    tables = set(re.findall(r'<input type="hidden" name="table" value="([^"]+)">', page))
    assert {title.removesuffix("-chart-title") for title, _ in charts} - tables == set()


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ("first=2026-11-20&last=2026-11-01", "วันแรกอยู่หลังวันสุดท้ายค่ะ"),
        ("first=2024-01-01&last=2026-11-01", "เลือกได้ไม่เกิน 366 วันค่ะ"),
        ("first=2027-01-01&last=2027-01-02", "วันที่เลือกยังมาไม่ถึงค่ะ"),
        ("first=0001-01-01&last=0001-01-01", "เลือกย้อนหลังได้ถึงปี 2563 ค่ะ"),
        ("first=2026-11-20", "ขอวันที่ทั้งสองช่องค่ะ"),
        ("first=2026-02-30&last=2026-11-01", "ขอวันที่ทั้งสองช่องค่ะ"),
        (f"first={'9' * 5000}-1-1&last=x", "ขอวันที่ทั้งสองช่องค่ะ"),
        ("first=99999999-1&last=1-1-1", "ขอวันที่ทั้งสองช่องค่ะ"),
    ],
)
def test_days_that_make_no_period_are_asked_for_again(site: Site, asked: str, why: str) -> None:
    page = site.visitor(Role.STAFF).get(f"/console/figures?{asked}")
    assert (page.status_code, why in text_of(page)) == (422, True)


def test_days_may_be_written_in_the_buddhist_era(site: Site) -> None:
    page = site.visitor(Role.STAFF).get("/console/figures?first=2567-02-29&last=2567-03-01")
    assert "29 กุมภาพันธ์ 2567 – 1 มีนาคม 2567" in text_of(page)


@pytest.mark.parametrize("name", ["days", "topics", "rising", "feedback", "waiting", "people", "review"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_each_table_can_be_taken_away_and_that_is_written_down(site: Site, name: str, form: str) -> None:
    fill(site)
    visitor = site.visitor(Role.STAFF)
    file = visitor.post("/console/figures/download", {**TAKEN, "table": name, "format": form})
    assert file.status_code == 200
    named = f"figures-{name}-2026-11-01-2026-11-30.{form}"
    assert file.headers["Content-Disposition"] == f'attachment; filename="{named}"'
    with site.database.reading() as db:
        (line,) = audit.list_entries(db, action_prefix="export.", before_id=None, limit=9)
    assert (line.action, line.subject_kind, line.subject_id) == ("export.figures", "export", "figures")
    assert line.after == {**TAKEN, "table": name, "format": form}


def test_a_table_has_the_numbers_of_the_page(site: Site) -> None:
    fill(site)
    taken = {"first": "2026-11-29", "last": "2026-11-30", "table": "days", "format": "csv"}
    assert rows_of(site.visitor(Role.STAFF).post("/console/figures/download", taken)) == [
        ["วันที่", "วันที่ (ค.ศ.)", "คำถาม", "ตอบได้", "ถามกลับ", "ยังตอบไม่ได้", "ตั้งใจไม่ตอบ"],
        ["30 พฤศจิกายน 2569", "2026-11-30", "0", "0", "0", "0", "0"],
        ["29 พฤศจิกายน 2569", "2026-11-29", "40", "30", "4", "6", "0"],
    ]


def test_a_topic_that_looks_like_a_formula_is_none(site: Site) -> None:
    fill(site, entry="=cmd|'/c calc'!A1")
    taken = {**TAKEN, "table": "topics", "format": "csv"}
    assert rows_of(site.visitor(Role.STAFF).post("/console/figures/download", taken))[1] == [
        "'=cmd|'/c calc'!A1", "30", "20",
    ]  # fmt: skip


def test_all_tables_fit_into_one_workbook(site: Site) -> None:
    file = site.visitor(Role.STAFF).post("/console/figures/download", {**TAKEN, "table": "all", "format": "xlsx"})
    assert len(openpyxl.load_workbook(io.BytesIO(file.get_data())).sheetnames) == 9


@pytest.mark.parametrize(
    "asked",
    [
        {}, {"table": "days", "format": "pdf"}, {"table": "none", "format": "csv"}, {"table": "all", "format": "csv"},
        {"table": "days", "format": "csv", "first": "x"},
    ],
)  # fmt: skip
def test_what_there_is_not_cannot_be_taken_away(site: Site, asked: dict[str, str]) -> None:
    assert site.visitor(Role.STAFF).post("/console/figures/download", asked).status_code == 400
    with site.database.reading() as db:
        assert audit.list_entries(db, action_prefix="export.", before_id=None, limit=9) == []


def test_volunteers_look_and_take_nothing_away(site: Site) -> None:
    fill(site)
    visitor = site.visitor(Role.VOLUNTEER)
    for path in ("/console/figures", "/console/figures/public/2026-10"):
        assert 'name="format"' not in visitor.get(path).get_data(as_text=True)
    taken = {**TAKEN, "table": "days", "format": "csv"}
    assert visitor.post("/console/figures/download", taken).status_code == 403
    assert visitor.post("/console/figures/public/2026-10/download", {"format": "csv"}).status_code == 403


def test_the_page_takes_the_same_queries_for_one_question_and_for_many(site_on_each: Site) -> None:
    site, visitor = site_on_each, site_on_each.visitor(Role.STAFF)
    counts = []
    for number, path in enumerate(("?period=7", "?period=90", "?first=2026-01-01&last=2026-11-30")):
        with site.database.transaction() as db:
            for day in range(number * 20):
                ask(db, NINE - day * DAY, f"entry.{day}", times=number)
        with counted_queries(site.database) as seen:
            assert visitor.get(f"/console/figures{path}").status_code == 200
        counts.append(len(seen))
    assert counts == [counts[0]] * 3
    assert counts[0] <= 10


def test_the_database_counts_without_reading_the_rows(site: Site) -> None:
    make_index(site.database)
    visitor = site.visitor(Role.STAFF)
    with counted_queries(site.database) as seen:
        visitor.get("/console/figures")
    ours = [statement for statement in seen if "FROM questions" in statement and "min(" not in statement]
    with site.database.reading() as db:
        plans = [
            db.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", ("",) * statement.count("?")).all()
            for statement in ours
        ]
    assert len(plans) == 4
    assert [any("COVERING INDEX ix_questions_figures" in step[3] for step in plan) for plan in plans] == [True] * 4


def test_a_month_for_everybody_hides_small_groups(site_on_each: Site) -> None:
    fill(site_on_each)
    visitor = site_on_each.visitor(Role.STAFF)
    page = text_of(visitor.get("/console/figures/public/2026-10"))
    assert "เดือนตุลาคม 2569" in page
    file = visitor.post("/console/figures/public/2026-10/download", {"format": "csv"})
    assert file.headers["Content-Disposition"] == 'attachment; filename="summary-2026-10.csv"'
    assert rows_of(file) == [
        ["หมวด", "อะไร", "จำนวน"],
        ["ภาพรวม", "คำถามทั้งหมด", "31"],
        ["ภาพรวม", "คนที่ถาม", "20"],
        ["บอตทำอะไรกับคำถาม", "ตอบได้", "20"],
        ["บอตทำอะไรกับคำถาม", "ถามกลับ", "น้อยกว่า 5 คน"],
        ["บอตทำอะไรกับคำถาม", "ยังตอบไม่ได้", "ไม่แสดง"],
        ["บอตทำอะไรกับคำถาม", "ตั้งใจไม่ตอบ (เลือกข้างทางการเมือง คำหยาบ)", "น้อยกว่า 5 คน"],
        ["เรื่องที่ถาม", "อีก 2 เรื่อง เรื่องละ", "น้อยกว่า 5 คน"],
        ["เรื่องที่ถาม", "อีก 1 เรื่อง", "ไม่แสดง"],
        ["คนบอกว่าคำตอบตรงไหม", "ตรงกับที่ถาม", "น้อยกว่า 5 คน"],
        ["คนบอกว่าคำตอบตรงไหม", "ไม่ตรง", "น้อยกว่า 5 คน"],
        ["รอนานเท่าไร", "ครึ่งหนึ่งได้คำตอบภายใน", "ยังไม่มีข้อมูล"],
        ["รอนานเท่าไร", "95 ใน 100 ได้คำตอบภายใน", "ยังไม่มีข้อมูล"],
    ]


def test_the_page_for_everybody_stands_alone(site: Site) -> None:
    fill(site)
    visitor = site.visitor(Role.STAFF)
    file = visitor.post("/console/figures/public/2026-10/download", {"format": "html"})
    assert file.headers["Content-Disposition"] == 'attachment; filename="summary-2026-10.html"'
    page = file.get_data(as_text=True)
    assert re.findall(r"<form|csrf|<script|<link|<style|href=|src=|malee|staff-", page) == []
    assert "น้อยกว่า 5 คน" in page
    with site.database.reading() as db:
        (line,) = audit.list_entries(db, action_prefix="export.", before_id=None, limit=9)
    assert line.after == {"table": "public", "format": "html", "month": "2026-10"}


def test_a_month_that_is_not_over_is_not_summed_up(site: Site) -> None:
    fill(site)
    visitor = site.visitor(Role.STAFF)
    page = visitor.get("/console/figures/public/2026-11")
    assert (page.status_code, "ยังไม่จบค่ะ" in text_of(page)) == (422, True)
    assert visitor.post("/console/figures/public/2026-11/download", {"format": "csv"}).status_code == 409


@pytest.mark.parametrize("month", ["1", "2026-13", "2026-1", "0001-01", "2569-10", "2026-10-01", "x" * 5000])
def test_what_is_no_month_is_not_found(site: Site, month: str) -> None:
    expected = 422 if month == "2569-10" else 404
    assert site.visitor(Role.STAFF).get(f"/console/figures/public/{month}").status_code == expected


def test_the_last_finished_month_is_offered_first(site: Site) -> None:
    page = site.visitor(Role.VOLUNTEER).get("/console/figures/public")
    assert page.location == "/console/figures/public/2026-10"


def test_numbers_are_written_as_people_read_them() -> None:
    assert [seconds(value) for value in (None, 0.5, 2.04, 90.0, 600.0)] == [
        "ยังไม่มีข้อมูล", "0.50 วินาที", "2.0 วินาที", "1.5 นาที", "เกิน 10 นาที",
    ]  # fmt: skip
    assert with_interval(Share(8, 10)) == "80% (ช่วงเชื่อมั่น 95%: 49–94.3%)"
    assert [round_top(value) for value in (4, 5, 31, 87, 600, 999)] == [4, 6, 40, 100, 600, 1000]
