"""One CSV file with all tables: the first column says to which of them a row belongs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from bot.faq.exchange_faults import ImportFault, ImportRefused
from bot.faq.exchange_rows import to_sheets
from bot.faq.exchange_table import (
    COLUMNS,
    LARGEST_FILE,
    LONGEST_SHOWN,
    MOST_COLUMNS,
    MOST_ROWS,
    Row,
    Sheet,
    cell_fault,
    neutral,
    text_of,
)
from knowledge.catalogue import Catalogue

SHEET = "sheet"
ALL = (SHEET, *dict.fromkeys(column for columns in COLUMNS.values() for column in columns))
NAME = "csv"
"""What faults of the file as a whole are said to be in."""
_DELIMITERS = ",;\t"
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_LINE_END = re.compile(r"\r\n|\r|\n")


def write_csv(catalogue: Catalogue) -> bytes:
    """UTF-8 with the mark by which spreadsheet programs know it."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(ALL)
    for name, rows in to_sheets(catalogue).items():
        for row in rows:
            cells = dict(zip(COLUMNS[name], row, strict=True)) | {SHEET: name}
            writer.writerow([neutral(cells.get(column, "")) for column in ALL])
    return stream.getvalue().encode("utf-8-sig")


def read_csv(data: bytes) -> tuple[dict[str, Sheet], list[ImportFault]]:
    """The tables, and what is wrong with single cells. Raises ImportRefused when there is no reading it at all."""
    if len(data) > LARGEST_FILE:
        raise ImportRefused([ImportFault(NAME, None, None, "too large", f"{len(data)} > {LARGEST_FILE}")])
    text = _decode(data)
    _require_one_line_end(text)
    first = _LINE_END.split(text, maxsplit=1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    rows = _rows(text, delimiter)
    _, header = next(rows, (1, []))
    header = [cell.strip() for cell in header]
    _require_columns(header)
    return _sort(rows, header)


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        raise ImportRefused([ImportFault(NAME, row, None, "wrong encoding", "UTF-8")]) from error


def _require_one_line_end(text: str) -> None:
    """Outside quotes: inside, a text may have line ends of its own."""
    bare = _QUOTED.sub(lambda match: "\0" * len(match[0]), text)
    ends = list(_LINE_END.finditer(bare))
    for number, end in enumerate(ends, 1):
        if end[0] != ends[0][0]:
            names = {"\r\n": "CRLF", "\n": "LF", "\r": "CR"}
            detail = f"{names[ends[0][0]]}, {names[end[0]]}"
            raise ImportRefused([ImportFault(NAME, number, None, "mixed line ends", detail)])


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Rows as a spreadsheet program counts them; a row with line ends in its texts is one."""
    number = 0
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 1):
            if number > MOST_ROWS + 1:
                raise ImportRefused([ImportFault(NAME, number, None, "too many rows", str(MOST_ROWS))])
            yield number, cells
    except csv.Error as error:
        raise ImportRefused([ImportFault(NAME, number + 1, None, "unreadable", str(error))]) from error


def _require_columns(header: list[str]) -> None:
    faults = [ImportFault(NAME, 1, column, "missing column") for column in ALL if column not in header]
    faults += [
        ImportFault(NAME, 1, column[:LONGEST_SHOWN], "unknown column")
        for place, column in enumerate(header)
        if column and (column not in ALL or column in header[:place])
    ]
    if len(header) > MOST_COLUMNS:
        faults = [ImportFault(NAME, 1, None, "too many columns", f"{len(header)} > {MOST_COLUMNS}")]
    if faults:
        raise ImportRefused(faults)


def _sort(rows: Iterator[tuple[int, list[str]]], header: list[str]) -> tuple[dict[str, Sheet], list[ImportFault]]:
    """Each row to its sheet."""
    found: dict[str, list[Row]] = {name: [] for name in COLUMNS}
    faults = []
    for number, raw in rows:
        if not any(cell.strip() for cell in raw):
            continue
        cells = {column: text_of(cell) for column, cell in zip(header, raw, strict=False) if column}
        name = cells.get(SHEET, "")
        if len(raw) > len(header):
            faults.append(ImportFault(name if name in COLUMNS else NAME, number, None, "too many columns"))
        if name not in COLUMNS:
            faults.append(ImportFault(NAME, number, SHEET, "unknown sheet", name[:LONGEST_SHOWN]))
            continue
        for column, cell in cells.items():
            fault = cell_fault(name, number, column, cell)
            faults += [] if fault is None else [fault]
        found[name].append(Row(number, {column: cells.get(column, "") for column in COLUMNS[name]}))
    return {name: Sheet(name, tuple(rows)) for name, rows in found.items()}, faults
