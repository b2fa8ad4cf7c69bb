"""Registering, and what becomes of a registration. Whoever takes or frees a seat holds the event's lock."""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.events import booking, forms, openness, refusals, seats, waiting_list
from bot.events.forms import Form
from bot.storage import consents, events, registrations
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
from bot.vault import Vault

PURPOSE = "events"
MOST_BY_PERSON = 6
"""Parties that one LINE account may register for one event: oneself, and neighbours."""
MOST_BY_PHONE = 3
LARGEST_CLASS = 60
CODE_LETTERS = "23456789CFHJKMNPRTVWX"
"""None that is taken for another, read aloud or written by hand, and no vowels: they would make words."""
CODE_LENGTH = 6


@dataclass(frozen=True, slots=True)
class Applicant:
    """`person_id` is whose LINE account hears about it. `kind` is `self`, `neighbour` or `class`; `way` is `line`,
    `staff`, `walk_in` or `paper`."""

    person_id: int | None
    kind: str = "self"
    way: str = "line"


@dataclass(frozen=True, slots=True)
class Consent:
    """To what the notice said, in the words whose hash this is (SHA-256, hexadecimal)."""

    version: int
    wording_hash: str
    way: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """`new` is False where nothing was changed, since it was so already. `place` is the place in the line, from 1."""

    registration: RegistrationRow
    new: bool
    place: int | None = None


def register(
    db: Session, vault: Vault, *, event_id: int, applicant: Applicant, form: Form, party_size: int,
    form_version: int, consent: Consent, now: datetime,
) -> Outcome:  # fmt: skip
    """Asked twice, the answer is the same. Somebody who had cancelled joins the line's end. Raises a Refused."""
    event = _open_event(db, event_id, by_staff=applicant.way != "line", now=now)
    owner_key = owner_of(vault, applicant, form)
    known = registrations.find_by_owner(db, event_id=event_id, owner_key=owner_key)
    if known is not None and applicant.kind == "self" and known.person_id != applicant.person_id:
        registrations.set_aside(db, known)  # of somebody who was erased, and whose number is another's now
        known = None
    if known is not None and known.state in OPEN:
        return _outcome(db, known, new=False)
    _check(db, vault, event, applicant, form, party_size=party_size, form_version=form_version)
    values = {
        **forms.sealed(vault, form), "person_id": applicant.person_id, "kind": applicant.kind, "way": applicant.way,
        "party_size": party_size, "form_version": form_version, "seats": 0, "state": WAITING,
        "joined_at": _behind_everybody(db, event_id, now),
        "offer_until": None, "confirmed_at": None, "ended_at": None, "ended_by": None, "coming": None,
        "whole_only": False, "turn": known.turn + 1 if known is not None else 1,
    }  # fmt: skip
    left = seats.left_for_newcomers(db, event)
    waits_for_staff = event.admits_each and applicant.way == "line"
    if party_size > left and not event.has_waiting_list and not waits_for_staff:
        raise refusals.EventFull(left)
    if known is None:
        row = registrations.add(
            db,
            RegistrationRow(
                event_id=event_id, owner_key=owner_key, ticket=secrets.token_urlsafe(24), code=new_code(db, event_id),
                created_at=now, **values,
            ),
        )  # fmt: skip
    else:
        row = registrations.change(db, known, **values)
    consents.add(
        db, person_id=applicant.person_id, registration_id=row.id, purpose=PURPOSE, version=consent.version,
        wording_hash=consent.wording_hash, way=consent.way, now=now,
    )  # fmt: skip
    if waits_for_staff:
        registrations.change(db, row, state=PENDING)
    elif party_size <= left:
        waiting_list.confirm(db, event, row, taken=party_size, now=now)
    else:
        waiting_list.fill(db, event, now=now, spoken_to=row.id)
    return _outcome(db, row, new=True)


def cancel(db: Session, *, registration_id: int, by: str, now: datetime, person_id: int | None = None) -> Outcome:
    """`by` is `person` or `staff`; with `person_id`, only a registration of theirs. Frees the seats for those who wait.
    Raises NoSuchRegistration; EventOver for a person whose event has begun."""
    event, row = _locked(db, registration_id, person_id)
    if row.state not in OPEN:
        return Outcome(row, new=False)
    if by == "person" and event.starts_at <= now:
        raise refusals.EventOver
    _end(db, event, row, state=CANCELLED, by=by, now=now)
    waiting_list.fill(db, event, now=now)
    return Outcome(row, new=True)


def change_party(
    db: Session, *, registration_id: int, party_size: int, now: datetime, person_id: int | None = None
) -> Outcome:
    """A smaller party frees seats; a larger one needs seats that nobody who waits has a better right to. In the line
    one keeps one's place. Raises NotEnoughSeats, PartyTooLarge, EventOver, NotInThatState, NoSuchRegistration."""
    event, row = _locked(db, registration_id, person_id)
    if row.state not in (PENDING, WAITING, CONFIRMED):
        raise refusals.NotInThatState(row.state)
    if person_id is not None and event.starts_at <= now:
        raise refusals.EventOver
    if not 1 <= party_size <= row.party_size:
        _check_size(event, row.kind, party_size)
    if party_size == row.party_size:
        return _outcome(db, row, new=False)
    if row.state == CONFIRMED:
        more = party_size - row.party_size
        left = seats.left_for_newcomers(db, event)
        if more > left:
            raise refusals.NotEnoughSeats(left)
        taken = row.seats + more if more > 0 else min(row.seats, party_size)  # let in beyond the seats, it has none
        registrations.change(db, row, party_size=party_size, seats=taken)
    else:
        registrations.change(db, row, party_size=party_size, whole_only=False)
    waiting_list.fill(db, event, now=now, spoken_to=_spoken_to(row, person_id))
    return _outcome(db, row, new=True)


def accept_offer(db: Session, *, registration_id: int, now: datetime, person_id: int | None = None) -> Outcome:
    """Raises OfferOver; NoSuchRegistration."""
    event, row = _locked(db, registration_id, person_id)
    if row.state == CONFIRMED:
        return Outcome(row, new=False)
    if row.state != OFFERED or (row.offer_until is not None and row.offer_until <= now):
        raise refusals.OfferOver
    waiting_list.confirm(db, event, row, taken=row.seats, now=now)
    return Outcome(row, new=True)


def decline_offer(
    db: Session, *, registration_id: int, keeps_waiting: bool, now: datetime, person_id: int | None = None
) -> Outcome:
    """`keeps_waiting`: for the whole party, with the place they have. Raises OfferOver; NoSuchRegistration."""
    event, row = _locked(db, registration_id, person_id)
    if row.state != OFFERED:
        raise refusals.OfferOver
    if keeps_waiting:
        waiting_list.back_into_line(db, row)
    else:
        _end(db, event, row, state=CANCELLED, by="person", now=now)
    waiting_list.fill(db, event, now=now, spoken_to=_spoken_to(row, person_id))
    return _outcome(db, row, new=True)


def say_coming(db: Session, *, registration_id: int, person_id: int | None = None) -> Outcome:
    """The answer to a reminder; that one will not come is a cancellation. Raises NotInThatState, NoSuchRegistration."""
    _, row = _locked(db, registration_id, person_id)
    if row.state != CONFIRMED:
        raise refusals.NotInThatState(row.state)
    new = row.coming is not True
    registrations.change(db, row, coming=True)
    return Outcome(row, new=new)


def admit(db: Session, *, registration_id: int, now: datetime) -> Outcome:
    """Staff say yes: a seat, or a place in the line by when they had asked. Raises NotInThatState."""
    event, row = _locked(db, registration_id, None)
    if row.state != PENDING:
        raise refusals.NotInThatState(row.state)
    left = seats.left_for_newcomers(db, event)
    if row.party_size <= left:
        waiting_list.confirm(db, event, row, taken=row.party_size, now=now)
        booking.tell(db, row, booking.ADMITTED, now=now)
        return Outcome(row, new=True)
    registrations.change(db, row, state=WAITING, turn=row.turn + 1)
    waiting_list.fill(db, event, now=now)
    if row.state == WAITING:
        booking.tell(db, row, booking.WAITLISTED, now=now)
    return _outcome(db, row, new=True)


def refuse(db: Session, *, registration_id: int, now: datetime) -> Outcome:
    """Staff say no. Raises NotInThatState."""
    event, row = _locked(db, registration_id, None)
    if row.state != PENDING:
        raise refusals.NotInThatState(row.state)
    _end(db, event, row, state=REFUSED, by="staff", now=now)
    booking.tell(db, row, booking.REFUSED, now=now)
    return Outcome(row, new=True)


def owner_of(vault: Vault, applicant: Applicant, form: Form) -> str:
    """Whose place it is. One person has one; a neighbour is told apart by name and number, a class by its school."""
    if applicant.kind == "self" and applicant.person_id is not None:
        return f"person/{applicant.person_id}"
    by = str(applicant.person_id or "staff")
    school = form.school
    parts = (school.name, school.level) if school is not None else (form.name, form.phone or "")
    words = "|".join("".join(unicodedata.normalize("NFKC", part).split()).lower() for part in parts)
    return f"{applicant.kind}/{vault.keyed_hash('registration/owner', f'{by}|{words}')}"


def _spoken_to(row: RegistrationRow, person_id: int | None) -> int | None:
    """Whoever acts is answered at once; what staff do is told to the person, unless it is on the telephone."""
    return row.id if person_id is not None or row.person_id is None else None


def _behind_everybody(db: Session, event_id: int, now: datetime) -> datetime:
    """The line's end, also when the clock was set back, or two came in the same instant."""
    last = registrations.find_last_in_line(db, event_id)
    return max(now, last + timedelta(microseconds=1)) if last is not None else now


def _open_event(db: Session, event_id: int, *, by_staff: bool, now: datetime) -> EventRow:
    """Locked. Staff may still add people when registration is closed, and during the event."""
    event = events.lock(db, event_id)
    return openness.check_on(event) if by_staff else openness.check_open(event, now=now)


def _check(
    db: Session, vault: Vault, event: EventRow, applicant: Applicant, form: Form, *, party_size: int, form_version: int
) -> None:
    if form_version != event.form_version:
        raise refusals.FormChanged(event.form_version)
    _check_size(event, applicant.kind, party_size)
    if form.minor and event.minors == "adults":
        raise refusals.AdultsOnly
    if form.minor and event.minors == "guardian" and not form.guardian:
        raise refusals.NeedsGuardian
    if applicant.way != "line":
        return
    if applicant.person_id is not None:
        mine = registrations.count_of_person(db, event_id=event.id, person_id=applicant.person_id)
        if mine >= MOST_BY_PERSON:
            raise refusals.TooManyByPerson(MOST_BY_PERSON)
    if form.phone:
        hashed = forms.phone_hash(vault, form.phone)
        if registrations.count_of_phone(db, event_id=event.id, phone_hash=hashed) >= MOST_BY_PHONE:
            raise refusals.TooManyByPhone(MOST_BY_PHONE)


def _check_size(event: EventRow, kind: str, party_size: int) -> None:
    most = LARGEST_CLASS if kind == "class" and event.for_classes else event.party_most
    if not 1 <= party_size <= most:
        raise refusals.PartyTooLarge(most)


def _locked(db: Session, registration_id: int, person_id: int | None) -> tuple[EventRow, RegistrationRow]:
    """The registration as it is once its event is locked."""
    seen = registrations.find(db, registration_id)
    event = events.lock(db, seen.event_id) if seen is not None else None
    row = registrations.find(db, registration_id) if event is not None else None
    if event is None or row is None or (person_id is not None and row.person_id != person_id):
        raise refusals.NoSuchRegistration
    return event, row


def _end(db: Session, event: EventRow, row: RegistrationRow, *, state: str, by: str, now: datetime) -> None:
    registrations.change(db, row, state=state, seats=0, offer_until=None, ended_at=now, ended_by=by, turn=row.turn + 1)
    consents.withdraw_of_registration(db, row.id, now=now)
    booking.drop_for(db, row, event, why="ended", now=now)


def _outcome(db: Session, row: RegistrationRow, *, new: bool) -> Outcome:
    place = registrations.count_ahead(db, row) + 1 if row.state == WAITING else None
    return Outcome(row, new=new, place=place)


def new_code(db: Session, event_id: int) -> str:
    """One that no other registration of the event has. Call it under the event's lock."""
    while True:
        code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
        if registrations.find_by_code(db, event_id=event_id, code=code) is None:
            return code
