"""Who has registered for one event, as staff look at it: by state, found by name, number or code, with notes; and who
of those who wait would get the next seats."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from bot.events import forms, refusals, seats
from bot.events.check_in_finding import read_code
from bot.events.forms import Form
from bot.storage import events, registrations, service_messages
from bot.storage.events import EventRow
from bot.storage.registrations import (
    CANCELLED,
    CONFIRMED,
    OFFERED,
    OPEN,
    PENDING,
    REFUSED,
    WAITING,
    RegistrationRow,
)
from bot.storage.service_messages import ServiceMessageRow
from bot.thai_phones import Phone, read_phone
from bot.vault import Unreadable, Vault

MOST = 5_000
"""Registrations of one event that are looked at, ended ones too."""
A_PAGE = 50
MOST_FOUND = 100
SHORTEST_NAME = 2
LONGEST_NOTE = 1_000
MOST_NOTES = 50
LOOKED_AHEAD = 4
ORDER = (PENDING, CONFIRMED, OFFERED, WAITING, CANCELLED, REFUSED)
"""In which the states are listed: what staff have to decide comes first."""
MOST_MESSAGES = 100
NAMELESS = Form("")
_TITLE = re.compile(
    r"^(?:นางสาว|นาง|นาย|น\.\s?ส\.|ด\.\s?ช\.|ด\.\s?ญ\.|เด็กชาย|เด็กหญิง|คุณ|mrs?\.|ms\.|miss\s)\s*(?=\S)", re.IGNORECASE
)
_LEADING_VOWEL = re.compile("([เแโใไ])([ก-ฮ])")
_MARKS = re.compile("[\u0e47-\u0e4e]")


@dataclass(frozen=True, slots=True)
class Registrant:
    """With what was given, opened; `readable` is False where no key of ours opens it. `place` is the place in the line,
    from 1; `passed_over` says that somebody waits whom LINE does not reach any more."""

    row: RegistrationRow
    form: Form
    readable: bool = True
    place: int | None = None
    passed_over: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    at: datetime
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class NextSeats:
    """If so many seats became free now: whose they would be, with how many each."""

    seats: int
    shares: tuple[tuple[Registrant, int], ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of an event's registrations. `counts` are parties and people by state; `seats` taken or kept."""

    found: Sequence[Registrant]
    total: int
    counts: Mapping[str, tuple[int, int]]
    seats: int
    line: Sequence[NextSeats]
    passed_over: int
    cut: bool


def list_page(
    db: Session, vault: Vault, event: EventRow, *, states: Collection[str] = ORDER, first: int = 0, limit: int = A_PAGE
) -> Listed:
    rows = _rows_of(db, event.id)
    chosen = [row for row in rows if row.state in states]
    line = registrations.list_line(db, event.id)
    places = _places(rows, line)
    return Listed(
        found=[_opened(vault, row, places) for row in chosen[first : first + limit]],
        total=len(chosen),
        counts=_counts(rows),
        seats=sum(row.seats for row in rows if row.state in registrations.SEATED),
        line=_next_seats(vault, line, places),
        passed_over=sum(over for _, over in places.values()),
        cut=len(rows) == MOST,
    )


def list_all(db: Session, vault: Vault, event_id: int, *, states: Collection[str]) -> list[Registrant]:
    """Everybody in these states, in the order of the list."""
    rows = [row for row in _rows_of(db, event_id) if row.state in states]
    return [_opened(vault, row, {}) for row in rows]


def search(db: Session, vault: Vault, event_id: int, text: str) -> list[Registrant]:
    """By a whole telephone number, by the code, or by a part of the name, whatever has become of the registration."""
    rows, wanted = _rows_of(db, event_id), _plain(text)
    places = _places(rows, registrations.list_line(db, event_id))
    phone = read_phone(text)
    if isinstance(phone, Phone):
        hashed = forms.phone_hash(vault, phone.e164)
        return [_opened(vault, row, places) for row in rows if row.phone_hash == hashed][:MOST_FOUND]
    code = read_code(text)
    found = [_opened(vault, row, places) for row in rows if row.code == code]
    if len(wanted) < SHORTEST_NAME:
        return found
    names = {wanted, _plain(without_title(text))}
    for row in rows:
        if len(found) >= MOST_FOUND:
            break
        plain = _plain(forms.name_of(vault, row))
        if row.code != code and any(name in plain for name in names):
            found.append(_opened(vault, row, places))
    return found


def find(db: Session, vault: Vault, *, event_id: int, registration_id: int) -> Registrant | None:
    """None also where it is a registration for another event."""
    row = registrations.find(db, registration_id)
    if row is None or row.event_id != event_id:
        return None
    found = _opened(vault, row, {})
    if row.state != WAITING:
        return found
    reached = {one.id for one in registrations.list_line(db, event_id)}
    return replace(found, place=registrations.count_ahead(db, row) + 1, passed_over=row.id not in reached)


def list_messages(db: Session, registration_id: int) -> list[ServiceMessageRow]:
    """What was booked for it, and what became of it; the first due first."""
    return service_messages.list_of_registration(db, registration_id, limit=MOST_MESSAGES)


def read_notes(vault: Vault, row: RegistrationRow) -> list[Note]:
    """The earliest first; none where no key of ours opens them."""
    if row.notes is None:
        return []
    try:
        kept = json.loads(vault.open(row.notes))
    except Unreadable:
        return []
    return [Note(datetime.fromisoformat(note["at"]), note["by"], note["text"]) for note in kept]


def add_note(db: Session, vault: Vault, *, registration_id: int, text: str, by: str, now: datetime) -> None:
    """Sealed. Of very many the earliest are let go. Raises NoSuchRegistration."""
    row = registrations.find(db, registration_id)
    if row is None or events.lock(db, row.event_id) is None:
        raise refusals.NoSuchRegistration
    row = registrations.find(db, registration_id)
    if row is None:
        raise refusals.NoSuchRegistration
    write_notes(db, vault, row, [*read_notes(vault, row), Note(now, by, text[:LONGEST_NOTE])])


def write_notes(db: Session, vault: Vault, row: RegistrationRow, notes: Sequence[Note]) -> None:
    """Of a row that was read under its event's lock."""
    kept = [{**asdict(note), "at": note.at.isoformat()} for note in notes[-MOST_NOTES:]]
    registrations.change(db, row, notes=vault.seal(json.dumps(kept, ensure_ascii=False).encode()))


def without_title(name: str) -> str:
    return _TITLE.sub("", name.strip(), count=1)


def thai_order(name: str) -> tuple[str, str]:
    """To sort by, as a Thai dictionary does: by consonants, a vowel written before its consonant counting after it;
    tone and other marks only between words that are alike without them. Titles do not count."""
    swapped = _LEADING_VOWEL.sub(r"\2\1", " ".join(without_title(name.replace("ํา", "ำ")).split()).casefold())
    return _MARKS.sub("", swapped), swapped


def _rows_of(db: Session, event_id: int) -> list[RegistrationRow]:
    """By state, and within it in the order of the line."""
    rows = registrations.list_of_event(db, event_id, states=(*OPEN, CANCELLED, REFUSED), limit=MOST)
    return sorted(rows, key=lambda row: (ORDER.index(row.state), row.joined_at, row.id))


def _counts(rows: Sequence[RegistrationRow]) -> dict[str, tuple[int, int]]:
    counts = dict.fromkeys(ORDER, (0, 0))
    for row in rows:
        parties, people = counts[row.state]
        counts[row.state] = parties + 1, people + row.party_size
    return counts


def _places(rows: Sequence[RegistrationRow], line: Sequence[RegistrationRow]) -> dict[int, tuple[int, bool]]:
    """Of those who wait: the place in the line, and whether they are passed over."""
    reached = {row.id for row in line}
    waiting = [row.id for row in rows if row.state == WAITING]
    return {row_id: (place, row_id not in reached) for place, row_id in enumerate(waiting, start=1)}


def _next_seats(
    vault: Vault, line: Sequence[RegistrationRow], places: Mapping[int, tuple[int, bool]]
) -> tuple[NextSeats, ...]:
    """Whoever is offered first is the same for a while: numbers of seats that change nothing are left out."""
    told: list[NextSeats] = []
    for free in range(1, LOOKED_AHEAD + 1):
        shares, _ = seats.share_out(line, free)
        several = tuple((_opened(vault, share.row, places), share.seats) for share in shares)
        if several and (not told or several != told[-1].shares):
            told.append(NextSeats(free, several))
    return tuple(told)


def _opened(vault: Vault, row: RegistrationRow, places: Mapping[int, tuple[int, bool]]) -> Registrant:
    place, passed_over = places.get(row.id, (None, False))
    try:
        return Registrant(row, forms.opened(vault, row), place=place, passed_over=passed_over)
    except Unreadable:
        return Registrant(row, NAMELESS, readable=False, place=place, passed_over=passed_over)


def _plain(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name).casefold().replace("เเ", "แ")
    return "".join(one for one in folded if not one.isspace() and one.isprintable())
