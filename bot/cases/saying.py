"""Putting what staff or the bot say in a case on its way: into the lane of what its citizen writes."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

from sqlalchemy.orm import Session

from bot.cases.refusals import NobodyToTell, TextRefused
from bot.cases.thread import words_of
from bot.queue import jobs
from bot.queue.kinds import JobKind
from bot.storage import case_messages, incoming, locks
from bot.storage.case_messages import BOT, QUEUED, CaseMessageRow
from bot.storage.cases import CaseRow
from bot.storage.people import PersonRow
from bot.vault import Vault

LONGEST_TEXT = 5000
"""In UTF-16 units, as LINE counts one text message."""
INCOMING_KIND = "case"


def checked(text: str) -> str:
    """The text as it will be sent. Raises TextRefused."""
    encoded = text.replace("\r\n", "\n").replace("\0", "").strip().encode("utf-16-le", errors="surrogatepass")
    text, units = encoded.decode("utf-16-le", errors="replace"), len(encoded) // 2  # half a pair is no character
    if not 0 < units <= LONGEST_TEXT:
        raise TextRefused(units, LONGEST_TEXT)
    return text


def key_of(key: str | None) -> str | None:
    """What stands in the message's row for the key of the form that it came from."""
    return f"staff/{hashlib.sha256(key.encode()).hexdigest()[:40]}" if key else None


def find_written(db: Session, case_id: int, key: str | None) -> CaseMessageRow | None:
    """What was written from that form before. Under the case's lock."""
    message_id = key_of(key)
    return case_messages.find_by_message_id(db, case_id=case_id, message_id=message_id) if message_id else None


def find_same(
    db: Session, vault: Vault, case_id: int, key: str | None, *, author: str, text: str
) -> CaseMessageRow | None:
    """Whether this very thing was written from that form before: a form that is gone back to may have other words in
    it by now, or be sent as an answer where it was kept as a note."""
    message_id = key_of(key)
    rows = case_messages.list_by_message_id(db, case_id=case_id, message_id=message_id) if message_id else []
    return next((row for row in rows if row.author == author and words_of(vault, row) == text), None)


def require_somebody(db: Session, case: CaseRow) -> PersonRow:
    """Raises NobodyToTell."""
    person = case_messages.find_recipient(db, case.person_id) if case.person_id is not None else None
    if person is None or not person.following or person.unreachable_at is not None:
        raise NobodyToTell
    return person


def send_bot(db: Session, vault: Vault, case: CaseRow, *, kind: str, now: datetime) -> CaseMessageRow:
    """Raises NobodyToTell."""
    person = require_somebody(db, case)
    row = case_messages.add(db, case_id=case.id, at=now, author=BOT, kind=kind, delivery=QUEUED)
    return dispatch(db, vault, row, person, now=now)


def dispatch(db: Session, vault: Vault, row: CaseMessageRow, person: PersonRow, *, now: datetime) -> CaseMessageRow:
    """The job holds nothing but a number, and the payload, which is sealed, who and what."""
    lane = vault.keyed_hash("lane", person.line_user_id, length=32)
    payload = {"user": person.line_user_id, "message": row.id}
    event_id = f"case/{row.id}"
    locks.hold(db, [lane])  # as the webhook does: numbers in a lane are given in the order of commits
    event = {
        "webhook_event_id": event_id, "kind": INCOMING_KIND, "lane": None, "occurred_at": now, "received_at": now,
        "payload": vault.seal(json.dumps(payload).encode()), "settled_at": None, "outcome": None,
    }  # fmt: skip
    row.incoming_id = incoming.insert_new(db, [event])[event_id]
    db.flush()
    jobs.enqueue(db, JobKind.CASE_SAY, now=now, subject_ids=[(row.incoming_id, lane)])
    return row
