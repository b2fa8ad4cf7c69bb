"""What people say of an event afterwards: stars, and a sentence if they like."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot import masking
from bot.events import refusals
from bot.storage import check_ins, event_feedback, events, registrations
from bot.storage.event_feedback import EventFeedbackRow
from bot.storage.events import EventRow
from bot.storage.registrations import CONFIRMED, RegistrationRow

MOST_STARS = 5
LONGEST_WORD = 1000


@dataclass(eq=False)
class NotOverYet(refusals.Refused):
    """The event is still to come, or goes on."""


def is_asked(db: Session, event: EventRow, row: RegistrationRow, *, now: datetime) -> bool:
    """Those who came are asked; where nobody was checked in, everybody with a seat."""
    if not event.asks_feedback or event.state != events.PUBLISHED or event.ends_at > now or row.state != CONFIRMED:
        return False
    if db.get(EventFeedbackRow, row.id) is not None:
        return False
    if not sum(check_ins.count_people(db, event.id).values()):
        return True
    return any(line.people for line in check_ins.list_of_registrations(db, [row.id]))


def give_stars(db: Session, *, registration_id: int, person_id: int, stars: int, now: datetime) -> EventRow:
    """Said again, it takes the place of what was said before. Raises NoSuchRegistration, NotOverYet, NotInThatState
    for whoever had no seat."""
    row = registrations.find(db, registration_id)
    event = events.find(db, row.event_id) if row is not None and row.person_id == person_id else None
    if row is None or event is None or not 1 <= stars <= MOST_STARS:
        raise refusals.NoSuchRegistration
    if row.state != CONFIRMED:
        raise refusals.NotInThatState(row.state)
    if event.ends_at > now:
        raise NotOverYet
    event_feedback.save(db, registration_id=row.id, event_id=event.id, stars=stars, word=None, now=now)
    return event


def add_word(
    db: Session, *, registration_id: int, person_id: int, word: str, message_id: str | None, now: datetime
) -> None:
    """Kept masked, beside the stars that were given before. Raises NoSuchRegistration."""
    row = registrations.find(db, registration_id)
    given = db.get(EventFeedbackRow, registration_id, populate_existing=True)
    if row is None or given is None or row.person_id != person_id:
        raise refusals.NoSuchRegistration
    event_feedback.save(
        db, registration_id=row.id, event_id=row.event_id, stars=given.stars,
        word=masking.mask(word)[:LONGEST_WORD].strip(), message_id=message_id, now=now,
    )  # fmt: skip
