"""A file with people's ids at LINE: CSV, a text with one a line, or a workbook; and which of its columns are read."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from bot.cli.event_faults import in_words
from bot.events.exchange_csv import decode
from bot.events.exchange_faults import ImportRefused
from bot.events.exchange_table import MOST_COLUMNS, alike, text_of
from bot.events.exchange_xlsx import require_harmless
from bot.outreach.people_import import Row, is_user_id, read_user_id

LARGEST_FILE = 30_000_000
MOST_ROWS = 500_000
USER_ID, PROGRAMMES, DISTRICT = "line_user_id", "programmes", "district"
KNOWN: Mapping[str, tuple[str, ...]] = {
    USER_ID: ("line user id", "line userid", "user id", "userid", "line id", "id", "ไอดีไลน์", "รหัสผู้ใช้ line", "รหัสไลน์"),
    PROGRAMMES: ("programmes", "programme", "program", "โครงการ", "เรื่องที่สนใจ", "สนใจ"),
    DISTRICT: ("district", "อำเภอ"),
}
"""By field: what its column may be called, the first one found counting."""
_DELIMITERS = ",;\t"
_LINE_END = re.compile(r"\r\n|\r|\n")
Numbered = Iterator[tuple[int, list[str]]]


class FileRefused(Exception):
    """There is no reading it at all. The message says why."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each field stands, from 0."""

    places: Mapping[str, int]
    unread: tuple[str, ...] = ()
    """What other columns are called."""


@dataclass(frozen=True, slots=True)
class Table:
    columns: Columns
    rows: Iterator[Row]
    """Raises FileRefused where the file breaks off."""


def read_table(name: str, data: bytes, *, called: Mapping[str, str]) -> Table:
    """`called`: fields whose columns have another name. Raises FileRefused."""
    if len(data) > LARGEST_FILE:
        raise FileRefused(f"the file is larger than {LARGEST_FILE // 1_000_000} MB. Split it")
    try:
        rows = _workbook(data) if name.lower().endswith((".xlsx", ".xlsm")) else _text(data)
    except ImportRefused as refused:
        told = "; ".join(in_words(fault).removeprefix("the file: ") for fault in refused.faults)
        raise FileRefused(told) from refused
    first = next((row for row in rows if any(cell.strip() for cell in row[1])), None)
    if first is None:
        raise FileRefused("the file is empty")
    columns = _columns(first[1], called)
    if columns is None:  # no headings: it begins at once
        if called:
            raise FileRefused("the first row holds no headings, so no column can be told by its name")
        columns, rows = Columns({USER_ID: _place_of_id(first[1])}), chain([first], rows)
    return Table(columns, _rows(rows, columns.places))


def _columns(header: Sequence[str], called: Mapping[str, str]) -> Columns | None:
    if any(is_user_id(read_user_id(cell)) for cell in header):
        return None
    names = [alike(cell) for cell in header]
    places = {}
    for field, known in KNOWN.items():
        wanted = (called[field],) if field in called else (field, *known)
        found = next((names.index(alike(name)) for name in wanted if alike(name) in names), None)
        if found is not None:
            places[field] = found
        elif field in called:
            raise FileRefused(f"there is no column {called[field]!r}; there are: {_listed(header)}")
    if USER_ID not in places:
        raise FileRefused(f"no column is called {USER_ID!r}; there are: {_listed(header)}. Say which with --id-column")
    return Columns(places, tuple(cell for place, cell in enumerate(header) if cell and place not in places.values()))


def _listed(header: Sequence[str]) -> str:
    return ", ".join(cell[:40] for cell in header[:MOST_COLUMNS] if cell) or "none"


def _place_of_id(cells: Sequence[str]) -> int:
    return next(place for place, cell in enumerate(cells) if is_user_id(read_user_id(cell)))


def _rows(rows: Numbered, places: Mapping[str, int]) -> Iterator[Row]:
    def cell(cells: Sequence[str], field: str) -> str:
        place = places.get(field)
        return text_of(cells[place]) if place is not None and place < len(cells) else ""

    for number, cells in rows:
        if any(text.strip() for text in cells):
            yield Row(number, cell(cells, USER_ID), cell(cells, PROGRAMMES), cell(cells, DISTRICT))


def _text(data: bytes) -> Numbered:
    text = decode(data)
    first = _LINE_END.split(text, maxsplit=1)[0]
    delimiter = max(_DELIMITERS, key=first.count)

    def numbered() -> Numbered:
        number = 0
        try:
            for number, cells in enumerate(
                csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 1
            ):
                yield _bounded(number), cells
        except csv.Error as error:
            raise FileRefused(f"row {number + 1}: the file is broken ({error})") from error

    return numbered()


def _workbook(data: bytes) -> Numbered:
    import openpyxl  # noqa: PLC0415  slow third-party module, only for this

    require_harmless(data)
    book = _guarded(lambda: openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False))
    if len(book.sheetnames) != 1:
        raise FileRefused("the workbook has several sheets. Keep the one with the ids")
    sheet = book[book.sheetnames[0]]
    _guarded(sheet.reset_dimensions)  # what the sheet says about its own size is not believed
    found = sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)

    def numbered() -> Numbered:
        number = 0
        while (cells := _guarded(lambda: next(found, None))) is not None:
            number += 1
            yield _bounded(number), ["" if cell is None else str(cell) for cell in cells]

    return numbered()


def _guarded(step: Callable[[], Any]) -> Any:  # noqa: ANN401 - the library's own types differ
    try:
        return step()
    except Exception as error:  # the library raises whatever a broken part makes it stumble over
        kind = type(error).__name__
        raise FileRefused(f"the file is broken, or of another kind than its name says ({kind})") from error


def _bounded(number: int) -> int:
    if number > MOST_ROWS + 1:
        raise FileRefused(f"there are more rows than {MOST_ROWS:,}. Split the file")
    return number
