"""The code on the wall at the door, with which people check themselves in: it changes every other minute, so that one
has to be there to know it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from bot import clock
from bot.storage import events
from bot.storage.events import EventRow
from bot.vault import Vault

DIGITS = 6
WINDOW = timedelta(minutes=2)
_PURPOSE = "wall code/1"
MOST_A_DAY = 500


def code_at(vault: Vault, event_id: int, now: datetime) -> str:
    return _code(vault, event_id, _window(now))


def changes_at(now: datetime) -> datetime:
    """When the code that is shown now gives way to the next."""
    return datetime.fromtimestamp((_window(now) + 1) * WINDOW.total_seconds(), tz=now.tzinfo)


def is_valid(vault: Vault, event_id: int, code: str, now: datetime) -> bool:
    """In its own two minutes and the two after them: it takes a while to read and type."""
    window = _window(now)
    return code in {_code(vault, event_id, window), _code(vault, event_id, window - 1)}


def list_today(db: Session, now: datetime) -> list[EventRow]:
    """What is on today in Bangkok, or goes on from yesterday, and is not over."""
    midnight = datetime.combine(clock.bangkok_date(now) + timedelta(days=1), time(0), clock.BANGKOK)
    return events.list_coming(db, after=now, before=midnight, limit=MOST_A_DAY)


def find_event(
    db: Session, vault: Vault, code: str, now: datetime, *, among: Collection[int] | None = None
) -> EventRow | None:
    """The event whose wall shows it; with `among`, only one of these is looked at."""
    for event in list_today(db, now):
        if (among is None or event.id in among) and is_valid(vault, event.id, code, now):
            return event
    return None


def _window(now: datetime) -> int:
    return int(now.timestamp() // WINDOW.total_seconds())


def _code(vault: Vault, event_id: int, window: int) -> str:
    number = int.from_bytes(vault.mac(_PURPOSE, f"{event_id}/{window}".encode())[:8], "big")
    return f"{number % 10**DIGITS:0{DIGITS}}"
