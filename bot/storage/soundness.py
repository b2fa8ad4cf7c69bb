"""Whether the database itself is sound, for whoever looks after it."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import text
from sqlalchemy.orm import Session


def is_whole(db: Session) -> bool:
    """False for an SQLite file that is damaged. PostgreSQL looks after its own files."""
    if db.get_bind().dialect.name != "sqlite":
        return True
    return str(db.scalar(text("PRAGMA quick_check"))) == "ok"


def get_time(db: Session) -> datetime | None:
    """By the clock of the database's machine. None on SQLite, which has none of its own."""
    if db.get_bind().dialect.name == "sqlite":
        return None
    told: datetime = db.scalar(text("SELECT CURRENT_TIMESTAMP"))
    return told.astimezone(UTC)
