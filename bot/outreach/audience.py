"""People: who they are to us, whether they still follow, what they were told about their data."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot.storage import dialogues, outgoing, people
from bot.storage.people import PersonRow

NOTICE_VERSION = 1
"""Raise it when the privacy notice changes in substance: everyone is then told once more."""


def meet(db: Session, *, line_user_id: str, now: datetime) -> PersonRow:
    """The person with this id, new or known."""
    return people.find_or_create(db, line_user_id=line_user_id, now=now)


def find(db: Session, *, line_user_id: str) -> PersonRow | None:
    return people.find(db, line_user_id=line_user_id)


def listens(db: Session, person: PersonRow, *, at: datetime) -> bool:
    """False for what somebody wrote before they blocked us. Writing after a block means that it is over."""
    if person.unreachable_at is not None:  # LINE did not know this id, and knows it again
        people.set_reachable(db, person.id)
    if person.following:
        return True
    return people.set_following(db, person_id=person.id, following=True, at=at)


def note_follow(db: Session, *, person_id: int, at: datetime) -> None:
    people.set_following(db, person_id=person_id, following=True, at=at)


def note_unfollow(db: Session, *, person_id: int, at: datetime, now: datetime) -> bool:
    """The person blocked us: answers under way are called off and the conversation is forgotten.

    False: a later follow is already known, so nothing changes.
    """
    if not people.set_following(db, person_id=person_id, following=False, at=at):
        return False
    outgoing.cancel_for_person(db, person_id=person_id, now=now)
    dialogues.forget(db, person_id)
    return True


def note_notice_shown(db: Session, *, person_id: int, now: datetime) -> None:
    people.set_notice_shown(db, person_id=person_id, version=NOTICE_VERSION, at=now)
