"""What a person took back: its words disappear wherever we keep them, also when they have not reached us yet."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot.storage import cases, dialogues, questions, unsent


def take_back(db: Session, *, person_id: int, message_id: str, now: datetime) -> None:
    """The question, the case and the conversation forget the message; a late arrival of it will not be read."""
    unsent.note(db, message_id=message_id, now=now)
    questions.forget_text(db, message_id=message_id)
    cases.forget_words(db, message_id=message_id)
    dialogues.forget(db, person_id)


def was_taken_back(db: Session, message_id: str | None) -> bool:
    return message_id is not None and unsent.is_unsent(db, message_id)
