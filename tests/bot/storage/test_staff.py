"""Accounts as they are stored."""

from __future__ import annotations

from datetime import timedelta

from bot.outreach.permissions import Role
from bot.storage import staff
from bot.storage.engine import Database
from tests.bot.outreach.accounts import an_account
from tests.builders import NOON

SECOND = timedelta(seconds=1)


def test_a_change_counts_for_the_generation_that_was_seen(database: Database) -> None:
    with database.transaction() as db:
        account = an_account(db)
        old, seen = account.generation - 1, account.generation
        assert not staff.change(db, account.id, seen_generation=old, name="late")
        assert staff.change(db, account.id, seen_generation=seen, name="in time")
        assert not staff.change(db, 9999, name="nobody")
        row = staff.find(db, account.id)
    assert row is not None
    assert row.name == "in time"


def test_a_step_is_taken_once_and_none_before_it_and_none_without_a_second_factor(database: Database) -> None:
    with database.transaction() as db:
        account = an_account(db)
        assert not staff.take_step(db, account.id, step=7)
        staff.change(db, account.id, totp_sealed=b"sealed")
        assert [staff.take_step(db, account.id, step=step) for step in (7, 7, 6, 8)] == [True, False, False, True]


def test_another_administrator_is_one_who_is_able_to_come_in(database: Database) -> None:
    with database.transaction() as db:
        assert staff.is_empty(db)
        one, two = (an_account(db, login, role=Role.ADMINISTRATOR) for login in ("one", "two"))
        assert not staff.is_empty(db)

        def has_another() -> bool:
            return staff.has_another(db, role="administrator", besides=one.id)

        assert has_another()
        for values in ({"password_hash": None}, {"disabled_at": NOON}, {"role": "staff"}):
            staff.change(db, two.id, **values)
            assert not has_another()
            staff.change(db, two.id, password_hash="x", disabled_at=None, role="administrator")
            assert has_another()


def test_links_and_codes_that_ran_out_are_forgotten(database: Database) -> None:
    with database.transaction() as db:
        one, two = an_account(db, "one"), an_account(db, "two")
        staff.withdraw_invitations(db, staff_id=one.id)
        for account, late in ((one, -SECOND), (two, SECOND)):
            at = NOON + late
            staff.save_link_code(db, staff_id=account.id, code_hash=account.login, expires_at=at)
            staff.add_invitation(
                db, staff_id=account.id, token_hash=account.login, purpose="join", created_at=NOON, expires_at=at
            )
        assert staff.forget_expired(db, before=NOON) == 2
        assert [staff.has_link_code(db, login) for login in ("one", "two")] == [False, True]
        assert staff.find_invitation(db, "two", now=NOON) is not None
