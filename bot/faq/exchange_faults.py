"""What is wrong with a file that somebody brings in: where, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.faq.refusals import FaqRefusal

Reason = Literal[
    "too large",
    "unreadable",
    "wrong encoding",
    "mixed line ends",
    "missing sheet",
    "missing column",
    "unknown column",
    "unknown sheet",
    "too many rows",
    "too many columns",
    "too long",
    "formula",
    "not text",
    "unreadable letter",
    "empty",
    "duplicate id",
    "unknown id",
    "malformed",
    "content",
]


@dataclass(frozen=True)
class ImportFault:
    sheet: str
    """Of a table; of a folder, the file."""
    row: int | None
    """As the person's program counts them; of a text file, the line."""
    column: str | None
    reason: Reason
    detail: str = ""
    """The thing itself (an id, a limit), or for `content` the rule that is broken."""

    def __str__(self) -> str:
        place = [self.sheet, *([] if self.row is None else [str(self.row)]), *([self.column] if self.column else [])]
        said = self.detail if self.reason == "content" else f"{self.reason} {self.detail}".strip()
        return f"{':'.join(part for part in place if part)}: {said}"


class ImportRefused(FaqRefusal):
    """Everything that is wrong with the file, in the order of its rows."""

    def __init__(self, faults: list[ImportFault]) -> None:
        ordered = sorted(set(faults), key=lambda fault: (fault.sheet, fault.row or 0, fault.column or "", fault.detail))
        super().__init__("\n".join(str(fault) for fault in ordered))
        self.faults = tuple(ordered)
