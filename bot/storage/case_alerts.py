"""What time alone brings about in cases: who of the staff is told in LINE, and lines that ended without an answer."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from bot.storage.cases import CLOSED, STAFF, CaseRow
from bot.storage.people import PersonRow
from bot.storage.staff import StaffRow


@dataclass(frozen=True, slots=True)
class Linked:
    """Of the staff, able to come in, and a friend of the bot in LINE."""

    staff_id: int
    role: str
    line_user_id: str


def list_linked(db: Session, *, limit: int) -> list[Linked]:
    statement = (
        select(StaffRow.id, StaffRow.role, PersonRow.line_user_id)
        .join(PersonRow, PersonRow.id == StaffRow.person_id)
        .where(StaffRow.disabled_at.is_(None), PersonRow.following.is_(True))
        .order_by(StaffRow.id)
        .limit(limit)
    )
    return [Linked(*found) for found in db.execute(statement)]


def mark_overdue(db: Session, case_ids: Collection[int], *, now: datetime) -> int:
    """Those whose line ended by time while the citizen waits: overdue since then. Nothing that staff decide about: the
    version stays. Returns how many."""
    marked = (
        update(CaseRow)
        .where(
            CaseRow.id.in_(case_ids),
            CaseRow.live_until <= now,
            CaseRow.state != CLOSED,
            CaseRow.waits_for == STAFF,
            or_(CaseRow.due_at.is_(None), CaseRow.due_at > CaseRow.live_until),
        )
        .values(due_at=CaseRow.live_until)
        .returning(CaseRow.id)
    )
    return len(db.execute(marked).all())
