"""The tables as a workbook, a sheet for each."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from bot.faq.exchange_faults import ImportFault, ImportRefused
from bot.faq.exchange_rows import to_sheets
from bot.faq.exchange_table import (
    COLUMNS,
    LARGEST_FILE,
    MOST_COLUMNS,
    MOST_ROWS,
    Row,
    Sheet,
    cell_fault,
    header_faults,
    neutral,
    text_of,
)
from knowledge.catalogue import Catalogue

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

NAME = "xlsx"
"""What faults of the file as a whole are said to be in."""
LARGEST_UNPACKED = 40_000_000
HIGHEST_RATIO = 100
SMALL_PART = 100_000
"""A part of the archive that is smaller than this may be packed as tightly as it likes."""
MOST_PARTS = 200
_WIDE, _NARROW = 60, 24
_LONG_TEXTS = ("answer_th", "answer_en", "unavailable_th", "unavailable_en", "text", "th", "en")


def write_xlsx(catalogue: Catalogue) -> bytes:
    """Every cell is a text: nothing in it is run, counted or made a link."""
    import xlsxwriter  # noqa: PLC0415  slow third-party module, only for this

    stream = io.BytesIO()
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(stream, plain) as book:
        head, body = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        for name, rows in to_sheets(catalogue).items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 1)
            for place, column in enumerate(COLUMNS[name]):
                sheet.set_column(place, place, _WIDE if column in _LONG_TEXTS else _NARROW)
                sheet.write_string(0, place, column, head)
            for number, row in enumerate(rows, 1):
                for place, text in enumerate(row):
                    if text:
                        sheet.write_string(number, place, neutral(text), body)
    return stream.getvalue()


def read_xlsx(data: bytes) -> tuple[dict[str, Sheet], list[ImportFault]]:
    """The tables, and what is wrong with single cells. Raises ImportRefused when there is no reading it at all.

    Formulas are found and refused, so what a program last made of them is never asked for.
    """
    import openpyxl  # noqa: PLC0415  slow third-party module, only for this

    _require_harmless(data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        try:
            return _read(book)
        finally:
            book.close()
    except ImportRefused:
        raise
    except Exception as error:  # the library raises whatever a broken part makes it stumble over
        raise ImportRefused([ImportFault(NAME, None, None, "unreadable", type(error).__name__)]) from error


def _require_harmless(data: bytes) -> None:
    """What it would unpack to is known before anything is unpacked; unpacking stops at what was said."""
    if len(data) > LARGEST_FILE:
        raise ImportRefused([ImportFault(NAME, None, None, "too large", f"{len(data)} > {LARGEST_FILE}")])
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
                raise ImportRefused([ImportFault(NAME, None, None, "too large", str(LARGEST_UNPACKED))])
            for part in parts:
                packed = max(part.compress_size, 1)
                if part.file_size > SMALL_PART and part.file_size / packed > HIGHEST_RATIO:
                    raise ImportRefused([ImportFault(NAME, None, None, "too large", f"1 : {HIGHEST_RATIO}")])
                if _declares_entities(archive, part):
                    raise ImportRefused([ImportFault(NAME, None, None, "unreadable", "DOCTYPE")])
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as error:
        raise ImportRefused([ImportFault(NAME, None, None, "unreadable", type(error).__name__)]) from error


def _declares_entities(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """No workbook has a document type; one that has may swell while it is read. Nor is any written in UTF-16, where
    one would not be seen."""
    if not part.filename.endswith((".xml", ".rels")):
        return False
    text = archive.read(part)
    return b"<!DOCTYPE" in text or b"\x00" in text


def _read(book: Workbook) -> tuple[dict[str, Sheet], list[ImportFault]]:
    missing = [ImportFault(name, None, None, "missing sheet") for name in COLUMNS if name not in book.sheetnames]
    unknown = [ImportFault(name, None, None, "unknown sheet") for name in book.sheetnames if name not in COLUMNS]
    if missing:
        raise ImportRefused([*missing, *unknown])
    faults, sheets, broken = unknown, {}, []
    for name in COLUMNS:
        rows = _rows(name, book[name])
        _, header_cells = next(rows, (1, ()))
        header = [str(cell.value or "").strip() for cell in header_cells]
        while header and not header[-1]:
            header.pop()
        broken += list(header_faults(name, header))
        if len(header) > MOST_COLUMNS:
            broken.append(ImportFault(name, 1, None, "too many columns", str(MOST_COLUMNS)))
        if not broken:
            sheets[name] = Sheet(name, tuple(_texts(name, rows, header, faults)))
    if broken:
        raise ImportRefused([*broken, *faults])
    return sheets, faults


def _rows(name: str, sheet: Any) -> Iterator[tuple[int, tuple[Any, ...]]]:  # noqa: ANN401 - the library's own types differ
    """What the sheet says about its own size is not believed."""
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS + 1), 1):
        if number > MOST_ROWS + 1:
            raise ImportRefused([ImportFault(name, number, None, "too many rows", str(MOST_ROWS))])
        yield number, cells


def _texts(
    name: str, rows: Iterable[tuple[int, tuple[Any, ...]]], header: list[str], faults: list[ImportFault]
) -> Iterator[Row]:
    for number, cells in rows:
        found: dict[str, str] = {}
        for place, cell in enumerate(cells):
            if cell.value is None:
                continue
            column = header[place] if place < len(header) and header[place] else f"#{place + 1}"
            text, fault = _text(name, number, column, cell)
            if column not in COLUMNS[name] and text:
                fault = ImportFault(name, number, column, "unknown column")
            faults += [] if fault is None else [fault]
            found[column] = text
        if any(found.values()):
            yield Row(number, _complete(name, found))


def _text(sheet: str, row: int, column: str, cell: Any) -> tuple[str, ImportFault | None]:  # noqa: ANN401
    """Whole numbers are what somebody typed as a text and the program took for a number."""
    value = cell.value
    if cell.data_type == "f":
        return "?", ImportFault(sheet, row, column, "formula")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return "?", ImportFault(sheet, row, column, "not text", type(value).__name__)
    text = text_of(value)
    return text, cell_fault(sheet, row, column, text)


def _complete(name: str, cells: Mapping[str, str]) -> dict[str, str]:
    return {column: cells.get(column, "") for column in COLUMNS[name]}
