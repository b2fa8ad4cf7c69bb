"""What a restore changes in the database that it put in place: nothing that the copy had under way is done by itself.

The copy may be hours old. What it takes for open has mostly been done since, by the database that it is a copy of.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, func, insert, or_, select, text, update
from sqlalchemy.orm import Session

from bot.storage import case_messages, notice_trials, notices, service_messages
from bot.storage.case_messages import CaseMessageRow
from bot.storage.hear_back import ANSWERED, HearBackRow
from bot.storage.incoming import IncomingRow
from bot.storage.jobs import JobRow
from bot.storage.notice_trials import TrialRow
from bot.storage.outgoing import Delivery, OutgoingRow
from bot.storage.people import PersonRow
from bot.storage.registrations import RegistrationRow
from bot.storage.staff_sessions import StaffSessionRow
from bot.storage.tombstones import KeptKeyRow, TombstoneRow

WHY = "restored"
NOT_LOST = ("unfollow", "unsend")
"""What still takes effect without a word: who does not want to be written to, and what they took back."""
OUTCOME = "restored"


@dataclass(frozen=True, slots=True)
class Settled:
    """How many of what is not done by itself any more."""

    turns: int
    deliveries: int
    service_messages: int
    notices: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """What would go out once sending is let go on, or has to be decided one by one."""

    service_messages: int
    notices: int
    hear_backs: int


@dataclass(frozen=True, slots=True)
class Erased:
    """An erasure as it is written down beside the backups."""

    number: int
    key: str
    erased_at: datetime
    way: str
    counts: dict[str, int]


def settle_all(db: Session, *, turn: str, speaking: Collection[str], now: datetime) -> Settled:
    """`turn` is the kind of job that answers people, `speaking` are all those that write to them. Doing it twice
    changes nothing more."""
    not_lost = exists().where(
        IncomingRow.id == JobRow.subject_id, IncomingRow.kind.in_(NOT_LOST), IncomingRow.settled_at.is_(None)
    )
    db.execute(delete(JobRow).where(JobRow.kind.in_(speaking), or_(JobRow.kind != turn, ~not_lost)))
    turns = update(IncomingRow).where(IncomingRow.settled_at.is_(None), IncomingRow.kind.not_in(NOT_LOST))
    settled = _count(db, turns.values(settled_at=now, outcome=OUTCOME, payload=None))
    trying = update(OutgoingRow).where(OutgoingRow.status == Delivery.TRYING)
    ended = {"settled_at": now, "messages": None, "reply_token": None, "last_error": WHY}
    deliveries = _count(db, trying.values(status=Delivery.UNKNOWN, **ended))
    said = update(CaseMessageRow).where(CaseMessageRow.delivery == case_messages.QUEUED)
    db.execute(said.values(delivery=case_messages.UNKNOWN))
    trials = update(TrialRow).where(TrialRow.state == notice_trials.QUEUED)
    db.execute(trials.values(state=notice_trials.UNKNOWN, why=WHY, settled_at=now))
    db.execute(update(StaffSessionRow).where(StaffSessionRow.ended_at.is_(None)).values(ended_at=now))
    return Settled(
        turns=settled,
        deliveries=deliveries,
        service_messages=service_messages.hold_all(db, why=WHY, now=now),
        notices=notices.hold_all(db, why=WHY, now=now),
    )


def count_waiting(db: Session) -> Waiting:
    held = select(func.count()).select_from(service_messages.ServiceMessageRow)
    to_tell = select(func.count()).select_from(HearBackRow).where(HearBackRow.state == ANSWERED)
    return Waiting(
        service_messages=db.scalar(held.where(service_messages.ServiceMessageRow.state == service_messages.HELD)) or 0,
        notices=notices.count_by_state(db).get(notices.HELD, 0),
        hear_backs=db.scalar(to_tell) or 0,
    )


def list_erased(db: Session) -> list[Erased]:
    found = db.scalars(select(TombstoneRow).order_by(TombstoneRow.id))
    return [Erased(row.id, row.key, row.erased_at, row.way, row.counts) for row in found]


def sum_up_erased(db: Session) -> tuple[int, int]:
    """The last receipt's number, and how many there are: whether either has changed says whether to write them anew."""
    last, number = db.execute(select(func.coalesce(func.max(TombstoneRow.id), 0), func.count())).one()
    return int(last), int(number)


def add_missing_erased(db: Session, erased: Sequence[Erased]) -> int:
    """Those that the copy does not know, under their own numbers where these are free. Returns how many."""
    known = {(row.key, row.erased_at) for row in list_erased(db)}
    new = [one for one in erased if (one.key, one.erased_at) not in known]
    taken = set(db.scalars(select(TombstoneRow.id).where(TombstoneRow.id.in_([one.number for one in new]))))
    for one in new:
        values: dict[str, Any] = {} if one.number in taken else {"id": one.number}
        values |= {"key": one.key, "erased_at": one.erased_at, "way": one.way, "counts": one.counts}
        db.execute(insert(TombstoneRow).values(**values, finished_at=one.erased_at))
    if new and db.get_bind().dialect.name == "postgresql":
        number = "SELECT setval(pg_get_serial_sequence('tombstones', 'id'), (SELECT max(id) FROM tombstones))"
        db.execute(text(number))
    return len(new)


def list_people(db: Session, *, after: int, limit: int) -> list[tuple[int, str, datetime]]:
    """Ids, LINE's ids and when they were first seen, by id."""
    some = select(PersonRow.id, PersonRow.line_user_id, PersonRow.first_seen_at).where(PersonRow.id > after)
    found = db.execute(some.order_by(PersonRow.id).limit(limit))
    return [(person_id, user_id, seen_at) for person_id, user_id, seen_at in found]


def list_with_phone(db: Session, *, after: int, limit: int) -> list[RegistrationRow]:
    """Registrations with a telephone number, whoever made them, by id."""
    some = select(RegistrationRow).where(RegistrationRow.id > after, RegistrationRow.phone.is_not(None))
    return list(db.scalars(some.order_by(RegistrationRow.id).limit(limit)))


def find_kept_key(db: Session, name: str) -> bytes | None:
    return db.scalar(select(KeptKeyRow.sealed).where(KeptKeyRow.name == name))


def keep_key(db: Session, name: str, sealed: bytes) -> None:
    db.execute(insert(KeptKeyRow).values(name=name, sealed=sealed))


def _count(db: Session, statement: Any) -> int:  # noqa: ANN401 - an update
    result: Any = db.execute(statement)
    return int(result.rowcount)
