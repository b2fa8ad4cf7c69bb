"""How long what people wrote when they registered is kept, and under which key."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.events import forms, registration
from bot.events.registration import Applicant
from bot.storage import event_feedback, events, forgetting, registrations
from bot.vault import Vault

A_BATCH = 200
WALK_IN = "walk_in"
_HASHED = ("self/", "neighbour/", "class/")
"""What a key of whose place it is begins with, where words that people wrote are in it."""


def forget_past(db: Session, *, now: datetime, limit: int = A_BATCH) -> int:
    """Takes out of registrations, once their event's time is over, all that says whose they were, and what people
    wrote about it afterwards; numbers and stars stay. Returns how many were emptied."""
    emptied = 0
    for event_id, ends_at, days in forgetting.list_events_to_forget(db, ended_before=now, limit=limit):
        if ends_at + timedelta(days=days) <= now:
            events.lock(db, event_id)
            emptied += registrations.empty(db, event_id)
            event_feedback.forget_words(db, event_id)
    return emptied


def rekey(db: Session, vault: Vault, *, after: int, limit: int = A_BATCH) -> tuple[int, int]:
    """Seals the next registrations, by id, with the key in force, and makes their hashes anew. Returns the last id, 0
    at the end, and how many were done. Raises bot.vault.Unreadable where no key opens one: set the earlier key as
    CIVICBOT_SECRET_KEY_PREVIOUS."""
    for event_id in forgetting.list_events_of_sealed(db, after=after, limit=limit):
        events.lock(db, event_id)  # before any registration, as everybody does who changes one
    rows = registrations.list_sealed(db, after=after, limit=limit)
    for row in rows:
        form = forms.opened(vault, row)
        values = forms.sealed(vault, form)
        if row.way != WALK_IN and row.owner_key.startswith(_HASHED):
            owner_key = registration.owner_of(vault, Applicant(row.person_id, row.kind), form)
            other = registrations.find_by_owner(db, event_id=row.event_id, owner_key=owner_key)
            if other is None:  # else two have become one's: one neighbour was registered by two accounts
                values["owner_key"] = owner_key
        if row.notes is not None:
            values["notes"] = vault.seal(vault.open(row.notes))
        registrations.change(db, row, **values)
    return (rows[-1].id if rows else 0), len(rows)
