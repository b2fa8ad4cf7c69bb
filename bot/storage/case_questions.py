"""What was asked before a case was opened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from bot.storage.questions import QuestionRow


def list_before(
    db: Session, *, askers: Sequence[str], since: datetime, until: datetime, question_id: int | None, limit: int
) -> list[QuestionRow]:
    """The latest questions of these askers between the two, and this one: the oldest of them first."""
    theirs = and_(QuestionRow.asker.in_(askers), QuestionRow.asked_at >= since, QuestionRow.asked_at <= until)
    statement = (
        select(QuestionRow)
        .where(or_(theirs, QuestionRow.id == question_id))
        .order_by(QuestionRow.asked_at.desc(), QuestionRow.id.desc())
        .limit(limit)
    )
    return list(reversed(db.scalars(statement).all()))
