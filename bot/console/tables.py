"""A table as a file to take away: CSV and XLSX that no spreadsheet program runs anything of."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import xlsxwriter

from bot import thai_dates
from bot.faq.exchange_table import neutral

CSV_TYPE: Final = "text/csv; charset=utf-8"
XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_SHEET_NAME: Final = 31
WIDEST: Final = 60

MONTHS: Final = (
    "ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.",
)  # fmt: skip

Cell = str | int | float | date | None


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    """In addresses and file names."""
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def texts(self) -> list[list[str]]:
        """The rows as people read them."""
        return [[_text(cell) for cell in row] for row in self.rows]


def short_date(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {thai_dates.buddhist_year(day) % 100:02d}"


def to_csv(table: Table) -> bytes:
    """UTF-8 with the mark by which spreadsheet programs know it. Dates in Thai, and once more so that they sort."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    for row in _lines(table):
        writer.writerow([neutral(cell) if isinstance(cell, str) else "" if cell is None else cell for cell in row])
    return stream.getvalue().encode("utf-8-sig")


def to_xlsx(tables: Sequence[Table]) -> bytes:
    """A sheet for each."""
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(stream, options) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        for table in tables:
            lines = list(_lines(table))
            sheet = book.add_worksheet(table.title[:LONGEST_SHEET_NAME])
            sheet.freeze_panes(1, 0)
            for number, row in enumerate(lines):
                for column, cell in enumerate(row):
                    if isinstance(cell, str):
                        sheet.write_string(number, column, neutral(cell), None if number else bold)
                    elif cell is not None:
                        sheet.write_number(number, column, cell)
            for column in range(len(lines[0])):
                widest = max(len(str(row[column])) for row in lines)
                sheet.set_column(column, column, min(widest + 2, WIDEST))
    return stream.getvalue()


def _text(cell: Cell) -> str:
    if isinstance(cell, date):
        return short_date(cell)
    if isinstance(cell, float):
        return f"{cell:,.2f}"
    return "–" if cell is None else cell if isinstance(cell, str) else f"{cell:,}"


def _lines(table: Table) -> Iterator[list[str | int | float | None]]:
    """The head, then the rows."""
    dated = [bool(table.rows) and isinstance(cell, date) for cell in (table.rows[0] if table.rows else table.columns)]
    head: list[str | int | float | None] = []
    for name, is_date in zip(table.columns, dated, strict=True):
        head += [name, f"{name} (ค.ศ.)"] if is_date else [name]
    yield head
    for row in table.rows:
        line: list[str | int | float | None] = []
        for cell in row:
            line += [thai_dates.long_date(cell), cell.isoformat()] if isinstance(cell, date) else [cell]
        yield line
