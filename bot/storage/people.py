"""The people who wrote to us, as little of them as we can do with."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary, String, bindparam, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, BigId, insert_into


class PersonRow(Base):
    __tablename__ = "people"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    line_user_id: Mapped[str] = mapped_column(String(80), unique=True)
    first_seen_at: Mapped[datetime]
    language: Mapped[str] = mapped_column(String(8), default="th")
    following: Mapped[bool] = mapped_column(default=True)
    following_changed_at: Mapped[datetime]
    notice_version: Mapped[int] = mapped_column(default=0)
    notice_shown_at: Mapped[datetime | None]
    unreachable_at: Mapped[datetime | None]
    """LINE refused this id: no notice is for them before they write again."""
    called: Mapped[bytes | None] = mapped_column(LargeBinary)
    """How they want to be addressed, in their own words, sealed."""
    restricted_at: Mapped[datetime | None]
    """Since when we keep what we hold of them and do nothing else with it, as they asked (PDPA section 34)."""


_BY_LINE_USER_ID = select(PersonRow).where(PersonRow.line_user_id == bindparam("user_id"))


def find_or_create(db: Session, *, line_user_id: str, now: datetime) -> PersonRow:
    found = find(db, line_user_id=line_user_id)
    if found is not None:
        return found
    db.execute(
        insert_into(db, PersonRow)
        .values(
            line_user_id=line_user_id, first_seen_at=now, following_changed_at=now, language="th", following=True,
            notice_version=0,
        )
        .on_conflict_do_nothing()
    )  # fmt: skip
    return db.scalars(_BY_LINE_USER_ID, {"user_id": line_user_id}).one()


def find(db: Session, *, line_user_id: str) -> PersonRow | None:
    return db.scalar(_BY_LINE_USER_ID, {"user_id": line_user_id})


def get(db: Session, person_id: int) -> PersonRow:
    return db.get_one(PersonRow, person_id)


def list_next(db: Session, *, after: int, limit: int) -> list[tuple[int, str]]:
    """Ids and LINE's ids, by id."""
    some = select(PersonRow.id, PersonRow.line_user_id).where(PersonRow.id > after)
    return [(number, user_id) for number, user_id in db.execute(some.order_by(PersonRow.id).limit(limit))]


def lock_next(db: Session, *, after: int, limit: int) -> list[tuple[int, datetime]]:
    """Ids and when they were first seen, by id: nobody erases them before this transaction ends."""
    some = select(PersonRow.id, PersonRow.first_seen_at).where(PersonRow.id > after).order_by(PersonRow.id)
    found = db.execute(some.limit(limit).with_for_update(key_share=True))
    return [(number, seen_at) for number, seen_at in found]


def set_following(db: Session, *, person_id: int, following: bool, at: datetime) -> bool:
    """Applies a follow or an unfollow unless a later one is already known. True when it was applied."""
    result = db.execute(
        update(PersonRow)
        .where(PersonRow.id == person_id, PersonRow.following_changed_at <= at)
        .values(following=following, following_changed_at=at, unreachable_at=None)
        .returning(PersonRow.id)
    )
    return result.first() is not None


def set_notice_shown(db: Session, *, person_id: int, version: int, at: datetime) -> None:
    db.execute(update(PersonRow).where(PersonRow.id == person_id).values(notice_version=version, notice_shown_at=at))


def set_language(db: Session, person_id: int, *, language: str) -> None:
    db.execute(update(PersonRow).where(PersonRow.id == person_id).values(language=language))


def set_called(db: Session, person_id: int, *, called: bytes | None) -> None:
    """Sealed; None: they are not called anything any more."""
    db.execute(update(PersonRow).where(PersonRow.id == person_id).values(called=called))


def is_restricted(db: Session, person_id: int) -> bool:
    """Without a query where the person is at hand already, as in a turn."""
    row = db.get(PersonRow, person_id)
    return row is not None and row.restricted_at is not None


def set_unreachable(db: Session, person_id: int, *, at: datetime) -> None:
    db.execute(update(PersonRow).where(PersonRow.id == person_id).values(unreachable_at=at))


def set_reachable(db: Session, person_id: int) -> None:
    db.execute(update(PersonRow).where(PersonRow.id == person_id).values(unreachable_at=None))
