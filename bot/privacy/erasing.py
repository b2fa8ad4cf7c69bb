"""Erasing a person: at once out of everything that acts, and out of the database, in one transaction of the caller's.

The order of the locks is everybody's: the events that registrations are of, by id; requests of notices; cases; the
person. Only then is anything changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot import clock
from bot.events import leaving, mine
from bot.events.leaving import Coming
from bot.notices import leaving as leaving_notices
from bot.outreach import line_linking, proposals, questions
from bot.privacy import erasing_work, tombstones
from bot.storage import consents, data_requests, erasing, hear_back, preferences, sign_in_tries
from bot.storage import erasing_work as work
from bot.storage.people import PersonRow
from bot.storage.registrations import RegistrationRow
from bot.vault import Vault

LINE, STAFF, RETENTION, RESTORE = "line", "staff", "retention", "restore"
"""On whose word: the person's in the chat, a written request's, the end of the time of keeping, a restored backup's."""
OWN = frozenset({"self", "class"})
"""Registrations of which the telephone number is that of whoever made them."""
MONTHS_LOOKED_BACK = 121
"""An asker's hash is another each month; the words of questions are kept for ten years at most."""


class NobodyToErase(Exception):
    """There is no such person: never was, or not any more."""


@dataclass(frozen=True, slots=True)
class Consequences:
    """What would go. `registrations`: those still to come, the next first; `notices`: 1 for somebody who gets them."""

    registrations: tuple[Coming, ...]
    cases: int
    hear_back: int
    notices: int
    consents: int
    is_staff: bool


@dataclass(frozen=True, slots=True)
class Receipt:
    """The number under which it is noted that somebody was erased, and how many rows of which kind went."""

    number: int
    counts: dict[str, int]


def what_goes(db: Session, vault: Vault, person_id: int, *, now: datetime) -> Consequences:  # noqa: ARG001 - as `erase`
    coming = leaving.list_coming(db, work.list_registrations(db, person_id), now=now)
    wishes = preferences.find(db, person_id)
    return Consequences(
        registrations=tuple(coming),
        cases=erasing.count_open_cases(db, person_id),
        hear_back=hear_back.count_open(db, person_id=person_id),
        notices=int(wishes is not None and wishes.wants_notices),
        consents=sum(one.withdrawn_at is None for one in consents.list_of_person(db, person_id)),
        is_staff=erasing.is_staff(db, person_id),
    )


def erase(
    db: Session, vault: Vault, *, person_id: int, way: str, now: datetime, registration_ids: Sequence[int] = ()
) -> Receipt:
    """After the caller's commit nothing of theirs acts, and nothing that they did before has any effect. `way` is one
    of the above. Call it before anything else is locked in the transaction, but the job that it is part of.
    `registration_ids`: those that go with `erase_registrations` right afterwards. Raises NobodyToErase;
    bot.vault.Unreadable where the key of the tombstones is sealed with a key that is not set."""
    also = work.list_by_ids(db, registration_ids)
    locked = leaving.lock_events(db, lambda: [*work.list_registrations(db, person_id), *also])
    doubtful = leaving_notices.leave(db, person_id, now=now)
    erasing.list_cases(db, person_id)
    person = erasing.lock_person(db, person_id)
    if person is None:
        raise NobodyToErase
    leaving.lock_events(db, lambda: work.list_registrations(db, person_id), locked=locked)
    line_user_id = person.line_user_id
    until = erasing_work.find_end(db, vault, line_user_id=line_user_id, now=now)
    counts = _empty(db, vault, person, now) | {"notice_requests_unknown": doubtful}
    erasing.delete_person(db, person_id)
    counts = {name: count for name, count in sorted(counts.items()) if count}
    number = tombstones.bury(db, vault, whose=line_user_id, way=way, counts=counts, now=until)
    if way in (LINE, STAFF):
        data_requests.add(db, kind=data_requests.ERASE, person_id=None, way=way, now=now)
    return Receipt(number, counts)


def is_of_others(row: RegistrationRow) -> bool:
    """Whether the telephone number in it is not that of a person on LINE who made it."""
    return row.person_id is None or row.kind not in OWN


def erase_registrations(
    db: Session, vault: Vault, registration_ids: Sequence[int], *, phone: str, way: str, now: datetime
) -> Receipt:
    """Those that others made for somebody with this number (E.164), who asks for it in writing, or that a restored
    backup has brought back. The number is noted as a keyed hash, as `erase` notes LINE's id. Raises
    bot.vault.Unreadable."""
    leaving.lock_events(db, lambda: work.list_by_ids(db, registration_ids))
    left = leaving.leave(db, work.list_by_ids(db, registration_ids), now=now)
    work.forget_incoming(db, work.drop_service_messages(db, left.registration_ids, now=now), now=now)
    counts = {"registrations": len(left.registration_ids), "places_given_up": left.ended}
    number = tombstones.bury(db, vault, whose=tombstones.of_phone(phone), way=way, counts=counts, now=now)
    if left.registration_ids and way == STAFF:
        data_requests.add(db, kind=data_requests.ERASE, person_id=None, way=STAFF, now=now)
    return Receipt(number, counts)


def _empty(db: Session, vault: Vault, person: PersonRow, now: datetime) -> dict[str, int]:
    own = erasing.delete_own(db, person.id)
    left = leaving.leave(db, work.list_registrations(db, person.id), now=now)
    told_in = work.drop_service_messages(db, left.registration_ids, now=now)
    askers = _askers(vault, person, now)
    asked = erasing.list_questions(db, askers)
    counts = {"registrations": len(left.registration_ids), "places_given_up": left.ended, "people": 1}
    counts |= {
        "service_messages": len(told_in),
        "questions": erasing.empty_questions(db, askers),
        "staff_links": int(erasing.unlink_staff(db, person.id)),
        "data_requests": data_requests.unname(db, person.id),
    }
    proposals.forget(db, asked)
    counts |= erasing.empty_cases(db, erasing.list_cases(db, person.id), now=now)
    counts |= own
    counts |= erasing_work.forget(db, vault, line_user_id=person.line_user_id, now=now)
    work.forget_incoming(db, told_in, now=now)
    _forget_tries(db, vault, person.id)
    return counts


def _forget_tries(db: Session, vault: Vault, person_id: int) -> None:
    """They are noted by the person's number, which on SQLite may be the next comer's."""
    for one in vault.each():
        keys = [*mine.keys_of_guesses(one, person_id), line_linking.key_of_tries(one, person_id)]
        sign_in_tries.forget_keys(db, keys)


def _askers(vault: Vault, person: PersonRow, now: datetime) -> list[str]:
    """Of every month since they were first seen, under every key of ours."""
    found = []
    day = clock.in_bangkok(now).replace(day=1, hour=12)
    first = clock.in_bangkok(person.first_seen_at).replace(day=1, hour=0)
    for _ in range(MONTHS_LOOKED_BACK):
        if day < first:
            break
        found += [questions.asker_hash(one, person_id=person.id, now=day) for one in vault.each()]
        day = (day - timedelta(days=1)).replace(day=1)
    return found
