"""The second factor: each code once, guesses slowed down, recovery codes."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pyotp
import pytest
from sqlalchemy import select

from bot.outreach import second_factor, sign_in, staff
from bot.outreach.permissions import Role
from bot.outreach.second_factor import EnrolmentExpired
from bot.outreach.sign_in import TooManyTries
from bot.outreach.staff import Account, AccountChanged
from bot.storage.engine import Database
from bot.storage.staff import StaffRecoveryCodeRow, StaffRow
from bot.vault import Vault
from tests.bot.outreach.accounts import (
    a_session,
    an_account,
    outcomes_of_two_at_once,
)
from tests.builders import NOON

STEP, MINUTE = timedelta(seconds=30), timedelta(minutes=1)
LATER = NOON + timedelta(hours=1)


class Phone:
    """An account that has enrolled, with the telephone that shows its codes."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self.database, self.vault = database, vault
        with database.transaction() as db:
            account = an_account(db)
            enrolment = second_factor.begin_enrolment(vault, account=account, issuer="ศูนย์ฯ", now=NOON)
            self.totp = pyotp.TOTP(enrolment.secret)
            codes = second_factor.confirm_enrolment(
                db, vault, account=account, sealed=enrolment.sealed, code=self.totp.at(NOON), now=NOON
            )
            self.recovery_codes = codes or ()
            self.account = staff.get_account(db, account.id)
            _, signed_in = a_session(db, vault, self.account)
            self.device = sign_in.pass_second_factor(db, signed_in=signed_in, device=None, now=NOON).device

    def check(self, code: str, *, now: datetime = LATER, device: str | None = None) -> bool:
        with self.database.transaction() as db:
            return second_factor.check(db, self.vault, account=self.account, code=code, device=device, now=now)

    def wrong(self, *, now: datetime = LATER) -> str:
        near = {self.totp.at(now + offset * STEP) for offset in range(-2, 3)}
        return next(code for code in ("000000", "111111", "222222", "333333", "444444", "555555") if code not in near)


@pytest.fixture
def phone(database: Database, vault: Vault) -> Phone:
    return Phone(database, vault)


@pytest.fixture
def account(database: Database) -> Account:
    with database.transaction() as db:
        return an_account(db)


def test_an_enrolment_is_a_secret_an_address_and_a_picture_without_script_or_style(
    vault: Vault, account: Account
) -> None:
    enrolment = second_factor.begin_enrolment(vault, account=account, issuer="ศูนย์ฯ", now=NOON)
    parts = urlsplit(enrolment.uri)
    assert (parts.scheme, parts.netloc, unquote(parts.path)) == ("otpauth", "totp", "/ศูนย์ฯ:malee")
    assert parse_qs(parts.query) == {"secret": [enrolment.secret], "issuer": ["ศูนย์ฯ"]}
    assert len(enrolment.secret) == 32
    assert enrolment.svg.startswith("<svg ")
    assert [word for word in ("style", "script", "xmlns:xlink", "href") if word in enrolment.svg] == []


def test_nothing_is_stored_before_a_right_code(database: Database, vault: Vault, account: Account) -> None:
    enrolment = second_factor.begin_enrolment(vault, account=account, issuer="x", now=NOON)
    right = pyotp.TOTP(enrolment.secret).at(NOON)
    with database.transaction() as db:
        wrong = second_factor.confirm_enrolment(
            db, vault, account=account, sealed=enrolment.sealed, code="abc", now=NOON
        )
        assert (wrong, staff.get_account(db, account.id).has_second_factor) == (None, False)
        codes = second_factor.confirm_enrolment(
            db, vault, account=account, sealed=enrolment.sealed, code=right, now=NOON
        )
        assert len(set(codes or ())) == 10
        assert staff.get_account(db, account.id).has_second_factor
        sealed = db.scalars(select(StaffRow.totp_sealed)).one()
        assert enrolment.secret.encode() not in (sealed or b"")
        assert vault.open(sealed or b"") == enrolment.secret.encode()


def test_an_enrolment_is_good_for_its_account_and_a_quarter_of_an_hour(
    database: Database, vault: Vault, account: Account
) -> None:
    enrolment = second_factor.begin_enrolment(vault, account=account, issuer="x", now=NOON)
    late = NOON + 15 * MINUTE + timedelta(seconds=1)
    with database.transaction() as db:
        other = an_account(db, "other")
        for who, sealed, now in (
            (other, enrolment.sealed, NOON), (account, enrolment.sealed, late), (account, "made up", NOON),
            (account, vault.seal(b"no JSON").decode(), NOON),
        ):  # fmt: skip
            with pytest.raises(EnrolmentExpired):
                second_factor.confirm_enrolment(db, vault, account=who, sealed=sealed, code="000000", now=now)
        staff.reset(db, staff_id=account.id, by=None, now=NOON)
        code = pyotp.TOTP(enrolment.secret).at(NOON)
        with pytest.raises(AccountChanged):
            second_factor.confirm_enrolment(db, vault, account=account, sealed=enrolment.sealed, code=code, now=NOON)


@pytest.mark.parametrize(("steps", "right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_is_right_one_step_around_its_time(phone: Phone, steps: int, right: bool) -> None:
    assert phone.check(phone.totp.at(LATER + steps * STEP)) is right


def test_a_code_is_right_in_thai_digits_and_with_a_gap(phone: Phone) -> None:
    code = phone.totp.at(LATER).translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))
    assert phone.check(f" {code[:3]} {code[3:]} ")


def test_each_code_counts_once_also_the_one_of_the_enrolment_and_none_of_before(phone: Phone) -> None:
    assert not phone.check(phone.totp.at(NOON), now=NOON)
    assert phone.check(phone.totp.at(LATER))
    assert not phone.check(phone.totp.at(LATER))
    assert not phone.check(phone.totp.at(LATER - STEP))
    assert phone.check(phone.totp.at(LATER + STEP), now=LATER + STEP)


def test_one_code_used_twice_at_once_counts_once(database: Database, vault: Vault, phone: Phone) -> None:
    answers: list[bool] = []

    def check(db: object) -> None:
        code = phone.totp.at(LATER)
        answers.append(
            second_factor.check(db, vault, account=phone.account, code=code, device=None, now=LATER)  # type: ignore[arg-type]
        )

    outcomes_of_two_at_once(database, check, check)
    assert sorted(answers) == [False, True]


def test_five_wrong_codes_slow_down_and_a_right_one_clears_them(phone: Phone) -> None:
    assert [phone.check(phone.wrong()) for _ in range(4)] == [False] * 4
    assert phone.check(phone.totp.at(LATER))
    assert [phone.check(phone.wrong()) for _ in range(5)] == [False] * 5
    for code in (phone.totp.at(LATER + STEP), phone.recovery_codes[0]):
        with pytest.raises(TooManyTries) as refused:
            phone.check(code)
        assert refused.value.until == LATER + 15 * MINUTE
    later = LATER + 15 * MINUTE
    assert phone.check(phone.totp.at(later), now=later)


def test_a_browser_known_from_before_is_not_slowed_down_by_others(phone: Phone) -> None:
    assert phone.device is not None
    assert [phone.check(phone.wrong()) for _ in range(5)] == [False] * 5
    with pytest.raises(TooManyTries):
        phone.check(phone.totp.at(LATER), device="made up")
    assert phone.check(phone.totp.at(LATER), device=phone.device)


def test_a_recovery_code_counts_once_however_it_is_typed(phone: Phone, database: Database) -> None:
    typed = phone.recovery_codes[3].upper().replace("-", " ")
    assert (phone.check(typed), phone.check(phone.recovery_codes[3])) == (True, False)
    with database.transaction() as db:
        assert second_factor.count_recovery_codes(db, account=phone.account) == 9
        stored = db.scalars(select(StaffRecoveryCodeRow.code_hash)).all()
        assert [code for code in phone.recovery_codes if code in stored] == []
        newer = second_factor.renew_recovery_codes(db, account=phone.account)
    assert (phone.check(phone.recovery_codes[0]), phone.check(newer[0])) == (False, True)


def test_nobody_uses_somebody_else_s_recovery_code(phone: Phone, database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        other = an_account(db, "other", role=Role.VOLUNTEER)
        code = phone.recovery_codes[0]
        assert not second_factor.check(db, vault, account=other, code=code, device=None, now=LATER)
        assert not second_factor.check(db, vault, account=other, code="123456", device=None, now=LATER)
    assert phone.check(phone.recovery_codes[0])


def test_a_new_telephone_takes_the_place_of_the_old_with_its_first_code(
    phone: Phone, database: Database, vault: Vault
) -> None:
    newer = second_factor.begin_enrolment(vault, account=phone.account, issuer="x", now=LATER)
    assert phone.check(phone.totp.at(LATER)), "begun is not done"
    later = LATER + MINUTE
    code = pyotp.TOTP(newer.secret).at(later)
    with database.transaction() as db:
        second_factor.confirm_enrolment(db, vault, account=phone.account, sealed=newer.sealed, code=code, now=later)
    assert not phone.check(phone.totp.at(later + STEP), now=later + STEP)
    assert phone.check(pyotp.TOTP(newer.secret).at(later + STEP), now=later + STEP)


def test_a_browser_that_was_known_by_the_password_alone_is_not_once_there_is_a_second_factor(
    database: Database, vault: Vault, account: Account
) -> None:
    with database.transaction() as db:
        device = a_session(db, vault, account)[0].device
        assert sign_in.find_device(db, account.id, device, now=NOON) is not None
        enrolment = second_factor.begin_enrolment(vault, account=account, issuer="x", now=NOON)
        code = pyotp.TOTP(enrolment.secret).at(NOON)
        second_factor.confirm_enrolment(db, vault, account=account, sealed=enrolment.sealed, code=code, now=NOON)
        assert sign_in.find_device(db, account.id, device, now=NOON) is None
