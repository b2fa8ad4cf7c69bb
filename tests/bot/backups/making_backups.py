"""Databases to back up, and what is in them, to compare."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import select

from bot.backups import sealing
from bot.backups.places import Place, Plan
from bot.storage.engine import Database
from bot.storage.tables import METADATA
from bot.vault import Vault
from tests.bot.events.making import a_person, make_event, sign_up

SECRET = "a secret for tests, long enough to pass"
IDENTITY, RECIPIENT = sealing.make_key()
__all__ = ["IDENTITY", "RECIPIENT", "SECRET", "checksum", "fill", "plan_in"]


def plan_in(folder: Path, *second: Place, key: str = "", secret: str = SECRET, keep_days: int = 30) -> Plan:
    return Plan(
        data_dir=folder,
        key=sealing.read_key(key),
        keep_days=keep_days,
        second=tuple(second),
        secret=secret,
        at_minute=150,
    )


def fill(database: Database, vault: Vault, *, people: int = 3) -> None:
    """People with places at an event, and one message to each of them."""
    with database.transaction() as db:
        event = make_event(db)
        for number in range(1, people + 1):
            sign_up(db, vault, event, a_person(db, number))


def checksum(database: Database, *, but: Sequence[str] = ("backups", "jobs", "slots")) -> dict[str, str]:
    """A hash of every row of each table."""
    found = {}
    with database.reading() as db:
        for table in METADATA.sorted_tables:
            if table.name not in but:
                rows = sorted(repr(tuple(row)) for row in db.execute(select(table)))
                found[table.name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found
