"""Who stands at the door: by the ticket's QR, by the short code however it was typed, or by name."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.events import forms
from bot.events.check_in import CODE, MOST_PARTIES, NAME, SCAN
from bot.events.registration import CODE_LENGTH, CODE_LETTERS
from bot.storage import check_ins, registrations
from bot.storage.check_ins import CheckInRow
from bot.storage.registrations import CONFIRMED, OPEN, RegistrationRow
from bot.vault import Vault

SHORTEST_NAME = 2
MOST_MATCHES = 20
MOST_GUESSED = 2
"""Letters of a code that may be misread beyond what is known."""
LONGEST_TEXT = 300
TICKET_HASH_LENGTH = 32
_TICKET = re.compile(r"(?:.*/t/)?([A-Za-z0-9_-]{20,43})(?:[/?#].*)?")
_MISREAD = str.maketrans({"S": "5", "Z": "2", "B": "8", "G": "6", "U": "V", "Y": "V"})
"""Letters that no code has, and what they were."""
_TITLES = (
    "นางสาว", "นาง", "นาย", "น.ส.", "ด.ช.", "ด.ญ.", "เด็กชาย", "เด็กหญิง", "คุณ", "ครู", "อาจารย์", "อ.", "ดร.", "พี่", "น้อง",
    "พ่อ", "แม่", "ลุง", "ป้า", "น้า", "อา", "ตา", "ยาย", "ปู่", "ย่า", "mr.", "mrs.", "ms.", "miss", "mr", "mrs", "ms",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Match:
    registration: RegistrationRow
    name: str


@dataclass(frozen=True, slots=True)
class Found:
    """`way` is how it was looked for; `sure`: there is one, and no doubt about it. `elsewhere`: the ticket is one of
    another event."""

    way: str
    matches: Sequence[Match] = ()
    sure: bool = False
    elsewhere: RegistrationRow | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """What a phone at the door holds while it has no signal, and nothing besides."""

    ticket_hash: str
    code: str
    name: str
    party: int


def find(db: Session, vault: Vault, *, event_id: int, text: str) -> Found:
    """A ticket and a code are found whatever has become of the registration; a name only among the open ones."""
    text = unicodedata.normalize("NFKC", text).strip()[:LONGEST_TEXT]
    ticket = _TICKET.fullmatch(text)
    if ticket is not None:
        row = registrations.find_by_ticket(db, ticket[1])
        if row is not None and row.event_id != event_id:
            return Found(SCAN, elsewhere=row)
        return Found(SCAN, [_match(vault, row)] if row is not None else [], sure=row is not None)
    rows = _find_by_code(db, event_id, text)
    if rows:
        return Found(CODE, [_match(vault, row) for row in rows], sure="?" not in (read_code(text) or "?"))
    matches = _find_by_name(db, vault, event_id, text)
    return Found(CODE if not matches and read_code(text) else NAME, matches)


def read_code(text: str) -> str | None:
    """The code that was meant, with `?` for a letter that no code has; None for what cannot be one."""
    typed = "".join(_digit(one) for one in unicodedata.normalize("NFKC", text).upper() if one.isalnum())
    letters = "".join(one if one in CODE_LETTERS else "?" for one in typed.translate(_MISREAD))
    if len(letters) != CODE_LENGTH or not typed.isascii() or letters.count("?") > MOST_GUESSED:
        return None
    return letters


def list_here(db: Session, event_id: int, part: int) -> list[tuple[RegistrationRow, CheckInRow]]:
    """Who has come to this part, the latest to reach us first."""
    rows = {row.id: row for row in registrations.list_of_event(db, event_id, states=(CONFIRMED,), limit=MOST_PARTIES)}
    lines = [line for line in check_ins.list_of_registrations(db, rows) if line.part == part and line.people]
    return [(rows[line.registration_id], line) for line in sorted(lines, key=_latest_first)]


def roster(db: Session, vault: Vault, event_id: int) -> list[Expected]:
    """Everybody who has a place."""
    rows = registrations.list_of_event(db, event_id, states=(CONFIRMED,), limit=MOST_PARTIES)
    return [Expected(ticket_hash(row.ticket), row.code, forms.name_of(vault, row), row.party_size) for row in rows]


def ticket_hash(ticket: str) -> str:
    """Nobody finds a ticket by it: a ticket has 192 random bits."""
    return hashlib.sha256(ticket.encode()).hexdigest()[:TICKET_HASH_LENGTH]


def _find_by_code(db: Session, event_id: int, text: str) -> list[RegistrationRow]:
    code = read_code(text)
    if code is None:
        return []
    if "?" not in code:
        row = registrations.find_by_code(db, event_id=event_id, code=code)
        return [row] if row is not None else []
    pattern = re.compile(code.replace("?", "."))
    rows = registrations.list_of_event(db, event_id, limit=MOST_PARTIES)
    return [row for row in rows if pattern.fullmatch(row.code)][:MOST_MATCHES]


def _find_by_name(db: Session, vault: Vault, event_id: int, text: str) -> list[Match]:
    wanted = _plain(text)
    if len(wanted) < SHORTEST_NAME:
        return []
    names = {wanted, _without_title(wanted)}
    rows = registrations.list_of_event(db, event_id, states=OPEN, limit=MOST_PARTIES)
    matches = [_match(vault, row) for row in rows]
    found = [match for match in matches if any(name in _plain(match.name) for name in names)]
    return sorted(found, key=lambda match: match.name)[:MOST_MATCHES]


def _latest_first(line: CheckInRow) -> tuple[float, int]:
    return -line.recorded_at.timestamp(), -line.id


def _match(vault: Vault, row: RegistrationRow) -> Match:
    return Match(row, forms.name_of(vault, row))


def _plain(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name).casefold().replace("เเ", "แ")
    return "".join(one for one in folded if not one.isspace() and one.isprintable())


def _without_title(name: str) -> str:
    for title in _TITLES:
        rest = name.removeprefix(title)
        if rest != name and len(rest) >= SHORTEST_NAME and not unicodedata.category(rest[0]).startswith("M"):
            return rest
    return name


def _digit(letter: str) -> str:
    return str(unicodedata.digit(letter)) if letter.isdigit() else letter
