"""Everything sealed that is kept for long and stands in no aggregate with a key rotation of its own."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, cast

from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session

from bot.storage.case_messages import CaseMessageRow
from bot.storage.case_pictures import CasePictureRow
from bot.storage.cases import CaseRow
from bot.storage.people import PersonRow
from bot.vault import Vault

COLUMNS: Mapping[str, tuple[Any, str]] = MappingProxyType(
    {
        "names": (PersonRow, "called"),
        "case_messages": (CaseMessageRow, "text"),
        "case_pictures": (CasePictureRow, "body"),
        "case_forms": (CaseRow, "form"),
    }
)


def reseal(db: Session, vault: Vault, name: str, *, after: int, limit: int) -> tuple[int, int]:
    """Seals the next rows of this kind, by id, with the key in force. Returns the last id, 0 at the end, and how many
    were done. Raises bot.vault.Unreadable."""
    row_type, column_name = COLUMNS[name]
    table = cast(Table, row_type.__table__)
    column = table.c[column_name]
    wanted = select(table.c.id, column).where(table.c.id > after, column.is_not(None)).order_by(table.c.id)
    rows = db.execute(wanted.limit(limit).with_for_update()).all()
    for row_id, sealed in rows:
        db.execute(update(table).where(table.c.id == row_id).values({column: vault.seal(vault.open(sealed))}))
    return (rows[-1][0] if rows else 0), len(rows)
