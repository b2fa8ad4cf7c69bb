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
FOUND_AGAIN_FOR = timedelta(hours=24)
MOST_EARLIER = 3
LONGEST_EARLIER = 300


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What a dialogue had gathered about one thing when it was left lying: found again when that is begun anew, and
    never waited for meanwhile."""

    about: str
    data: Mapping[str, str]
    at: datetime


@dataclass(frozen=True, slots=True)
class Memory:
    """What the last turns left behind.

    `step` is what the bot waits for, as `dialogue:step`, and `data` what that dialogue has gathered; `earlier` holds
    the person's last masked messages, oldest first; `wrote_at` is when the question was written that has just been
    answered, None when the last turn was anything else; `misses` counts misunderstandings in a row, after the last of
    which the bot is `quiet` about what it does not understand; `said` is the last sentence of those that may not be
    said twice running; `district` is where the person said they are. `unfinished` is kept for a day, the rest for half
    an hour: a dialogue whose `data` names what it is `about` is found again.
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
    unfinished: Unfinished | None = None

    def heard(self, masked: str) -> Memory:
        return replace(self, earlier=(*self.earlier, masked[:LONGEST_EARLIER])[-MOST_EARLIER:])

    def without_step(self) -> Memory:
        return replace(self, step=None, data={})

    def set_aside(self, *, now: datetime) -> Memory:
        """Without its step, which can be found again where its dialogue says what it is about."""
        if self.step is None or "about" not in self.data:
            return self.without_step()
        kept = Unfinished(self.data["about"], dict(self.data), now)
        return replace(self.without_step(), unfinished=kept)


def load(db: Session, vault: Vault, *, person_id: int, now: datetime) -> Memory:
    """An empty memory where there is none, it is too old, or no key opens it any more."""
    found = dialogues.find(db, person_id)
    if found is None or now - found[1] > FOUND_AGAIN_FOR:
        return Memory()
    try:
        remembered = _from_json(json.loads(vault.open(found[0])))
    except Unreadable:
        return Memory()
    if now - found[1] > FORGOTTEN_AFTER:
        remembered = Memory(unfinished=remembered.set_aside(now=found[1]).unfinished)
    kept = remembered.unfinished
    if kept is not None and now - kept.at > FOUND_AGAIN_FOR:
        return replace(remembered, unfinished=None)
    return remembered


def save(db: Session, vault: Vault, memory: Memory, *, person_id: int, now: datetime) -> None:
    sealed = vault.seal(json.dumps(_to_json(memory), ensure_ascii=False).encode())
    dialogues.save(db, person_id=person_id, memory=sealed, now=now)


def _to_json(memory: Memory) -> dict[str, Any]:
    pace, kept = memory.pace, memory.unfinished
    return {
        "step": memory.step, "data": dict(memory.data), "earlier": memory.earlier, "subject": memory.subject,
        "question_id": memory.question_id, "misses": memory.misses, "quiet": memory.quiet, "said": memory.said,
        "district": memory.district, "wrote_at": _written(memory.wrote_at),
        "unfinished": [kept.about, dict(kept.data), _written(kept.at)] if kept else None,
        "pace": [pace.level, _written(pace.at), pace.braked, _written(pace.urgent_at)],
    }  # fmt: skip


def _from_json(data: Mapping[str, Any]) -> Memory:
    """What an earlier release did not write down yet is as in a new conversation."""
    level, at, braked, urgent_at = data.get("pace", (0.0, None, False, None))
    kept = data.get("unfinished")
    return Memory(
        step=data["step"], data=data["data"], earlier=tuple(data["earlier"]), subject=data["subject"],
        question_id=data["question_id"], misses=data["misses"], quiet=data.get("quiet", False), said=data.get("said"),
        district=data.get("district"), wrote_at=_read(data.get("wrote_at")),
        pace=Pace(level, _read(at), braked, _read(urgent_at)),
        unfinished=Unfinished(kept[0], kept[1], datetime.fromisoformat(kept[2])) if kept else None,
    )  # fmt: skip


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _read(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
