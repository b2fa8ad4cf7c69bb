"""Coming in at the door: counted once for a party and a part of the event, however often the phone sends it."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot import clock
from bot.events import forms, openness, refusals, registration, seats, waiting_list
from bot.events.forms import Form
from bot.events.refusals import Refused
from bot.events.registration import Consent
from bot.storage import check_ins, consents, events, registrations
from bot.storage.check_ins import CheckInRow
from bot.storage.events import EventRow, EventSessionRow
from bot.storage.registrations import CONFIRMED, RegistrationRow
from bot.vault import Vault

SCAN, CODE, NAME, PAPER, SELF, WALK_IN = "scan", "code", "name", "paper", "self", "walk_in"
MOST_PEOPLE = 99
"""That staff may count for one party. Whoever checks in by themselves counts no more than are registered."""
MOST_PARTIES = 2000
"""Of one event that are read at once."""
_MARK = 19


@dataclass(eq=False)
class NoSuchPart(Refused):
    """The event has no such session any more."""


@dataclass(frozen=True, slots=True)
class CheckedIn:
    """`new` is False where nothing was changed, since it was so already; `people` came then, at `earlier`. No people
    and nothing new: it was undone meanwhile."""

    new: bool
    people: int
    registration: RegistrationRow
    part: int
    earlier: datetime | None = None


@dataclass(frozen=True, slots=True)
class Attendance:
    """People. More may come to a part than were expected: families grow."""

    expected: int
    came: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Arrival:
    """What the door says. `people` None: the whole party. `at` is the moment at the door, `now` the one in which it
    reached us; `part` None: the one that was on `at` that moment. `key` names the request, however often it is sent."""

    at: datetime
    now: datetime
    way: str
    staff_id: int | None
    key: str
    people: int | None = None
    part: int | None = None


def check_in(
    db: Session, *, registration_id: int, people: int | None = None, at: datetime, way: str, staff_id: int | None,
    key: str, now: datetime, part: int | None = None,
) -> CheckedIn:  # fmt: skip
    """Safe to repeat. Raises NotInThatState for a party without a place, PartyTooLarge, NoSuchPart,
    NoSuchRegistration."""
    event, row = _locked(db, registration_id)
    if row.state != CONFIRMED:
        raise refusals.NotInThatState(row.state)
    return _arrive(db, event, row, Arrival(at, now, way, staff_id, key, people, part))


def check_in_many(db: Session, *, event_id: int, people: Mapping[int, int], arrival: Arrival) -> list[CheckedIn]:
    """A whole sheet of paper: how many came, by registration. Those without a place are passed over. Raises
    NoSuchEvent, PartyTooLarge, NoSuchPart."""
    event = _open_event(db, event_id)
    rows = registrations.list_of_event(db, event_id, states=(CONFIRMED,), limit=MOST_PARTIES)
    part = _part_of(db, event, arrival)
    return [
        _record(db, row, arrival, part=part, people=people[row.id], key=f"{arrival.key}/{row.id}")
        for row in rows
        if row.id in people
    ]


def correct(
    db: Session, *, registration_id: int, people: int, key: str, now: datetime, part: int | None = None,
    by_staff: bool = True,
) -> CheckedIn:  # fmt: skip
    """How many came, of a party that is here already. Raises NotInThatState, PartyTooLarge, NoSuchRegistration."""
    event, row = _locked(db, registration_id)
    most = MOST_PEOPLE if by_staff else row.party_size
    if not 1 <= people <= most:
        raise refusals.PartyTooLarge(most)
    where = _part_of(db, event, Arrival(now, now, SELF, None, key, part=part))
    line = check_ins.find(db, registration_id=row.id, part=where)
    if line is None or not line.people:
        raise refusals.NotInThatState(row.state)
    if _was_done(line, key) or line.people == people:
        return CheckedIn(new=False, people=line.people, registration=row, part=where, earlier=line.at)
    _change(db, line, key=key, people=people, recorded_at=now)
    return CheckedIn(new=True, people=people, registration=row, part=where, earlier=line.at)


def undo(db: Session, *, registration_id: int, key: str, now: datetime, part: int | None = None) -> CheckedIn:
    """They did not come after all; whoever was let in as a walk-in gives the seat back. Raises NoSuchRegistration."""
    event, row = _locked(db, registration_id)
    where = _part_of(db, event, Arrival(now, now, SELF, None, key, part=part))
    line = check_ins.find(db, registration_id=row.id, part=where)
    if line is None or not line.people or _was_done(line, key):
        return CheckedIn(
            new=False,
            people=line.people if line else 0,
            registration=row,
            part=where,
            earlier=line.at if line and line.people else None,
        )
    earlier = line.at
    _change(db, line, key=key, people=0, recorded_at=now)
    others = check_ins.list_of_registrations(db, [row.id])
    if row.way == WALK_IN and not any(one.people for one in others):
        registration.cancel(db, registration_id=row.id, by="staff", now=now)
    return CheckedIn(new=True, people=0, registration=row, part=where, earlier=earlier)


def let_in(db: Session, *, registration_id: int, over_capacity: bool, arrival: Arrival) -> CheckedIn:
    """Staff let somebody in who waits, or had cancelled: on a free seat, or beyond the seats there are. Raises
    EventFull, CalledOff, NoSuchEvent, and what check_in raises."""
    _, row = _locked(db, registration_id)
    event = _open_event(db, row.event_id)
    line = check_ins.find(db, registration_id=row.id, part=_part_of(db, event, arrival))
    if row.state != CONFIRMED and not (line is not None and _was_done(line, arrival.key)):
        _give_seats(db, event, row, people=arrival.people or row.party_size, over=over_capacity, now=arrival.now)
        waiting_list.fill(db, event, now=arrival.now, spoken_to=row.id)
    return _arrive(db, event, row, arrival)


def walk_in(
    db: Session, vault: Vault, *, event_id: int, name: str, over_capacity: bool, consent: Consent, arrival: Arrival
) -> CheckedIn:
    """Somebody who had not registered takes a free seat, or is let in beyond them. The key is theirs: two people of one
    name are two. Raises EventFull, CalledOff, NoSuchEvent, PartyTooLarge, NoSuchPart."""
    event = _open_event(db, event_id)
    people, now = arrival.people or 1, arrival.now
    if not 1 <= people <= MOST_PEOPLE:
        raise refusals.PartyTooLarge(MOST_PEOPLE)
    owner_key = f"{WALK_IN}/{vault.keyed_hash('registration/owner', arrival.key)}"
    row = registrations.find_by_owner(db, event_id=event_id, owner_key=owner_key)
    if row is None:
        row = RegistrationRow(
            event_id=event_id, person_id=None, owner_key=owner_key, kind="self", way=WALK_IN, state=CONFIRMED,
            party_size=people, seats=0, ticket=secrets.token_urlsafe(24), code=registration.new_code(db, event_id),
            form_version=event.form_version, joined_at=now, created_at=now, turn=0, **forms.sealed(vault, Form(name)),
        )  # fmt: skip
        registrations.add(db, row)
        _give_seats(db, event, row, people=people, over=over_capacity, now=now)
        consents.add(
            db, person_id=None, registration_id=row.id, purpose=registration.PURPOSE, version=consent.version,
            wording_hash=consent.wording_hash, way=consent.way, now=now,
        )  # fmt: skip
    return _arrive(db, event, row, arrival)


def count(db: Session, event_id: int) -> Attendance:
    expected = registrations.count_by_state(db, event_id).get(CONFIRMED, (0, 0))[1]
    return Attendance(expected, check_ins.count_people(db, event_id))


def part_at(sessions: Sequence[EventSessionRow], moment: datetime) -> int:
    """The session that people most likely come to: today's that is on or next; 0 where there are none."""
    if not sessions:
        return 0
    in_order = sorted(sessions, key=lambda one: (one.starts_at, one.position))
    day = clock.bangkok_date(moment)
    pool = [one for one in in_order if clock.bangkok_date(one.starts_at) == day] or in_order
    return next((one.id for one in pool if one.ends_at > moment), pool[-1].id)


def _arrive(db: Session, event: EventRow, row: RegistrationRow, arrival: Arrival) -> CheckedIn:
    people = row.party_size if arrival.people is None else arrival.people
    return _record(db, row, arrival, part=_part_of(db, event, arrival), people=people, key=arrival.key)


def _record(db: Session, row: RegistrationRow, arrival: Arrival, *, part: int, people: int, key: str) -> CheckedIn:
    most = row.party_size if arrival.way == SELF else MOST_PEOPLE
    if not 1 <= people <= most:
        raise refusals.PartyTooLarge(most)
    at = min(arrival.at, arrival.now)  # a phone's clock may run ahead
    new = check_ins.insert_once(
        db, registration_id=row.id, event_id=row.event_id, part=part, people=people, at=at, now=arrival.now,
        way=arrival.way, staff_id=arrival.staff_id, key=_mark_of(key),
    )  # fmt: skip
    if new:
        return CheckedIn(new=True, people=people, registration=row, part=part)
    line = check_ins.find(db, registration_id=row.id, part=part)
    assert line is not None  # noqa: S101 - it is never deleted alone
    if line.people or _was_done(line, key):
        return CheckedIn(
            new=False, people=line.people, registration=row, part=part, earlier=line.at if line.people else None
        )
    _change(
        db, line, key=key, people=people, at=at, recorded_at=arrival.now, way=arrival.way, staff_id=arrival.staff_id
    )
    return CheckedIn(new=True, people=people, registration=row, part=part)


def _locked(db: Session, registration_id: int) -> tuple[EventRow, RegistrationRow]:
    """The registration as it is once its event is locked: it cannot be cancelled while its party walks in."""
    seen = registrations.find(db, registration_id)
    event = events.lock(db, seen.event_id) if seen is not None else None
    row = registrations.find(db, registration_id) if event is not None else None
    if event is None or row is None:
        raise refusals.NoSuchRegistration
    return event, row


def _open_event(db: Session, event_id: int) -> EventRow:
    return openness.check_on(events.lock(db, event_id))


def _part_of(db: Session, event: EventRow, arrival: Arrival) -> int:
    sessions = events.list_sessions(db, event.id)
    if arrival.part is None or (not arrival.part and sessions):
        return part_at(sessions, arrival.at)
    if arrival.part not in {one.id for one in sessions} | ({0} if not sessions else set()):
        raise NoSuchPart
    return arrival.part


def _give_seats(db: Session, event: EventRow, row: RegistrationRow, *, people: int, over: bool, now: datetime) -> None:
    """Who stands at the door comes before those who wait at home. Beyond the seats no seat is taken: what is free still
    is for a party that fits."""
    free = seats.free_seats(db, event) + row.seats
    if people > free and not over:
        raise refusals.EventFull(free)
    if row.ended_at is not None:
        _agree_again(db, row, now=now)
    registrations.change(db, row, ended_at=None, ended_by=None)
    waiting_list.confirm(db, event, row, taken=people, now=now)
    if people > free:
        registrations.change(db, row, seats=0)


def _agree_again(db: Session, row: RegistrationRow, *, now: datetime) -> None:
    """Who had cancelled and comes all the same agrees, before staff, to what they had agreed to."""
    given = consents.list_of_registration(db, row.id)
    version, wording_hash = (given[-1].version, given[-1].wording_hash) if given else (0, "")
    consents.add(
        db, person_id=row.person_id, registration_id=row.id, purpose=registration.PURPOSE, version=version,
        wording_hash=wording_hash, way="staff", now=now,
    )  # fmt: skip


def _change(db: Session, line: CheckInRow, *, key: str, **values: object) -> None:
    """Keeps the marks of two requests: the one that is undone may still be sent again."""
    for name, value in values.items():
        setattr(line, name, value)
    line.last_key = f"{_mark_of(key)} {line.last_key[:_MARK]}"
    db.flush()


def _was_done(line: CheckInRow, key: str) -> bool:
    return _mark_of(key) in line.last_key.split()


def _mark_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:_MARK]
