"""Who was erased stays erased: nothing that they did before has an effect when it comes again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from bot import logs
from bot.storage import tombstones
from bot.vault import Unreadable, Vault

log = logs.get(__name__)


def covers(db: Session, vault: Vault, *, line_user_id: str, occurred_at: datetime) -> bool:
    """Whether somebody did this before they were erased: then it must have no effect."""
    erased_at = find_erased_at(db, vault, line_user_id=line_user_id)
    return erased_at is not None and occurred_at <= erased_at


def find_erased_at(db: Session, vault: Vault, *, line_user_id: str) -> datetime | None:
    """For the last time. None also where the key of the tombstones cannot be read."""
    try:
        secret = tombstones.find_key(db, vault)
    except Unreadable:
        # Who is new must still be answered: what this guards against are repetitions, and those are rare.
        log.exception("tombstones.unreadable", hint="set the earlier key as CIVICBOT_SECRET_KEY_PREVIOUS")
        return None
    return tombstones.find_latest(db, tombstones.key_of(secret, line_user_id)) if secret is not None else None


def of_phone(e164: str) -> str:
    """What somebody is known by who is not on LINE here, and stands in registrations that others made."""
    return f"tel:{e164}"


def bury(db: Session, vault: Vault, *, whose: str, way: str, counts: Mapping[str, int], now: datetime) -> int:
    """Notes that this person was erased, known by LINE's id of them or by `of_phone`, and returns the receipt's number.
    Raises bot.vault.Unreadable."""
    key = tombstones.key_of(tombstones.get_key(db, vault), whose)
    return tombstones.add(db, key=key, way=way, erased_at=now, counts=counts)
