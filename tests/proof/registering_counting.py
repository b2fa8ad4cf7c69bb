"""What a trial of registration comes to, and a watch on the seats while it is under way."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.queue import jobs
from bot.queue.kinds import BACKGROUND, JobKind
from bot.storage.engine import Database
from bot.storage.events import EventRow
from bot.storage.registrations import SEATED, RegistrationRow

SAMPLE_EVERY_SECONDS = 0.04


@dataclass
class Figures:
    """The last but four are what the proof is about."""

    trials: int = 0
    people: int = 0
    through_the_whole_dialogue: int = 0
    presses: int = 0
    sent_once_more: int = 0
    capacity_changes: int = 0
    offers_run_out: int = 0
    blocked: int = 0
    kills: int = 0
    seconds: int = 0
    samples: int = 0
    seats_taken: int = 0
    waiting_at_the_end: int = 0
    answers_unknown: int = 0
    """Answers that LINE may have taken; staff see each of them."""
    given_by_the_minutes_look: int = 0
    """Parties in the line that fitted when all was done, and were given their seats by the look that the bot takes
    every minute: somebody before them had blocked it."""
    oversold: int = 0
    """Trials in which at some moment more seats were taken than there were, or than were taken when some were taken
    away."""
    stranded: int = 0
    """Parties that wait, and are reachable, and fit into what is free."""
    with_two_places: int = 0
    told_otherwise: int = 0
    """People whose last message says something else than what is so."""
    jobs_failed: int = 0

    def add(self, other: Figures) -> None:
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


@dataclass
class _Watched:
    lowered_to: int | None = None
    kept: int = 0
    """How many seats were taken when the capacity was lowered below that."""
    oversold: bool = False


class Sampler:
    """Looks at the seats of all events under way, each time in one statement, which is one moment."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._watched: dict[int, _Watched] = {}
        self.samples = 0

    def watch(self, event_id: int) -> _Watched:
        with self._lock:
            return self._watched.setdefault(event_id, _Watched())

    def leave(self, event_id: int) -> None:
        with self._lock:
            self._watched.pop(event_id, None)

    def note_lowered(self, event_id: int, *, capacity: int, taken: int) -> None:
        """In the transaction that lowers it, under the event's lock."""
        with self._lock:
            watched = self._watched[event_id]
            watched.lowered_to, watched.kept = capacity, taken

    def work(self, stopping: threading.Event) -> None:
        while not stopping.wait(SAMPLE_EVERY_SECONDS):
            with self._lock:
                self._look()

    def _look(self) -> None:
        if not self._watched:
            return
        taken = func.coalesce(func.sum(RegistrationRow.seats).filter(RegistrationRow.state.in_(SEATED)), 0)
        statement = (
            select(EventRow.id, EventRow.capacity, taken)
            .outerjoin(RegistrationRow, RegistrationRow.event_id == EventRow.id)
            .where(EventRow.id.in_(self._watched))
            .group_by(EventRow.id)
        )
        with self._database.reading() as db:
            rows = db.execute(statement).all()
        for event_id, capacity, seats in rows:
            watched = self._watched[event_id]
            if capacity == watched.lowered_to:
                watched.kept = min(watched.kept, seats)
            watched.oversold |= seats > max(capacity or 0, watched.kept)
            self.samples += 1


def as_it_is(row: RegistrationRow | None) -> str:
    if row is None:
        return "there is no registration"
    names = ("state", "party_size", "seats", "turn", "whole_only", "offer_until", "ended_by")
    return ", ".join(f"{name} {getattr(row, name)}" for name in names)


def look_at_lines(db: Session, now: datetime) -> None:
    """The look that the bot takes every minute, now."""
    lane = JobKind.WAITING_LISTS.value
    jobs.enqueue(db, JobKind.WAITING_LISTS, now=now, subject_ids=[(None, lane)], priority=BACKGROUND)
