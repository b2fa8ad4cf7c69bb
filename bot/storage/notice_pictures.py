"""Pictures of notices, as LINE fetches them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, BigId


class PictureRow(Base):
    __tablename__ = "notice_pictures"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    token: Mapped[str] = mapped_column(String(32), unique=True)
    """In its address: random, and all that is needed to see it."""
    notice_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("notices.id", ondelete="SET NULL"), index=True)
    """The one it was put up for; copies of that notice show it too."""
    body: Mapped[bytes] = mapped_column(LargeBinary)
    """JPEG."""
    created_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("staff.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]


def add(db: Session, row: PictureRow) -> PictureRow:
    db.add(row)
    db.flush()
    return row


def find_body(db: Session, token: str) -> bytes | None:
    return db.scalar(select(PictureRow.body).where(PictureRow.token == token))


def count_since(db: Session, *, notice_id: int, since: datetime) -> int:
    statement = select(func.count()).select_from(PictureRow)
    return db.scalar(statement.where(PictureRow.notice_id == notice_id, PictureRow.created_at >= since)) or 0
