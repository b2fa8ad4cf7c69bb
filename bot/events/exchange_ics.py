"""Events of an iCalendar file, read: those of other programs too. What a calendar cannot say stays what it was."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Any

from icalendar import Calendar, Event
from icalendar.prop import vBroken

from bot import clock
from bot.events.calendar import CALLED_OFF, DISTRICT, ONLINE, PROGRAMME, described
from bot.events.event_checks import is_https
from bot.events.exchange_cells import read_named
from bot.events.exchange_faults import ImportFault, Reason, refused
from bot.events.exchange_rows import LONGEST_KEY, Batch, Planned, key_of
from bot.events.exchange_table import LARGEST_FILE, LONGEST_SHOWN, MOST_EVENTS, alike, cell_fault
from bot.thai_date_reading import CannotRead
from bot.thai_date_reading import Fault as DateFault
from bot.thai_dates import BUDDHIST_ERA_OFFSET
from knowledge.pack import Pack

DEEPEST = 5
MOST_LINES = 200_000
BUDDHIST_ABOVE = 2400
FIRST_YEAR, LAST_YEAR = 1900, 2200
REPEATS = ("RRULE", "RDATE", "EXRULE", "EXDATE", "RECURRENCE-ID")
HEADINGS = {
    "title": "SUMMARY", "summary": "DESCRIPTION", "bring": "DESCRIPTION", "place_name": "LOCATION",
    "place_address": "LOCATION", "latitude": "GEO", "longitude": "GEO", "online_link": "CONFERENCE",
    "contact": "CONTACT", "starts_at": "DTSTART", "ends_at": "DTEND", "programme": "CATEGORIES", "district": DISTRICT,
}  # fmt: skip
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029]")
_OFFSET = re.compile(r"TZOFFSETTO:\s*([+-])(\d\d)(\d\d)", re.IGNORECASE)


def read_ics(data: bytes, *, pack: Pack) -> Batch:
    """Raises ImportRefused when there is no reading it at all."""
    if len(data) > LARGEST_FILE:
        raise refused(Reason.TOO_LARGE, str(LARGEST_FILE))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refused(Reason.WRONG_ENCODING, row=data[: error.start].count(b"\n") + 1) from error
    outline = _outline(text)
    try:
        with warnings.catch_warnings(action="ignore"):  # of names of zones that it has to guess at
            entries = [one for calendar in Calendar.from_ical(outline.text, multiple=True) for one in calendar.events]
    except Exception as error:  # the library raises whatever a broken line makes it stumble over
        raise refused(Reason.UNREADABLE, type(error).__name__) from error
    if not entries or len(entries) != len(outline.begins):
        raise refused(Reason.UNREADABLE if outline.begins else Reason.EMPTY)
    faults: list[ImportFault] = []
    read = [
        _Reader(entry, number, outline.zones, pack, faults).read()
        for number, entry in zip(outline.begins, entries, strict=True)
    ]
    return Batch(tuple(read), tuple(faults))


@dataclass
class _Outline:
    """The file without its time zones: how they came about over the years is nothing to reckon with, and may be made
    to take for ever."""

    text: str = ""
    begins: list[int] = field(default_factory=list)
    """The line of each event, as the file has them."""
    zones: dict[str, timezone] = field(default_factory=dict)
    """Those that are always the same."""


def _outline(text: str) -> _Outline:
    outline, kept, zone, depth = _Outline(), list[str](), list[str](), 0
    for number, line in _lines(text):
        name, _, value = (part.strip().upper() for part in line.partition(":"))
        if name.startswith(("BEGIN;", "END;")) or number > MOST_LINES:
            raise refused(Reason.UNREADABLE, row=number)
        depth += {"BEGIN": 1, "END": -1}.get(name, 0)
        if depth > DEEPEST or depth < 0:
            raise refused(Reason.UNREADABLE, row=number)
        if (name, value) == ("BEGIN", "VEVENT") and not zone:
            outline.begins.append(number)
            if len(outline.begins) > MOST_EVENTS:
                raise refused(Reason.TOO_MANY_ROWS, str(MOST_EVENTS), row=number)
        if zone or (name, value) == ("BEGIN", "VTIMEZONE"):
            zone.append(line)
        else:
            kept.append(line)
        if (name, value) == ("END", "VTIMEZONE"):
            outline.zones |= _zone(zone)
            zone = []
    if depth or zone:
        raise refused(Reason.UNREADABLE)
    outline.text = "\r\n".join(kept)
    return outline


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Each with its folds undone, and the number of the line at which it begins."""
    begins, pieces = 0, list[str]()
    for number, line in enumerate(text.split("\n"), 1):
        line = _CONTROL.sub(" ", line.removesuffix("\r"))  # noqa: PLW2901 - the same line, harmless
        if line.startswith((" ", "\t")) and pieces:
            pieces.append(line[1:])
        elif line.strip():
            if pieces:
                yield begins, "".join(pieces)
            begins, pieces = number, [line]
    if pieces:
        yield begins, "".join(pieces)


def _zone(lines: list[str]) -> dict[str, timezone]:
    """A zone of the file's own, where it has one rule and no other."""
    offsets = {found.groups() for line in lines if (found := _OFFSET.fullmatch(line.strip()))}
    name = next((line.partition(":")[2].strip() for line in lines if line.upper().startswith("TZID:")), "")
    if len(offsets) != 1 or not name:
        return {}
    sign, hours, minutes = offsets.pop()
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return {name: timezone(-offset if sign == "-" else offset)} if offset < timedelta(days=1) else {}


@dataclass
class _NoMoment(Exception):
    reason: Reason | CannotRead
    detail: str = ""


def _in_utc(value: object, zone: str, zones: Mapping[str, tzinfo]) -> datetime:
    """Without a zone Bangkok is meant; a Buddhist year is what some telephones write. Raises _NoMoment."""
    if not isinstance(value, date):
        raise _NoMoment(Reason.MALFORMED)
    if value.year > BUDDHIST_ABOVE:
        try:
            value = value.replace(year=value.year - BUDDHIST_ERA_OFFSET)
        except ValueError as error:
            raise _NoMoment(CannotRead(DateFault.NO_SUCH_DATE, rest=value.isoformat())) from error
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise _NoMoment(CannotRead(DateFault.NO_SUCH_YEAR, rest=str(value.year)))
    if not isinstance(value, datetime):
        return datetime.combine(value, time(), clock.BANGKOK).astimezone(UTC)
    if value.tzinfo is None and zone and zone not in zones:
        raise _NoMoment(Reason.UNKNOWN_ZONE, zone[:LONGEST_SHOWN])
    if value.tzinfo is None:
        value = value.replace(tzinfo=zones.get(zone, clock.BANGKOK))
    return value.astimezone(UTC).replace(second=0, microsecond=0)


@dataclass
class _Reader:
    entry: Event
    number: int
    zones: Mapping[str, tzinfo]
    pack: Pack
    faults: list[ImportFault]
    values: dict[str, Any] = field(default_factory=dict)

    def read(self) -> Planned:
        for name in REPEATS:
            if name in self.entry:
                self._fault(name, Reason.REPEATS)
        if any(name is None for name, _ in self.entry.errors):
            self._fault(None, Reason.MALFORMED)
        self._read_texts()
        self._read_place()
        self._read_names()
        self._read_times()
        uid = self._text("UID")
        if len(uid) > LONGEST_KEY:
            self._fault("UID", Reason.TOO_LONG, str(LONGEST_KEY))
        return Planned(
            self.number,
            key_of(uid, title=self.values.get("title", ""), starts_at=self.values.get("starts_at")),
            self.values,
            HEADINGS,
            called_off=alike(self._text("STATUS")) == "cancelled",
        )

    def _read_texts(self) -> None:
        if "SUMMARY" in self.entry:
            self.values["title"] = self._line("SUMMARY").removeprefix(CALLED_OFF).strip()
        if "DESCRIPTION" in self.entry:
            summary, bring = described(self._text("DESCRIPTION"))
            self.values |= {"summary": summary.strip(), "bring": bring.strip()}
        if "CONTACT" in self.entry:
            self.values["contact"] = self._line("CONTACT")

    def _read_place(self) -> None:
        """A name on the first line, the address on those that follow."""
        link = self._text("CONFERENCE")
        link = link if is_https(link) else ""
        if "LOCATION" in self.entry:
            name, _, address = self._text("LOCATION").partition("\n")
            if is_https(name):
                link, name = name, ""
            online = alike(name) in {ONLINE, "online"}
            self.values["place_name"] = "" if online else name.strip()
            self.values["place_address"] = " ".join(address.split())
        if link:
            self.values["online_link"] = link
        if "GEO" in self.entry:
            point = getattr(self._first("GEO"), "latitude", None), getattr(self._first("GEO"), "longitude", None)
            if None in point:
                self._fault("GEO", Reason.MALFORMED)
            self.values |= dict(zip(("latitude", "longitude"), point, strict=True))

    def _read_names(self) -> None:
        """A category that is none of our programmes says nothing."""
        given = self._first("CATEGORIES")
        named = {read_named(str(one), self.pack.programmes) for one in getattr(given, "cats", ())}
        known = [one.id for one in self.pack.programmes if one.id in named]
        if known:
            self.values["programme"] = known[0]
        for name, heading in (("programme", PROGRAMME), ("district", DISTRICT)):
            if heading in self.entry:
                self.values[name] = self._line(heading) or None

    def _read_times(self) -> None:
        start, end = self._moment("DTSTART"), self._moment("DTEND")
        if "DTSTART" not in self.entry:
            return
        if "DTEND" not in self.entry and start is not None:
            end = self._end_of(start)
        self.values |= {"starts_at": start, "ends_at": end}

    def _end_of(self, start: datetime) -> datetime | None:
        """A day alone lasts for that day."""
        if "DURATION" not in self.entry:
            return start + timedelta(days=1) if type(getattr(self._first("DTSTART"), "dt", None)) is date else None
        lasting = getattr(self._first("DURATION"), "dt", None)
        if isinstance(lasting, timedelta) and timedelta() < lasting < timedelta(days=3_660):
            return start + lasting
        self._fault("DURATION", Reason.MALFORMED)
        return None

    def _moment(self, name: str) -> datetime | None:
        """In UTC, to the minute."""
        prop = self._first(name)
        value, zone = getattr(prop, "dt", None), str(getattr(prop, "params", {}).get("TZID", ""))
        try:
            return _in_utc(value, zone, self.zones) if name in self.entry else None
        except _NoMoment as error:
            self._fault(name, error.reason, error.detail)
            return None

    def _first(self, name: str) -> Any:  # noqa: ANN401 - the library's own types differ
        """Given twice, the first counts. One that the library could not read is None."""
        value = self.entry.get(name)
        value = value[0] if isinstance(value, list) and value else value
        return None if isinstance(value, vBroken) else value

    def _text(self, name: str) -> str:
        text = str(self._first(name) or "").replace("\r\n", "\n").strip()
        fault = cell_fault(self.number, name, text)
        self.faults += [] if fault is None else [fault]
        return text if fault is None else ""

    def _line(self, name: str) -> str:
        return " ".join(self._text(name).split())

    def _fault(self, heading: str | None, reason: Reason | CannotRead, detail: str = "") -> None:
        self.faults.append(ImportFault(self.number, heading, reason, detail))
