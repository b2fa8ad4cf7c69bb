"""Everything sealed that stands in no aggregate with a key rotation of its own."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, cast

from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session

from bot.storage.case_messages import CaseMessageRow
from bot.storage.case_pictures import CasePictureRow
from bot.storage.cases import CaseRow
from bot.storage.dialogues import DialogueRow
from bot.storage.incoming import IncomingRow, QuarantinedRow
from bot.storage.notice_chunks import ChunkRow
from bot.storage.notices import NoticeRow
from bot.storage.outgoing import OutgoingRow
from bot.storage.people import PersonRow
from bot.vault import Unreadable, Vault

COLUMNS: Mapping[str, tuple[Any, str]] = MappingProxyType(
    {
        "names": (PersonRow, "called"),
        "case_messages": (CaseMessageRow, "text"),
        "case_pictures": (CasePictureRow, "body"),
        "case_forms": (CaseRow, "form"),
        "case_tokens": (CaseRow, "reply_token"),
        "notices": (NoticeRow, "rendered"),
        "notice_requests": (ChunkRow, "body"),
        "quarantined": (QuarantinedRow, "body"),
        "conversations": (DialogueRow, "memory"),
        "waiting": (IncomingRow, "payload"),
        "answers": (OutgoingRow, "messages"),
        "answer_tokens": (OutgoingRow, "reply_token"),
    }
)
SOON_GONE = frozenset({"case_tokens", "quarantined", "conversations", "waiting", "answers", "answer_tokens"})
"""What no key of ours opens is left as it is among these: it goes by itself, and nothing else has to wait for that."""


def reseal(db: Session, vault: Vault, name: str, *, after: int, limit: int) -> tuple[int, int]:
    """Seals the next rows of this kind, by id, with the key in force. Returns the last id, 0 at the end, and how many
    were done. Raises bot.vault.Unreadable, but for what is soon gone."""
    row_type, column_name = COLUMNS[name]
    table = cast(Table, row_type.__table__)
    column, (key,) = table.c[column_name], tuple(table.primary_key)
    wanted = select(key, column).where(key > after, column.is_not(None)).order_by(key)
    rows = db.execute(wanted.limit(limit).with_for_update()).all()
    count = 0
    for row_id, sealed in rows:
        try:
            clear = vault.open(sealed)
        except Unreadable:
            if name not in SOON_GONE:
                raise
            continue
        db.execute(update(table).where(key == row_id).values({column: vault.seal(clear)}))
        count += 1
    return (rows[-1][0] if rows else 0), count
