"""Urgent cases of groups: about nobody, and known by the lane in which the group's turns wait for each other."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.storage.cases import NOT_CLOSED, CaseRow
from bot.storage.incoming import IncomingRow


def find_open_urgent(db: Session, *, incoming_id: int, since: datetime) -> int | None:
    """The latest that was opened since then by something in the group that this came from."""
    lane = select(IncomingRow.lane).where(IncomingRow.id == incoming_id).scalar_subquery()
    return db.scalar(
        select(CaseRow.id)
        .join(IncomingRow, IncomingRow.id == CaseRow.incoming_id)
        .where(
            CaseRow.person_id.is_(None),
            CaseRow.urgent.is_(True),
            CaseRow.state.in_(NOT_CLOSED),
            CaseRow.opened_at >= since,
            IncomingRow.lane == lane,
        )
        .order_by(CaseRow.id.desc())
        .limit(1)
    )
