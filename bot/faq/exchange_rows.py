"""A catalogue's entries as the rows of tables, and back: into a catalogue, or into every fault with its row."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace

from bot.faq.changes import action_text
from bot.faq.draft_checks import formed
from bot.faq.exchange_faults import ImportFault, ImportRefused, Reason
from bot.faq.exchange_table import COLUMNS, LONGEST_SHOWN, Row, Sheet
from bot.faq.wordings import key_of
from knowledge.care import NAMES as CARE
from knowledge.care import UNCARED_FOR, Care
from knowledge.catalogue import Catalogue
from knowledge.checks import check
from knowledge.content_files import LANGUAGES
from knowledge.entries import Action, Detail, Entry, Fault

_ACTION = re.compile(r"([a-z_]+)(?:\(([a-z_]+)\))?")
_SEPARATOR = re.compile(r"[,;\n]")
_MARK = "\t"
"""Between a sheet and a column, where knowledge's checks know only of a file."""
_COLUMN_OF_PART = {
    "title": "title_th",
    "answer": "answer_th",
    "unavailable": "unavailable_th",
    "details": "unavailable_th",
    "actions": "actions",
    "related": "related",
    "variants": "id",
    "care": "confirmed",
}


def to_sheets(catalogue: Catalogue) -> dict[str, list[tuple[str, ...]]]:
    """The rows of each sheet, in the order of its columns."""
    sheets: dict[str, list[tuple[str, ...]]] = {name: [] for name in COLUMNS}
    for entry in catalogue.entries.values():
        unavailable = entry.unavailable or {}
        cells = {"id": entry.id, "related": ", ".join(entry.related)}
        cells["actions"] = ", ".join(action_text(action) for action in entry.actions)
        for name, texts in (("title", entry.title), ("answer", entry.answer), ("unavailable", unavailable)):
            cells |= {f"{name}_{language}": texts.get(language, "") for language in LANGUAGES}
        cells |= asdict(entry.care) if entry.care != UNCARED_FOR else dict.fromkeys(CARE, "")
        sheets["entries"].append(tuple(cells[column] for column in COLUMNS["entries"]))
        sheets["details"] += [
            (entry.id, ", ".join(detail.needs), *(detail.text.get(language, "") for language in LANGUAGES))
            for detail in entry.details
        ]
        sheets["variants"] += [(entry.id, text) for text in entry.variants]
    return sheets


def to_catalogue(sheets: Mapping[str, Sheet], *, base: Catalogue, faults: Sequence[ImportFault] = ()) -> Catalogue:
    """The base with its entries replaced by those of the tables. What the tables do not have (phrases, messages that
    are not ours, the lexicon, the pack) stays. Raises ImportRefused, with `faults` among the rest."""
    book = _Book(base, list(faults))
    for row in sheets["entries"].rows:
        book.read_entry(row)
    for row in sheets["details"].rows:
        book.read_detail(row)
    for row in sheets["variants"].rows:
        book.read_variant(row)
    if not sheets["entries"].rows:
        book.faults.append(ImportFault("entries", None, None, "empty"))
    entries = {entry_id: book.build(entry_id) for entry_id in sorted(book.rows)}
    checkable = {entry_id: formed(entry) for entry_id, entry in entries.items()}
    for fault in check(checkable, base.pack, book.messages(), book.places):
        book.note(fault)
    if book.faults:
        raise ImportRefused(book.faults)
    return replace(base, entries=entries)


@dataclass
class _Book:
    """The tables read so far. `places` tells where a thing stands, in the way of knowledge.checks."""

    base: Catalogue
    faults: list[ImportFault]
    rows: dict[str, Row] = field(default_factory=dict)
    actions: dict[str, tuple[Action, ...]] = field(default_factory=dict)
    details: dict[str, list[Detail]] = field(default_factory=lambda: defaultdict(list))
    variants: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    places: dict[object, tuple[str, int | None]] = field(default_factory=dict)
    rows_of_wordings: dict[str, int] = field(default_factory=dict)

    def read_entry(self, row: Row) -> None:
        entry_id = row.cells["id"]
        if not entry_id or entry_id in self.rows:
            self._fault("entries", row, "id", "duplicate id" if entry_id else "empty", entry_id)
            return
        self.rows[entry_id] = row
        self.actions[entry_id] = tuple(self._read_actions(row))
        for column in ("title_th", "answer_th"):
            if not row.cells[column]:
                self._fault("entries", row, column, "empty")
        if row.cells["unavailable_en"] and not row.cells["unavailable_th"]:
            self._fault("entries", row, "unavailable_th", "empty")
        for part, column in _COLUMN_OF_PART.items():
            self.places[entry_id, part] = (f"entries{_MARK}{column}", row.number)
        self.places[entry_id] = (f"entries{_MARK}id", row.number)

    def read_detail(self, row: Row) -> None:
        if not self._has_owner("details", row):
            return
        entry_id, detail = row.cells["id"], Detail(_names(row.cells["needs"]), _by_language(row.cells, ""))
        for column, there in (("needs", detail.needs), ("th", detail.text.get("th"))):
            if not there:
                self._fault("details", row, column, "empty")
        if not self.details[entry_id]:
            self.places[entry_id, "details"] = (f"details{_MARK}th", row.number)
        self.details[entry_id].append(detail)

    def read_variant(self, row: Row) -> None:
        entry_id, text = row.cells["id"], row.cells["text"]
        if not self._has_owner("variants", row):
            return
        if not text:
            self._fault("variants", row, "text", "empty")
            return
        self.variants[entry_id].append(text)
        self.places.setdefault((entry_id, text), (f"variants{_MARK}text", row.number))
        self.rows_of_wordings.setdefault(key_of(text), row.number)

    def build(self, entry_id: str) -> Entry:
        cells, known = self.rows[entry_id].cells, self.base.entries.get(entry_id)
        return Entry(
            id=entry_id,
            title=_by_language(cells, "title_"),
            answer=_by_language(cells, "answer_"),
            details=tuple(self.details[entry_id]),
            unavailable=_by_language(cells, "unavailable_") or None,
            actions=self.actions[entry_id],
            related=_names(cells["related"]),
            variants=tuple(self.variants[entry_id]),
            phrases=known.phrases if known else (),
            care=_care(cells),
        )

    def messages(self) -> dict[str, tuple[str, ...]]:
        """What is not ours. A wording that the table has too is shown at the table's row."""
        groups = {**self.base.out_of_scope, **self.base.refusals}
        for name, texts in groups.items():
            for text in texts:
                number = self.rows_of_wordings.get(key_of(text))
                if number is not None:
                    self.places[name, text] = (f"variants{_MARK}text", number)
        return groups

    def note(self, fault: Fault) -> None:
        if not fault.warning:
            sheet, _, column = fault.file.partition(_MARK)
            self.faults.append(ImportFault(sheet, fault.line, column or None, "content", fault.message))

    def _has_owner(self, sheet: str, row: Row) -> bool:
        entry_id = row.cells["id"]
        if entry_id not in self.rows:
            self._fault(sheet, row, "id", "unknown id" if entry_id else "empty", entry_id)
        return entry_id in self.rows

    def _read_actions(self, row: Row) -> Iterator[Action]:
        for text in _names(row.cells["actions"]):
            match = _ACTION.fullmatch(text)
            if match is None:
                self._fault("entries", row, "actions", "malformed", text)
            else:
                yield Action(match[1], match[2])

    def _fault(self, sheet: str, row: Row, column: str, reason: Reason, detail: str = "") -> None:
        self.faults.append(ImportFault(sheet, row.number, column, reason, detail[:LONGEST_SHOWN]))


def _care(cells: Mapping[str, str]) -> Care:
    return Care(**{name: cells[name] for name in CARE if cells.get(name)})


def _by_language(cells: Mapping[str, str], beginning: str) -> dict[str, str]:
    found = {language: cells[f"{beginning}{language}"] for language in LANGUAGES}
    return {language: text for language, text in found.items() if text}


def _names(cell: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in _SEPARATOR.split(cell) if name.strip())
