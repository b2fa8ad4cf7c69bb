"""What is said in a case: by the citizen, by staff, and by staff among themselves. Every word is sealed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, LargeBinary, String, false, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, BigId
from bot.storage.case_pictures import CasePictureRow
from bot.storage.people import PersonRow

CITIZEN, STAFF, NOTE, BOT = "citizen", "staff", "note", "bot"
"""Who speaks. A note is for staff only; what the bot says tells of a step, such as that the case is closed."""
QUEUED, SENT, FAILED, UNKNOWN = "queued", "sent", "failed", "unknown"
MOST_OF_A_KEY = 50


class CaseMessageRow(Base):
    __tablename__ = "case_messages"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("cases.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    author: Mapped[str] = mapped_column(String(8))
    staff_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("staff.id", ondelete="SET NULL"))
    text: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed. None: it was taken back, or is a picture or the like, of which `kind` says which."""
    kind: Mapped[str] = mapped_column(String(12), default="text", server_default="text")
    """`text`, `image`, `audio`, `video`, `file`, `sticker`, `location`."""
    message_id: Mapped[str | None] = mapped_column(String(64), index=True)
    """LINE's, of what the citizen wrote, so that it can be taken back. Of what staff wrote `staff/` and the key of the
    form that it came from, so that pressed twice it is written once."""
    incoming_id: Mapped[int | None] = mapped_column(BigId, index=True)
    """The row under which what staff wrote is sent."""
    delivery: Mapped[str | None] = mapped_column(String(8))
    pushed: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    """It cost one message of the quota."""
    taken_back_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_case_messages_case", "case_id", "id"),
        Index("ix_case_messages_queued", "id", sqlite_where=delivery == QUEUED, postgresql_where=delivery == QUEUED),
    )


def add(db: Session, **values: Any) -> CaseMessageRow:  # noqa: ANN401 - the columns of a message
    row = CaseMessageRow(**values)
    db.add(row)
    db.flush()
    return row


def find(db: Session, message_id: int) -> CaseMessageRow | None:
    return db.get(CaseMessageRow, message_id, populate_existing=True)


def find_by_message_id(db: Session, *, case_id: int, message_id: str) -> CaseMessageRow | None:
    """By LINE's id, or by the key that staff's form gave it."""
    of_that = CaseMessageRow.message_id == message_id, CaseMessageRow.case_id == case_id
    return db.scalar(select(CaseMessageRow).where(*of_that).order_by(CaseMessageRow.id).limit(1))


def list_by_message_id(db: Session, *, case_id: int, message_id: str) -> list[CaseMessageRow]:
    of_that = CaseMessageRow.message_id == message_id, CaseMessageRow.case_id == case_id
    return list(db.scalars(select(CaseMessageRow).where(*of_that).order_by(CaseMessageRow.id).limit(MOST_OF_A_KEY)))


def find_recipient(db: Session, person_id: int) -> PersonRow | None:
    """As the person is now, whatever this session has read before."""
    return db.get(PersonRow, person_id, populate_existing=True)


def find_said_by_bot(db: Session, *, case_id: int, kind: str, since: datetime) -> int | None:
    """Whether the bot has said something of this kind in the case since then, or is about to."""
    said = CaseMessageRow.author == BOT, CaseMessageRow.kind == kind, CaseMessageRow.at >= since
    return db.scalar(select(CaseMessageRow.id).where(CaseMessageRow.case_id == case_id, *said).limit(1))


def set_delivery(db: Session, message_id: int, *, delivery: str, pushed: bool) -> bool:
    """False: its end is written down already."""
    settled = (
        update(CaseMessageRow)
        .where(CaseMessageRow.id == message_id, CaseMessageRow.delivery == QUEUED)
        .values(delivery=delivery, pushed=pushed)
        .returning(CaseMessageRow.id)
    )
    return db.execute(settled).first() is not None


def list_latest(db: Session, case_id: int, *, limit: int) -> list[tuple[CaseMessageRow, int | None]]:
    """The latest, the oldest of them first, each with its picture's id."""
    statement = (
        select(CaseMessageRow, CasePictureRow.id)
        .outerjoin(CasePictureRow, CasePictureRow.case_message_id == CaseMessageRow.id)
        .where(CaseMessageRow.case_id == case_id)
        .order_by(CaseMessageRow.id.desc())
        .limit(limit)
        .execution_options(populate_existing=True)
    )
    return [(row, picture_id) for row, picture_id in reversed(db.execute(statement).all())]


def list_of_authors(db: Session, case_id: int, *, authors: Collection[str], limit: int) -> list[CaseMessageRow]:
    """The first ones, in their order, without those that have no words."""
    statement = (
        select(CaseMessageRow)
        .where(CaseMessageRow.case_id == case_id, CaseMessageRow.author.in_(authors), CaseMessageRow.text.isnot(None))
        .order_by(CaseMessageRow.id)
        .limit(limit)
    )
    return list(db.scalars(statement))


def forget_words(db: Session, *, message_id: str, now: datetime) -> int:
    """Takes one message of a citizen's back, and returns how many cases held it."""
    taken_back = (
        update(CaseMessageRow)
        .where(CaseMessageRow.message_id == message_id, CaseMessageRow.author == CITIZEN)
        .values(text=None, taken_back_at=now)
        .returning(CaseMessageRow.id)
    )
    return len(db.execute(taken_back).all())
