"""Accounts: invited, changed, disabled, reset; and never without an administrator."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.outreach import audience, line_linking, second_factor, sign_in, staff
from bot.outreach.permissions import Permission, Role
from bot.outreach.staff import (
    AccountChanged,
    AccountDisabled,
    FieldRefused,
    InvitationSpent,
    LastAdministrator,
    LoginTaken,
    NotAllowed,
    PasswordHash,
    Purpose,
    UnknownAccount,
)
from bot.storage import locks
from bot.storage.engine import Database
from bot.storage.staff import StaffInvitationRow
from bot.vault import Vault
from tests.bot.outreach.accounts import (
    HASH,
    HERE,
    a_session,
    an_account,
    get_session,
    outcomes_of_two_at_once,
)
from tests.builders import NOON, SOMCHAI

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
ON_POSTGRES = pytest.mark.parametrize(
    "database", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)


def test_a_link_sets_the_password_once_and_may_mend_the_name(database: Database) -> None:
    with database.transaction() as db:
        an_account(db, "first", role=Role.ADMINISTRATOR)
        invited = staff.add_account(db, name=" Malee\n\u202eX ", login="Malee", role=Role.VOLUNTEER, by=None, now=NOON)
        before = staff.get_account(db, invited.staff_id)
        assert (before.name, before.login, before.role, before.has_password) == ("Malee X", "malee", "volunteer", False)
        found = staff.find_invitation(db, invited.token, now=NOON)
        assert found is not None
        assert (found.account, found.purpose, found.expires_at) == (before, Purpose.JOIN, NOON + 72 * HOUR)
        after = staff.accept_invitation(db, token=invited.token, password_hash=HASH, name="มาลี", now=NOON)
        assert (after.name, after.has_password, after.generation) == ("มาลี", True, 2)
        assert staff.find_invitation(db, invited.token, now=NOON) is None
        with pytest.raises(InvitationSpent):
            staff.accept_invitation(db, token=invited.token, password_hash=HASH, now=NOON)


def test_a_link_expires_after_72_hours_and_the_very_first_after_24(database: Database) -> None:
    with database.transaction() as db:
        for login, lasts in (("first", 24 * HOUR), ("later", 72 * HOUR)):
            invited = staff.add_account(db, name="x", login=login, role=Role.ADMINISTRATOR, by=None, now=NOON)
            assert staff.find_invitation(db, invited.token, now=NOON + lasts - SECOND) is not None
            assert staff.find_invitation(db, invited.token, now=NOON + lasts) is None
            with pytest.raises(InvitationSpent):
                staff.accept_invitation(db, token=invited.token, password_hash=HASH, now=NOON + lasts)


def test_the_token_itself_is_not_stored(database: Database) -> None:
    with database.transaction() as db:
        invited = staff.add_account(db, name="x", login="malee", role=Role.STAFF, by=None, now=NOON)
        stored = db.scalars(select(StaffInvitationRow.token_hash)).all()
    assert stored == [staff.token_hash(invited.token)]
    assert len(invited.token) == 43


@pytest.mark.parametrize("typed", ["malee", " MALEE ", "ｍａｌｅｅ"])
def test_a_login_is_taken_however_it_is_typed(database: Database, typed: str) -> None:
    with database.transaction() as db:
        account = an_account(db, "Malee")
        assert staff.find_account(db, login=typed) == account
        with pytest.raises(LoginTaken) as refused:
            an_account(db, typed)
    assert refused.value.login == "malee"


@pytest.mark.parametrize(
    ("name", "login", "field"),
    [("", "malee", "name"), (" \n", "malee", "name"), ("x" * 81, "malee", "name"), ("x", "ab", "login"),
     ("x", "a b c", "login"), ("x", "x" * 65, "login"), ("x", "x" * 9999, "login"), ("x", "<b>malee", "login"),
     ("x", "malee\0", "login")],
)  # fmt: skip
def test_names_and_logins_that_make_no_sense_are_refused(database: Database, name: str, login: str, field: str) -> None:
    with database.transaction() as db:
        with pytest.raises(FieldRefused) as refused:
            staff.add_account(db, name=name, login=login, role=Role.STAFF, by=None, now=NOON)
        assert refused.value.field == field
        assert staff.list_accounts(db) == []


@pytest.mark.parametrize("login", ["มาลี.ชื่น", "malee@example.org", "a-b_c.9"])
def test_thai_and_addresses_are_logins(database: Database, login: str) -> None:
    with database.transaction() as db:
        assert an_account(db, login).login == login


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.STAFF])
def test_only_an_administrator_manages_accounts(database: Database, role: Role) -> None:
    with database.transaction() as db:
        an_account(db, "head", role=Role.ADMINISTRATOR)
        by, other = an_account(db, "malee", role=role).id, an_account(db, "other").id
        before = staff.list_accounts(db)
        for attempt in (
            lambda: staff.add_account(db, name="x", login="friend", role=Role.STAFF, by=by, now=NOON),
            lambda: staff.change_role(db, staff_id=by, role=Role.ADMINISTRATOR, by=by),
            lambda: staff.disable(db, staff_id=other, by=by, now=NOON),
            lambda: staff.enable(db, staff_id=other, by=by),
            lambda: staff.reset(db, staff_id=other, by=by, now=NOON),
        ):
            with pytest.raises(NotAllowed) as refused:
                attempt()
            assert refused.value.permission is Permission.MANAGE_STAFF
        assert staff.list_accounts(db) == before


def test_a_disabled_administrator_manages_nothing_and_nobody_manages_who_is_not_there(database: Database) -> None:
    with database.transaction() as db:
        head, other = (an_account(db, login, role=Role.ADMINISTRATOR) for login in ("head", "other"))
        staff.disable(db, staff_id=other.id, by=head.id, now=NOON)
        with pytest.raises(NotAllowed):
            staff.disable(db, staff_id=head.id, by=other.id, now=NOON)
        with pytest.raises(UnknownAccount):
            staff.disable(db, staff_id=9999, by=head.id, now=NOON)


def test_the_last_administrator_stays(database: Database) -> None:
    with database.transaction() as db:
        head = an_account(db, "head", role=Role.ADMINISTRATOR)
        an_account(db, "malee")
        invited = staff.add_account(db, name="x", login="invited", role=Role.ADMINISTRATOR, by=head.id, now=NOON)
        for by in (head.id, None):
            with pytest.raises(LastAdministrator):
                staff.disable(db, staff_id=head.id, by=by, now=NOON)
            with pytest.raises(LastAdministrator):
                staff.change_role(db, staff_id=head.id, role=Role.STAFF, by=by)
        with pytest.raises(LastAdministrator):
            staff.reset(db, staff_id=head.id, by=head.id, now=NOON)
        assert staff.get_account(db, head.id) == head
        staff.accept_invitation(db, token=invited.token, password_hash=HASH, now=NOON)
        assert staff.change_role(db, staff_id=head.id, role=Role.STAFF, by=head.id).role is Role.STAFF


def test_the_last_administrator_can_be_reset_from_the_machine(database: Database) -> None:
    with database.transaction() as db:
        head = an_account(db, "head", role=Role.ADMINISTRATOR)
        token = staff.reset(db, staff_id=head.id, by=None, now=NOON).token
        found = staff.find_invitation(db, token, now=NOON)
        assert found is not None
        assert found.purpose is Purpose.RESET
        after = staff.accept_invitation(db, token=token, password_hash=HASH, name="somebody else", now=NOON)
        assert (after.name, after.role, after.has_password) == (head.name, "administrator", True)


def administrators_after_two_remove_each_other(database: Database) -> tuple[list[str], int]:
    with database.transaction() as db:
        one, two = (an_account(db, login, role=Role.ADMINISTRATOR) for login in ("one", "two"))
    outcomes = outcomes_of_two_at_once(
        database,
        lambda db: staff.disable(db, staff_id=one.id, by=None, now=NOON),
        lambda db: staff.change_role(db, staff_id=two.id, role=Role.STAFF, by=None),
    )
    with database.reading() as db:
        left = [row for row in staff.list_accounts(db) if row.role is Role.ADMINISTRATOR and row.disabled_at is None]
    return outcomes, len(left)


def test_two_administrators_removed_at_once_leave_one(database: Database) -> None:
    assert administrators_after_two_remove_each_other(database) == (["LastAdministrator", "done"], 1)


@ON_POSTGRES
def test_without_the_lock_they_would_leave_none(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "hold", lambda db, names: None)
    assert administrators_after_two_remove_each_other(database) == (["done", "done"], 0)


def test_one_link_accepted_twice_at_once_counts_once(database: Database) -> None:
    with database.transaction() as db:
        token = staff.add_account(db, name="x", login="malee", role=Role.STAFF, by=None, now=NOON).token
    outcomes = outcomes_of_two_at_once(
        database,
        lambda db: staff.accept_invitation(db, token=token, password_hash=PasswordHash("mine"), now=NOON),
        lambda db: staff.accept_invitation(db, token=token, password_hash=PasswordHash("theirs"), now=NOON),
    )
    assert outcomes == ["InvitationSpent", "done"]


def test_a_new_password_ends_every_other_session_and_trusts_no_browser(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        account = an_account(db, role=Role.VOLUNTEER)
        here, signed_in = a_session(db, vault, account)
        there, _ = a_session(db, vault, account)
        changed = staff.change_password(
            db, account=account, password_hash=PasswordHash("new"), session_id=signed_in.session_id
        )
        assert get_session(db, here.token).account == changed
        assert sign_in.find_session(db, there.token, now=NOON) is None
        assert sign_in.find_device(db, account.id, there.device, now=NOON) is None
        with pytest.raises(AccountChanged):
            staff.change_password(db, account=account, password_hash=HASH, session_id=signed_in.session_id)


def test_a_changed_role_counts_with_the_next_request(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        head = an_account(db, "head", role=Role.ADMINISTRATOR)
        opened, before = a_session(db, vault, an_account(db, role=Role.VOLUNTEER))
        assert before.may(Permission.CHECK_IN)
        staff.change_role(db, staff_id=before.account.id, role=Role.STAFF, by=head.id)
        after = get_session(db, opened.token)
        assert (after.account.role, after.missing) == (Role.STAFF, sign_in.Missing.ENROLMENT)


def test_disabling_ends_everything_at_once_and_enabling_wakes_no_session(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        account = an_account(db, role=Role.VOLUNTEER)
        person_id = audience.meet(db, line_user_id=SOMCHAI, now=NOON).id
        code = line_linking.make_code(db, vault, staff_id=account.id, now=NOON)
        line_linking.redeem(db, vault, code=code, person_id=person_id, now=NOON)
        opened, _ = a_session(db, vault, account)
        open_code = line_linking.make_code(db, vault, staff_id=account.id, now=NOON)

        for at in (NOON, NOON + HOUR):
            assert staff.disable(db, staff_id=account.id, by=None, now=at).disabled_at == NOON
        assert sign_in.find_session(db, opened.token, now=NOON) is None
        assert line_linking.find_by_person(db, person_id) is None
        assert line_linking.redeem(db, vault, code=open_code, person_id=person_id, now=NOON) is None
        with pytest.raises(AccountChanged):
            sign_in.open_session(db, vault, who=account, address=HERE, device=None, now=NOON)
        with pytest.raises(AccountDisabled):
            staff.reset(db, staff_id=account.id, by=None, now=NOON)

        enabled = staff.enable(db, staff_id=account.id, by=None)
        assert enabled.disabled_at is None
        assert sign_in.find_session(db, opened.token, now=NOON) is None
        assert line_linking.find_by_person(db, person_id) == enabled


def test_a_link_that_was_sent_out_dies_with_the_account_and_with_a_newer_one(database: Database) -> None:
    with database.transaction() as db:
        invited = staff.add_account(db, name="x", login="malee", role=Role.STAFF, by=None, now=NOON)
        newer = staff.reset(db, staff_id=invited.staff_id, by=None, now=NOON)
        assert staff.find_invitation(db, invited.token, now=NOON) is None
        found = staff.find_invitation(db, newer.token, now=NOON)
        assert found is not None
        assert found.purpose is Purpose.JOIN, "who never joined may still mend the name"
        staff.disable(db, staff_id=invited.staff_id, by=None, now=NOON)
        staff.enable(db, staff_id=invited.staff_id, by=None)
        assert staff.find_invitation(db, newer.token, now=NOON) is None


def test_a_reset_leaves_nothing_to_come_in_with(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        account = an_account(db, role=Role.VOLUNTEER)
        person_id = audience.meet(db, line_user_id=SOMCHAI, now=NOON).id
        code = line_linking.make_code(db, vault, staff_id=account.id, now=NOON)
        line_linking.redeem(db, vault, code=code, person_id=person_id, now=NOON)
        opened, _ = a_session(db, vault, account)
        second_factor.renew_recovery_codes(db, account=account)
        staff.reset(db, staff_id=account.id, by=None, now=NOON)
        after = staff.get_account(db, account.id)
        assert (after.has_password, after.has_second_factor, after.person_id) == (False, False, None)
        assert second_factor.count_recovery_codes(db, account=account) == 0
        assert sign_in.find_session(db, opened.token, now=NOON) is None
        assert sign_in.find_device(db, account.id, opened.device, now=NOON) is None
        with pytest.raises(AccountChanged):
            sign_in.open_session(db, vault, who=after, address=HERE, device=None, now=NOON)


def test_accounts_are_listed_by_login_the_disabled_last(database: Database) -> None:
    with database.transaction() as db:
        for login in ("ccc", "aaa", "bbb"):
            an_account(db, login, role=Role.ADMINISTRATOR)
        staff.disable(db, staff_id=staff.list_accounts(db)[0].id, by=None, now=NOON)
        assert [account.login for account in staff.list_accounts(db)] == ["bbb", "ccc", "aaa"]
        assert [account.login for account in staff.list_accounts(db, limit=1)] == ["bbb"]
