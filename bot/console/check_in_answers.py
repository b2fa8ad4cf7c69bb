"""What came of it, as the page at the door shows it: words in large letters, and what can be done next."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from bot import thai_dates
from bot.console import check_in_sentences as sentences
from bot.console.access import may
from bot.console.check_in_asked import Asked
from bot.events import forms, seats
from bot.events.check_in import CheckedIn
from bot.outreach.permissions import Permission
from bot.storage import check_ins
from bot.storage.events import EventRow
from bot.storage.registrations import CONFIRMED, PENDING, REFUSED, RegistrationRow
from bot.vault import Vault


class Tone(StrEnum):
    GOOD = "good"
    NOTICE = "notice"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Card:
    """One party, without its telephone number. `here` is since when, of so many `came`. `way_in` is how they may still
    come in: `plain`, `seat`, `over`, `staff` (who have to decide) or nothing."""

    registration_id: int
    name: str
    code: str
    party: int
    state: str
    here: datetime | None
    came: int
    free: int
    way_in: str

    @property
    def hour(self) -> str:
        return thai_dates.hour(self.here) if self.here is not None else ""

    @property
    def state_words(self) -> str:
        return sentences.STATES.get(self.state, self.state)


@dataclass(frozen=True, slots=True)
class Answer:
    kind: str
    tone: Tone
    said: tuple[str, str]
    cards: Sequence[Card] = ()
    settles: bool = False
    """Whether it belongs into the list of the last ones, as it stands on its card now."""
    again: Asked | None = None
    """A walk-in for whom there is no seat, as it was asked: staff may ask for it again, beyond the seats."""


def new_key() -> str:
    return secrets.token_urlsafe(12)


def answer_done(db: Session, vault: Vault, event: EventRow, done: CheckedIn, *, do: str) -> Answer:
    kind, tone, said = _told(done, do)
    cards = cards_of(db, vault, event, [done.registration], part=done.part)
    return Answer(kind, tone, said, cards, settles=True)


def cards_of(db: Session, vault: Vault, event: EventRow, rows: Sequence[RegistrationRow], *, part: int) -> list[Card]:
    lines = {line.registration_id: line for line in check_ins.list_of_registrations(db, [row.id for row in rows])
             if line.part == part and line.people}  # fmt: skip
    free = seats.free_seats(db, event) if any(row.state != CONFIRMED for row in rows) else 0
    return [
        Card(
            row.id,
            forms.name_of(vault, row) or sentences.NAMELESS,
            row.code,
            row.party_size,
            row.state,
            lines[row.id].at if row.id in lines else None,
            lines[row.id].people if row.id in lines else 0,
            free + row.seats,
            "" if row.id in lines else _way_in(row, free + row.seats),
        )
        for row in rows
    ]


def _way_in(row: RegistrationRow, free: int) -> str:
    """What staff have not decided, or decided against, volunteers do not decide at the door."""
    if row.state == CONFIRMED:
        return "plain"
    if not may(Permission.MANAGE_EVENTS) and (row.state in (PENDING, REFUSED) or row.party_size > free):
        return "staff"
    return "seat" if row.party_size <= free else "over"


def _told(done: CheckedIn, do: str) -> tuple[str, Tone, tuple[str, str]]:
    if do == "undo":
        if done.new:
            return "undone", Tone.NOTICE, sentences.UNDONE
        return "nothing", Tone.NOTICE, sentences.NOTHING_TO_UNDO
    if do == "correct":
        return "corrected", Tone.GOOD, sentences.corrected(done.people)
    if done.new:
        return "new", Tone.GOOD, sentences.came(done.people)
    if done.earlier is None:
        return "undone", Tone.NOTICE, sentences.SENT_BEFORE
    return "already", Tone.NOTICE, sentences.came_before(done.people, done.earlier)
