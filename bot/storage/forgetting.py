"""Which events have registrations that are to be forgotten, or sealed anew."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import and_, exists, false, or_, select
from sqlalchemy.orm import Session

from bot.storage.events import EventRow
from bot.storage.registrations import RegistrationRow


def list_events_to_forget(db: Session, *, ended_before: datetime, limit: int) -> list[tuple[int, datetime, int]]:
    """Past events whose time of keeping is over by `ended_before`, and of which a registration still says whose it is:
    their ids, ends, and days of keeping."""
    kept_for = db.scalars(select(EventRow.retention_days).distinct()).all()
    is_over = [
        and_(EventRow.retention_days == days, EventRow.ends_at <= ended_before - timedelta(days=days))
        for days in kept_for
    ]
    statement = (
        select(EventRow.id, EventRow.ends_at, EventRow.retention_days)
        .where(
            or_(false(), *is_over),
            exists().where(RegistrationRow.event_id == EventRow.id, RegistrationRow.forgotten.is_(False)),
        )
        .order_by(EventRow.ends_at, EventRow.id)
        .limit(limit)
    )
    return [(event_id, ends_at, days) for event_id, ends_at, days in db.execute(statement)]


def list_events_of_sealed(db: Session, *, after: int, limit: int) -> list[int]:
    """In their order, the events of the registrations that `registrations.list_sealed` gives."""
    next_ones = (
        select(RegistrationRow.event_id)
        .where(RegistrationRow.id > after, RegistrationRow.forgotten.is_(False))
        .order_by(RegistrationRow.id)
        .limit(limit)
        .subquery()
    )
    return list(db.scalars(select(next_ones.c.event_id).distinct().order_by(next_ones.c.event_id)))
