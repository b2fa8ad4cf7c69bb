"""A case as staff read it: what was said, what was asked before it, and what was filled in."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot import clock
from bot.storage import case_messages, case_questions
from bot.storage.case_messages import CaseMessageRow
from bot.storage.cases import CaseRow
from bot.vault import Unreadable, Vault

MESSAGE_IDS = "message_ids"
"""In a form: in which message each answer was typed. Nobody sees that."""
CONTEXT_BEFORE = timedelta(minutes=30)
MOST_CONTEXT = 20


@dataclass(frozen=True, slots=True)
class Said:
    """`text` None: it was taken back, is a picture or the like, or no key of ours opens it any more."""

    id: int
    at: datetime
    author: str
    staff_id: int | None
    text: str | None
    kind: str
    delivery: str | None
    pushed: bool
    taken_back: bool
    picture_id: int | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to the bot, masked, and the entry with which it was answered. None: with none."""

    at: datetime
    text: str
    entry: str | None


def read(db: Session, vault: Vault, case_id: int, *, limit: int) -> list[Said]:
    """The latest, the oldest of them first. Not for the citizen: notes are among them."""
    return [
        Said(
            id=row.id, at=row.at, author=row.author, staff_id=row.staff_id, text=words_of(vault, row), kind=row.kind,
            delivery=row.delivery, pushed=row.pushed, taken_back=row.taken_back_at is not None, picture_id=picture_id,
        )
        for row, picture_id in case_messages.list_latest(db, case_id, limit=limit)
    ]  # fmt: skip


def context(db: Session, vault: Vault, case: CaseRow, *, now: datetime) -> list[Asked]:  # noqa: ARG001 - the usual way
    """What the same person asked the bot in the half hour before the case was opened, and what led to it; the oldest
    first. What was taken back, or is kept no longer, is not among it."""
    since = case.opened_at - CONTEXT_BEFORE
    askers = asker_hashes(vault, case.person_id, (since, case.opened_at)) if case.person_id is not None else []
    found = case_questions.list_before(
        db, askers=askers, since=since, until=case.opened_at, question_id=case.question_id, limit=MOST_CONTEXT
    )
    return [Asked(row.asked_at, row.text, row.entry) for row in found if row.text]


def form_of(vault: Vault, case: CaseRow) -> Mapping[str, Any]:
    """What was filled in when it was opened. Empty: nothing, or no key of ours opens it any more."""
    if case.form is None:
        return {}
    try:
        form: Mapping[str, Any] = json.loads(vault.open(case.form))
    except Unreadable:
        return {}
    return {name: value for name, value in form.items() if name != MESSAGE_IDS}


def seal_form(vault: Vault, form: Mapping[str, Any]) -> bytes:
    """What `form_of` gives back, with the ids of the messages in it."""
    return vault.seal(json.dumps(dict(form), ensure_ascii=False).encode())


def words_of(vault: Vault, row: CaseMessageRow) -> str | None:
    if row.text is None:
        return None
    try:
        return vault.open(row.text).decode()
    except Unreadable:
        return None


def asker_hashes(vault: Vault, person_id: int, moments: Collection[datetime]) -> list[str]:
    """Under which the person's questions of those months are found, also those logged under an earlier key. Another
    room makes them; a test holds the two together."""
    months = {f"{person_id}:{clock.in_bangkok(at):%Y-%m}" for at in moments}
    return sorted({each.keyed_hash("asker", month, length=24) for each in vault.each() for month in months})
