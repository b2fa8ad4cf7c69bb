"""Tries that failed, as keyed hashes and times alone: to sign in, and guesses at the codes with which people
claim a ticket or check themselves in. Too many of them slow the next one down."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Index, String, delete, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, BigId

WINDOW = timedelta(minutes=15)
FIRST_PAUSE = timedelta(minutes=15)
"""Each further pause of the same day is twice as long."""
REMEMBERED = timedelta(hours=24)
MOST_READ = 1000
"""Tries are not noted while they are slowed down: of one key there are fewer in a day."""


class SignInTryRow(Base):
    __tablename__ = "sign_in_tries"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(32))
    """A keyed hash of what was tried, or of where from: an account, an address, a browser, a person."""
    at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (Index("ix_sign_in_tries_key_at", "key", "at"),)


def add(db: Session, *, key: str, at: datetime) -> int:
    return db.scalars(insert(SignInTryRow).values(key=key, at=at).returning(SignInTryRow.id)).one()


def count_since(db: Session, *, key: str, since: datetime) -> tuple[int, datetime | None]:
    """How many there were of this key after that moment, and when the first of them was."""
    later = (SignInTryRow.key == key, SignInTryRow.at > since)
    number, first = db.execute(select(func.count(), func.min(SignInTryRow.at)).where(*later)).one()
    return number, first


def find_pause(db: Session, *, key: str, most: int, now: datetime) -> datetime | None:
    """Until when this key has to wait, when `most` tries within the window have used up what it may."""
    latest = select(SignInTryRow.at).where(SignInTryRow.key == key, SignInTryRow.at > now - REMEMBERED)
    times = sorted(db.scalars(latest.order_by(SignInTryRow.at.desc()).limit(MOST_READ)))
    until = pause_after(times, most=most)
    return until if until is not None and until > now else None


def pause_after(times: Iterable[datetime], *, most: int) -> datetime | None:
    """The end of the latest pause that these tries, the first of them first, have led to."""
    recent: deque[datetime] = deque()
    pause, until = FIRST_PAUSE, None
    for at in times:
        recent.append(at)
        while recent[0] <= at - WINDOW:
            recent.popleft()
        if len(recent) >= most:
            until = at + pause
            pause *= 2
            recent.clear()
    return until


def forget_keys(db: Session, keys: Sequence[str]) -> None:
    db.execute(delete(SignInTryRow).where(SignInTryRow.key.in_(keys)))


def forget_tries(db: Session, ids: Sequence[int]) -> None:
    db.execute(delete(SignInTryRow).where(SignInTryRow.id.in_(ids)))


def forget(db: Session, *, before: datetime) -> int:
    return len(db.execute(delete(SignInTryRow).where(SignInTryRow.at < before).returning(SignInTryRow.id)).all())
