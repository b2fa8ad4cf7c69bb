"""What is forgotten of notices: who was in them. The numbers stay."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.notices import results
from bot.storage import notice_recipients, notices

LEDGER = timedelta(days=90)
A_BATCH = 20_000


def forget_past(db: Session, *, now: datetime, kept: timedelta = LEDGER) -> int:
    """A part of the oldest ledger whose time is over; its counts are kept with the notice first. Returns how many lines
    went."""
    notice_id = notice_recipients.find_to_forget(db, finished_before=now - kept)
    row = notices.find(db, notice_id) if notice_id is not None else None
    if row is None:
        return 0
    if row.kept_counts is None:
        notices.change(db, row.id, kept_counts=results.counts_to_keep(db, row))
    return notice_recipients.forget(db, row.id, limit=A_BATCH)
