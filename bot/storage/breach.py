"""Whose data was held, and of which kind, for the report of a breach."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from bot.storage.audit import AuditRow
from bot.storage.case_messages import CaseMessageRow
from bot.storage.cases import CaseRow
from bot.storage.hear_back import HearBackRow
from bot.storage.people import PersonRow
from bot.storage.preferences import InterestRow, PreferenceRow
from bot.storage.questions import QuestionRow
from bot.storage.registrations import RegistrationRow
from bot.storage.tombstones import TombstoneRow

A_BATCH = 500
LOOKED_AT = ("export", "person", "registration", "case", "data")
"""Kinds of subjects of the audit log whose lines may tell that somebody saw people's data."""


@dataclass(frozen=True, slots=True)
class Held:
    """Of one person."""

    person_id: int
    line_user_id: str
    following: bool
    registrations: bool
    cases: bool
    notices: bool
    hear_back: bool


def _of_a_person(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(*conditions)


_REGISTERED = _of_a_person(RegistrationRow.person_id == PersonRow.id, RegistrationRow.forgotten.is_(False))
_WROTE = or_(
    _of_a_person(CaseRow.person_id == PersonRow.id, CaseRow.id == CaseMessageRow.case_id),
    _of_a_person(CaseRow.person_id == PersonRow.id, or_(CaseRow.detail != "", CaseRow.form.is_not(None))),
)
_CHOSE = or_(
    _of_a_person(PreferenceRow.person_id == PersonRow.id, PreferenceRow.wants_notices.is_(True)),
    _of_a_person(InterestRow.person_id == PersonRow.id),
)
_WAITS = _of_a_person(HearBackRow.person_id == PersonRow.id)


def every_person(db: Session, *, until: datetime) -> Iterator[Held]:
    """Known by that moment, in the order of their ids."""
    last = 0
    while True:
        statement = (
            select(PersonRow.id, PersonRow.line_user_id, PersonRow.following, _REGISTERED, _WROTE, _CHOSE, _WAITS)
            .where(PersonRow.id > last, PersonRow.first_seen_at <= until)
            .order_by(PersonRow.id)
            .limit(A_BATCH)
        )
        rows = db.execute(statement).all()
        yield from (Held(*row) for row in rows)
        if len(rows) < A_BATCH:
            return
        last = rows[-1][0]


def every_registration(db: Session, *, until: datetime) -> Iterator[RegistrationRow]:
    """Those that still say whose they are, in the order of their ids."""
    last = 0
    while True:
        statement = _kept_registrations(last, until).order_by(RegistrationRow.id).limit(A_BATCH)
        rows = list(db.scalars(statement))
        yield from rows
        if len(rows) < A_BATCH:
            return
        last = rows[-1].id


def _kept_registrations(after: int, until: datetime) -> Select[RegistrationRow]:
    kept = and_(RegistrationRow.forgotten.is_(False), RegistrationRow.created_at <= until)
    return select(RegistrationRow).where(RegistrationRow.id > after, kept)


def count_questions(db: Session, *, until: datetime) -> int:
    """Whose words are still there."""
    counted = select(func.count()).where(QuestionRow.text.is_not(None), QuestionRow.asked_at <= until)
    return db.scalar(counted) or 0


def count_erased(db: Session, *, since: datetime) -> int:
    return db.scalar(select(func.count()).where(TombstoneRow.erased_at >= since)) or 0


def count_access(db: Session, *, since: datetime, until: datetime) -> list[tuple[str, int, int]]:
    """Of what staff did with people's data: the action, how often, and by how many."""
    statement = (
        select(AuditRow.action, func.count(), func.count(AuditRow.actor.distinct()))
        .where(AuditRow.at >= since, AuditRow.at <= until, AuditRow.subject_kind.in_(LOOKED_AT))
        .group_by(AuditRow.action)
        .order_by(AuditRow.action)
    )
    return [(action, times, staff) for action, times, staff in db.execute(statement)]
