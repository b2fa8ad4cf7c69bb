from __future__ import annotations

from datetime import timedelta

import pytest

from bot.events import mine, refusals, registration
from bot.events.mine import TooManyGuesses
from bot.storage import registrations
from bot.storage.engine import Database
from bot.vault import Vault
from tests.bot.events.making import IN_A_WEEK, a_person, make_event, sign_up
from tests.builders import NOON

GUESS = {"what": "claim", "person_id": 1, "most": 5}


def test_open_places_are_listed_the_next_event_first(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        somchai, malee = a_person(db, 1), a_person(db, 2)
        later = make_event(db, title="later", starts_at=IN_A_WEEK + timedelta(days=1))
        sooner, over, left = make_event(db, title="sooner"), make_event(db, starts_at=NOON), make_event(db)
        for event in (later, sooner, over, left):
            row = sign_up(db, vault, event, somchai, now=NOON - timedelta(days=1)).registration
        registration.cancel(db, registration_id=row.id, by="staff", now=NOON)
        sign_up(db, vault, sooner, malee)
        found = mine.list_open(db, person_id=somchai, now=NOON + timedelta(hours=4), limit=9)
        assert [one.event.title for one in found] == ["sooner", "later"]
        rest = mine.list_open(db, person_id=somchai, now=NOON + timedelta(hours=4), limit=1, offset=1)
        assert [one.event.title for one in rest] == ["later"]


def test_a_place_is_found_by_its_owner_only(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        somchai, malee = a_person(db, 1), a_person(db, 2)
        row = sign_up(db, vault, make_event(db), somchai).registration
        found = mine.find(db, registration_id=row.id, person_id=somchai)
        assert found is not None
        assert (found.registration.id, found.event.id) == (row.id, row.event_id)
        assert mine.find(db, registration_id=row.id, person_id=malee) is None
        assert mine.find(db, registration_id=row.id + 1, person_id=somchai) is None
        with pytest.raises(refusals.NoSuchRegistration):
            mine.get_locked(db, registration_id=row.id, person_id=malee)


def test_a_locked_place_is_as_it_is_now(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        somchai = a_person(db, 1)
        row = sign_up(db, vault, make_event(db), somchai).registration
        registration.cancel(db, registration_id=row.id, by="staff", now=NOON)
        found = mine.get_locked(db, registration_id=row.id, person_id=somchai)
        assert found.registration.state == registrations.CANCELLED


def test_a_line_is_there_while_somebody_waits(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db, capacity=1)
        sign_up(db, vault, event, a_person(db, 1))
        assert not mine.has_a_line(db, event)
        sign_up(db, vault, event, a_person(db, 2))
        assert mine.has_a_line(db, event)


def test_seats_of_today_are_those_that_are_not_over(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        somchai = a_person(db, 1)
        today = make_event(db, starts_at=IN_A_WEEK + timedelta(hours=1))
        going_on = make_event(db, starts_at=IN_A_WEEK - timedelta(days=1), ends_at=IN_A_WEEK + timedelta(days=1))
        over = make_event(db, starts_at=IN_A_WEEK - timedelta(hours=4))
        tomorrow = make_event(db, starts_at=IN_A_WEEK + timedelta(days=1))
        waits = make_event(db, starts_at=IN_A_WEEK, capacity=0)
        for event in (today, going_on, over, tomorrow, waits):
            sign_up(db, vault, event, somchai)
        found = mine.list_here(db, person_id=somchai, now=IN_A_WEEK)
        assert [one.event.id for one in found] == [going_on.id, today.id]


def test_guesses_are_counted_by_person_and_kind_within_an_hour(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        for minute in range(5):
            mine.take_guess(db, vault, **GUESS, now=NOON + timedelta(minutes=minute))
        with pytest.raises(TooManyGuesses) as refused:
            mine.take_guess(db, vault, **GUESS, now=NOON + timedelta(minutes=59))
        assert refused.value.until == NOON + timedelta(hours=1)
        mine.take_guess(db, vault, **{**GUESS, "person_id": 2}, now=NOON)
        mine.take_guess(db, vault, **{**GUESS, "what": "wall"}, now=NOON)
        mine.take_guess(db, vault, **GUESS, now=NOON + timedelta(minutes=61))


def test_a_right_guess_forgets_the_others(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        for _ in range(5):
            mine.take_guess(db, vault, **GUESS, now=NOON)
        mine.forget_guesses(db, vault, what="claim", person_id=1)
        mine.take_guess(db, vault, **GUESS, now=NOON)
