"""Somebody is erased: no request of a notice is made with them any more."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot.storage import erasing_work


def leave(db: Session, person_id: int, *, now: datetime) -> int:
    """Call it before the person's lines of the ledgers go. Requests that were never tried go on without them; one that
    LINE may have taken becomes unknown, since the same body could not be sent again. Returns how many those were."""
    chunks = erasing_work.list_chunks(db, person_id)
    return erasing_work.end_chunks(db, [chunk.id for chunk in chunks], now=now)
