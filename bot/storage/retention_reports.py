"""What each night's purge removed: numbers only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import JSON, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, BigId


class RetentionReportRow(Base):
    __tablename__ = "retention_reports"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    way: Mapped[str] = mapped_column(String(12))
    """`night` or `command`."""
    counts: Mapped[dict[str, int]] = mapped_column(JSON)


def add(db: Session, *, way: str, counts: Mapping[str, int], now: datetime) -> RetentionReportRow:
    row = RetentionReportRow(at=now, way=way, counts={name: counts[name] for name in sorted(counts) if counts[name]})
    db.add(row)
    db.flush()
    return row


def find_since(db: Session, *, way: str, since: datetime) -> RetentionReportRow | None:
    """The latest."""
    wanted = select(RetentionReportRow).where(RetentionReportRow.way == way, RetentionReportRow.at >= since)
    return db.scalar(wanted.order_by(RetentionReportRow.at.desc()).limit(1))


def note(db: Session, *, way: str, counts: Mapping[str, int], now: datetime, since: datetime) -> RetentionReportRow:
    """Adds to the report of this way that was begun since then, or begins one."""
    row = find_since(db, way=way, since=since)
    if row is None:
        return add(db, way=way, counts=counts, now=now)
    names = row.counts.keys() | counts.keys()
    summed = {name: row.counts.get(name, 0) + counts.get(name, 0) for name in sorted(names)}
    row.counts = {name: count for name, count in summed.items() if count}
    db.flush()
    return row


def list_latest(db: Session, *, limit: int) -> list[RetentionReportRow]:
    statement = select(RetentionReportRow).order_by(RetentionReportRow.at.desc(), RetentionReportRow.id.desc())
    return list(db.scalars(statement.limit(limit)))


def forget(db: Session, *, before: datetime) -> int:
    gone = delete(RetentionReportRow).where(RetentionReportRow.at < before).returning(RetentionReportRow.id)
    return len(db.execute(gone).all())
