"""Coming in: passwords, guesses slowed down without shutting anybody out, sessions."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta

import pyotp
import pytest
from argon2 import PasswordHasher, extract_parameters
from sqlalchemy import select

from bot.outreach import second_factor, sign_in, staff
from bot.outreach.permissions import Permission, Role
from bot.outreach.sign_in import (
    MOST_TRIES_ACCOUNT,
    MOST_TRIES_ADDRESS,
    Candidate,
    Missing,
    PasswordRefused,
    TooBusy,
    TooManyTries,
)
from bot.outreach.staff import Account, AccountChanged
from bot.storage import locks
from bot.storage.engine import Database
from bot.storage.staff_sessions import StaffDeviceRow, StaffSessionRow
from bot.vault import Vault
from tests.bot.outreach.accounts import (
    ELSEWHERE,
    HERE,
    a_session,
    an_account,
    get_session,
    outcomes_of_two_at_once,
)
from tests.builders import NOON

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
GOOD = "ฝนตก-แม่น้ำกก-77"
ON_POSTGRES = pytest.mark.parametrize(
    "database", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)


class Door:
    """Somebody at the door, from one address, with or without the cookie of a browser."""

    def __init__(self, database: Database, vault: Vault, *, address: str = ELSEWHERE, device: str | None = None):
        self.database, self.vault, self.address, self.device = database, vault, address, device

    def begin(self, login: str = "malee", *, now: datetime = NOON) -> Candidate:
        with self.database.transaction() as db:
            return sign_in.begin(db, self.vault, login=login, address=self.address, device=self.device, now=now)

    def fail(self, times: int, login: str = "malee", *, now: datetime = NOON) -> None:
        for _ in range(times):
            self.begin(login, now=now)

    def come_in(self, candidate: Candidate | Account, *, now: datetime = NOON) -> sign_in.Opened:
        with self.database.transaction() as db:
            return sign_in.open_session(
                db, self.vault, who=candidate, address=self.address, device=self.device, now=now
            )

    def pause(self, login: str = "malee", *, now: datetime = NOON) -> datetime | None:
        """Until when they have to wait. The look itself is not noted."""
        with self.database.transaction() as db:
            try:
                sign_in.begin(db, self.vault, login=login, address=self.address, device=self.device, now=now)
            except TooManyTries as refused:
                return refused.until
            db.rollback()
        return None


@pytest.fixture
def door(database: Database, vault: Vault) -> Door:
    return Door(database, vault)


@pytest.fixture
def malee(database: Database) -> Account:
    with database.transaction() as db:
        return an_account(db, role=Role.VOLUNTEER)


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("short-one", "too_short"), ("Ａ" * 9, "too_short"), ("x" * 201, "too_long"), ("malee.2569", "like_account"),
        ("MALEE-9999", "like_account"), ("maleemalee", "like_account"), ("มาลีชื่นใจ", "like_account"),
        ("1มาลีชื่นใจ1", "like_account"), ("aaaaaaaaaaaa", "repeated"), ("abcabcabcabc", "repeated"),
        ("1212121212", "repeated"), ("1234567890", "sequence"), ("9876543210", "sequence"), ("abcdefghij", "sequence"),
        ("Qwertyuiop1", "sequence"), ("poiuytrewq", "sequence"), ("กขคฆงจฉชซฌญ", "sequence"), ("ฟหกดเ้่าสว", "sequence"),
        ("1q2w3e4r5t", "sequence"), ("password123", "common"), ("P@ssw0rd!!2569", "common"), ("1234512345", "common"),
        ("รหัสผ่าน1234", "common"), ("civicbot2026", "common"),
    ],
)  # fmt: skip
def test_a_weak_password_is_refused_and_the_refusal_says_why(password: str, fault: str) -> None:
    with pytest.raises(PasswordRefused) as refused:
        sign_in.check_password(password, login="malee", name="มาลี ชื่นใจ")
    assert refused.value.fault == fault


@pytest.mark.parametrize(
    "password", [GOOD, "correct horse battery staple", "x9!kT2#qLm", "malee-likes-the-river", "ก" + GOOD * 5]
)
def test_a_good_password_passes_also_a_long_one(password: str) -> None:
    sign_in.check_password(password, login="malee", name="มาลี ชื่นใจ")


def test_the_right_password_comes_in_however_its_letters_are_composed(database: Database, door: Door) -> None:
    kept = sign_in.hash_password("นํ้าใสปลาเยอะ-ﬁ", login="malee", name="x")
    with database.transaction() as db:
        account = an_account(db, role=Role.VOLUNTEER, password_hash=kept)
    candidate = door.begin(" MALEE ")
    assert [sign_in.verify(candidate, one) for one in ("นํ้าใสปลาเยอะ-fi", "นํ้าใสปลาเยอะ", "x" * 10_000)] == [
        True,
        False,
        False,
    ]
    opened = door.come_in(candidate)
    with database.reading() as db:
        assert get_session(db, opened.token).account == account


def test_nobody_gets_in_as_somebody_unknown_disabled_or_without_password(database: Database, door: Door) -> None:
    kept = sign_in.hash_password(GOOD, login="malee", name="x")
    with database.transaction() as db:
        gone = an_account(db, "gone", password_hash=kept)
        staff.disable(db, staff_id=gone.id, by=None, now=NOON)
        staff.add_account(db, name="x", login="invited", role=Role.STAFF, by=None, now=NOON)
    for login in ("gone", "invited", "nobody"):
        candidate = door.begin(login)
        assert candidate.staff_id is None
        assert not sign_in.verify(candidate, GOOD)
        with pytest.raises(AccountChanged):
            door.come_in(candidate)


def test_an_unknown_login_costs_as_much_as_a_wrong_password(door: Door) -> None:
    unknown = extract_parameters(door.begin("nobody").password_hash)
    assert unknown == extract_parameters(PasswordHasher().hash("x"))


def test_at_most_two_passwords_are_looked_at_at_once(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow:
        now, most, count = 0, 0, threading.Lock()

        def verify(self, kept: str, password: str) -> None:
            with self.count:
                self.now += 1
                self.most = max(self.most, self.now)
            time.sleep(0.05)
            with self.count:
                self.now -= 1

    slow, candidate = Slow(), door.begin("nobody")
    monkeypatch.setattr(sign_in, "_HASHER", slow)
    threads = [threading.Thread(target=sign_in.verify, args=(candidate, GOOD)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert slow.most == 2


def test_where_too_many_wait_the_next_is_told_so_at_once(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    candidate, places = door.begin("nobody"), threading.BoundedSemaphore(1)
    monkeypatch.setattr(sign_in, "_IN_THE_QUEUE", places)
    with places, pytest.raises(TooBusy):
        sign_in.verify(candidate, GOOD)
    assert not sign_in.verify(candidate, GOOD)


@pytest.mark.parametrize("login", ["malee", "nobody", "not a login"])
def test_ten_wrong_tries_slow_an_account_down_known_or_not(door: Door, malee: Account, login: str) -> None:
    door.fail(MOST_TRIES_ACCOUNT - 1, login)
    assert door.pause(login) is None
    door.fail(1, login)
    assert door.pause(login) == NOON + 15 * MINUTE
    assert door.pause(login, now=NOON + 15 * MINUTE - SECOND) == NOON + 15 * MINUTE
    assert door.pause(login, now=NOON + 15 * MINUTE) is None
    assert door.pause("somebody.else") is None


def test_the_pause_grows_and_a_day_later_all_is_forgotten(door: Door, malee: Account) -> None:
    door.fail(10)
    door.fail(10, now=NOON + 15 * MINUTE)
    assert door.pause(now=NOON + 15 * MINUTE) == NOON + 45 * MINUTE
    door.fail(10, now=NOON + 45 * MINUTE)
    assert door.pause(now=NOON + 45 * MINUTE) == NOON + 105 * MINUTE
    day_later = NOON + 25 * HOUR
    door.fail(10, now=day_later)
    assert door.pause(now=day_later) == day_later + 15 * MINUTE


def test_tries_spread_over_more_than_a_quarter_of_an_hour_do_not_count(door: Door, malee: Account) -> None:
    for number in range(15):
        door.fail(1, now=NOON + number * 2 * MINUTE)
    assert door.pause(now=NOON + 29 * MINUTE) is None


def test_fifty_wrong_tries_slow_an_address_down_whatever_the_accounts(
    database: Database, vault: Vault, door: Door, malee: Account
) -> None:
    for number in range(MOST_TRIES_ADDRESS):
        door.fail(1, f"nobody.{number}")
    assert door.pause() == NOON + 15 * MINUTE
    assert Door(database, vault, address=HERE).pause() is None


def test_a_success_clears_the_account_and_not_the_other_tries_of_its_address(door: Door, malee: Account) -> None:
    for number in range(MOST_TRIES_ADDRESS - 10):
        door.fail(1, f"nobody.{number}")
    door.fail(MOST_TRIES_ACCOUNT - 1)
    door.come_in(door.begin())
    door.fail(1)
    assert door.pause() == NOON + 15 * MINUTE, "40 + 9 + 1 from this address"
    assert door.pause(now=NOON + 15 * MINUTE) is None
    door.fail(MOST_TRIES_ACCOUNT - 1, now=NOON + 15 * MINUTE)
    assert door.pause(now=NOON + 15 * MINUTE) is None


def test_nobody_is_shut_out_of_the_browser_they_came_in_with(
    database: Database, vault: Vault, door: Door, malee: Account
) -> None:
    known = Door(database, vault, address=ELSEWHERE, device=Door(database, vault).come_in(malee).device)
    door.fail(MOST_TRIES_ACCOUNT)
    for number in range(MOST_TRIES_ADDRESS - MOST_TRIES_ACCOUNT):
        door.fail(1, f"nobody.{number}")
    assert door.pause() == NOON + 15 * MINUTE
    assert known.pause() is None
    assert known.come_in(known.begin()).device is None, "it keeps the token that it has"
    assert door.pause() == NOON + 15 * MINUTE, "and the others go on waiting"


def test_a_known_browser_has_no_more_tries_than_anybody(database: Database, vault: Vault, malee: Account) -> None:
    known = Door(database, vault, device=Door(database, vault).come_in(malee).device)
    known.fail(MOST_TRIES_ACCOUNT)
    assert known.pause() == NOON + 15 * MINUTE
    assert Door(database, vault, address=HERE).pause() is None, "the account is not slowed down by it"


def test_a_browser_is_known_for_its_own_account_and_for_180_days(
    database: Database, vault: Vault, door: Door, malee: Account
) -> None:
    device = door.come_in(malee).device
    with database.transaction() as db:
        other = an_account(db, "other")
        assert sign_in.find_device(db, malee.id, device, now=NOON) is not None
        assert sign_in.find_device(db, malee.id, device, now=NOON + timedelta(days=180)) is None
        assert sign_in.find_device(db, other.id, device, now=NOON) is None
        assert sign_in.find_device(db, malee.id, "made up", now=NOON) is None
        assert db.scalars(select(StaffDeviceRow.token_hash)).all() == [staff.token_hash(device or "")]


def last_try_taken_twice_at_once(database: Database) -> list[str]:
    def take(db: object) -> object:
        return sign_in.take_try(db, {"key": 1}, now=NOON)  # type: ignore[arg-type]

    return outcomes_of_two_at_once(database, take, take)


def test_the_last_try_is_taken_once_by_two_at_once(database: Database) -> None:
    assert last_try_taken_twice_at_once(database) == ["TooManyTries", "done"]


@ON_POSTGRES
def test_without_the_lock_both_would_take_it(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "hold", lambda db, names: None)
    assert last_try_taken_twice_at_once(database) == ["done", "done"]


def test_who_was_changed_between_password_and_session_does_not_come_in(
    database: Database, door: Door, malee: Account
) -> None:
    candidate = door.begin()
    with database.transaction() as db:
        staff.reset(db, staff_id=malee.id, by=None, now=NOON)
    with pytest.raises(AccountChanged):
        door.come_in(candidate)


def test_only_hashes_of_tokens_and_addresses_are_stored(database: Database, vault: Vault, malee: Account) -> None:
    with database.transaction() as db:
        opened, _ = a_session(db, vault, malee)
        row = db.scalars(select(StaffSessionRow)).one()
        stored = (row.token_hash, row.address_hash)
    assert stored == (staff.token_hash(opened.token), vault.keyed_hash("sign-in/address", HERE))
    assert len(opened.token) == 43


def test_a_session_ends_after_half_an_hour_unused_and_after_twelve_hours_used(
    database: Database, vault: Vault, malee: Account
) -> None:
    with database.transaction() as db:
        opened, signed_in = a_session(db, vault, malee)
        assert sign_in.find_session(db, opened.token, now=NOON + 30 * MINUTE - SECOND) == signed_in
        assert sign_in.find_session(db, opened.token, now=NOON + 30 * MINUTE) is None
        assert sign_in.find_session(db, "made up", now=NOON) is None
        for number in range(1, 36):
            sign_in.touch(db, session_id=signed_in.session_id, now=NOON + number * 20 * MINUTE)
        assert get_session(db, opened.token, now=NOON + 12 * HOUR - SECOND).seen_at == NOON + 700 * MINUTE
        sign_in.touch(db, session_id=signed_in.session_id, now=NOON + 12 * HOUR - SECOND)
        assert sign_in.find_session(db, opened.token, now=NOON + 12 * HOUR) is None


def test_a_session_is_touched_once_a_minute_and_never_woken_up(
    database: Database, vault: Vault, malee: Account
) -> None:
    with database.transaction() as db:
        opened, signed_in = a_session(db, vault, malee)
        assert [sign_in.is_due_for_touch(signed_in, now=NOON + late) for late in (59 * SECOND, MINUTE)] == [False, True]
        sign_in.touch(db, session_id=signed_in.session_id, now=NOON + 59 * SECOND)
        assert get_session(db, opened.token).seen_at == NOON
        sign_in.touch(db, session_id=signed_in.session_id, now=NOON + MINUTE)
        assert get_session(db, opened.token).seen_at == NOON + MINUTE
        sign_in.touch(db, session_id=signed_in.session_id, now=NOON + HOUR)
        assert sign_in.find_session(db, opened.token, now=NOON + HOUR) is None
        sign_in.end_session(db, session_id=signed_in.session_id, now=NOON + MINUTE)
        sign_in.touch(db, session_id=signed_in.session_id, now=NOON + 3 * MINUTE)
        assert sign_in.find_session(db, opened.token, now=NOON + 3 * MINUTE) is None


def test_signing_out_ends_one_session_and_signing_out_elsewhere_the_others(
    database: Database, vault: Vault, malee: Account
) -> None:
    with database.transaction() as db:
        (one, _), (two, signed_in), (three, _) = (a_session(db, vault, malee) for _ in range(3))
        stranger, _ = a_session(db, vault, an_account(db, "other"))
        assert sign_in.end_others(db, signed_in=signed_in, now=NOON) == 2
        living = [sign_in.find_session(db, each.token, now=NOON) is not None for each in (one, two, three, stranger)]
        assert living == [False, True, False, True]
        sign_in.end_session(db, session_id=signed_in.session_id, now=NOON)
        assert sign_in.find_session(db, two.token, now=NOON) is None
        with pytest.raises(AccountChanged):
            sign_in.pass_second_factor(db, signed_in=signed_in, device=None, now=NOON)


def test_the_second_factor_gives_the_session_a_new_token_and_all_rights(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        account = an_account(db, role=Role.STAFF)
        opened, before = a_session(db, vault, account)
        assert (before.missing, before.may(Permission.OWN_ACCOUNT), before.may(Permission.SEE_CASES)) == (
            Missing.ENROLMENT, True, False,
        )  # fmt: skip
        enrolment = second_factor.begin_enrolment(vault, account=account, issuer="ศูนย์", now=NOON)
        code = pyotp.TOTP(enrolment.secret).at(NOON)
        second_factor.confirm_enrolment(db, vault, account=account, sealed=enrolment.sealed, code=code, now=NOON)
        halfway = get_session(db, opened.token)
        assert (halfway.missing, halfway.may(Permission.OWN_ACCOUNT)) == (Missing.CODE, False)
        passed = sign_in.pass_second_factor(db, signed_in=halfway, device=opened.device, now=NOON)
        after = get_session(db, passed.token)
        assert (after.session_id, after.missing, after.second_factor_at) == (before.session_id, None, NOON)
        assert (after.may(Permission.SEE_CASES), after.may(Permission.MANAGE_STAFF)) == (True, False)
        assert sign_in.find_session(db, opened.token, now=NOON) is None, "the token from before the code is dead"


def test_a_browser_is_known_only_once_the_code_was_right(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        account = an_account(db)
        enrolment = second_factor.begin_enrolment(vault, account=account, issuer="x", now=NOON)
        code = pyotp.TOTP(enrolment.secret).at(NOON)
        second_factor.confirm_enrolment(db, vault, account=account, sealed=enrolment.sealed, code=code, now=NOON)
        opened, signed_in = a_session(db, vault, staff.get_account(db, account.id))
        assert opened.device is None
        passed = sign_in.pass_second_factor(db, signed_in=signed_in, device=None, now=NOON)
        assert sign_in.find_device(db, account.id, passed.device, now=NOON) is not None


def test_no_secret_is_shown_by_what_might_be_logged(database: Database, vault: Vault, door: Door) -> None:
    with database.transaction() as db:
        invited = staff.add_account(db, name="x", login="malee", role=Role.STAFF, by=None, now=NOON)
        account = an_account(db, "other")
        enrolment = second_factor.begin_enrolment(vault, account=account, issuer="x", now=NOON)
    candidate, opened = door.begin("other"), door.come_in(account)
    shown = repr([invited, enrolment, candidate, opened, account])
    secrets = (invited.token, enrolment.secret, enrolment.sealed, candidate.password_hash, opened.token, opened.device)
    assert [secret for secret in secrets if (secret or "") in shown] == []
