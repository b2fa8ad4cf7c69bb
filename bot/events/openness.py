"""Whether an event takes place, and whether people may register for it now."""

from __future__ import annotations

from datetime import datetime

from bot.events import refusals
from bot.storage import events
from bot.storage.events import EventRow


def check_on(event: EventRow | None) -> EventRow:
    """It is to be seen, and was not called off. Raises NoSuchEvent, CalledOff."""
    if event is None or event.state == events.DRAFT:
        raise refusals.NoSuchEvent
    if event.state == events.CALLED_OFF:
        raise refusals.CalledOff(event.called_off_why)
    return event


def check_open(event: EventRow | None, *, now: datetime) -> EventRow:
    """Raises a Refused."""
    event = check_on(event)
    if event.starts_at <= now:
        raise refusals.EventOver
    if event.opens_at is not None and now < event.opens_at:
        raise refusals.NotOpenYet(event.opens_at)
    if event.closes_at is not None and event.closes_at <= now:
        raise refusals.RegistrationClosed(event.closes_at)
    return event
