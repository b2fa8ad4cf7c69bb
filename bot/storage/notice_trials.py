"""Notices sent to those who make them, before anybody else sees them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, BigId

QUEUED, SENT, FAILED, UNKNOWN = "queued", "sent", "failed", "unknown"


class TrialRow(Base):
    __tablename__ = "notice_trials"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    notice_id: Mapped[int] = mapped_column(BigId, ForeignKey("notices.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id", ondelete="CASCADE"), index=True)
    asked_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("staff.id", ondelete="SET NULL"))
    retry_key: Mapped[str] = mapped_column(String(36))
    state: Mapped[str] = mapped_column(String(8), default=QUEUED)
    why: Mapped[str] = mapped_column(String(80), default="")
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


def add(db: Session, row: TrialRow) -> TrialRow:
    db.add(row)
    db.flush()
    return row


def find(db: Session, trial_id: int) -> TrialRow | None:
    return db.scalar(select(TrialRow).where(TrialRow.id == trial_id).execution_options(populate_existing=True))


def note_try(db: Session, trial_id: int) -> None:
    db.execute(update(TrialRow).where(TrialRow.id == trial_id).values(tries=TrialRow.tries + 1))


def settle(db: Session, trial_id: int, *, state: str, why: str, now: datetime) -> None:
    settled = update(TrialRow).where(TrialRow.id == trial_id, TrialRow.state == QUEUED)
    db.execute(settled.values(state=state, why=why[:80], settled_at=now))


def count_since(db: Session, *, notice_id: int, since: datetime) -> int:
    statement = select(func.count()).select_from(TrialRow)
    return db.scalar(statement.where(TrialRow.notice_id == notice_id, TrialRow.created_at >= since)) or 0


def list_latest(db: Session, *, notice_id: int, limit: int) -> list[TrialRow]:
    statement = select(TrialRow).where(TrialRow.notice_id == notice_id)
    return list(db.scalars(statement.order_by(TrialRow.id.desc()).limit(limit)))
