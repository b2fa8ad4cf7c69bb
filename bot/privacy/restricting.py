"""Keeping what is held of a person and doing nothing else with it, as they may ask (PDPA section 34)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot.outreach import hear_back, withholding
from bot.privacy import held_questions
from bot.storage import data_requests, erasing, people
from bot.vault import Vault


def restrict(db: Session, vault: Vault, *, person_id: int, way: str, now: datetime) -> bool:
    """No notices, no reminders, no hearing back, nothing for review, what they asked before included, until it is
    lifted. False: it was so already."""
    _withhold(db, vault, person_id, withheld=True, now=now)
    changed = erasing.set_restricted(db, person_id, at=now)
    if changed:
        hear_back.call_off(db, person_id=person_id, now=now)
        data_requests.add(db, kind=data_requests.RESTRICT, person_id=person_id, way=way, now=now)
    return changed


def lift(db: Session, vault: Vault, *, person_id: int, now: datetime) -> bool:
    """False: nothing was restricted."""
    _withhold(db, vault, person_id, withheld=False, now=now)
    return erasing.set_restricted(db, person_id, at=None)


def _withhold(db: Session, vault: Vault, person_id: int, *, withheld: bool, now: datetime) -> None:
    """What they ask from now on is kept without its words."""
    since = people.get(db, person_id).first_seen_at
    askers = held_questions.asker_hashes(vault, person_id=person_id, since=since, now=now)
    withholding.withhold(db, askers, withheld=withheld)
