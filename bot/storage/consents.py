"""What people agreed to: for what, in which words, when and how."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, BigId

PUBLISHING = "story_publish"
"""The purpose of a yes to somebody's story being published."""


class ConsentRow(Base):
    """Given by a person on LINE, or for a registration made by staff; it goes with either."""

    __tablename__ = "consents"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id", ondelete="CASCADE"), index=True)
    registration_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("registrations.id", ondelete="CASCADE"), index=True
    )
    purpose: Mapped[str] = mapped_column(String(40))
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


def withdraw(db: Session, *, person_id: int, purpose: str, now: datetime) -> int:
    """Every consent of theirs to this that is still in force; how many."""
    mine = (ConsentRow.person_id == person_id, ConsentRow.purpose == purpose, ConsentRow.withdrawn_at.is_(None))
    return len(db.execute(update(ConsentRow).where(*mine).values(withdrawn_at=now).returning(ConsentRow.id)).all())


def withdraw_given(db: Session, *, person_id: int, purpose: str, given_at: datetime, now: datetime) -> int:
    """Only what they agreed to at that moment; how many."""
    mine = (ConsentRow.person_id == person_id, ConsentRow.purpose == purpose, ConsentRow.withdrawn_at.is_(None))
    then = update(ConsentRow).where(*mine, ConsentRow.given_at == given_at)
    return len(db.execute(then.values(withdrawn_at=now).returning(ConsentRow.id)).all())


def withdraw_of_registration(db: Session, registration_id: int, *, now: datetime) -> None:
    """The registration has ended: nothing rests on its consent any more. Another of the same person's has its own."""
    its = (ConsentRow.registration_id == registration_id, ConsentRow.withdrawn_at.is_(None))
    db.execute(update(ConsentRow).where(*its).values(withdrawn_at=now))


def find_in_force(db: Session, *, person_id: int, purpose: str) -> ConsentRow | None:
    """The latest."""
    mine = (ConsentRow.person_id == person_id, ConsentRow.purpose == purpose, ConsentRow.withdrawn_at.is_(None))
    return db.scalar(select(ConsentRow).where(*mine).order_by(ConsentRow.id.desc()).limit(1))


def is_in_force(db: Session, *, person_id: int, purpose: str, given_by: datetime) -> bool:
    """Something that they had agreed to by then is in force still."""
    mine = (ConsentRow.person_id == person_id, ConsentRow.purpose == purpose, ConsentRow.withdrawn_at.is_(None))
    return db.scalar(select(ConsentRow.id).where(*mine, ConsentRow.given_at <= given_by).limit(1)) is not None


def list_of_person(db: Session, person_id: int) -> list[ConsentRow]:
    return list(db.scalars(select(ConsentRow).where(ConsentRow.person_id == person_id).order_by(ConsentRow.id)))
