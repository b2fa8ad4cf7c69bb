"""Moving, claiming, forgetting and rescheduling, where something else happened just before."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.events import booking, keeping, moving, refusals, registration
from bot.storage import events, registrations, service_messages
from bot.storage.engine import Database
from bot.storage.events import EventRow
from bot.storage.registrations import CANCELLED, CONFIRMED, RegistrationRow
from bot.storage.service_messages import BOOKED, SENT
from bot.vault import Vault
from tests.bot.events.making import IN_A_WEEK, a_form, a_person, make_event, sign_up
from tests.builders import NOON

OLD, NEW = "the former secret, long enough to pass", "the secret in force, long enough to pass"
DAY_BEFORE = IN_A_WEEK - timedelta(days=1)


def somebody_else_changes(db: Session, row: RegistrationRow, **values: object) -> None:
    """In the database, while this session believes what it had read."""
    changed = update(RegistrationRow).where(RegistrationRow.id == row.id).values(**values)
    db.execute(changed.execution_options(synchronize_session=False))


def cancelled_while_the_lock_is_waited_for(monkeypatch: pytest.MonkeyPatch, row: RegistrationRow) -> None:
    lock = events.lock

    def late(db: Session, event_id: int) -> EventRow | None:
        somebody_else_changes(db, row, state=CANCELLED, seats=0, turn=7)
        return lock(db, event_id)

    monkeypatch.setattr(events, "lock", late)


def test_who_cancels_while_staff_move_them_is_not_given_another_place(
    database: Database, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.transaction() as db:
        here, there = make_event(db), make_event(db)
        row = sign_up(db, vault, here, a_person(db, 1)).registration
        cancelled_while_the_lock_is_waited_for(monkeypatch, row)
        with pytest.raises(refusals.NoSuchRegistration):
            moving.move(db, vault, registration_id=row.id, to_event_id=there.id, now=NOON)
        assert registrations.count_by_state(db, there.id) == {}


def test_a_place_that_is_claimed_while_it_changes_is_read_anew(
    database: Database, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.transaction() as db:
        row = sign_up(db, vault, make_event(db), a_person(db, 1)).registration
        code = moving.make_claim(db, registration_id=row.id, now=NOON)
        cancelled_while_the_lock_is_waited_for(monkeypatch, row)
        claimed = moving.claim(db, vault, code=code, person_id=a_person(db, 2), now=NOON).registration
        assert (claimed.state, claimed.turn) == (CANCELLED, 8)


def test_a_place_given_back_earlier_does_not_stand_in_the_way_of_a_claim(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db)
        old = sign_up(db, vault, event, a_person(db, 1)).registration
        new_account = a_person(db, 2)
        given_back = sign_up(db, vault, event, new_account).registration
        registration.cancel(db, registration_id=given_back.id, by="person", now=NOON)
        code = moving.make_claim(db, registration_id=old.id, now=NOON)
        claimed = moving.claim(db, vault, code=code, person_id=new_account, now=NOON).registration
        assert (claimed.id, claimed.person_id, claimed.state) == (old.id, new_account, CONFIRMED)
        assert not sign_up(db, vault, event, new_account).new


def test_a_neighbour_whose_place_was_claimed_is_known_to_the_new_account(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db)
        old = sign_up(db, vault, event, a_person(db, 1), form=a_form("ยายคำ"), kind="neighbour").registration
        new_account = a_person(db, 2)
        code = moving.make_claim(db, registration_id=old.id, now=NOON)
        moving.claim(db, vault, code=code, person_id=new_account, now=NOON)
        again = sign_up(db, vault, event, new_account, form=a_form("ยายคำ"), kind="neighbour")
        assert (again.new, again.registration.id) == (False, old.id)


def test_a_neighbour_that_both_accounts_have_registered_is_not_claimed_twice(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event, new_account = make_event(db), a_person(db, 2)
        old = sign_up(db, vault, event, a_person(db, 1), form=a_form("ยายคำ"), kind="neighbour").registration
        sign_up(db, vault, event, new_account, form=a_form("ยายคำ"), kind="neighbour")
        code = moving.make_claim(db, registration_id=old.id, now=NOON)
        with pytest.raises(refusals.AlreadyThere):
            moving.claim(db, vault, code=code, person_id=new_account, now=NOON)


def test_a_new_key_goes_through_where_two_accounts_had_the_same_neighbour_and_are_erased(database: Database) -> None:
    before, during = Vault([OLD]), Vault([NEW, OLD])
    with database.transaction() as db:
        event = make_event(db)
        for number in (1, 2):
            person = a_person(db, number)
            row = sign_up(db, before, event, person, form=a_form("ยายคำ"), kind="neighbour").registration
            row.person_id = None  # what the database does when the person is deleted
        db.flush()
        assert keeping.rekey(db, during, after=0)[1] == 2
        rows = registrations.list_of_event(db, event.id, limit=9)
        assert len({row.owner_key for row in rows}) == 2


def test_whom_staff_registered_is_known_again_under_the_new_key(database: Database) -> None:
    with database.transaction() as db:
        event = make_event(db)
        sign_up(db, Vault([OLD]), event, None, form=a_form("ตาคำ"), way="staff")
        keeping.rekey(db, Vault([NEW, OLD]), after=0)
        assert not sign_up(db, Vault([NEW]), event, None, form=a_form("ตาคำ"), way="staff").new


def test_what_is_kept_long_does_not_hide_what_is_to_be_forgotten(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        for number in range(3):
            sign_up(db, vault, make_event(db, retention_days=700), a_person(db, number))
        short = make_event(db, retention_days=30, starts_at=IN_A_WEEK + timedelta(days=1))
        sign_up(db, vault, short, a_person(db, 9))
        assert keeping.forget_past(db, now=IN_A_WEEK + timedelta(days=40), limit=2) == 1
        assert [row.forgotten for row in registrations.list_of_event(db, short.id, limit=9)] == [True]


def rescheduled(db: Session, event: EventRow, now: datetime, **changes: object) -> None:
    row = events.lock(db, event.id)
    assert row is not None
    for name, value in {**changes, "schedule_version": row.schedule_version + 1}.items():
        setattr(row, name, value)
    db.flush()
    booking.rebook(db, row, now=now)


def reminders(db: Session, state: str) -> list[tuple[str, int]]:
    rows = service_messages.list_in_state(db, state, limit=99)
    return sorted((row.kind, row.occurrence) for row in rows if row.kind.startswith(booking.REMINDER))


def test_reminders_about_to_go_out_are_not_lost_when_something_else_changes(database: Database, vault: Vault) -> None:
    """Thousands go out one after another; meanwhile somebody mends the hour at which it ends."""
    just_after = DAY_BEFORE + timedelta(seconds=5)
    with database.transaction() as db:
        event = make_event(db)
        sign_up(db, vault, event, a_person(db, 1))
        rescheduled(db, event, just_after, ends_at=IN_A_WEEK + timedelta(hours=4))
        assert reminders(db, BOOKED) == [("reminder/120", 2), ("reminder/1440", 2)]
        rescheduled(db, event, just_after, asks_feedback=False)
        assert reminders(db, BOOKED) == [("reminder/120", 3), ("reminder/1440", 3)]


def test_a_reminder_that_was_told_is_not_told_again_when_something_else_changes(
    database: Database, vault: Vault
) -> None:
    just_after = DAY_BEFORE + timedelta(seconds=5)
    with database.transaction() as db:
        event = make_event(db)
        row = sign_up(db, vault, event, a_person(db, 1)).registration
        booked = service_messages.list_of_registration(db, row.id, limit=9)
        told = [one.id for one in booked if one.kind == "reminder/1440"]
        service_messages.move(db, told, states=(BOOKED,), to=SENT, now=just_after)
        rescheduled(db, event, just_after, asks_feedback=False)
        assert reminders(db, BOOKED) == [("reminder/120", 2)]


def test_a_reminder_of_a_time_that_has_moved_does_not_go_out_at_once(database: Database, vault: Vault) -> None:
    just_after = DAY_BEFORE + timedelta(seconds=5)
    with database.transaction() as db:
        event = make_event(db)
        sign_up(db, vault, event, a_person(db, 1))
        rescheduled(db, event, just_after, starts_at=IN_A_WEEK - timedelta(hours=1))
        assert reminders(db, BOOKED) == [("reminder/120", 2)]
