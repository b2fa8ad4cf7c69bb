"""Links under which people see what is held about them, for a short while."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, BigId


class DataLinkRow(Base):
    __tablename__ = "data_links"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


def add(db: Session, *, person_id: int, token_hash: str, now: datetime, expires_at: datetime) -> None:
    db.add(DataLinkRow(person_id=person_id, token_hash=token_hash, created_at=now, expires_at=expires_at))
    db.flush()


def find(db: Session, token_hash: str) -> DataLinkRow | None:
    """Also one whose time is over."""
    return db.scalar(select(DataLinkRow).where(DataLinkRow.token_hash == token_hash))


def list_of_person(db: Session, person_id: int) -> list[DataLinkRow]:
    """The latest first."""
    return list(
        db.scalars(select(DataLinkRow).where(DataLinkRow.person_id == person_id).order_by(DataLinkRow.id.desc()))
    )


def keep_latest(db: Session, person_id: int, *, most: int) -> None:
    latest = select(DataLinkRow.id).where(DataLinkRow.person_id == person_id).order_by(DataLinkRow.id.desc())
    kept = list(db.scalars(latest.limit(most)))
    db.execute(delete(DataLinkRow).where(DataLinkRow.person_id == person_id, DataLinkRow.id.not_in(kept)))


def forget_expired(db: Session, *, before: datetime) -> int:
    gone = delete(DataLinkRow).where(DataLinkRow.expires_at < before).returning(DataLinkRow.id)
    return len(db.execute(gone).all())
