"""Where a person is in a conversation: kept sealed, and forgotten after a while."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.conversation.pace import Pace
from bot.storage import dialogues
from bot.vault import Unreadable, Vault

FORGOTTEN_AFTER = timedelta(minutes=30)
MOST_EARLIER = 3
LONGEST_EARLIER = 300


@dataclass(frozen=True, slots=True)
class Memory:
    """What the last turns left behind.

    `step` is what the bot waits for, as `dialogue:step`, and `data` what that dialogue has gathered; `earlier` holds
    the person's last masked messages, oldest first; `wrote_at` is when the question was written that has just been
    answered, None when the last turn was anything else; `misses` counts misunderstandings in a row, after the last of
    which the bot is `quiet` about what it does not understand; `said` is the last sentence of those that may not be
    said twice running; `district` is where the person said they are.
    """

    step: str | None = None
    data: Mapping[str, str] = field(default_factory=dict)
    earlier: tuple[str, ...] = ()
    subject: str | None = None
    question_id: int | None = None
    misses: int = 0
    quiet: bool = False
    said: str | None = None
    district: str | None = None
    wrote_at: datetime | None = None
    pace: Pace = field(default_factory=Pace)

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
    return _from_json(data)


def save(db: Session, vault: Vault, memory: Memory, *, person_id: int, now: datetime) -> None:
    sealed = vault.seal(json.dumps(_to_json(memory), ensure_ascii=False).encode())
    dialogues.save(db, person_id=person_id, memory=sealed, now=now)


def _to_json(memory: Memory) -> dict[str, Any]:
    pace = memory.pace
    return {
        "step": memory.step, "data": dict(memory.data), "earlier": memory.earlier, "subject": memory.subject,
        "question_id": memory.question_id, "misses": memory.misses, "quiet": memory.quiet, "said": memory.said,
        "district": memory.district, "wrote_at": _written(memory.wrote_at),
        "pace": [pace.level, _written(pace.at), pace.braked, _written(pace.urgent_at)],
    }  # fmt: skip


def _from_json(data: Mapping[str, Any]) -> Memory:
    """What an earlier release did not write down yet is as in a new conversation."""
    level, at, braked, urgent_at = data.get("pace", (0.0, None, False, None))
    return Memory(
        step=data["step"], data=data["data"], earlier=tuple(data["earlier"]), subject=data["subject"],
        question_id=data["question_id"], misses=data["misses"], quiet=data.get("quiet", False), said=data.get("said"),
        district=data.get("district"), wrote_at=_read(data.get("wrote_at")),
        pace=Pace(level, _read(at), braked, _read(urgent_at)),
    )  # fmt: skip


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _read(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
