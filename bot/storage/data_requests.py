"""What people asked for by their right, and what became of it: the record that the law wants kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, BigId

ACCESS, ERASE, CORRECT, RESTRICT, OBJECT = "access", "erase", "correct", "restrict", "object"
DONE, REFUSED, CANCELLED = "done", "refused", "cancelled"
LINE, STAFF = "line", "staff"


class DataRequestRow(Base):
    """It outlives an erasure, and then says of nobody who it was."""

    __tablename__ = "data_requests"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    """`access`, `erase`, `correct`, `restrict` or `object`."""
    person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id", ondelete="SET NULL"), index=True)
    way: Mapped[str] = mapped_column(String(12))
    """`line`, `staff`."""
    received_at: Mapped[datetime] = mapped_column(index=True)
    settled_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(String(12), default="")
    """`done`, `refused` or `cancelled`."""
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it was refused: words of staff, without anything personal."""


def add(
    db: Session, *, kind: str, person_id: int | None, way: str, now: datetime, outcome: str = DONE, reason: str = ""
) -> int:
    """One that is settled as it is written down, unless its outcome is empty."""
    row = DataRequestRow(
        kind=kind, person_id=person_id, way=way, received_at=now, settled_at=now if outcome else None,
        outcome=outcome, reason=reason,
    )  # fmt: skip
    db.add(row)
    db.flush()
    return row.id


def list_of_person(db: Session, person_id: int, *, limit: int) -> list[DataRequestRow]:
    """The latest first."""
    statement = select(DataRequestRow).where(DataRequestRow.person_id == person_id)
    return list(db.scalars(statement.order_by(DataRequestRow.id.desc()).limit(limit)))


def has_since(db: Session, *, person_id: int, kind: str, way: str, since: datetime) -> bool:
    wanted = (DataRequestRow.person_id == person_id, DataRequestRow.kind == kind, DataRequestRow.way == way)
    return db.scalar(select(DataRequestRow.id).where(*wanted, DataRequestRow.received_at >= since).limit(1)) is not None


def unname(db: Session, person_id: int) -> int:
    """They say of nobody any more who asked."""
    nameless = update(DataRequestRow).where(DataRequestRow.person_id == person_id).values(person_id=None)
    return len(db.execute(nameless.returning(DataRequestRow.id)).all())


def forget(db: Session, *, received_before: datetime) -> int:
    gone = delete(DataRequestRow).where(DataRequestRow.received_at < received_before).returning(DataRequestRow.id)
    return len(db.execute(gone).all())
