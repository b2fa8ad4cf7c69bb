"""Tables out and in."""

from __future__ import annotations

import io
from dataclasses import replace

import openpyxl
import pytest

from bot.faq import exchange, exchange_csv
from knowledge.catalogue import Catalogue
from tests.bot.console.faq_site import actions_noted, draft_of, published, save, visitor, words
from tests.bot.console.visiting import Site, Visitor
from tests.knowledge.content import HOURS

__all__ = ["published", "visitor"]

FILES = "/console/faq/files"


def bring(visitor: Visitor, data: bytes, name: str = "faq.csv") -> tuple[int, str]:
    answer = visitor.post(FILES, data={"file": (io.BytesIO(data), name)}, content_type="multipart/form-data")
    return answer.status_code, words(answer)


def changed(catalogue: Catalogue) -> Catalogue:
    hours = catalogue.entries["center.hours"]
    return replace(
        catalogue,
        entries={
            **catalogue.entries,
            "center.hours": replace(hours, answer={"th": "=เปิดค่ะ"}, variants=(*HOURS, "@ยัง")),
        },
    )


def test_a_csv_of_what_is_in_force(visitor: Visitor, small_catalogue: Catalogue) -> None:
    answer = visitor.get(f"{FILES}/in-force.csv")
    assert answer.data == exchange.write_csv(small_catalogue)
    assert answer.data[:3] == b"\xef\xbb\xbf"
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    name = f"faq-in-force-{small_catalogue.version[:12]}.csv"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_workbook_of_the_draft_holds_no_formula(visitor: Visitor) -> None:
    save(visitor, answer_th="=1+1")
    answer = visitor.get(f"{FILES}/draft.xlsx")
    assert answer.headers["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    cells = {cell.value: cell.data_type for row in book["entries"].iter_rows() for cell in row}
    assert cells["'=1+1"] == "s"
    assert "f" not in cells.values()


@pytest.mark.parametrize("path", ["draft.pdf", "moon.csv", "x.y"])
def test_what_there_is_not(visitor: Visitor, path: str) -> None:
    assert visitor.get(f"{FILES}/{path}").status_code == 404


@pytest.mark.parametrize(("name", "write"), [("faq.csv", exchange.write_csv), ("ตาราง.XLSX", exchange.write_xlsx)])
def test_what_is_brought_in_becomes_the_draft(
    published: Site, visitor: Visitor, small_catalogue: Catalogue, name: str, write: type[exchange.write_csv]
) -> None:
    wanted = changed(small_catalogue)
    assert bring(visitor, write(wanted), name)[0] == 302
    draft = draft_of(published)
    assert draft is not None
    assert draft.catalogue == wanted
    assert "นำเข้าฉบับร่างแล้วค่ะ แก้ 1 เรื่อง" in words(visitor.get("/console/faq/draft"))
    assert actions_noted(published) == ["faq.imported"]
    visitor.post("/console/faq/draft/undo", data={"revision": 2})
    draft = draft_of(published)
    assert draft is not None
    assert draft.catalogue == small_catalogue


def test_the_same_again_changes_nothing(published: Site, visitor: Visitor, small_catalogue: Catalogue) -> None:
    assert bring(visitor, exchange.write_csv(small_catalogue))[0] == 302
    assert draft_of(published) is None


def test_every_fault_is_said_with_its_row_and_nothing_is_taken(
    published: Site, visitor: Visitor, small_catalogue: Catalogue
) -> None:
    text = exchange.write_csv(small_catalogue).decode("utf-8-sig")
    rows = text.split("\r\n")
    rows[1] = rows[1].replace("เรื่องหนึ่ง", "ชื่อเรื่องที่ยาวเกินกว่าปุ่มจะรับได้")
    rows[2] = rows[2].replace("list_events(forum)", "Dance!")
    rows.insert(4, rows[1])
    status, said = bring(visitor, "\r\n".join(rows).encode())
    assert status == 422
    assert "ยังไม่ได้นำเข้าค่ะ ไฟล์มี 3 ที่ต้องแก้ ฉบับร่างไม่เปลี่ยน" in said
    assert "เรื่อง (entries) แถว 2 คอลัมน์ title_th ยาว" in said
    assert "เรื่อง (entries) แถว 3 คอลัมน์ actions เขียน Dance! ไม่ถูกแบบ" in said
    assert "เรื่อง (entries) แถว 5 คอลัมน์ id รหัสเรื่อง center.hours ซ้ำ" in said
    assert draft_of(published) is None


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"", "faq.csv", "ไม่มีคอลัมน์นี้"),
        ("ก".encode("tis-620"), "faq.csv", "อ่านตัวอักษรไม่ได้ บันทึกไฟล์เป็น UTF-8 นะคะ"),
        (b"a,b\r\nc,d\n", "faq.csv", "ปลายบรรทัดปนกันหลายแบบ"),
        (b"PK\x03\x04 not really", "faq.xlsx", "อ่านไม่ได้ ไฟล์อาจเสีย"),
        (b"#!/bin/sh", "run.sh", "รับไฟล์ .csv หรือ .xlsx ค่ะ"),
        (b"<svg/>", "faq.csv.svg", "รับไฟล์ .csv หรือ .xlsx ค่ะ"),
    ],
)
def test_a_file_that_cannot_be_read(published: Site, visitor: Visitor, data: bytes, name: str, said: str) -> None:
    status, page = bring(visitor, data, name)
    assert status == 422
    assert said in page
    assert draft_of(published) is None


def test_a_file_that_is_too_large(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange_csv, "LARGEST_FILE", 9)
    status, page = bring(visitor, b"x" * 10)
    assert status == 422
    assert "ทั้งไฟล์ ใหญ่เกินไป (10 > 9)" in page


def test_no_file_at_all_and_one_with_an_odd_name(
    published: Site, visitor: Visitor, small_catalogue: Catalogue
) -> None:  # fmt: skip
    assert visitor.post(FILES).status_code == 422
    assert bring(visitor, exchange.write_csv(changed(small_catalogue)), "../../etc/<b>x.csv")[0] == 302
    assert "<b>x" not in visitor.get("/console/faq/draft").get_data(as_text=True)
    assert "นำเข้าจาก <b>x.csv" in words(visitor.get("/console/faq/draft"))
