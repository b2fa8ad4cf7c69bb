"""Hashes under the secret key that lead to what is a person's: made anew under the key in force, so that all of it is
shown and erased when the former key is gone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot.outreach.questions import asker_hash
from bot.privacy import erasing_work, held_questions
from bot.storage import people, rehashing
from bot.vault import Vault


def rekey_questions(db: Session, vault: Vault, *, after: int, now: datetime, limit: int) -> tuple[int, int]:
    """Of the next people, by id. Returns the last person's id, 0 at the end, and how many questions were changed."""
    found = people.lock_next(db, after=after, limit=limit)
    former = vault.each()[1:]
    anew: dict[str, str] = {}
    for person_id, since in found:
        for month in held_questions.months(since=since, now=now):
            current = asker_hash(vault, person_id=person_id, now=month)
            anew |= {asker_hash(one, person_id=person_id, now=month): current for one in former}
    return (found[-1][0] if found else 0), rehashing.change_askers(db, anew)


def find_lanes(db: Session, vault: Vault, *, after: int, limit: int) -> tuple[int, dict[str, str]]:
    """Of the next people, by id: the last person's id, 0 at the end, and their lanes by what these were under a former
    key. Hand all of them to bot.storage.rehashing.change_lanes."""
    found, former = people.list_next(db, after=after, limit=limit), vault.each()[1:]
    anew: dict[str, str] = {}
    for _, line_user_id in found:
        current = erasing_work.lanes_under(vault, line_user_id)
        for one in former:
            anew |= dict(zip(erasing_work.lanes_under(one, line_user_id), current, strict=True))
    return (found[-1][0] if found else 0), anew
