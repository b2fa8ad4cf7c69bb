"""What we learnt from LINE about our own channel, shared by all processes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, insert_into


class ChannelRow(Base):
    __tablename__ = "channel"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    bot_user_id: Mapped[str] = mapped_column(String(80))
    reads_by_hand: Mapped[bool] = mapped_column(default=False)
    """True where the account leaves it to us to mark messages as read."""
    learnt_at: Mapped[datetime]
    quota: Mapped[int | None]
    """Messages that this month's plan allows; None: no limit, or not asked yet."""
    used: Mapped[int | None]
    """Of these, by LINE's own approximate count."""
    quota_asked_at: Mapped[datetime | None]


_READS_BY_HAND = select(ChannelRow.reads_by_hand)  # built once: it is on the hot path


@dataclass(frozen=True, slots=True)
class MonthlyQuota:
    limit: int | None
    used: int
    asked_at: datetime


def find_bot_user_id(db: Session) -> str | None:
    return db.scalar(select(ChannelRow.bot_user_id))


def reads_by_hand(db: Session) -> bool:
    return bool(db.scalar(_READS_BY_HAND))


def save(db: Session, *, bot_user_id: str, reads_by_hand: bool, now: datetime) -> None:
    values = {"bot_user_id": bot_user_id, "reads_by_hand": reads_by_hand, "learnt_at": now}
    statement = insert_into(db, ChannelRow).values(id=1, **values)
    db.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))


def find_quota(db: Session) -> MonthlyQuota | None:
    """None: LINE was never asked."""
    row = db.execute(select(ChannelRow.quota, ChannelRow.used, ChannelRow.quota_asked_at)).first()
    if row is None or row[2] is None:
        return None
    return MonthlyQuota(row[0], row[1] or 0, row[2])


def save_quota(db: Session, quota: MonthlyQuota) -> bool:
    """False: who we are is not known yet, and this is asked again soon."""
    values = {"quota": quota.limit, "used": quota.used, "quota_asked_at": quota.asked_at}
    return db.execute(update(ChannelRow).values(**values).returning(ChannelRow.id)).first() is not None
