"""Every question asked: masked, with what was decided about it and why."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import JSON, Index, Select, String, Table, Text, and_, false, func, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, BigId

MISSED = "fallback"


class QuestionRow(Base):
    __tablename__ = "questions"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    incoming_id: Mapped[int] = mapped_column(BigId, unique=True)
    asked_at: Mapped[datetime] = mapped_column(index=True)
    asker: Mapped[str | None] = mapped_column(String(32), index=True)
    """A keyed hash that changes every month: tells how many different people asked, not who."""
    message_id: Mapped[str | None] = mapped_column(String(64), index=True)
    text: Mapped[str | None] = mapped_column(Text)
    words: Mapped[list[str]] = mapped_column(JSON)
    decision: Mapped[str] = mapped_column(String(10), index=True)
    entry: Mapped[str | None] = mapped_column(String(80))
    also: Mapped[list[str]] = mapped_column(JSON)
    candidates: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    refusal: Mapped[str | None] = mapped_column(String(16))
    urgent: Mapped[bool] = mapped_column(default=False)
    knowledge_version: Mapped[str] = mapped_column(String(64))
    milliseconds: Mapped[float]
    chosen: Mapped[str | None] = mapped_column(String(80))
    """What the person picked when asked which topic they meant; `none` for none of them."""
    feedback: Mapped[str | None] = mapped_column(String(8))
    feedback_at: Mapped[datetime | None]
    withheld: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whoever asked wants nothing done with what is held about them: it is kept, and nobody looks at it."""

    __table_args__ = (
        Index(
            "ix_questions_missed",
            "asked_at",
            sqlite_where=and_(decision == MISSED, refusal.is_(None)),
            postgresql_where=and_(decision == MISSED, refusal.is_(None)),
        ),
    )


_questions = cast(Table, QuestionRow.__table__)
_LOG = insert(_questions).returning(_questions.c.id)  # built once: it is on the hot path


def log(db: Session, **values: Any) -> int:  # noqa: ANN401 - the columns of a question
    """Writes a question down and returns its id."""
    return int(db.execute(_LOG, values).scalar_one())


def set_feedback(db: Session, *, question_id: int, feedback: str, now: datetime) -> bool:
    result = db.execute(
        update(QuestionRow)
        .where(QuestionRow.id == question_id)
        .values(feedback=feedback, feedback_at=now)
        .returning(QuestionRow.id)
    )
    return result.first() is not None


def set_chosen(db: Session, *, question_id: int, chosen: str) -> bool:
    result = db.execute(
        update(QuestionRow).where(QuestionRow.id == question_id).values(chosen=chosen).returning(QuestionRow.id)
    )
    return result.first() is not None


def find(db: Session, question_id: int) -> QuestionRow | None:
    return db.get(QuestionRow, question_id)


def find_texts(db: Session, ids: Sequence[int]) -> dict[int, str]:
    """The words of these questions, without those that were taken back, or that nothing is to be done with."""
    wanted = (QuestionRow.id.in_(ids), QuestionRow.withheld.is_(False))
    found = db.execute(select(QuestionRow.id, QuestionRow.text).where(*wanted))
    return {question_id: text for question_id, text in found if text}


def forget_text(db: Session, *, message_id: str) -> list[int]:
    """Takes the words of one message back, and returns which questions held them."""
    result = db.execute(
        update(QuestionRow)
        .where(QuestionRow.message_id == message_id)
        .values(text=None, words=[])
        .returning(QuestionRow.id)
    )
    return sorted(result.scalars())


def withhold(db: Session, askers: Collection[str], *, withheld: bool) -> list[int]:
    """What was asked so far by these: which questions are other than they were."""
    others = (QuestionRow.asker.in_(askers), QuestionRow.withheld.is_not(withheld))
    changed = update(QuestionRow).where(*others).values(withheld=withheld).returning(QuestionRow.id)
    return sorted(db.scalars(changed.execution_options(synchronize_session="fetch")))


def list_latest(db: Session, *, limit: int) -> list[QuestionRow]:
    return list(db.scalars(select(QuestionRow).order_by(QuestionRow.id.desc()).limit(limit)))


def count_missed(db: Session, *, since: datetime, most: int) -> int:
    """How many questions had no answer, refusals left aside. Counts no further than `most`, so that it stays cheap."""
    missed = _missed(since).with_only_columns(_questions.c.id).limit(most).subquery()
    return db.scalar(select(func.count()).select_from(missed)) or 0


def commonest_missed(db: Session, *, since: datetime, limit: int, least: int) -> list[tuple[str, int]]:
    """The masked wordings without an answer that most people used, `least` of them at the least, with how many."""
    counted = func.count(_questions.c.asker.distinct())
    statement = (
        _missed(since)
        .where(_questions.c.text.isnot(None), _questions.c.withheld.is_(False))
        .with_only_columns(_questions.c.text, counted)
        .group_by(_questions.c.text)
        .having(counted >= least)
        .order_by(counted.desc(), _questions.c.text)
        .limit(limit)
    )
    return [(text, count) for text, count in db.execute(statement)]


def _missed(since: datetime) -> Select[Any]:
    return select(_questions).where(
        _questions.c.decision == MISSED, _questions.c.refusal.is_(None), _questions.c.asked_at >= since
    )
