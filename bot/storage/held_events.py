"""Everything that is held about somebody's registrations, for showing it to them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from bot.storage.check_ins import CheckInRow
from bot.storage.consents import ConsentRow
from bot.storage.event_feedback import EventFeedbackRow
from bot.storage.events import EventQuestionRow, EventRow, EventSessionRow
from bot.storage.registrations import RegistrationRow
from bot.storage.service_messages import ServiceMessageRow

WithEvent = tuple[RegistrationRow, EventRow]
_TOGETHER = 500
"""Of ids in one statement."""


def list_of_person(db: Session, person_id: int, *, limit: int) -> list[WithEvent]:
    """In whatever state, the latest first."""
    return _list(db, _joined().where(RegistrationRow.person_id == person_id), limit)


def list_by_phone(db: Session, phone_hashes: Collection[str], *, limit: int) -> list[WithEvent]:
    """Whoever made them."""
    return _list(db, _joined().where(RegistrationRow.phone_hash.in_(phone_hashes)), limit)


def count_of_person(db: Session, person_id: int) -> int:
    mine = select(func.count()).select_from(RegistrationRow).where(RegistrationRow.person_id == person_id)
    return db.scalar(mine) or 0


def list_questions(db: Session, event_ids: Collection[int]) -> dict[int, str]:
    """What was asked, by its number, also where it is asked no more."""
    found: dict[int, str] = {}
    for some in _portions(event_ids):
        wanted = select(EventQuestionRow.id, EventQuestionRow.label).where(EventQuestionRow.event_id.in_(some))
        found |= {number: label for number, label in db.execute(wanted)}  # noqa: C416 - typed rows
    return found


def list_parts(db: Session, event_ids: Collection[int]) -> dict[int, EventSessionRow]:
    parts: dict[int, EventSessionRow] = {}
    for some in _portions(event_ids):
        rows = db.scalars(select(EventSessionRow).where(EventSessionRow.event_id.in_(some)))
        parts |= {row.id: row for row in rows}
    return parts


def list_check_ins(db: Session, registration_ids: Collection[int]) -> list[CheckInRow]:
    found: list[CheckInRow] = []
    for some in _portions(registration_ids):
        found += db.scalars(select(CheckInRow).where(CheckInRow.registration_id.in_(some)).order_by(CheckInRow.id))
    return found


def list_feedback(db: Session, registration_ids: Collection[int]) -> list[EventFeedbackRow]:
    found: list[EventFeedbackRow] = []
    for some in _portions(registration_ids):
        found += db.scalars(select(EventFeedbackRow).where(EventFeedbackRow.registration_id.in_(some)))
    return found


def list_service_messages(db: Session, registration_ids: Collection[int]) -> list[ServiceMessageRow]:
    found: list[ServiceMessageRow] = []
    for some in _portions(registration_ids):
        wanted = select(ServiceMessageRow).where(ServiceMessageRow.registration_id.in_(some))
        found += db.scalars(wanted.order_by(ServiceMessageRow.due_at, ServiceMessageRow.id))
    return found


def list_consents(db: Session, *, person_id: int | None, registration_ids: Collection[int]) -> list[ConsentRow]:
    """Theirs, and those that were given for these registrations; oldest first."""
    found: dict[int, ConsentRow] = {}
    if person_id is not None:
        found |= {row.id: row for row in db.scalars(select(ConsentRow).where(ConsentRow.person_id == person_id))}
    for some in _portions(registration_ids):
        mine = or_(ConsentRow.person_id.is_(None), ConsentRow.person_id == person_id)
        rows = db.scalars(select(ConsentRow).where(ConsentRow.registration_id.in_(some), mine))
        found |= {row.id: row for row in rows}
    return [found[number] for number in sorted(found)]


def _joined() -> Select[RegistrationRow, EventRow]:
    return select(RegistrationRow, EventRow).join(EventRow, EventRow.id == RegistrationRow.event_id)


def _list(db: Session, statement: Select[RegistrationRow, EventRow], limit: int) -> list[WithEvent]:
    rows = db.execute(statement.order_by(RegistrationRow.id.desc()).limit(limit))
    return [(registration, event) for registration, event in rows]


def _portions(ids: Collection[int]) -> Sequence[Sequence[int]]:
    listed = sorted(set(ids))
    return [listed[start : start + _TOGETHER] for start in range(0, len(listed), _TOGETHER)]
