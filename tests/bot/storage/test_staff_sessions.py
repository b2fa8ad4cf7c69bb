"""Sessions and known browsers as they are stored."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from bot.storage import staff, staff_sessions
from bot.storage.engine import Database
from bot.storage.staff_sessions import StaffDeviceRow, StaffSessionRow
from tests.bot.outreach.accounts import an_account
from tests.builders import NOON

SECOND = timedelta(seconds=1)
LONG_AGO = datetime(2000, 1, 1, tzinfo=NOON.tzinfo)


def test_a_session_lives_with_its_account_s_generation(database: Database) -> None:
    with database.transaction() as db:
        account = an_account(db)
        number = staff_sessions.add(
            db, staff_id=account.id, generation=account.generation, token_hash="t", address_hash="a", now=NOON
        )

        def lives() -> bool:
            return staff_sessions.find_living(db, "t", seen_after=LONG_AGO, created_after=LONG_AGO) is not None

        assert lives()
        staff.change(db, account.id, generation=account.generation + 1)
        assert not lives()
        staff_sessions.set_generation(db, number, staff_id=account.id + 1, generation=account.generation + 1)
        assert not lives(), "it is not that account's session"
        staff_sessions.set_generation(db, number, staff_id=account.id, generation=account.generation + 1)
        assert lives()
        staff.change(db, account.id, disabled_at=NOON)
        assert not lives()


def test_an_ended_session_passes_no_second_factor_and_ends_once(database: Database) -> None:
    with database.transaction() as db:
        account = an_account(db)
        number = staff_sessions.add(
            db, staff_id=account.id, generation=account.generation, token_hash="t", address_hash="a", now=NOON
        )
        assert [staff_sessions.end(db, number, now=NOON) for _ in range(2)] == [True, False]
        assert not staff_sessions.pass_second_factor(db, number, token_hash="u", now=NOON)
        assert db.scalars(select(StaffSessionRow.token_hash)).all() == ["t"]


def test_old_sessions_and_browsers_are_forgotten_and_younger_ones_are_not(database: Database) -> None:
    with database.transaction() as db:
        account = an_account(db)
        for name, at in (("old", NOON - SECOND), ("young", NOON)):
            staff_sessions.add_device(db, staff_id=account.id, token_hash=name, now=at)
            staff_sessions.add(db, staff_id=account.id, generation=1, token_hash=name, address_hash="a", now=at)
        assert staff_sessions.forget(db, created_before=NOON) == 1
        assert staff_sessions.forget_old_devices(db, used_before=NOON) == 1
        for table in (StaffSessionRow, StaffDeviceRow):
            assert db.scalars(select(table.token_hash)).all() == ["young"]
        staff_sessions.forget_devices(db, staff_id=account.id)
        assert db.scalars(select(StaffDeviceRow)).all() == []
