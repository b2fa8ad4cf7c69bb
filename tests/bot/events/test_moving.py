from __future__ import annotations

from datetime import timedelta

import pytest

from bot.events import booking, forms, moving, refusals
from bot.storage import registrations, service_messages
from bot.storage.engine import Database
from bot.vault import Vault
from tests.bot.events.making import a_form, a_person, make_event, sign_up
from tests.builders import NOON


def test_moving_takes_the_new_seat_and_frees_the_old_one(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        here, there = make_event(db, capacity=1), make_event(db)
        row = sign_up(db, vault, here, a_person(db, 1), form=a_form("มาลี", phone="+66812345678")).registration
        waiting = sign_up(db, vault, here, a_person(db, 2)).registration
        moved = moving.move(db, vault, registration_id=row.id, to_event_id=there.id, now=NOON).registration
        assert (row.state, waiting.state, moved.state) == ("cancelled", "offered", "confirmed")
        assert forms.opened(vault, moved) == forms.opened(vault, row)
        told = service_messages.list_in_state(db, service_messages.BOOKED, limit=20, event_id=there.id)
        assert [message.kind for message in told if message.kind == booking.MOVED] == [booking.MOVED]


def test_moving_into_a_full_event_changes_nothing(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        here, there = make_event(db), make_event(db, capacity=0, has_waiting_list=False)
        row = sign_up(db, vault, here, a_person(db, 1)).registration
        with pytest.raises(refusals.EventFull):
            moving.move(db, vault, registration_id=row.id, to_event_id=there.id, now=NOON)
        assert registrations.count_by_state(db, here.id) == {"confirmed": (1, 1)}


def test_a_new_account_finds_its_place_with_a_code_once(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db)
        row = sign_up(db, vault, event, a_person(db, 1)).registration
        code = moving.make_claim(db, registration_id=row.id, now=NOON)
        new = a_person(db, 2)
        taken = moving.claim(db, vault, code=f" {code.lower()} ", person_id=new, now=NOON).registration
        assert (taken.id, taken.person_id, taken.owner_key) == (row.id, new, f"person/{new}")
        assert not sign_up(db, vault, event, new).new
        with pytest.raises(refusals.NoSuchRegistration):
            moving.claim(db, vault, code=code, person_id=a_person(db, 3), now=NOON)


def test_a_code_is_refused_the_day_after_and_to_who_has_a_place(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db)
        row = sign_up(db, vault, event, a_person(db, 1)).registration
        code = moving.make_claim(db, registration_id=row.id, now=NOON)
        with pytest.raises(refusals.NoSuchRegistration):
            moving.claim(db, vault, code=code, person_id=a_person(db, 2), now=NOON + timedelta(hours=24))
        other = a_person(db, 3)
        sign_up(db, vault, event, other)
        with pytest.raises(refusals.AlreadyThere):
            moving.claim(db, vault, code=code, person_id=other, now=NOON)
        assert row.person_id != other
