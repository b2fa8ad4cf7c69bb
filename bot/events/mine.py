"""One's own places: what a person has, and nobody else's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from bot import clock
from bot.events import refusals
from bot.storage import events, places, registrations, sign_in_tries
from bot.storage.events import EventRow
from bot.storage.registrations import CONFIRMED, OFFERED, WAITING, RegistrationRow
from bot.vault import Vault

CLAIM, WALL = "claim", "wall"
GUESSED = (CLAIM, WALL)
"""Codes that somebody may guess at: one that staff have read to them, and the one on the wall."""
MOST_A_DAY = 50
WITHIN = timedelta(hours=1)
"""How long a guess at somebody's code counts."""


@dataclass(frozen=True, slots=True)
class Mine:
    registration: RegistrationRow
    event: EventRow


@dataclass(eq=False)
class TooManyGuesses(Exception):
    """So many codes were tried within the hour; the next may be tried at `until`."""

    until: datetime


def list_open(db: Session, *, person_id: int, now: datetime, limit: int, offset: int = 0) -> list[Mine]:
    """Places, and places in a line, at what is not over yet; the next event first."""
    found = places.list_of_person(db, person_id, ends_after=now, limit=limit, offset=offset)
    return [Mine(registration, event) for registration, event in found]


def list_here(db: Session, *, person_id: int, now: datetime) -> list[Mine]:
    """Where this person, or whom they registered, has a seat today, and it is not over."""
    midnight = datetime.combine(clock.bangkok_date(now) + timedelta(days=1), time(0), clock.BANGKOK)
    found = list_open(db, person_id=person_id, now=now, limit=MOST_A_DAY)
    return [one for one in found if one.registration.state == CONFIRMED and one.event.starts_at < midnight]


def list_offered(db: Session, *, person_id: int, now: datetime) -> list[Mine]:
    """Seats that are kept for this person, or whom they registered, and wait for their answer."""
    found = list_open(db, person_id=person_id, now=now, limit=MOST_A_DAY)
    waits = [one for one in found if one.registration.state == OFFERED]
    return [one for one in waits if one.registration.offer_until is None or one.registration.offer_until > now]


def find(db: Session, *, registration_id: int, person_id: int) -> Mine | None:
    """As it is now, in whatever state. None: it does not exist, or is somebody else's."""
    row = registrations.find(db, registration_id)
    event = events.find(db, row.event_id) if row is not None and row.person_id == person_id else None
    return Mine(row, event) if row is not None and event is not None else None


def get_locked(db: Session, *, registration_id: int, person_id: int) -> Mine:
    """The same, and nobody changes it before this transaction ends. Raises NoSuchRegistration."""
    seen = find(db, registration_id=registration_id, person_id=person_id)
    event = events.lock(db, seen.event.id) if seen is not None else None
    row = registrations.find(db, registration_id)
    if event is None or row is None or row.person_id != person_id:
        raise refusals.NoSuchRegistration
    return Mine(row, event)


def has_a_line(db: Session, event: EventRow) -> bool:
    """Whether anybody waits for a seat there."""
    return bool(registrations.list_of_event(db, event.id, states=(WAITING,), limit=1))


def take_guess(db: Session, vault: Vault, *, what: str, person_id: int, most: int, now: datetime) -> None:
    """Notes that this person tries a code. Commit it also where the code is wrong. Raises TooManyGuesses."""
    key = _guesses_key(vault, what, person_id)
    count, first = sign_in_tries.count_since(db, key=key, since=now - WITHIN)
    if first is not None and count >= most:
        raise TooManyGuesses(first + WITHIN)
    sign_in_tries.add(db, key=key, at=now)


def forget_guesses(db: Session, vault: Vault, *, what: str, person_id: int) -> None:
    """The code was right."""
    sign_in_tries.forget_keys(db, [_guesses_key(vault, what, person_id)])


def keys_of_guesses(vault: Vault, person_id: int) -> list[str]:
    """Under which a person's guesses of any kind are noted."""
    return [_guesses_key(vault, what, person_id) for what in GUESSED]


def _guesses_key(vault: Vault, what: str, person_id: int) -> str:
    return vault.keyed_hash(f"guesses/{what}", str(person_id))
