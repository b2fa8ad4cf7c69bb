"""Whether it helped, as the citizen says when a case is closed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot.cases import handling
from bot.cases.hearing import REOPENS_WITHIN
from bot.cases.rules import CaseRules
from bot.storage import cases
from bot.storage.cases import CLOSED

YES, NO = "yes", "no"


def say(
    db: Session, case_id: int, *, person_id: int, satisfied: bool, now: datetime, rules: CaseRules | None = None
) -> bool:
    """The latest word counts. Somebody whom it did not help has the case opened again, if it was closed within the last
    days. False: it is somebody else's, or was opened again meanwhile, or closed too long ago."""
    case = cases.lock(db, case_id)
    if case is None or case.person_id != person_id:
        return False
    word = YES if satisfied else NO
    if case.state != CLOSED:
        return case.satisfied == word == NO  # pressed twice
    if (case.closed_at or case.changed_at) < now - REOPENS_WITHIN:
        return False
    if case.satisfied != word:
        cases.change(db, case_id, now=now, satisfied=word)
    if not satisfied:
        handling.reopen(db, case_id, by=None, now=now, rules=rules)
    return True
