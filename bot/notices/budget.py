"""What LINE's monthly quota leaves for notices: what reminders and offers of seats will need is kept for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot import clock
from bot.storage import channel, notice_chunks, service_messages
from bot.storage.channel import MonthlyQuota

FRESH_FOR = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Budget:
    """`limit` None: this plan has none. `sent_since`: by us, since LINE was asked. All are messages, one a person."""

    limit: int | None
    used: int
    sent_since: int
    reserved: int
    asked_at: datetime

    @property
    def left(self) -> int | None:
        """None: no limit."""
        if self.limit is None:
            return None
        return max(0, self.limit - self.used - self.sent_since - self.reserved)

    def is_fresh(self, now: datetime) -> bool:
        return now - self.asked_at < FRESH_FOR


def find(db: Session, *, now: datetime) -> Budget | None:
    """None: LINE has not been asked this month."""
    told = channel.find_quota(db)
    if told is None or told.asked_at < month_begins(now):
        return None
    reserved = service_messages.count_to_come(db, until=month_ends(now))
    since = notice_chunks.count_accepted_since(db, since=told.asked_at)
    return Budget(told.limit, told.used, since, reserved, told.asked_at)


def note(db: Session, *, limit: int | None, used: int, now: datetime) -> bool:
    return channel.save_quota(db, MonthlyQuota(limit, used, now))


def month_begins(now: datetime) -> datetime:
    return clock.in_bangkok(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def month_ends(now: datetime) -> datetime:
    """The next month's first moment."""
    return month_begins(month_begins(now) + timedelta(days=32))
