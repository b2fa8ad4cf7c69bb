"""The link that `run` prints until somebody has used it."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.cli import first_account
from bot.outreach import sign_in, staff
from bot.outreach.permissions import Role
from bot.storage.engine import Database

NOON = datetime(2026, 11, 29, 5, 0, tzinfo=UTC)


def test_until_it_is_used_each_start_gives_a_new_link_and_spends_the_old(database: Database) -> None:
    first, second = (first_account.invite(database, now=NOON) for _ in range(2))
    assert first and second and first != second
    with database.reading() as db:
        assert staff.find_invitation(db, first, now=NOON) is None
        invitation = staff.find_invitation(db, second, now=NOON)
    assert invitation is not None
    assert (invitation.account.login, invitation.account.role) == ("admin", Role.ADMINISTRATOR)


def test_once_it_is_used_there_is_no_link_any_more(database: Database) -> None:
    token = first_account.invite(database, now=NOON)
    hashed = sign_in.hash_password("ต้นสัก ต้นยาง ต้นไผ่", login="admin", name="x")
    with database.transaction() as db:
        staff.accept_invitation(db, token=token or "", password_hash=hashed, now=NOON)
    assert first_account.invite(database, now=NOON) is None
