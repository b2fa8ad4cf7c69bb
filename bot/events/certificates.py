"""Certificates of attendance: who has earned one, and the number that shows that it is ours.

Nothing about a certificate is stored. Its number holds, hidden and signed with our key, the event, the registration and
which of its people: as long as the registration is kept the name can be told as well, afterwards the event alone.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from bot.events.forms import Form
from bot.storage import check_ins, events
from bot.storage.events import EventRow
from bot.storage.registrations import CONFIRMED, RegistrationRow
from bot.vault import Vault

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without those that are taken for others: a number may be read from paper and typed."""
LENGTH, GROUP = 20, 4
_MISREAD = str.maketrans("OILU", "011V")
_EVENT_BITS, _REGISTRATION_BITS, _PERSON_BITS, _TAG_BYTES = 28, 33, 7, 4
_HELD_BITS = _EVENT_BITS + _REGISTRATION_BITS + _PERSON_BITS
_HELD_BYTES = (_HELD_BITS + 7) // 8
MOST_NAMES = 1 << _PERSON_BITS


class Why(StrEnum):
    """There is no certificate, or none yet."""

    NOT_GIVEN = "not_given"
    CALLED_OFF = "called_off"
    NOT_OVER = "not_over"
    NO_PLACE = "no_place"
    NOT_THERE = "not_there"
    """Nobody of the party was checked in."""
    TOO_LITTLE = "too_little"
    """They were there at fewer than half of the parts."""


@dataclass(frozen=True, slots=True)
class Attended:
    """`people` came to at least half of the parts; `time` is that of the sessions they came to, None without any."""

    people: int
    parts: int
    of: int
    time: timedelta | None = None


@dataclass(frozen=True, slots=True)
class NotEarned:
    why: Why
    parts: int = 0
    of: int = 0


@dataclass(frozen=True, slots=True)
class Numbered:
    """What a number stands for. `person` is the place among the names of the registration, from 0."""

    event_id: int
    registration_id: int
    person: int


def attendance(db: Session, event: EventRow, row: RegistrationRow, *, now: datetime) -> Attended | NotEarned:
    """Whoever was there at half of the parts or more has earned it, once the event is over."""
    impossible = (
        (Why.NOT_GIVEN, not event.gives_certificate),
        (Why.CALLED_OFF, event.state == events.CALLED_OFF),
        (Why.NO_PLACE, row.state != CONFIRMED),
        (Why.NOT_OVER, event.ends_at > now),
    )
    why = next((why for why, it_is in impossible if it_is), None)
    return NotEarned(why) if why is not None else _there(db, event, row)


def names_of(form: Form) -> tuple[str, ...]:
    """Everybody of the party whose name is known, the contact first."""
    return tuple(filter(None, (form.name, *form.companions)))[:MOST_NAMES]


def number_of(vault: Vault, one: Numbered) -> str:
    """`7K3M-…`, five groups of four: the same one each time. Raises OverflowError beyond 8 billion registrations."""
    held = one.event_id
    for value, bits in ((one.registration_id, _REGISTRATION_BITS), (one.person, _PERSON_BITS)):
        if value >> bits:
            raise OverflowError("too large for a certificate's number")
        held = held << bits | value
    if held >> _HELD_BITS:
        raise OverflowError("too large for a certificate's number")
    tag = _tag(vault, held)
    number = tag << _HELD_BITS | held ^ _veil(vault, tag)
    written = "".join(LETTERS[number >> 5 * place & 31] for place in reversed(range(LENGTH)))
    return "-".join(written[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def read_number(vault: Vault, text: str) -> Numbered | None:
    """However it is typed: small letters, spaces, O for 0; and under an earlier key, while that is set. None: it is no
    number of ours."""
    words = unicodedata.normalize("NFKC", text).upper().translate(_MISREAD)
    letters = [letter for letter in words if letter not in " -–—\t\n"]
    if len(letters) != LENGTH or any(letter not in LETTERS for letter in letters):
        return None
    number = 0
    for letter in letters:
        number = number << 5 | LETTERS.index(letter)
    return next(filter(None, (_unveiled(one, number) for one in vault.each())), None)


def _unveiled(vault: Vault, number: int) -> Numbered | None:
    tag = number >> _HELD_BITS
    held = (number & (1 << _HELD_BITS) - 1) ^ _veil(vault, tag)
    if tag != _tag(vault, held):
        return None
    person = held & (1 << _PERSON_BITS) - 1
    registration_id = held >> _PERSON_BITS & (1 << _REGISTRATION_BITS) - 1
    return Numbered(held >> _PERSON_BITS + _REGISTRATION_BITS, registration_id, person)


def _there(db: Session, event: EventRow, row: RegistrationRow) -> Attended | NotEarned:
    sessions = {one.id: one.ends_at - one.starts_at for one in events.list_sessions(db, event.id)}
    came = [line for line in check_ins.list_of_registrations(db, [row.id]) if line.people]
    # a line of a session that was taken out, or from before there were sessions, still says that they were there once
    lines = [line for line in came if line.part in sessions] or came[:1]
    of = max(len(sessions), 1)
    needed = (of + 1) // 2
    if not lines:
        return NotEarned(Why.NOT_THERE, 0, of)
    if len(lines) < needed:
        return NotEarned(Why.TOO_LITTLE, len(lines), of)
    people = sorted((line.people for line in lines), reverse=True)[needed - 1]
    known = [sessions[line.part] for line in lines if line.part in sessions]
    return Attended(people, len(lines), of, sum(known, timedelta()) if known else None)


def _tag(vault: Vault, held: int) -> int:
    return int.from_bytes(vault.mac("certificate/number/1", held.to_bytes(_HELD_BYTES, "big"))[:_TAG_BYTES], "big")


def _veil(vault: Vault, tag: int) -> int:
    """Hides how many events and registrations there are."""
    mac = vault.mac("certificate/veil/1", tag.to_bytes(_TAG_BYTES, "big"))
    return int.from_bytes(mac[:_HELD_BYTES], "big") & (1 << _HELD_BITS) - 1
