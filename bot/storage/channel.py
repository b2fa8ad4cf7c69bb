"""What we learnt from LINE about our own channel, shared by all processes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base


class ChannelRow(Base):
    __tablename__ = "channel"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    bot_user_id: Mapped[str] = mapped_column(String(80))
    learnt_at: Mapped[datetime]


def find_bot_user_id(db: Session) -> str | None:
    return db.scalar(select(ChannelRow.bot_user_id))


def save_bot_user_id(db: Session, bot_user_id: str, *, now: datetime) -> None:
    dialect = sqlite if db.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(ChannelRow).values(id=1, bot_user_id=bot_user_id, learnt_at=now)
    db.execute(
        statement.on_conflict_do_update(
            index_elements=["id"], set_={"bot_user_id": statement.excluded.bot_user_id, "learnt_at": now}
        )
    )
