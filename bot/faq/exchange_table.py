"""The FAQ as tables: which columns there are, what may stand in a cell, and how large a file may be.

A spreadsheet program takes a text that begins with certain letters for a formula and runs it. Such a text goes out with
an apostrophe before it, and comes back without.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.faq.draft_checks import is_unreadable
from bot.faq.exchange_faults import ImportFault
from knowledge.care import NAMES as CARE

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "entries": (
        *("id", "title_th", "title_en", "answer_th", "answer_en", "unavailable_th", "unavailable_en"),
        *("actions", "related", *CARE),
    ),
    "details": ("id", "needs", "th", "en"),
    "variants": ("id", "text"),
}
"""By sheet, in any order. All must be there but those about an entry's care."""
LARGEST_FILE = 5_000_000
MOST_ROWS = 50_000
MOST_COLUMNS = 30
LONGEST_CELL = 6_000
LONGEST_SHOWN = 60
_RUNNABLE = re.compile(r"'*[=+\-@\t\r\n＝＋－＠|%]")
_NEUTRAL = re.compile(r"'+[=+\-@\t\r\n＝＋－＠|%]")


@dataclass(frozen=True)
class Row:
    number: int
    """As the person's program counts them."""
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Sheet:
    name: str
    rows: tuple[Row, ...]


def neutral(text: str) -> str:
    """A text that no spreadsheet program runs. `restored` is the inverse."""
    return f"'{text}" if _RUNNABLE.match(text) else text


def restored(cell: str) -> str:
    return cell[1:] if _NEUTRAL.match(cell) else cell


def header_faults(sheet: str, header: Sequence[str]) -> Iterator[ImportFault]:
    known = COLUMNS[sheet]
    for column in known:
        if column not in header and column not in CARE:
            yield ImportFault(sheet, 1, column, "missing column")
    for place, column in enumerate(header):
        if column and (column not in known or column in header[:place]):
            yield ImportFault(sheet, 1, column[:LONGEST_SHOWN], "unknown column")


def text_of(cell: str) -> str:
    """What was meant by the text of a cell: one kind of line end, no space around it, no apostrophe of ours."""
    return restored(cell.replace("\r\n", "\n").replace("\r", "\n")).strip()


def cell_fault(sheet: str, row: int, column: str, text: str) -> ImportFault | None:
    if len(text) > LONGEST_CELL:
        return ImportFault(sheet, row, column, "too long", f"{len(text)} > {LONGEST_CELL}")
    if is_unreadable(text):
        return ImportFault(sheet, row, column, "unreadable letter")
    return None
