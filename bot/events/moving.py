"""Moving a registration: to another event, or to the new LINE account of the person whose it is."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.events import booking, forms, refusals, registration
from bot.events.registration import CODE_LETTERS, Applicant, Consent, Outcome
from bot.storage import events, registrations
from bot.storage.registrations import OPEN
from bot.vault import Vault

CLAIM_LENGTH = 10
CLAIM_LASTS = timedelta(hours=24)
BY_STAFF = "staff"


def move(db: Session, vault: Vault, *, registration_id: int, to_event_id: int, now: datetime) -> Outcome:
    """The party takes a place, or joins the line, at the other event, and gives up the one it had. Raises a Refused,
    and then nothing has changed once the caller rolls back."""
    row = registrations.find(db, registration_id)
    if row is None or row.state not in OPEN:
        raise refusals.NoSuchRegistration
    for event_id in sorted({row.event_id, to_event_id}):  # in one order, so that two moves never wait in a circle
        events.lock(db, event_id)
    row = registrations.find(db, registration_id)
    if row is None or row.state not in OPEN:  # meanwhile
        raise refusals.NoSuchRegistration
    target = events.find(db, to_event_id)
    if target is None or to_event_id == row.event_id:
        raise refusals.NoSuchEvent
    outcome = registration.register(
        db, vault, event_id=to_event_id, applicant=Applicant(row.person_id, row.kind, "staff"),
        form=forms.opened(vault, row), party_size=row.party_size, form_version=target.form_version,
        consent=Consent(0, "", "moved"), now=now,
    )  # fmt: skip
    registration.cancel(db, registration_id=registration_id, by=BY_STAFF, now=now)
    if outcome.new:
        booking.tell(db, outcome.registration, booking.MOVED, now=now)
    return outcome


def make_claim(db: Session, *, registration_id: int, now: datetime) -> str:
    """The code that staff read to somebody who has lost their LINE account; good for a day, and once."""
    row = registrations.find(db, registration_id)
    if row is None or row.state not in OPEN:
        raise refusals.NoSuchRegistration
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CLAIM_LENGTH))
    registrations.change(db, row, claim_hash=_hash_of(code), claim_until=now + CLAIM_LASTS)
    return code


def claim(db: Session, vault: Vault, *, code: str, person_id: int, now: datetime) -> Outcome:
    """Gives the registration to this person's account. Raises NoSuchRegistration; AlreadyThere where they have one of
    their own."""
    found = registrations.find_by_claim(db, _hash_of(code.strip().upper()), now=now)
    if found is None or events.lock(db, found.event_id) is None:
        raise refusals.NoSuchRegistration
    row = registrations.find_by_claim(db, _hash_of(code.strip().upper()), now=now)
    if row is None:
        raise refusals.NoSuchRegistration
    owner_key = registration.owner_of(vault, Applicant(person_id, row.kind), forms.opened(vault, row))
    other = registrations.find_by_owner(db, event_id=row.event_id, owner_key=owner_key)
    if other is not None and other.id != row.id:
        if other.state in OPEN:
            raise refusals.AlreadyThere
        registrations.set_aside(db, other)
    registrations.change(
        db, row, person_id=person_id, owner_key=owner_key, claim_hash=None, claim_until=None, turn=row.turn + 1
    )
    event = events.find(db, row.event_id)
    if event is not None and row.state == registrations.CONFIRMED:
        booking.book_reminders(db, event, [row], now=now)
    return Outcome(row, new=True)


def _hash_of(code: str) -> str:
    return hashlib.sha256(f"claim/{code}".encode()).hexdigest()
