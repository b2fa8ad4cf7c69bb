"""Events as a workbook."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from bot.events.exchange_cells import write_yes
from bot.events.exchange_faults import ImportFault, ImportRefused, Reason, refused
from bot.events.exchange_table import (
    LARGEST_FILE,
    LONGEST_SHOWN,
    MOST_COLUMNS,
    MOST_ROWS,
    SHEET,
    SHEETS,
    WRITTEN,
    Row,
    Sheet,
    alike,
    cell_fault,
    field_of,
    header_faults,
    neutral,
    text_of,
)

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

LARGEST_UNPACKED = 40_000_000
HIGHEST_RATIO = 100
SMALL_PART = 100_000
"""A part of the archive that is smaller than this may be packed as tightly as it likes."""
MOST_PARTS = 200
_MACROS = re.compile(r"vbaproject|macrosheets/|activex/", re.IGNORECASE)
_LINKS = re.compile(r"externallinks/|embeddings/|connections\.xml$|querytables/", re.IGNORECASE)
ANY_DAY = date(2000, 1, 1)
_WIDE, _NARROW = 48, 20
_LONG_TEXTS = ("title", "summary", "sessions", "questions", "place_address", "bring", "purpose")


def write_xlsx(rows: Sequence[dict[str, str]]) -> bytes:
    """Every cell is a text: nothing in it is run, counted or made a link."""
    import xlsxwriter  # noqa: PLC0415  slow third-party module, only for this

    stream = io.BytesIO()
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(stream, plain) as book:
        head, body = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet(SHEET)
        sheet.freeze_panes(1, 3)
        for place, (name, heading) in enumerate(WRITTEN.items()):
            sheet.set_column(place, place, _WIDE if name in _LONG_TEXTS else _NARROW)
            sheet.write_string(0, place, heading, head)
        for number, row in enumerate(rows, 1):
            for place, name in enumerate(WRITTEN):
                if row[name]:
                    sheet.write_string(number, place, neutral(row[name]), body)
    return stream.getvalue()


def read_xlsx(data: bytes) -> Sheet:
    """Formulas are found and refused, so what a program last made of them is never asked for. Raises ImportRefused."""
    import openpyxl  # noqa: PLC0415  slow third-party module, only for this

    require_harmless(data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        try:
            return _read(book)
        finally:
            book.close()
    except ImportRefused:
        raise
    except Exception as error:  # the library raises whatever a broken part makes it stumble over
        raise refused(Reason.UNREADABLE, type(error).__name__) from error


def require_harmless(data: bytes) -> None:
    """What it would unpack to is known before anything is unpacked; unpacking stops at what was said. Raises
    ImportRefused."""
    if len(data) > LARGEST_FILE:
        raise refused(Reason.TOO_LARGE, str(LARGEST_FILE))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
                raise refused(Reason.TOO_LARGE, str(LARGEST_UNPACKED))
            for part in parts:
                _require_harmless_part(archive, part)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as error:
        raise refused(Reason.UNREADABLE, type(error).__name__) from error


def _require_harmless_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    if part.file_size > SMALL_PART and part.file_size / max(part.compress_size, 1) > HIGHEST_RATIO:
        raise refused(Reason.TOO_LARGE, str(LARGEST_UNPACKED))
    if _MACROS.search(part.filename):
        raise refused(Reason.MACROS)
    if _LINKS.search(part.filename):
        raise refused(Reason.EXTERNAL_LINKS)
    if part.filename.endswith((".xml", ".rels")):
        # No workbook has a document type; one that has may swell while it is read. Nor is any written in UTF-16, where
        # one would not be seen.
        text = archive.read(part)
        if b"<!DOCTYPE" in text or b"\x00" in text:
            raise refused(Reason.UNREADABLE, "DOCTYPE")


def _read(book: Workbook) -> Sheet:
    names = [name for name in book.sheetnames if alike(name) in SHEETS] or book.sheetnames
    if len(names) != 1:
        raise refused(Reason.MISSING_SHEET, SHEET)
    rows = _rows(book[names[0]])
    header = [str(cell.value or "").strip() for cell in next(rows, (1, ()))[1]]
    while header and not header[-1]:
        header.pop()
    broken = tuple(header_faults(header))
    if broken:
        raise ImportRefused(broken)
    faults: list[ImportFault] = []
    headings = {name: heading for heading in header if (name := field_of(heading))}
    found = [Row(number, _texts(number, cells, header, faults)) for number, cells in rows]
    return Sheet(headings, tuple(row for row in found if any(row.cells.values())), tuple(faults))


def _rows(sheet: Any) -> Iterator[tuple[int, tuple[Any, ...]]]:  # noqa: ANN401 - the library's own types differ
    """What the sheet says about its own size is not believed."""
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS + 1), 1):
        if number > MOST_ROWS + 1:
            raise refused(Reason.TOO_MANY_ROWS, str(MOST_ROWS), row=number)
        yield number, cells


def _texts(number: int, cells: tuple[Any, ...], header: list[str], faults: list[ImportFault]) -> dict[str, str]:
    found = {name: "" for heading in header if (name := field_of(heading))}
    for place, cell in enumerate(cells):
        if cell.value is None:
            continue
        heading = header[place] if place < len(header) else ""
        name = field_of(heading)
        text = _text(cell)
        if isinstance(text, Reason):
            faults.append(ImportFault(number, heading[:LONGEST_SHOWN] or None, text))
        elif name:
            fault = cell_fault(number, heading[:LONGEST_SHOWN], text)
            faults += [] if fault is None else [fault]
            found[name] = text
        elif text:
            faults.append(ImportFault(number, None, Reason.TOO_MANY_COLUMNS, str(len(header))))
    return found


def _nearest_minute(moment: datetime) -> datetime:
    """A program keeps a time as a fraction of a day: 10:20 may be a few microseconds short of it."""
    return moment + timedelta(seconds=30)


def _text(cell: Any) -> str | Reason:  # noqa: ANN401 - as above
    """Days and times are written out, to be read like typed ones: some programs store a Buddhist year as it is."""
    value = cell.value
    if cell.data_type == "f":
        return Reason.FORMULA
    if isinstance(value, bool):
        return write_yes(value)
    if isinstance(value, datetime):
        has_time = value.time() != time() or "h" in str(cell.number_format).lower()
        return f"{value.day}/{value.month}/{value.year}" + (f" {_nearest_minute(value):%H:%M}" if has_time else "")
    if isinstance(value, time):
        return f"{_nearest_minute(datetime.combine(ANY_DAY, value)):%H:%M}"
    if isinstance(value, float):
        value = int(value) if value.is_integer() else repr(value)
    return text_of(str(value)) if isinstance(value, (int, str)) else Reason.NOT_TEXT
