"""What people agreed to: for what, in which words, when and how."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, BigId


class ConsentRow(Base):
    """Given by a person on LINE, or for a registration made by staff; it goes with either."""

    __tablename__ = "consents"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id", ondelete="CASCADE"), index=True)
    registration_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("registrations.id", ondelete="CASCADE"), index=True
    )
    purpose: Mapped[str] = mapped_column(String(24))
    version: Mapped[int]
    wording_hash: Mapped[str] = mapped_column(String(64))
    way: Mapped[str] = mapped_column(String(12))
    """`button`, `text`, `staff` or `paper`."""
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


def add(
    db: Session, *, person_id: int | None, registration_id: int | None, purpose: str, version: int, wording_hash: str,
    way: str, now: datetime,
) -> int:  # fmt: skip
    row = ConsentRow(
        person_id=person_id, registration_id=registration_id, purpose=purpose, version=version,
        wording_hash=wording_hash, way=way, given_at=now,
    )  # fmt: skip
    db.add(row)
    db.flush()
    return row.id


def list_of_registration(db: Session, registration_id: int) -> list[ConsentRow]:
    statement = select(ConsentRow).where(ConsentRow.registration_id == registration_id)
    return list(db.scalars(statement.order_by(ConsentRow.id)))
