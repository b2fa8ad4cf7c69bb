"""Answers that staff use again and again, with gaps to be filled in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Select, String, Text, select, update
from sqlalchemy import delete as sql_delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage import locks
from bot.storage.base import Base, BigId


class CannedAnswerRow(Base):
    __tablename__ = "canned_answers"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    title: Mapped[str] = mapped_column(String(80), unique=True)
    text: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("staff.id", ondelete="SET NULL"))
    version: Mapped[int] = mapped_column(default=1)


def lock(db: Session) -> None:
    """Against two who give the same title at the same moment."""
    locks.hold(db, ["canned_answers"])


def list_all(db: Session, *, limit: int) -> list[CannedAnswerRow]:
    return list(db.scalars(_fresh().order_by(CannedAnswerRow.title).limit(limit)))


def find(db: Session, answer_id: int) -> CannedAnswerRow | None:
    return db.scalar(_fresh().where(CannedAnswerRow.id == answer_id))


def find_by_title(db: Session, title: str) -> CannedAnswerRow | None:
    return db.scalar(_fresh().where(CannedAnswerRow.title == title))


def add(db: Session, **values: Any) -> CannedAnswerRow:  # noqa: ANN401 - the columns
    row = CannedAnswerRow(version=1, **values)
    db.add(row)
    db.flush()
    return row


def change(db: Session, answer_id: int, **values: Any) -> CannedAnswerRow:  # noqa: ANN401 - the columns
    statement = (
        update(CannedAnswerRow)
        .where(CannedAnswerRow.id == answer_id)
        .values(version=CannedAnswerRow.version + 1, **values)
        .returning(CannedAnswerRow)
    )
    return db.scalars(statement, execution_options={"populate_existing": True}).one()


def delete(db: Session, answer_id: int) -> bool:
    """False: it was gone already."""
    gone = sql_delete(CannedAnswerRow).where(CannedAnswerRow.id == answer_id).returning(CannedAnswerRow.id)
    return db.execute(gone).first() is not None


def _fresh() -> Select[CannedAnswerRow]:
    return select(CannedAnswerRow).execution_options(populate_existing=True)
