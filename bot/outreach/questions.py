"""The log of questions: what was asked, masked, what was decided, and whether it helped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from bot import clock
from bot.storage import people, questions
from bot.vault import Vault
from knowledge.decision import Decision

Feedback = Literal["yes", "no"]
CANDIDATES_KEPT = 5


def asker_hash(vault: Vault, *, person_id: int, now: datetime) -> str:
    """Equal for one person's questions of one month in Bangkok, and telling nothing else."""
    return vault.keyed_hash("asker", f"{person_id}:{clock.in_bangkok(now):%Y-%m}", length=24)


def log_question(
    db: Session,
    vault: Vault,
    *,
    incoming_id: int,
    person_id: int | None,
    message_id: str | None,
    masked: str,
    words: Sequence[str],
    decision: Decision,
    knowledge_version: str,
    milliseconds: float,
    now: datetime,
) -> int:
    """Writes one question down and returns its id. `masked` has been through `bot.masking.mask` already; `person_id` is
    None where the asker is not to be counted. Of whoever's data may only be kept, no words are, and nobody reviews
    them."""
    keeps = person_id is None or not people.is_restricted(db, person_id)
    return questions.log(
        db,
        incoming_id=incoming_id,
        asked_at=now,
        asker=asker_hash(vault, person_id=person_id, now=now) if person_id is not None and keeps else None,
        message_id=message_id if keeps else None,
        text=masked if keeps else None,
        words=list(words) if keeps else [],
        decision=decision.kind,
        entry=decision.entry,
        also=list(decision.also),
        candidates=[{"entry": c.entry, "score": round(c.score, 4)} for c in decision.candidates[:CANDIDATES_KEPT]],
        refusal=decision.refusal,
        urgent=decision.urgent,
        knowledge_version=knowledge_version,
        milliseconds=milliseconds,
    )


def give_feedback(db: Session, *, question_id: int, feedback: Feedback, now: datetime) -> bool:
    """Keeps the latest word on whether the answer fitted. False: the question is no longer there."""
    return questions.set_feedback(db, question_id=question_id, feedback=feedback, now=now)


def choose(db: Session, *, question_id: int, entry: str) -> bool:
    """Keeps which of the offered topics was meant, `none` for none of them."""
    return questions.set_chosen(db, question_id=question_id, chosen=entry)
