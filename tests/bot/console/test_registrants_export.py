"""The list as a file, and on paper."""

from __future__ import annotations

import csv
import io
import re

import openpyxl
import pytest

from bot.outreach.permissions import Role
from bot.storage import check_ins, events
from tests.bot.console.registrant_site import Hall, a_hall, logged
from tests.bot.console.visiting import NINE, Site, text_of

NAMED = re.compile(r"<td><bdi>([^<]+)</bdi>")


@pytest.fixture
def hall(site: Site) -> Hall:
    """Two have a place, one of them has come, and one has cancelled."""
    hall = a_hall(site)
    one = hall.enter(1, "=HYPERLINK(1)", party=2, companions=("ตาแก้ว",), answers={hall.question_id: "yes"})
    hall.enter(2, "+66 ยาย", phone=None, district="mae_sai")
    gone = hall.enter(3)
    with site.database.transaction() as db:
        check_ins.insert_once(
            db, registration_id=one, event_id=hall.event_id, part=0, people=2, at=NINE, now=NINE, way="scan",
            staff_id=None, key="a",
        )  # fmt: skip
    site.visitor(Role.STAFF, name="อื่น").post(f"{hall.address}/{gone}/do", data={"do": "cancel", "why": "ซ้ำ"})
    return hall


def rows_of(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def test_a_file_has_a_column_for_whatever_is_asked(site: Site, hall: Hall) -> None:
    response = site.visitor(Role.STAFF).post(f"{hall.address}/download", data={"format": "csv"})
    head, first, second = rows_of(response.data)
    assert (
        response.headers["Content-Disposition"] == f'attachment; filename="registrants-{hall.event_id}-2026-11-30.csv"'
    )
    assert head == [
        "ที่", "สถานะ", "ชื่อ", "เบอร์โทร", "อำเภอ", "จำนวนคน", "คนที่มาด้วย", "ใช้รถรับส่งไหม", "รหัส", "ลงทะเบียนทาง",
        "ลงทะเบียนเมื่อ", "มาจริง (คน)",
    ]  # fmt: skip
    assert [*first[:8], *first[9:]] == [
        "1", "ยืนยันแล้ว", "'=HYPERLINK(1)", "081-234-0001", "", "2", "ตาแก้ว", "ใช่", "LINE", "30 พ.ย. 69 09:00", "2",
    ]  # fmt: skip
    assert second[2:6] == ["'+66 ยาย", "", "mae_sai", "1"]


def test_a_question_that_was_removed_keeps_its_answers(site: Site, hall: Hall) -> None:
    with site.database.transaction() as db:
        events.remove_question(db, hall.question_id, now=NINE)
    data = site.visitor(Role.STAFF).post(f"{hall.address}/download", data={"format": "csv"}).data
    assert rows_of(data)[0][7] == "ใช้รถรับส่งไหม (เลิกถามแล้ว)"


def test_a_workbook_runs_nothing_and_every_file_is_noted(site: Site, hall: Hall) -> None:
    staff = site.visitor(Role.STAFF)
    data = staff.post(f"{hall.address}/download", data={"format": "xlsx", "ended": "yes"}).data
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    cells = [[cell.value for cell in row[:3]] for row in sheet.iter_rows(min_row=2)]  # type: ignore[union-attr]
    assert [cell.data_type for cell in sheet["C"]] == ["s"] * 4  # type: ignore[index]
    assert [row[1] for row in cells] == ["ยืนยันแล้ว", "ยืนยันแล้ว", "ยกเลิก"]
    [line] = [line for line in logged(site) if line[0] == "export.registrants"]
    assert (line[1], line[3]["event_id"], line[3]["count"], line[3]["columns"][:3]) == (
        "export/registrants", hall.event_id, 3, ["ที่", "สถานะ", "ชื่อ"],
    )  # fmt: skip
    assert staff.post(f"{hall.address}/download", data={"format": "exe"}).status_code == 400


def test_no_file_says_who_somebody_is_on_line(site: Site, hall: Hall) -> None:
    data = site.visitor(Role.STAFF).post(f"{hall.address}/download", data={"format": "csv"}).data.decode()
    row = hall.row(1)
    assert [secret in data for secret in (f"U{1:032x}", row.ticket, row.owner_key)] == [False] * 3


def test_a_roster_is_in_the_order_of_the_alphabet(site: Site) -> None:
    hall = a_hall(site, capacity=4)
    for number, name in enumerate(("ไพโรจน์", "นายเกษม", "ปาน", "กมล")):
        hall.enter(number, name)
    hall.enter(7, "สมาน", party=2, companions=("กาหลง",))
    page = site.visitor(Role.STAFF).post(f"{hall.address}/roster", data={"empty": "yes"})
    said = page.get_data(as_text=True)
    assert NAMED.findall(said) == ["กมล", "นายเกษม", "ปาน", "ไพโรจน์"]
    assert (said.count("roster-empty"), "081-234" in said, "4 ราย 4 คน" in text_of(page)) == (12, False, True)
    more = site.visitor(Role.STAFF, name="other").post(
        f"{hall.address}/roster", data={"phones": "yes", "waiting": "yes"}
    )
    said = more.get_data(as_text=True)
    assert NAMED.findall(said)[4:] == ["สมาน", "กาหลง"]
    assert (said.count("081-234"), said.count('class="roster-box"'), "<small>มาด้วย</small>" in said) == (5, 6, True)
    assert [(action, after) for action, _, _, after in logged(site)] == [
        ("export.roster", {"event_id": hall.event_id, "count": 4, "phones": False}),
        ("export.roster", {"event_id": hall.event_id, "count": 5, "phones": True}),
    ]  # fmt: skip
