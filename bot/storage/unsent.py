"""Messages that their senders took back: the ids alone, so that one that arrives late is not read any more."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from sqlalchemy import String, Table, bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base


class UnsentRow(Base):
    __tablename__ = "unsent"

    message_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    unsent_at: Mapped[datetime] = mapped_column(index=True)


_unsent = cast(Table, UnsentRow.__table__)
_FIND = select(_unsent.c.message_id).where(_unsent.c.message_id == bindparam("wanted"))  # built once: hot path


def note(db: Session, *, message_id: str, now: datetime) -> None:
    dialect = sqlite if db.get_bind().dialect.name == "sqlite" else postgresql
    db.execute(dialect.insert(_unsent).values(message_id=message_id, unsent_at=now).on_conflict_do_nothing())


def is_unsent(db: Session, message_id: str) -> bool:
    return db.execute(_FIND, {"wanted": message_id}).first() is not None


def forget(db: Session, *, before: datetime) -> int:
    return len(db.execute(delete(_unsent).where(_unsent.c.unsent_at < before).returning(_unsent.c.message_id)).all())
