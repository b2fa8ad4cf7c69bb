"""What follows for those who have registered when a published event is changed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy.orm import Session

from bot.events import booking, planning, registration, waiting_list
from bot.storage import events, registrations, service_messages
from bot.storage.engine import Database
from bot.storage.events import EventRow
from bot.storage.registrations import CONFIRMED, OFFERED, RegistrationRow
from bot.vault import Vault
from tests.bot.events.making import IN_A_WEEK, a_person, make_event, sign_up
from tests.bot.events.test_planning import amend
from tests.builders import NOON


def booked(db: Session, event: EventRow) -> dict[tuple[str, str], int]:
    return service_messages.count_by_state(db, event.id)


def test_another_time_books_reminders_anew_and_tells_everybody_once(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db, capacity=2)
        for number in range(3):
            sign_up(db, vault, event, a_person(db, number))
        sign_up(db, vault, event, None, way="staff")
        later = IN_A_WEEK + timedelta(days=1)
        first = registrations.list_of_event(db, event.id, limit=1)[0]
        registrations.change(db, first, coming=True)
        done = amend(db, event, starts_at=later, ends_at=later + timedelta(hours=2))
        assert (done.event.schedule_version, done.event.form_version, done.changed) == (2, 1, ("starts_at", "ends_at"))
        assert (done.consequences.told, done.consequences.by_telephone) == (4, 1)
        assert booked(db, event) == {
            ("changed", "booked"): 3, ("changed", "failed"): 1, ("feedback", "booked"): 2, ("feedback", "dropped"): 2,
            ("reminder/120", "booked"): 2, ("reminder/120", "dropped"): 2, ("reminder/1440", "booked"): 2,
            ("reminder/1440", "dropped"): 2,
        }  # fmt: skip
        row = registrations.find(db, first.id)
        assert row is not None
        assert (row.coming, row.state) == (None, CONFIRMED)


def test_a_change_that_follows_another_is_told_with_it(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db)
        sign_up(db, vault, event, a_person(db, 1))
        amend(db, event, place_name="วัด")
        amend(db, event, place_name="โรงเรียน")
        assert booked(db, event)[("changed", "booked")] == 1


def test_who_does_not_want_it_told_tells_nobody(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db)
        sign_up(db, vault, event, a_person(db, 1))
        assert amend(db, event, tells=False, place_name="วัด").consequences.told == 0
        assert amend(db, event, summary="อื่น").consequences.told == 0
        assert ("changed", "booked") not in booked(db, event)


def fill_up(db: Session, vault: Vault, event: EventRow, parties: int) -> list[RegistrationRow]:
    return [sign_up(db, vault, event, a_person(db, number)).registration for number in range(parties)]


def test_more_seats_are_offered_to_those_who_wait(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db, capacity=1, party_most=1)
        rows = fill_up(db, vault, event, 3)
        assert amend(db, event, capacity=2).consequences.given == 1
        assert [row.state for row in rows] == ["confirmed", "offered", "waiting"]


def test_fewer_seats_than_people_drop_nobody(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db, capacity=3, party_most=1)
        rows = fill_up(db, vault, event, 4)
        assert amend(db, event, capacity=1).consequences.over == 2
        assert [row.state for row in rows] == ["confirmed"] * 3 + ["waiting"]


def test_an_offer_does_not_outlast_the_beginning(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db, capacity=1, party_most=1)
        rows = fill_up(db, vault, event, 2)
        registration.cancel(db, registration_id=rows[0].id, by="person", now=NOON)
        assert (rows[1].state, rows[1].offer_until) == (OFFERED, NOON + timedelta(hours=3))
        sooner = NOON + timedelta(hours=2)
        amend(db, event, starts_at=sooner)
        assert registrations.find(db, rows[1].id).offer_until == sooner  # type: ignore[union-attr]
        assert not waiting_list.run_out(db, registration_id=rows[1].id, event_id=event.id, now=NOON)


def test_a_large_event_is_gone_through_in_batches(
    sqlite_database: Database, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.events.event_consequences.A_BATCH", 2)
    monkeypatch.setattr(booking, "A_BATCH", 2)
    with sqlite_database.transaction() as db:
        event = make_event(db)
        fill_up(db, vault, event, 5)
        assert amend(db, event, starts_at=IN_A_WEEK + timedelta(minutes=30)).consequences.told == 5
        assert booked(db, event)[("changed", "booked")] == 5


def test_seats_added_while_people_come_strand_nobody(database: Database, vault: Vault) -> None:
    """More seats are handed out under the event's lock: none goes to a newcomer past somebody who waits."""
    with database.transaction() as db:
        event = make_event(db, capacity=2, party_most=1, offer_minutes=0)
        event_id = event.id
        fill_up(db, vault, event, 5)
        newcomers = [a_person(db, 100 + number) for number in range(5)]
    at_once = Barrier(6)

    def act(person_id: int | None) -> None:
        at_once.wait()
        with database.transaction() as db:
            if person_id is None:
                planning.amend(db, event_id=event_id, seen=1, changes={"capacity": 7}, now=NOON)
            else:
                event = events.find(db, event_id)
                assert event is not None
                sign_up(db, vault, event, person_id)

    with ThreadPoolExecutor(6) as people:
        list(people.map(act, [*newcomers[:3], None, *newcomers[3:]]))
    with database.reading() as db:
        rows = registrations.list_of_event(db, event_id, limit=20)
        assert [row.state for row in rows] == ["confirmed"] * 7 + ["waiting"] * 3
        assert registrations.count_seats(db, event_id) == 7
