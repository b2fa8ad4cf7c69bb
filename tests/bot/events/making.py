"""Events, people and registrations to test with, plain and without surprises."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.events import registration
from bot.events.forms import Form
from bot.events.registration import Applicant, Consent, Outcome
from bot.storage import events, people, service_messages
from bot.storage.events import EventRow
from bot.vault import Vault
from tests.builders import NOON

CONSENT = Consent(1, "0" * 64, "button")
IN_A_WEEK = NOON + timedelta(days=7)


def make_event(db: Session, **changes: Any) -> EventRow:
    """Published, in a week, from noon to three, with ten seats; offers to those who wait stand for three hours."""
    values: dict[str, Any] = {
        "public_id": secrets.token_hex(8), "state": events.PUBLISHED, "title": "เวทีแลกเปลี่ยนเรียนรู้", "programme": "forum",
        "district": "mae_sai", "place_name": "หอประชุมอำเภอแม่สาย", "starts_at": IN_A_WEEK,
        "ends_at": changes.get("starts_at", IN_A_WEEK) + timedelta(hours=3), "capacity": 10, "party_most": 5,
        "created_at": NOON, "published_at": NOON,
    }  # fmt: skip
    return events.add(db, EventRow(**{**values, **changes}))


def a_person(db: Session, number: int, *, following: bool = True) -> int:
    row = people.find_or_create(db, line_user_id=f"U{number:032x}", now=NOON)
    if not following:
        people.set_following(db, person_id=row.id, following=False, at=NOON)
    return row.id


def a_form(name: str = "สมชาย ใจดี", **more: Any) -> Form:
    return Form(name=name, **more)


def tell_what_is_due(db: Session, *, now: datetime = NOON) -> None:
    """As if LINE had taken every message that is due."""
    due = [message.id for message in service_messages.list_due(db, now=now, limit=999)]
    service_messages.move(db, due, states=(service_messages.BOOKED,), to=service_messages.SENT, now=now)


def sign_up(
    db: Session, vault: Vault, event: EventRow, person_id: int | None, *, party: int = 1, now: datetime = NOON,
    form: Form | None = None, kind: str = "self", way: str = "line",
) -> Outcome:  # fmt: skip
    return registration.register(
        db, vault, event_id=event.id, applicant=Applicant(person_id, kind, way), form=form or a_form(),
        party_size=party, form_version=event.form_version, consent=CONSENT, now=now,
    )  # fmt: skip
