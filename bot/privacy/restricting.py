"""Keeping what is held of a person and doing nothing else with it, as they may ask (PDPA section 34)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot.outreach import hear_back
from bot.storage import data_requests, erasing


def restrict(db: Session, *, person_id: int, way: str, now: datetime) -> bool:
    """No notices, no reminders, no hearing back, nothing for review, until it is lifted. False: it was so already."""
    changed = erasing.set_restricted(db, person_id, at=now)
    if changed:
        hear_back.call_off(db, person_id=person_id, now=now)
        data_requests.add(db, kind=data_requests.RESTRICT, person_id=person_id, way=way, now=now)
    return changed


def lift(db: Session, *, person_id: int) -> bool:
    """False: nothing was restricted."""
    return erasing.set_restricted(db, person_id, at=None)
