"""What somebody asked, what of theirs is on its way in, and what is on its way to them; for showing it to them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.storage.hear_back import HearBackRow
from bot.storage.incoming import IncomingRow, QuarantinedRow
from bot.storage.jobs import DEAD, JobRow
from bot.storage.outgoing import OutgoingRow
from bot.storage.questions import QuestionRow
from bot.storage.reviews import ReviewItemRow


def list_questions(db: Session, askers: Collection[str], *, limit: int) -> list[QuestionRow]:
    """The latest first."""
    wanted = select(QuestionRow).where(QuestionRow.asker.in_(askers))
    return list(db.scalars(wanted.order_by(QuestionRow.id.desc()).limit(limit)))


def count_questions(db: Session, askers: Collection[str]) -> int:
    return db.scalar(select(func.count()).select_from(QuestionRow).where(QuestionRow.asker.in_(askers))) or 0


def list_reviewed(db: Session, question_ids: Collection[int]) -> list[tuple[int, str]]:
    """Which of these staff look at, and why."""
    wanted = select(ReviewItemRow.question_id, ReviewItemRow.reason)
    wanted = wanted.where(ReviewItemRow.question_id.in_(question_ids)).order_by(ReviewItemRow.id)
    return [(question_id, reason) for question_id, reason in db.execute(wanted) if question_id is not None]


def list_hear_back(db: Session, person_id: int, *, limit: int) -> list[tuple[HearBackRow, str | None]]:
    """With the words of the question."""
    wanted = (
        select(HearBackRow, QuestionRow.text)
        .join(QuestionRow, QuestionRow.id == HearBackRow.question_id)
        .where(HearBackRow.person_id == person_id)
        .order_by(HearBackRow.id.desc())
        .limit(limit)
    )
    return [(row, words) for row, words in db.execute(wanted)]


def list_unsettled_incoming(db: Session, lanes: Collection[str], *, limit: int) -> list[IncomingRow]:
    """Those whose words are still there: they go when their turn is over."""
    wanted = select(IncomingRow).where(IncomingRow.payload.isnot(None), IncomingRow.lane.in_(lanes))
    return list(db.scalars(wanted.order_by(IncomingRow.received_at.desc()).limit(limit)))


def list_quarantined(db: Session, *, after: int, limit: int) -> list[QuarantinedRow]:
    """By id, those after `after`."""
    wanted = select(QuarantinedRow).where(QuarantinedRow.id > after, QuarantinedRow.body.is_not(None))
    return list(db.scalars(wanted.order_by(QuarantinedRow.id).limit(limit)))


def list_outgoing(db: Session, person_id: int, *, limit: int) -> list[OutgoingRow]:
    """The latest first."""
    wanted = select(OutgoingRow).where(OutgoingRow.person_id == person_id)
    return list(db.scalars(wanted.order_by(OutgoingRow.id.desc()).limit(limit)))


def list_jobs(db: Session, lanes: Collection[str], *, limit: int) -> list[tuple[str, datetime]]:
    """Kinds of the work that waits, and since when."""
    wanted = select(JobRow.kind, JobRow.created_at).where(JobRow.lane.in_(lanes), JobRow.status != DEAD)
    return [(kind, since) for kind, since in db.execute(wanted.order_by(JobRow.id).limit(limit))]
