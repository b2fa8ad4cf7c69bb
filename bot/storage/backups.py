"""Backups that were made, and what became of each copy."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import JSON, BigInteger, Boolean, String, false, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, BigId
from bot.storage.jobs import SlotRow


class BackupRow(Base):
    __tablename__ = "backups"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    began_at: Mapped[datetime] = mapped_column(index=True)
    finished_at: Mapped[datetime | None]
    """When it was written everywhere, read again and found whole. None: it failed, or is under way."""
    size: Mapped[int | None] = mapped_column(BigInteger)
    sha256: Mapped[str | None] = mapped_column(String(64))
    encrypted: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    places: Mapped[list[str]] = mapped_column(JSON)
    """Where whole copies are: `here`, `folder`, `s3`."""
    error: Mapped[str | None] = mapped_column(String(400))


def begin(db: Session, *, name: str, encrypted: bool, now: datetime) -> int:
    row = BackupRow(name=name, began_at=now, encrypted=encrypted, places=[])
    db.add(row)
    db.flush()
    return row.id


def finish(
    db: Session, backup_id: int, *, size: int, sha256: str, places: Sequence[str], error: str, now: datetime
) -> None:
    """`error` says what went wrong with a second place, where the copy here is whole. Without one it is finished."""
    ended = update(BackupRow).where(BackupRow.id == backup_id)
    values = {"size": size, "sha256": sha256, "places": list(places), "error": error[:400] or None}
    db.execute(ended.values(finished_at=None if error else now, **values))


def fail(db: Session, backup_id: int, *, error: str) -> None:
    db.execute(update(BackupRow).where(BackupRow.id == backup_id).values(error=error[:400]))


def note_restored(db: Session, *, name: str, now: datetime) -> None:
    """The row of a backup stands unfinished within that backup itself."""
    mine = update(BackupRow).where(BackupRow.name == name, BackupRow.finished_at.is_(None))
    db.execute(mine.values(finished_at=now, error=None))


def find_copied_at(db: Session, *, restored_at: datetime) -> datetime | None:
    """Of which moment the copy was that was put in place then: it holds the row of itself as its last. None: nobody
    knows."""
    begun = select(BackupRow.began_at).where(BackupRow.began_at <= restored_at)
    return db.scalar(begun.order_by(BackupRow.began_at.desc()).limit(1))


def list_latest(db: Session, *, limit: int) -> list[BackupRow]:
    return list(db.scalars(select(BackupRow).order_by(BackupRow.began_at.desc(), BackupRow.id.desc()).limit(limit)))


def find_latest_finished(db: Session, *, until: datetime) -> BackupRow | None:
    """The last one that was written everywhere, and found whole; not one that was made while the clock was ahead."""
    finished = select(BackupRow).where(BackupRow.finished_at.is_not(None), BackupRow.began_at <= until)
    return db.scalar(finished.order_by(BackupRow.began_at.desc(), BackupRow.id.desc()).limit(1))


def find_latest_failed(db: Session, *, since: datetime, until: datetime) -> BackupRow | None:
    failed = select(BackupRow).where(BackupRow.error.is_not(None), BackupRow.began_at.between(since, until))
    return db.scalar(failed.order_by(BackupRow.began_at.desc(), BackupRow.id.desc()).limit(1))


def list_incomplete(db: Session, *, since: datetime, until: datetime, limit: int) -> list[BackupRow]:
    """Those made since then that are whole where they were made and did not get to a second place, the latest first;
    none where one was finished meanwhile."""
    whole = select(BackupRow).where(BackupRow.began_at.between(since, until), BackupRow.sha256.is_not(None))
    rows = db.scalars(whole.order_by(BackupRow.began_at.desc(), BackupRow.id.desc()).limit(limit)).all()
    return [] if any(row.finished_at is not None for row in rows) else list(rows)


def was_looked_at_before(db: Session, moment: datetime, *, routine: str) -> bool:
    """Whether somebody looked then if a backup is due: an installation that has just been made has nothing to lose."""
    return db.scalar(select(SlotRow.name).where(SlotRow.name == routine, SlotRow.slot < moment).limit(1)) is not None
