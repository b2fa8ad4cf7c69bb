"""Events as the rows of a table, and back: into what each row says of a plan, with every fault by row and column."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from bot.events import exchange_cells as cells
from bot.events.calendar import UID_HOST
from bot.events.event_draft import Plan
from bot.events.exchange_cells import Unread
from bot.events.exchange_faults import ImportFault, ImportRefused, Reason, refused
from bot.events.exchange_table import DAY, ID, LONGEST_SHOWN, MOST_EVENTS, STATE, WRITTEN, Row, Sheet
from bot.events.exchange_times import Unreadable, read_edge, read_span, write_moment
from bot.storage import events as stored
from bot.storage.events import EventRow
from knowledge.pack import Pack

LONGEST_KEY = 200
ONE_LINE = ("title", "place_name", "place_address", "online_link", "contact")
TEXTS = ("summary", "bring", "purpose")
CHECKS = (
    *("has_waiting_list", "admits_each", "asks_district", "asks_companions", "for_classes"),
    *("asks_feedback", "gives_certificate"),
)
NUMBERS = ("party_most", "offer_minutes", "retention_days")
CHOICES = {"phone_rule": cells.PHONE_RULES, "minors": cells.MINORS}
MOMENTS = ("starts_at", "ends_at", "opens_at", "closes_at")


@dataclass(frozen=True)
class Planned:
    """One event of a file."""

    number: int
    """Its row, or the line at which it begins."""
    key: str
    """The same event has the same, however often the file is brought in."""
    values: Mapping[str, Any]
    """Fields of a plan; those that the file says nothing of are not there."""
    headings: Mapping[str, str]
    """What each field is called in the file."""
    called_off: bool = False


@dataclass(frozen=True)
class Batch:
    """The events of a file, as far as they could be read."""

    events: tuple[Planned, ...]
    faults: tuple[ImportFault, ...] = field(default=())


def to_cells(event: EventRow, plan: Plan, *, pack: Pack) -> dict[str, str]:
    """By field, in the order of the columns."""
    found = {ID: event.source_key or event.public_id, STATE: cells.STATES[event.state]}
    found |= {name: getattr(plan, name) for name in (*ONE_LINE, *TEXTS)}
    found |= {name: write_moment(getattr(plan, name)) for name in MOMENTS}
    found |= {name: cells.write_yes(getattr(plan, name)) for name in CHECKS}
    found |= {name: names[getattr(plan, name)] for name, names in CHOICES.items()}
    found |= {name: str(getattr(plan, name)) for name in NUMBERS}
    for name in ("latitude", "longitude"):
        value = getattr(plan, name)
        found[name] = "" if value is None else repr(value)
    found["capacity"] = cells.NO_LIMIT if plan.capacity is None else str(plan.capacity)
    found["programme"] = cells.write_named(plan.programme, pack.programmes)
    found["district"] = cells.write_named(plan.district, pack.districts)
    found["reminder_minutes"] = cells.write_reminders(plan.reminder_minutes)
    found["sessions"] = cells.write_sessions(plan.sessions)
    found["questions"] = cells.write_questions(plan.questions)
    return {name: found[name] for name in WRITTEN}


def from_sheet(sheet: Sheet, *, pack: Pack, today: date) -> Batch:
    """Raises ImportRefused when there is nothing to read."""
    if not sheet.rows:
        raise ImportRefused((*sheet.faults, ImportFault(None, None, Reason.EMPTY)))
    if len(sheet.rows) > MOST_EVENTS:
        raise refused(Reason.TOO_MANY_ROWS, str(MOST_EVENTS), row=sheet.rows[MOST_EVENTS].number)
    faults = list(sheet.faults)
    events = tuple(_Reader(row, sheet.headings, pack, today, faults).read() for row in sheet.rows)
    return Batch(events, tuple(faults))


def key_of(given: str, *, title: str, starts_at: datetime | None) -> str:
    """Of an event without a key of its own, its title and start are the key."""
    if given:
        return given.removesuffix(f"@{UID_HOST}")
    said = f"{title}\0{starts_at.isoformat() if starts_at else ''}"
    return f"row:{hashlib.sha256(said.encode()).hexdigest()[:32]}"


@dataclass
class _Reader:
    """A blank cell empties a text, a day, or the number of seats; a rule that is blank stays what it was."""

    row: Row
    headings: Mapping[str, str]
    pack: Pack
    today: date
    faults: list[ImportFault]
    values: dict[str, Any] = field(default_factory=dict)

    def read(self) -> Planned:
        found = self.row.cells
        self.values |= {name: found[name] for name in TEXTS if name in found}
        self.values |= {name: " ".join(found[name].split()) for name in ONE_LINE if name in found}
        self._read_names()
        self._read_rules()
        self._read_numbers()
        self._read_times()
        key = self.row.cells.get(ID, "")
        if len(key) > LONGEST_KEY:
            self._fault(ID, Unread(Reason.TOO_LONG, str(LONGEST_KEY)))
        state = self.row.cells.get(STATE, "")
        read = cells.read_choice(state, cells.STATES) if state else stored.DRAFT
        self._put(None, STATE, read)
        return Planned(
            self.row.number,
            key_of(key, title=self.values.get("title", ""), starts_at=self.values.get("starts_at")),
            self.values,
            self.headings,
            called_off=read == stored.CALLED_OFF,
        )

    def _read_names(self) -> None:
        for name, known in (("programme", self.pack.programmes), ("district", self.pack.districts)):
            if name in self.row.cells:
                text = self.row.cells[name]
                self.values[name] = cells.read_named(text, known) if text else None

    def _read_rules(self) -> None:
        for name in CHECKS:
            if text := self.row.cells.get(name):
                self._put(name, name, cells.read_yes(text))
        for name, names in CHOICES.items():
            if text := self.row.cells.get(name):
                self._put(name, name, cells.read_choice(text, names))
        if text := self.row.cells.get("reminder_minutes"):
            self._put("reminder_minutes", "reminder_minutes", cells.read_reminders(text))
        if "questions" in self.row.cells:
            self._put("questions", "questions", cells.read_questions(self.row.cells["questions"]))

    def _read_numbers(self) -> None:
        for name in NUMBERS:
            if text := self.row.cells.get(name):
                self._put(name, name, cells.read_whole(text))
        for name in ("latitude", "longitude"):
            if name in self.row.cells:
                text = self.row.cells[name]
                self._put(name, name, cells.read_decimal(text) if text else None)
        if "capacity" in self.row.cells:
            text = self.row.cells["capacity"]
            self._put("capacity", "capacity", cells.read_capacity(text) if text else None)

    def _read_times(self) -> None:
        found = self.row.cells
        if not {DAY, "starts_at", "ends_at"}.isdisjoint(found):
            day = found.get(DAY, "")
            moments = read_span(found.get("starts_at", ""), found.get("ends_at", ""), today=self.today, day=day)
            start_heading = "starts_at" if "starts_at" in self.headings else DAY
            for name, heading, moment in zip(
                ("starts_at", "ends_at"), (start_heading, "ends_at"), moments, strict=True
            ):
                self._put_moment(name, heading, moment)
        for name in ("opens_at", "closes_at"):
            if name in found:
                self._put_moment(name, name, read_edge(found[name], today=self.today, closes=name == "closes_at"))
        if "sessions" in found:
            self._put("sessions", "sessions", cells.read_sessions(found["sessions"], today=self.today))

    def _put_moment(self, name: str, heading: str, moment: datetime | Unreadable | None) -> None:
        read = moment if moment is None or isinstance(moment, datetime) else Unread(moment)
        self._put(name, heading, read)

    def _put(self, name: str | None, heading: str, value: object) -> None:
        if isinstance(value, Unread):
            self._fault(heading, value)
        elif name is not None:
            self.values[name] = value

    def _fault(self, name: str, unread: Unread) -> None:
        """Beside a reason without words of its own stands what was found in the cell."""
        detail = unread.detail or ("" if unread.part else self.row.cells.get(name, "")[:LONGEST_SHOWN])
        heading = self.headings.get(name, WRITTEN.get(name, name))
        self.faults.append(ImportFault(self.row.number, heading, unread.reason, detail, unread.part))
