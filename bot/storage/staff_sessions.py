"""Who is signed in to the console, and from which browsers somebody has signed in before."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, delete, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, BigId
from bot.storage.staff import StaffRow


class StaffSessionRow(Base):
    __tablename__ = "staff_sessions"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    staff_id: Mapped[int] = mapped_column(BigId, ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    generation: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(index=True)
    seen_at: Mapped[datetime]
    second_factor_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    address_hash: Mapped[str] = mapped_column(String(32))


class StaffDeviceRow(Base):
    """A browser from which somebody signed in to this account, with all that it asks for."""

    __tablename__ = "staff_devices"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    staff_id: Mapped[int] = mapped_column(BigId, ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    used_at: Mapped[datetime] = mapped_column(index=True)


def add(db: Session, *, staff_id: int, generation: int, token_hash: str, address_hash: str, now: datetime) -> int:
    values = {"staff_id": staff_id, "generation": generation, "token_hash": token_hash, "address_hash": address_hash}
    return db.scalars(
        insert(StaffSessionRow).values(created_at=now, seen_at=now, **values).returning(StaffSessionRow.id)
    ).one()


def find_living(
    db: Session, token_hash: str, *, seen_after: datetime, created_after: datetime
) -> tuple[StaffSessionRow, StaffRow] | None:
    """A session that counts, and whose it is: not ended, nor outlived by its account's password or permission."""
    statement = (
        select(StaffSessionRow, StaffRow)
        .join(StaffRow, StaffRow.id == StaffSessionRow.staff_id)
        .where(
            StaffSessionRow.token_hash == token_hash,
            StaffSessionRow.ended_at.is_(None),
            StaffSessionRow.seen_at > seen_after,
            StaffSessionRow.created_at > created_after,
            StaffSessionRow.generation == StaffRow.generation,
            StaffRow.disabled_at.is_(None),
        )
        .execution_options(populate_existing=True)
    )
    found = db.execute(statement).first()
    return (found[0], found[1]) if found else None


def touch(db: Session, session_id: int, *, seen_after: datetime, seen_before: datetime, now: datetime) -> bool:
    """False where it was seen only just, or where it no longer lives: touching wakes nothing up."""
    statement = update(StaffSessionRow).where(
        StaffSessionRow.id == session_id,
        StaffSessionRow.ended_at.is_(None),
        StaffSessionRow.seen_at > seen_after,
        StaffSessionRow.seen_at <= seen_before,
    )
    return db.scalar(statement.values(seen_at=now).returning(StaffSessionRow.id)) is not None


def pass_second_factor(db: Session, session_id: int, *, token_hash: str, now: datetime) -> bool:
    """The session goes on under another token: the one before is worth nothing."""
    statement = update(StaffSessionRow).where(StaffSessionRow.id == session_id, StaffSessionRow.ended_at.is_(None))
    changed = statement.values(token_hash=token_hash, second_factor_at=now).returning(StaffSessionRow.id)
    return db.scalar(changed) is not None


def set_generation(db: Session, session_id: int, *, staff_id: int, generation: int) -> None:
    """Lets one session of the account live on when its generation is raised."""
    whose = (StaffSessionRow.id == session_id, StaffSessionRow.staff_id == staff_id)
    db.execute(update(StaffSessionRow).where(*whose).values(generation=generation))


def end(db: Session, session_id: int, *, now: datetime) -> bool:
    statement = update(StaffSessionRow).where(StaffSessionRow.id == session_id, StaffSessionRow.ended_at.is_(None))
    return db.scalar(statement.values(ended_at=now).returning(StaffSessionRow.id)) is not None


def end_others(db: Session, *, staff_id: int, besides: int, now: datetime) -> int:
    statement = update(StaffSessionRow).where(
        StaffSessionRow.staff_id == staff_id, StaffSessionRow.id != besides, StaffSessionRow.ended_at.is_(None)
    )
    return len(db.execute(statement.values(ended_at=now).returning(StaffSessionRow.id)).all())


def forget(db: Session, *, created_before: datetime) -> int:
    statement = delete(StaffSessionRow).where(StaffSessionRow.created_at < created_before)
    return len(db.execute(statement.returning(StaffSessionRow.id)).all())


def add_device(db: Session, *, staff_id: int, token_hash: str, now: datetime) -> None:
    db.execute(insert(StaffDeviceRow).values(staff_id=staff_id, token_hash=token_hash, used_at=now))


def find_device(db: Session, token_hash: str, *, staff_id: int, used_after: datetime) -> int | None:
    return db.scalar(
        select(StaffDeviceRow.id).where(
            StaffDeviceRow.token_hash == token_hash,
            StaffDeviceRow.staff_id == staff_id,
            StaffDeviceRow.used_at > used_after,
        )
    )


def touch_device(db: Session, device_id: int, *, now: datetime) -> None:
    db.execute(update(StaffDeviceRow).where(StaffDeviceRow.id == device_id).values(used_at=now))


def forget_devices(db: Session, *, staff_id: int) -> None:
    db.execute(delete(StaffDeviceRow).where(StaffDeviceRow.staff_id == staff_id))


def forget_old_devices(db: Session, *, used_before: datetime) -> int:
    statement = delete(StaffDeviceRow).where(StaffDeviceRow.used_at < used_before)
    return len(db.execute(statement.returning(StaffDeviceRow.id)).all())
