"""Storms: one person who floods the chat, and many at once whom the bot does not understand. Staff see each once."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.cases import opening
from bot.cases.opening import CaseKind
from bot.storage import questions

WINDOW = timedelta(minutes=10)
NAMED = 3
FEWEST_ASKERS = 5
"""A wording of fewer people is not repeated in a case: it might be one person's own story."""


def note_flood(db: Session, *, person_id: int, now: datetime) -> int:
    """The number of the case that tells staff about this person's flood."""
    number, _ = opening.open_once(db, CaseKind.FLOOD, now=now, person_id=person_id)
    return number


def is_storm(db: Session, *, now: datetime, limit: int) -> bool:
    """True while the last minutes saw `limit` questions without an answer, or more. The first to find out opens a case
    with the commonest wordings."""
    since = now - WINDOW
    if questions.count_missed(db, since=since, most=limit) < limit:
        return False
    if opening.is_open(db, CaseKind.STORM, now=now):
        return True
    wordings = questions.commonest_missed(db, since=since, limit=NAMED, least=FEWEST_ASKERS)
    detail = "; ".join(f"{count} × {text[:200]}" for text, count in wordings)
    opening.open_once(db, CaseKind.STORM, now=now, person_id=None, detail=detail)
    return True
