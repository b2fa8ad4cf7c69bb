"""Waiting list and offers against a model that is simple enough to be believed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy.orm import Session

from bot import clock
from bot.events import refusals, registration, waiting_list
from bot.storage import events, people, registrations
from bot.storage.engine import Database
from bot.vault import Vault
from tests.bot.events.making import make_event, sign_up, tell_what_is_due
from tests.builders import NOON

PEOPLE = 7


@dataclass
class Party:
    """What a person, in the model, has: `wants` seats, `has` so many, and where they stand in the line."""

    state: str
    wants: int
    has: int = 0
    until: datetime | None = None
    whole: bool = False


@dataclass
class Model:
    """The rules as one would tell them, without a database: who there is, and in which order they came."""

    capacity: int
    minutes: int
    starts_at: datetime
    parties: dict[int, Party] = field(default_factory=dict)
    line: list[int] = field(default_factory=list)
    blocked: set[int] = field(default_factory=set)

    def free(self) -> int:
        return max(0, self.capacity - sum(party.has for party in self.parties.values()))

    def waiting(self) -> list[int]:
        return [who for who in self.line if self.parties[who].state == "waiting" and who not in self.blocked]

    def after_the_line(self) -> int:
        free = self.free()
        for who in self.waiting():
            if self.parties[who].wants <= free:
                free -= self.parties[who].wants
        return free

    def join(self, who: int, wants: int, now: datetime) -> None:
        if wants <= self.after_the_line():
            self.parties[who] = Party("confirmed", wants, wants)
            return
        self.parties[who] = Party("waiting", wants)
        self.line = [other for other in self.line if other != who] + [who]
        self.fill(now)

    def fill(self, now: datetime) -> None:
        automatic = self.minutes == 0 or self.starts_at - now <= timedelta(hours=24)
        hour = clock.in_bangkok(now).hour
        if self.starts_at <= now or (not automatic and not 8 <= hour < 20):
            return
        whole = []
        for who in self.waiting():
            if self.parties[who].wants <= self.free():
                self.give(who, self.parties[who].wants, automatic, now)
                whole.append(who)
        by_day = self.deadline(now, 60 if automatic else self.minutes)
        in_time = by_day < self.starts_at
        if in_time and not 8 <= hour < 20:
            return
        for who in self.waiting():
            if self.free() and not self.parties[who].whole:
                self.offer(who, self.free(), by_day if in_time else now + timedelta(minutes=60))
                return

    def give(self, who: int, seats: int, automatic: bool, now: datetime) -> None:
        if automatic:
            self.parties[who] = Party("confirmed", seats, seats)
        else:
            self.offer(who, seats, self.deadline(now, self.minutes))

    def offer(self, who: int, seats: int, until: datetime) -> None:
        party = self.parties[who]
        party.state, party.has, party.until = "offered", seats, min(until, self.starts_at)

    def deadline(self, now: datetime, minutes: int) -> datetime:
        """Minute by minute, of which those of the night do not count."""
        moment = now
        left = minutes
        while left:
            moment += timedelta(minutes=1)
            if 8 * 60 < _minute(moment) <= 20 * 60:
                left -= 1
        return moment

    def leave(self, who: int, now: datetime) -> None:
        self.parties[who].state, self.parties[who].has = "cancelled", 0
        self.fill(now)

    def run_out(self, now: datetime) -> None:
        for who in sorted(
            self.parties,
            key=lambda one: (self.parties[one].until or NOON, self.line.index(one) if one in self.line else -1),
        ):
            party = self.parties[who]
            if party.state != "offered" or party.until is None or party.until > now:
                continue
            if party.has < party.wants:
                party.state, party.has, party.whole = "waiting", 0, True
                self.fill(now)
            else:
                self.leave(who, now)


def _minute(moment: datetime) -> int:
    local = clock.in_bangkok(moment)
    return local.hour * 60 + local.minute


class Registrations(RuleBasedStateMachine):
    """Each rule does the same to the model and to the database."""

    database: ClassVar[Database]
    vault: ClassVar[Vault]
    run: ClassVar[int] = 0

    @initialize(capacity=st.integers(0, 6), minutes=st.sampled_from([0, 30, 180]), days=st.sampled_from([0.7, 2, 4]))
    def open(self, capacity: int, minutes: int, days: float) -> None:
        self.now = NOON
        type(self).run += 1
        self.model = Model(capacity, minutes, NOON + timedelta(days=days))
        with self.database.transaction() as db:
            self.event_id = make_event(
                db, capacity=capacity, offer_minutes=minutes, starts_at=NOON + timedelta(days=days), party_most=5
            ).id
            self.persons = [
                people.find_or_create(db, line_user_id=f"U{self.run:016x}{number:016x}", now=NOON).id
                for number in range(PEOPLE)
            ]

    def _row(self, db: Session, who: int) -> registrations.RegistrationRow:
        row = registrations.find_by_owner(db, event_id=self.event_id, owner_key=f"person/{self.persons[who]}")
        assert row is not None
        return row

    @rule(who=st.integers(0, PEOPLE - 1), wants=st.integers(1, 5))
    def join(self, who: int, wants: int) -> None:
        known = self.model.parties.get(who)
        self.model.blocked.discard(who)
        with self.database.transaction() as db:
            people.set_following(db, person_id=self.persons[who], following=True, at=self.now)  # whoever writes is back
            event = events.find(db, self.event_id)
            assert event is not None
            if self.now >= self.model.starts_at:
                with pytest.raises(refusals.EventOver):
                    sign_up(db, self.vault, event, self.persons[who], party=wants, now=self.now)
                return
            outcome = sign_up(db, self.vault, event, self.persons[who], party=wants, now=self.now)
        if known is None or known.state == "cancelled":
            assert outcome.new
            self.model.join(who, wants, self.now)

    @rule(who=st.integers(0, PEOPLE - 1))
    def cancel(self, who: int) -> None:
        party = self.model.parties.get(who)
        if party is None:
            return
        with self.database.transaction() as db:
            row_id = self._row(db, who).id
            if party.state != "cancelled" and self.now >= self.model.starts_at:
                with pytest.raises(refusals.EventOver):
                    registration.cancel(db, registration_id=row_id, by="person", now=self.now)
                return
            outcome = registration.cancel(db, registration_id=row_id, by="person", now=self.now)
        assert outcome.new == (party.state != "cancelled")
        if outcome.new:
            self.model.leave(who, self.now)

    @rule(who=st.integers(0, PEOPLE - 1), answer=st.sampled_from(["yes", "no", "wait"]))
    def answer_an_offer(self, who: int, answer: str) -> None:
        party = self.model.parties.get(who)
        if party is None or party.state == "confirmed":
            return
        open_still = party.state == "offered" and party.until is not None
        with self.database.transaction() as db:
            row_id = self._row(db, who).id
            if not open_still or (answer == "yes" and party.until <= self.now):  # type: ignore[operator]
                with pytest.raises(refusals.OfferOver):
                    self._say(db, row_id, answer)
                return
            self._say(db, row_id, answer)
        if answer == "yes":
            party.state, party.wants = "confirmed", party.has
        elif answer == "wait":
            party.state, party.has, party.whole = "waiting", 0, True
            self.model.fill(self.now)
        else:
            self.model.leave(who, self.now)

    def _say(self, db: Session, row_id: int, answer: str) -> None:
        if answer == "yes":
            registration.accept_offer(db, registration_id=row_id, now=self.now)
        else:
            registration.decline_offer(db, registration_id=row_id, keeps_waiting=answer == "wait", now=self.now)

    @rule(capacity=st.integers(0, 8))
    def change_capacity(self, capacity: int) -> None:
        with self.database.transaction() as db:
            event = events.lock(db, self.event_id)
            assert event is not None
            event.capacity = capacity
            db.flush()
            waiting_list.fill(db, event, now=self.now)
        self.model.capacity = capacity
        self.model.fill(self.now)

    @rule(who=st.integers(0, PEOPLE - 1))
    def block(self, who: int) -> None:
        with self.database.transaction() as db:
            people.set_following(db, person_id=self.persons[who], following=False, at=self.now)
        self.model.blocked.add(who)

    @precondition(lambda self: self.now < self.model.starts_at + timedelta(days=1))
    @rule(minutes=st.sampled_from([5, 45, 200, 700]))
    def time_passes(self, minutes: int) -> None:
        """And the routine of every minute runs."""
        self.now += timedelta(minutes=minutes)
        with self.database.transaction() as db:
            tell_what_is_due(db, now=self.now)
        with self.database.reading() as db:
            over = registrations.list_run_out(db, now=self.now, limit=50)
        for registration_id, event_id in over:
            with self.database.transaction() as db:
                waiting_list.run_out(db, registration_id=registration_id, event_id=event_id, now=self.now)
        with self.database.transaction() as db:
            event = events.lock(db, self.event_id)
            assert event is not None
            waiting_list.fill(db, event, now=self.now)
        self.model.run_out(self.now)
        self.model.fill(self.now)

    @invariant()
    def nobody_differs_from_the_model(self) -> None:
        if not hasattr(self, "model"):
            return
        with self.database.reading() as db:
            for who, party in self.model.parties.items():
                row = self._row(db, who)
                assert (row.state, row.seats) == (party.state, party.has), who
                if party.state == "offered":
                    assert (row.party_size, row.offer_until) == (party.wants, party.until), who
            taken = registrations.count_seats(db, self.event_id)
        kept = sum(party.has for party in self.model.parties.values())
        assert taken == kept


def test_registrations_are_as_the_model_says(
    migrated_sqlite: Path, tmp_path: Path, vault: Vault, sqlite_database: Database
) -> None:
    Registrations.database, Registrations.vault = sqlite_database, vault
    run_state_machine_as_test(
        Registrations,
        settings=settings(
            max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
