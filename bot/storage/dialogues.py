"""Where a person is in a conversation: sealed, because it holds what they just said, and soon forgotten."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from sqlalchemy import ForeignKey, LargeBinary, Table, bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, BigId


class DialogueRow(Base):
    __tablename__ = "dialogues"

    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    memory: Mapped[bytes] = mapped_column(LargeBinary)
    updated_at: Mapped[datetime] = mapped_column(index=True)


_dialogues = cast(Table, DialogueRow.__table__)
# Statements of the hot path are built once: building them costs more than running them.
_FIND = select(_dialogues.c.memory, _dialogues.c.updated_at).where(_dialogues.c.person_id == bindparam("whose"))
_SAVE = {}
for _name, _dialect in (("sqlite", sqlite), ("postgresql", postgresql)):
    _insert = _dialect.insert(_dialogues)
    _SAVE[_name] = _insert.on_conflict_do_update(
        index_elements=["person_id"],
        set_={"memory": _insert.excluded.memory, "updated_at": _insert.excluded.updated_at},
    )


def find(db: Session, person_id: int) -> tuple[bytes, datetime] | None:
    row = db.execute(_FIND, {"whose": person_id}).first()
    return (row.memory, row.updated_at) if row else None


def save(db: Session, *, person_id: int, memory: bytes, now: datetime) -> None:
    db.execute(_SAVE[db.get_bind().dialect.name], {"person_id": person_id, "memory": memory, "updated_at": now})


def forget(db: Session, person_id: int) -> None:
    db.execute(delete(DialogueRow).where(DialogueRow.person_id == person_id))


def forget_older(db: Session, *, before: datetime) -> int:
    return len(
        db.execute(delete(DialogueRow).where(DialogueRow.updated_at < before).returning(DialogueRow.person_id)).all()
    )
