"""Pictures that citizens send to staff: drawn anew without what a camera writes into them, and sealed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, BigId, insert_into

WANTED, KEPT, GONE = "wanted", "kept", "gone"
"""To be fetched from LINE; here; not to be had any more, or nothing that can be shown: `why` says."""
TAKEN_BACK, LOST, NOT_SHOWN, TOO_LARGE, TOO_MANY = "taken back", "lost", "unreadable", "too large", "too many"
"""Why one is gone: its sender took it back; LINE does not have it any more; it is no picture, or one that harms; it is
larger than a picture may be; the case has as many as it may have."""


class CasePictureRow(Base):
    __tablename__ = "case_pictures"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    case_message_id: Mapped[int] = mapped_column(BigId, ForeignKey("case_messages.id", ondelete="CASCADE"), index=True)
    message_id: Mapped[str] = mapped_column(String(64), unique=True)
    """LINE's: under it the picture can be fetched for some days."""
    state: Mapped[str] = mapped_column(String(8), default=WANTED)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    """A JPEG, sealed."""
    width: Mapped[int | None]
    height: Mapped[int | None]
    why: Mapped[str] = mapped_column(String(80), default="")
    wanted_at: Mapped[datetime]


def add(db: Session, row: CasePictureRow) -> int | None:
    """To be fetched. None: it is known already."""
    wanted = {
        "case_id": row.case_id, "case_message_id": row.case_message_id, "message_id": row.message_id, "state": WANTED,
        "why": "", "wanted_at": row.wanted_at,
    }  # fmt: skip
    statement = insert_into(db, CasePictureRow).values(**wanted)
    return db.scalar(statement.on_conflict_do_nothing(index_elements=["message_id"]).returning(CasePictureRow.id))


def find(db: Session, picture_id: int) -> CasePictureRow | None:
    return db.get(CasePictureRow, picture_id, populate_existing=True)


def find_of_case(db: Session, *, case_id: int, picture_id: int) -> CasePictureRow | None:
    """None also where the picture is another case's."""
    of_that = CasePictureRow.id == picture_id, CasePictureRow.case_id == case_id
    return db.scalar(select(CasePictureRow).where(*of_that).execution_options(populate_existing=True))


def count_kept(db: Session, case_id: int) -> int:
    kept = CasePictureRow.case_id == case_id, CasePictureRow.state == KEPT
    return db.scalar(select(func.count()).select_from(CasePictureRow).where(*kept)) or 0


def keep(db: Session, picture_id: int, *, message_id: str, body: bytes, width: int, height: int) -> bool:
    """False: it is not wanted any more. The number alone does not say so: it may be another picture's meanwhile."""
    return _settle(db, picture_id, message_id, state=KEPT, body=body, width=width, height=height)


def lose(db: Session, picture_id: int, *, message_id: str, why: str) -> bool:
    """False: it is not wanted any more."""
    return _settle(db, picture_id, message_id, state=GONE, why=why)


def _settle(db: Session, picture_id: int, message_id: str, **values: object) -> bool:
    wanted = (
        CasePictureRow.id == picture_id, CasePictureRow.message_id == message_id, CasePictureRow.state == WANTED
    )  # fmt: skip
    settled = update(CasePictureRow).where(*wanted).values(**values).returning(CasePictureRow.id)
    return db.execute(settled).first() is not None


def forget(db: Session, *, message_id: str) -> int:
    """Its sender took it back. Returns how many there were that had not been taken back."""
    there = CasePictureRow.message_id == message_id, CasePictureRow.why != TAKEN_BACK
    taken_back = (
        update(CasePictureRow)
        .where(*there)
        .values(state=GONE, body=None, width=None, height=None, why=TAKEN_BACK)
        .returning(CasePictureRow.id)
    )
    return len(db.execute(taken_back).all())
