"""What we learnt from LINE about our own channel, shared by all processes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, insert_into


class ChannelRow(Base):
    __tablename__ = "channel"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    bot_user_id: Mapped[str] = mapped_column(String(80))
    reads_by_hand: Mapped[bool] = mapped_column(default=False)
    """True where the account leaves it to us to mark messages as read."""
    learnt_at: Mapped[datetime]


_READS_BY_HAND = select(ChannelRow.reads_by_hand)  # built once: it is on the hot path


def find_bot_user_id(db: Session) -> str | None:
    return db.scalar(select(ChannelRow.bot_user_id))


def reads_by_hand(db: Session) -> bool:
    return bool(db.scalar(_READS_BY_HAND))


def save(db: Session, *, bot_user_id: str, reads_by_hand: bool, now: datetime) -> None:
    values = {"bot_user_id": bot_user_id, "reads_by_hand": reads_by_hand, "learnt_at": now}
    statement = insert_into(db, ChannelRow).values(id=1, **values)
    db.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))
