"""Tables to take away: nothing in them runs."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date

import openpyxl
import pytest

from bot.console.tables import Table, to_csv, to_xlsx

RUNNABLE = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("https://evil.example")', "＝1+1")


def rows_of(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_a_csv_file_begins_with_the_mark_that_spreadsheets_know() -> None:
    table = Table("a", "ก", ("เรื่อง", "คน"), (("เวลาทำการ", 1234), ("ไม่มี", None)))
    data = to_csv(table)
    assert data.startswith(b"\xef\xbb\xbf")
    assert rows_of(data) == [["เรื่อง", "คน"], ["เวลาทำการ", "1234"], ["ไม่มี", ""]]


def test_a_date_stands_there_for_people_and_for_sorting() -> None:
    table = Table("a", "ก", ("วันที่", "คน"), ((date(2026, 11, 24), 3),))
    assert rows_of(to_csv(table)) == [["วันที่", "วันที่ (ค.ศ.)", "คน"], ["24 พฤศจิกายน 2569", "2026-11-24", "3"]]
    assert table.texts == [["24 พ.ย. 69", "3"]]


@pytest.mark.parametrize("text", RUNNABLE)
def test_no_text_is_taken_for_a_formula(text: str) -> None:
    table = Table("a", "ก", (text, "n"), ((text, -5),))
    assert rows_of(to_csv(table)) == [[f"'{text}", "n"], [f"'{text}", "-5"]]
    data = to_xlsx([table])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    assert [cell.data_type for row in sheet.iter_rows() for cell in row] == ["s", "s", "s", "n"]
    assert str(sheet["A2"].value)[0] == "'"


def test_a_workbook_has_a_sheet_for_each_table() -> None:
    tables = [Table("a", "ก", ("x",), ((1.5,),)), Table("b", "ข", ("y", "z"), ())]
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(tables)))
    assert {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book.worksheets} == {
        "ก": [["x"], [1.5]],
        "ข": [["y", "z"]],
    }
