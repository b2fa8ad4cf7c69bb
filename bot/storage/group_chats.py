"""Groups that the bot is in: a keyed hash instead of LINE's id, and just enough not to be a nuisance there."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from sqlalchemy import String, Table, bindparam, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, insert_into


class GroupChatRow(Base):
    __tablename__ = "group_chats"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    first_seen_at: Mapped[datetime]
    greeted_at: Mapped[datetime | None]
    """When newcomers were last greeted."""
    pace_level: Mapped[float] = mapped_column(default=0.0)
    pace_at: Mapped[datetime]
    braked: Mapped[bool] = mapped_column(default=False)


_groups = cast(Table, GroupChatRow.__table__)
_FIND = select(GroupChatRow).where(_groups.c.key == bindparam("wanted"))


def find_or_create(db: Session, key: str, *, now: datetime) -> GroupChatRow:
    """The row, to be changed in place within the caller's transaction."""
    found = db.scalars(_FIND, {"wanted": key}).first()
    if found is not None:
        return found
    row = insert_into(db, GroupChatRow).values(key=key, first_seen_at=now, pace_level=0.0, pace_at=now, braked=False)
    db.execute(row.on_conflict_do_nothing())
    return db.scalars(_FIND, {"wanted": key}).one()


def forget(db: Session, key: str) -> None:
    db.execute(delete(GroupChatRow).where(GroupChatRow.key == key))
