"""What people said of an event afterwards."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, BigId, insert_into


class EventFeedbackRow(Base):
    """One a registration; said again, it takes the place of what was said before."""

    __tablename__ = "event_feedback"

    registration_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("registrations.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    event_id: Mapped[int] = mapped_column(BigId, ForeignKey("events.id", ondelete="CASCADE"), index=True)
    stars: Mapped[int]
    """1 to 5."""
    word: Mapped[str] = mapped_column(Text, default="")
    """Masked before it is kept."""
    said_at: Mapped[datetime]


def save(db: Session, *, registration_id: int, event_id: int, stars: int, word: str | None, now: datetime) -> None:
    """`word` None leaves the word that is there."""
    values = {"stars": stars, "said_at": now, **({"word": word} if word is not None else {})}
    statement = insert_into(db, EventFeedbackRow).values(
        registration_id=registration_id, event_id=event_id, **{"word": "", **values}
    )
    db.execute(statement.on_conflict_do_update(index_elements=["registration_id"], set_=values))


def count_by_stars(db: Session, event_id: int) -> dict[int, int]:
    statement = select(EventFeedbackRow.stars, func.count()).where(EventFeedbackRow.event_id == event_id)
    return dict(db.execute(statement.group_by(EventFeedbackRow.stars)).all())


def list_words(db: Session, event_id: int, *, limit: int) -> list[tuple[int, str]]:
    statement = select(EventFeedbackRow.stars, EventFeedbackRow.word).where(
        EventFeedbackRow.event_id == event_id, EventFeedbackRow.word != ""
    )
    found = db.execute(statement.order_by(EventFeedbackRow.said_at.desc()).limit(limit))
    return [(stars, word) for stars, word in found]


def forget_words(db: Session, event_id: int) -> None:
    db.execute(update(EventFeedbackRow).where(EventFeedbackRow.event_id == event_id).values(word=""))
