"""What a person took back or worded anew: the old words disappear wherever we keep them, also when they have not
reached us yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from bot.outreach import audience, proposals
from bot.storage import case_messages, case_pictures, cases, dialogues, event_feedback, questions, withdrawn
from bot.vault import Vault


def take_back(db: Session, vault: Vault, *, person_id: int | None, message_id: str, now: datetime) -> None:
    """The question and what was made of it, the case and the conversation forget the message, so does what was said of
    an event and how its sender is addressed; a late arrival of it will not be read. What was filled in when a case was
    opened is another room's.

    What was read together with others is forgotten with them: their words cannot be told apart any more. `person_id` is
    None in a group, where there is no conversation to forget.
    """
    withdrawn.note_unsent(db, message_id=message_id, now=now)
    _forget_words(db, person_id=person_id, message_id=message_id, now=now)
    if person_id is not None:
        audience.take_called_back(db, vault, person_id=person_id, message_id=withdrawn.lead_of(db, message_id))


def word_anew(db: Session, *, person_id: int | None, message_id: str, edited_at: datetime, now: datetime) -> bool:
    """An edit: the old wording goes. False when the message was unsent, or a later edit is known already."""
    if not withdrawn.note_edited(db, message_id=message_id, edited_at=edited_at, now=now):
        return False
    _forget_words(db, person_id=person_id, message_id=message_id, now=now)
    return True


def was_withdrawn(db: Session, message_id: str | None, *, worded_at: datetime) -> bool:
    return message_id is not None and withdrawn.is_withdrawn(db, message_id, worded_at=worded_at)


def note_joined(db: Session, message_ids: Sequence[str | None], *, lead_id: str | None, now: datetime) -> None:
    """These messages were read together with the last of them, `lead_id`: whoever takes one back takes back all."""
    if lead_id is not None:
        known = [one for one in message_ids if one is not None and one != lead_id]
        withdrawn.note_joined(db, known, lead_id=lead_id, now=now)


def _forget_words(db: Session, *, person_id: int | None, message_id: str, now: datetime) -> None:
    lead_id = withdrawn.lead_of(db, message_id)
    proposals.forget(db, questions.forget_text(db, message_id=lead_id))
    cases.forget_words(db, message_id=lead_id)
    case_messages.forget_words(db, message_id=lead_id, now=now)
    case_pictures.forget(db, message_id=lead_id)
    event_feedback.take_word_back(db, message_id=lead_id)
    if person_id is not None:
        dialogues.forget(db, person_id)
