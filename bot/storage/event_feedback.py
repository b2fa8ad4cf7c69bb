"""What people said of an event afterwards."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, func, select, update
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
    message_id: Mapped[str | None] = mapped_column(String(64), index=True)
    """In which it was written, so that its sender can take it back."""
    said_at: Mapped[datetime]


def save(
    db: Session, *, registration_id: int, event_id: int, stars: int, word: str | None, now: datetime,
    message_id: str | None = None,
) -> None:  # fmt: skip
    """`word` None leaves the word that is there; else `message_id` is the message in which it was written."""
    said = {"word": word, "message_id": message_id} if word is not None else {}
    values = {"stars": stars, "said_at": now, **said}
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
    said = update(EventFeedbackRow).where(EventFeedbackRow.event_id == event_id)
    db.execute(said.values(word="", message_id=None))


def take_word_back(db: Session, *, message_id: str) -> int:
    """The stars stay. Returns how many words went."""
    said = update(EventFeedbackRow).where(EventFeedbackRow.message_id == message_id)
    gone = said.values(word="", message_id=None).returning(EventFeedbackRow.registration_id)
    return len(db.execute(gone).all())
