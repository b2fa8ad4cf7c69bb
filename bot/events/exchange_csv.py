"""Events as one CSV file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence

from bot.events.exchange_faults import ImportFault, ImportRefused, Reason, refused
from bot.events.exchange_table import (
    LARGEST_FILE,
    LONGEST_SHOWN,
    MOST_ROWS,
    WRITTEN,
    Row,
    Sheet,
    cell_fault,
    field_of,
    header_faults,
    neutral,
    text_of,
)

_DELIMITERS = ",;\t"
_LINE_END = re.compile(r"\r\n|\r|\n")
_THAI = re.compile(r"[\u0e01-\u0e5b]{3}")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def write_csv(rows: Sequence[dict[str, str]]) -> bytes:
    """UTF-8 with the mark by which spreadsheet programs know it."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(WRITTEN.values())
    for row in rows:
        writer.writerow([neutral(row[name]) for name in WRITTEN])
    return stream.getvalue().encode("utf-8-sig")


def read_csv(data: bytes) -> Sheet:
    """UTF-8, with or without its mark; no other encoding is guessed at. Raises ImportRefused."""
    if len(data) > LARGEST_FILE:
        raise refused(Reason.TOO_LARGE, str(LARGEST_FILE))
    text = decode(data)
    first = _LINE_END.split(text, maxsplit=1)[0]
    rows = _rows(text, max(_DELIMITERS, key=first.count))
    header = [cell.strip() for cell in next(rows, (1, []))[1]]
    while header and not header[-1]:
        header.pop()
    broken = tuple(header_faults(header))
    if broken:
        raise ImportRefused(broken)
    return _sheet(rows, header)


def decode(data: bytes) -> str:
    """Raises ImportRefused, with the encoding that it seems to be in."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        raise refused(Reason.WRONG_ENCODING, _encoding_of(data), row=row) from error


def _encoding_of(data: bytes) -> str:
    if data.startswith(_UTF_16):
        return "UTF-16"
    return "TIS-620" if _THAI.search(data.decode("cp874", errors="replace")) else ""


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Rows as a spreadsheet program counts them; a row with line ends in its texts is one."""
    number = 0
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 1):
            if number > MOST_ROWS + 1:
                raise refused(Reason.TOO_MANY_ROWS, str(MOST_ROWS), row=number)
            yield number, cells
    except csv.Error as error:
        raise refused(Reason.UNREADABLE, str(error), row=number + 1) from error


def _sheet(rows: Iterator[tuple[int, list[str]]], header: list[str]) -> Sheet:
    headings = {name: heading for heading in header if (name := field_of(heading))}
    found, faults = [], []
    for number, raw in rows:
        if not any(cell.strip() for cell in raw):
            continue
        if any(cell.strip() for cell in raw[len(header) :]):
            faults.append(ImportFault(number, None, Reason.TOO_MANY_COLUMNS, str(len(header))))
        cells = dict.fromkeys(headings, "")
        for heading, cell in zip(header, raw, strict=False):
            name, text = field_of(heading), text_of(cell)
            fault = cell_fault(number, heading[:LONGEST_SHOWN], text)
            faults += [] if fault is None else [fault]
            if name:
                cells[name] = text
        found.append(Row(number, cells))
    return Sheet(headings, tuple(found), tuple(faults))
