"""Where a person is in a conversation: sealed, because it holds what they just said, and soon forgotten."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, BigId


class DialogueRow(Base):
    __tablename__ = "dialogues"

    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    memory: Mapped[bytes] = mapped_column(LargeBinary)
    updated_at: Mapped[datetime] = mapped_column(index=True)


def find(db: Session, person_id: int) -> tuple[bytes, datetime] | None:
    row = db.execute(
        select(DialogueRow.memory, DialogueRow.updated_at).where(DialogueRow.person_id == person_id)
    ).first()
    return (row.memory, row.updated_at) if row else None


def save(db: Session, *, person_id: int, memory: bytes, now: datetime) -> None:
    dialect = sqlite if db.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(DialogueRow).values(person_id=person_id, memory=memory, updated_at=now)
    db.execute(
        statement.on_conflict_do_update(
            index_elements=["person_id"], set_={"memory": statement.excluded.memory, "updated_at": now}
        )
    )


def forget(db: Session, person_id: int) -> None:
    db.execute(delete(DialogueRow).where(DialogueRow.person_id == person_id))


def forget_older(db: Session, *, before: datetime) -> int:
    return len(
        db.execute(delete(DialogueRow).where(DialogueRow.updated_at < before).returning(DialogueRow.person_id)).all()
    )
