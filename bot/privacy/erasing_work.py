"""What of an erased person still waits to be done, or lies where nobody looks it up by person: found and emptied."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.storage import erasing_work as table
from bot.vault import Unreadable, Vault

A_BATCH = 500
CLOCKS_DIFFER_BY = timedelta(minutes=5)
LANES = ("lane", "lane/leaving")
"""The names under which a person's lanes are hashed."""


def lanes_of(vault: Vault, line_user_id: str) -> list[str]:
    """Under every key of ours: what was queued before a change of key has the earlier one's hash."""
    return [lane for one in vault.each() for lane in lanes_under(one, line_user_id)]


def lanes_under(vault: Vault, line_user_id: str) -> list[str]:
    """Under the key in force alone."""
    return [vault.keyed_hash(purpose, line_user_id, length=32) for purpose in LANES]


def find_end(db: Session, vault: Vault, *, line_user_id: str, now: datetime) -> datetime:
    """What they did until then is of before the erasure. LINE's clock may be a little ahead of ours."""
    latest = table.find_latest(db, lanes_of(vault, line_user_id))
    return max(now, min(latest, now + CLOCKS_DIFFER_BY)) if latest is not None else now


def forget(db: Session, vault: Vault, *, line_user_id: str, now: datetime) -> dict[str, int]:
    lanes = lanes_of(vault, line_user_id)
    names = line_user_id.encode()
    incoming = table.forget_lanes(db, lanes, now=now)
    elsewhere = _those_that_name(vault, names, lambda after: table.list_payloads(db, after=after, limit=A_BATCH))
    odd = _those_that_name(vault, names, lambda after: table.list_quarantined(db, after=after, limit=A_BATCH))
    return {
        "incoming": incoming + table.forget_incoming(db, elsewhere, now=now),
        "quarantine": table.forget_quarantined(db, odd),
        "jobs": table.drop_jobs(db, lanes),
    }


def _those_that_name(vault: Vault, names: bytes, list_after: Callable[[int], list[tuple[int, bytes]]]) -> list[int]:
    """What no lane leads to: something told by ourselves, or in a group, or that nobody understood."""
    found, last = [], 0
    while rows := list_after(last):
        last = rows[-1][0]
        found += [row_id for row_id, sealed in rows if names in _opened(vault, sealed)]
    return found


def _opened(vault: Vault, sealed: bytes) -> bytes:
    try:
        return vault.open(sealed)
    except Unreadable:
        return b""
