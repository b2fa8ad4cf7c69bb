"""What is forgotten, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.storage import dialogues, incoming, jobs, withdrawn

PAYLOAD = timedelta(hours=24)
"""What LINE sent, word for word, when its turn was never settled. A settled turn removes it at once."""
EVENT_IDS = timedelta(days=90)
"""The id and times of an event: long enough to recognise a repetition."""
QUARANTINE = timedelta(days=14)
DIALOGUES = timedelta(hours=24)
SLOTS = timedelta(days=7)
WITHDRAWN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Forgotten:
    payloads: int
    events: int
    quarantined: int
    dialogues: int
    slots: int
    withdrawn: int


def forget_what_is_due(db: Session, *, now: datetime) -> Forgotten:
    return Forgotten(
        payloads=incoming.forget_payloads(db, received_before=now - PAYLOAD),
        events=incoming.forget_events(db, received_before=now - EVENT_IDS),
        quarantined=incoming.forget_quarantined(db, received_before=now - QUARANTINE),
        dialogues=dialogues.forget_older(db, before=now - DIALOGUES),
        slots=jobs.forget_slots(db, before=now - SLOTS),
        withdrawn=withdrawn.forget(db, before=now - WITHDRAWN),
    )
