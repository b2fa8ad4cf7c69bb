"""What is wrong with a file of events that somebody brings in: where, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.events.event_checks import Fault
from bot.events.refusals import Refused
from bot.thai_date_reading import CannotRead


class Reason(StrEnum):
    TOO_LARGE = "too large"
    UNREADABLE = "unreadable"
    WRONG_ENCODING = "wrong encoding"
    """`detail` is the encoding that it seems to be in."""
    MISSING_COLUMN = "missing column"
    UNKNOWN_COLUMN = "unknown column"
    COLUMN_TWICE = "column twice"
    MISSING_SHEET = "missing sheet"
    TOO_MANY_ROWS = "too many rows"
    TOO_MANY_COLUMNS = "too many columns"
    TOO_LONG = "too long"
    FORMULA = "formula"
    NOT_TEXT = "not text"
    UNREADABLE_LETTER = "unreadable letter"
    MACROS = "macros"
    EXTERNAL_LINKS = "external links"
    EMPTY = "empty"
    """The file holds no event."""
    TWICE = "twice"
    """Another row is the same event; `detail` is the row."""
    NOT_A_NUMBER = "not a number"
    NOT_A_CHOICE = "not a choice"
    MALFORMED = "malformed"
    TWO_ENDS = "two ends"
    """One end beside the start, another in the column for it."""
    REPEATS = "repeats"
    UNKNOWN_ZONE = "unknown zone"
    CALLED_OFF = "called off"
    """Here; it cannot be changed any more."""
    CALLS_OFF = "calls off"
    """In the file, and not here: people must be told, so no file does it."""


@dataclass(frozen=True)
class ImportFault:
    row: int | None
    """As the person's program counts them; of a calendar, the line at which the event begins."""
    column: str | None
    """As it is called in the file."""
    reason: Reason | Fault | CannotRead
    detail: str = ""
    part: int | None = None
    """Which session or question of the cell, from 1."""


@dataclass(eq=False)
class ImportRefused(Refused):
    """Everything that is wrong with the file, in the order of its rows."""

    faults: tuple[ImportFault, ...]

    def __post_init__(self) -> None:
        self.faults = tuple(sorted(dict.fromkeys(self.faults), key=lambda fault: fault.row or 0))


def refused(reason: Reason, detail: str = "", *, row: int | None = None, column: str | None = None) -> ImportRefused:
    """Of the file as a whole."""
    return ImportRefused((ImportFault(row, column, reason, detail),))
