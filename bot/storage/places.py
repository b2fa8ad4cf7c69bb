"""Registrations beside their events and their people: where somebody has a place, and how many have one or wait."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from bot.storage.events import EventRow
from bot.storage.people import PersonRow
from bot.storage.registrations import OPEN, PENDING, WAITING, RegistrationRow


def list_of_person(
    db: Session, person_id: int, *, ends_after: datetime, limit: int, offset: int = 0
) -> list[tuple[RegistrationRow, EventRow]]:  # fmt: skip
    """Places, and places in a line, at events that end after that moment; the next event first."""
    statement = (
        select(RegistrationRow, EventRow)
        .join(EventRow, EventRow.id == RegistrationRow.event_id)
        .where(RegistrationRow.person_id == person_id, RegistrationRow.state.in_(OPEN), EventRow.ends_at > ends_after)
        .order_by(EventRow.starts_at, RegistrationRow.id)
        .limit(limit)
        .offset(offset)
    )
    return [(registration, event) for registration, event in db.execute(statement)]


def count_crowds(db: Session, event_ids: Collection[int]) -> dict[int, tuple[int, int, int]]:
    """Seats that are taken or kept, parties that wait, and parties that staff have to decide about, by event."""

    def parties(state: str) -> ColumnElement[int]:
        return func.sum(case((RegistrationRow.state == state, 1), else_=0))

    statement = (
        select(RegistrationRow.event_id, func.sum(RegistrationRow.seats), parties(WAITING), parties(PENDING))
        .where(RegistrationRow.event_id.in_(event_ids), RegistrationRow.state.in_(OPEN))
        .group_by(RegistrationRow.event_id)
    )
    return {event_id: (int(seats), int(line), int(asked)) for event_id, seats, line, asked in db.execute(statement)}


def count_reached(db: Session, event_id: int) -> tuple[int, int]:
    """Parties with a place, or in the line for one, and how many of them LINE reaches."""
    reached = and_(RegistrationRow.person_id.is_not(None), PersonRow.following.is_(True))
    statement = (
        select(func.count(), func.coalesce(func.sum(case((reached, 1), else_=0)), 0))
        .select_from(RegistrationRow)
        .outerjoin(PersonRow, PersonRow.id == RegistrationRow.person_id)
        .where(RegistrationRow.event_id == event_id, RegistrationRow.state.in_(OPEN))
    )
    everybody, by_line = db.execute(statement).one()
    return int(everybody), int(by_line)
