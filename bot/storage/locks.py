"""Named locks that last until the end of the transaction, across processes and machines."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import text
from sqlalchemy.orm import Session


def hold(db: Session, names: Iterable[str]) -> None:
    """Waits for, and holds, a lock for each name. Taken in sorted order, so that two holders never wait in a circle.

    On SQLite there is nothing to do: a writing transaction already is the only one.
    """
    if db.get_bind().dialect.name == "sqlite":
        return
    for name in sorted(set(names)):
        db.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})
