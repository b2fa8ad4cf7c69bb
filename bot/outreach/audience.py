"""People: who they are to us, whether they still follow, what they were told about their data, how they want to be
spoken to."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from bot import masking
from bot.storage import dialogues, outgoing, people
from bot.storage.people import PersonRow
from bot.vault import Unreadable, Vault

NOTICE_VERSION = 2
"""Raise it when the privacy notice changes in substance: everyone is then told once more."""
LONGEST_CALLED = 30
"""Letters, as people count them: marks above and below are none."""
MOST_MARKS = 2
"""Beside each letter; more are no writing."""
_CALLED_SIGNS = frozenset(" .-'’")
_ADDRESS = re.compile(r"[a-z]\.[a-z]{2}|\bwww\b", re.IGNORECASE)


class CalledFault(StrEnum):
    """What is wrong with a form of address."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    NO_WORDS = "no_words"
    """Figures, a link, or signs that no name has."""


class CalledRefused(Exception):
    def __init__(self, fault: CalledFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


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


def set_language(db: Session, *, person_id: int, language: str) -> None:
    """The bot speaks it from now on, but to whoever writes in another."""
    people.set_language(db, person_id, language=language)


def set_called(db: Session, vault: Vault, *, person_id: int, words: str, message_id: str | None = None) -> str:
    """How they want to be addressed, in place of what was known, and in which message they said so; as it was kept.
    Raises CalledRefused."""
    called = _read_called(words)
    people.set_called(db, person_id, called=vault.seal("\n".join(filter(None, (called, message_id))).encode()))
    return called


def take_called_back(db: Session, vault: Vault, *, person_id: int, message_id: str) -> bool:
    """False: they did not say so in that message."""
    written = _opened(vault, people.get(db, person_id).called)
    if written.partition("\n")[2] != message_id or not message_id:
        return False
    people.set_called(db, person_id, called=None)
    return True


def forget_called(db: Session, *, person_id: int) -> bool:
    """False: nothing was known."""
    known = people.get(db, person_id).called is not None
    people.set_called(db, person_id, called=None)
    return known


def called_of(db: Session, vault: Vault, person_id: int) -> str:
    """Empty where they said nothing, or no key opens it any more."""
    return _opened(vault, people.get(db, person_id).called).partition("\n")[0]


def _opened(vault: Vault, sealed: bytes | None) -> str:
    try:
        return vault.open(sealed).decode() if sealed is not None else ""
    except Unreadable:
        return ""


def is_restricted(db: Session, person_id: int) -> bool:
    """Of them we keep what we hold, and do nothing else with it: they are answered, and told nothing by themselves."""
    return people.is_restricted(db, person_id)


def _read_called(words: str) -> str:
    called = " ".join(unicodedata.normalize("NFC", masking.plain(words)).split())
    letters = [one for one in called if not unicodedata.category(one).startswith("M")]
    if not any(one.isalpha() for one in letters):
        raise CalledRefused(CalledFault.NO_WORDS if letters else CalledFault.EMPTY)
    if len(letters) > LONGEST_CALLED or len(called) > (1 + MOST_MARKS) * len(letters):
        raise CalledRefused(CalledFault.TOO_LONG)
    if any(not one.isalpha() and one not in _CALLED_SIGNS for one in letters) or _ADDRESS.search(called):
        raise CalledRefused(CalledFault.NO_WORDS)
    return called
