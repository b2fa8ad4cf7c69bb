"""Where a person is in a conversation: kept sealed, and forgotten after a while."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.storage import dialogues
from bot.vault import Unreadable, Vault

FORGOTTEN_AFTER = timedelta(minutes=30)
MOST_EARLIER = 3
LONGEST_EARLIER = 300


@dataclass(frozen=True, slots=True)
class Memory:
    """What the last turns left behind. `step` is what the bot waits for, as `dialogue:step`; `earlier` holds the
    person's last masked messages, oldest first; `misses` counts misunderstandings in a row."""

    step: str | None = None
    data: Mapping[str, str] = field(default_factory=dict)
    earlier: tuple[str, ...] = ()
    subject: str | None = None
    question_id: int | None = None
    misses: int = 0

    def heard(self, masked: str) -> Memory:
        return replace(self, earlier=(*self.earlier, masked[:LONGEST_EARLIER])[-MOST_EARLIER:])

    def without_step(self) -> Memory:
        return replace(self, step=None, data={})


def load(db: Session, vault: Vault, *, person_id: int, now: datetime) -> Memory:
    """An empty memory where there is none, it is too old, or no key opens it any more."""
    found = dialogues.find(db, person_id)
    if found is None or now - found[1] > FORGOTTEN_AFTER:
        return Memory()
    try:
        data = json.loads(vault.open(found[0]))
    except Unreadable:
        return Memory()
    return Memory(
        step=data["step"], data=data["data"], earlier=tuple(data["earlier"]), subject=data["subject"],
        question_id=data["question_id"], misses=data["misses"],
    )  # fmt: skip


def save(db: Session, vault: Vault, memory: Memory, *, person_id: int, now: datetime) -> None:
    data = {
        "step": memory.step, "data": dict(memory.data), "earlier": memory.earlier, "subject": memory.subject,
        "question_id": memory.question_id, "misses": memory.misses,
    }  # fmt: skip
    sealed = vault.seal(json.dumps(data, ensure_ascii=False).encode())
    dialogues.save(db, person_id=person_id, memory=sealed, now=now)
