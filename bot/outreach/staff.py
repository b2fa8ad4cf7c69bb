"""Staff accounts: who may come in, and in which role.

Passwords come in as hashes: hashing takes long, and is done before the transaction (`sign_in.hash_password`).
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from sqlalchemy.orm import Session

from bot.outreach.permissions import Permission, Role, may
from bot.storage import locks, staff, staff_sessions
from bot.storage.staff import StaffRow

INVITATION_LASTS = timedelta(hours=72)
FIRST_INVITATION_LASTS = timedelta(hours=24)
"""The link of the first account of all: nobody is there yet to notice that somebody else followed it."""
LONGEST_NAME = 80
SHORTEST_LOGIN, LONGEST_LOGIN = 3, 64
MOST_LISTED = 1000
_LOCK = "staff/administrators"

PasswordHash = NewType("PasswordHash", str)
"""Of a password that passed the rules."""


class UnknownAccount(Exception):
    """There is no such account."""


class AccountDisabled(Exception):
    """Nothing of the kind is done for an account that is disabled."""


class AccountChanged(Exception):
    """Its password was changed, or it was reset or disabled, since it was looked at."""


class LastAdministrator(Exception):
    """Nobody else could do an administrator's work."""


class InvitationSpent(Exception):
    """The one-time link was used, withdrawn, has expired, or never was one."""


@dataclass(eq=False)
class NotAllowed(Exception):
    permission: Permission


@dataclass(eq=False)
class LoginTaken(Exception):
    login: str


@dataclass(eq=False)
class FieldRefused(Exception):
    field: str
    """`name` or `login`."""


@dataclass(frozen=True, slots=True)
class Account:
    id: int
    name: str
    login: str
    role: Role
    generation: int
    has_password: bool
    has_second_factor: bool
    person_id: int | None
    linked_at: datetime | None
    created_at: datetime
    disabled_at: datetime | None


class Purpose(StrEnum):
    JOIN = "join"
    RESET = "reset"


@dataclass(frozen=True, slots=True, repr=False)
class Invited:
    staff_id: int
    token: str
    """Known here only: what is stored is its hash."""
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Invitation:
    account: Account
    purpose: Purpose
    expires_at: datetime


def account_of(row: StaffRow) -> Account:
    return Account(
        id=row.id, name=row.name, login=row.login, role=Role(row.role), generation=row.generation,
        has_password=row.password_hash is not None, has_second_factor=row.totp_sealed is not None,
        person_id=row.person_id, linked_at=row.linked_at, created_at=row.created_at, disabled_at=row.disabled_at,
    )  # fmt: skip


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def login_of(text: str) -> str:
    """The login as it is stored and compared, however it was typed. Raises FieldRefused."""
    if len(text) > 2 * LONGEST_LOGIN:
        raise FieldRefused("login")
    login = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text.strip()).casefold())
    known = all(one.isalnum() or one in "._-@" or unicodedata.category(one) == "Mn" for one in login)
    if not known or not SHORTEST_LOGIN <= len(login) <= LONGEST_LOGIN:
        raise FieldRefused("login")
    return login


def add_account(db: Session, *, name: str, login: str, role: Role, by: int | None, now: datetime) -> Invited:
    """A new account without a password, and the one-time link to set one. `by` is None for the command line.

    Raises NotAllowed, FieldRefused, LoginTaken.
    """
    _require_manager(db, by)
    kept_name, kept_login = _name_of(name), login_of(login)
    first = staff.is_empty(db)
    staff_id = staff.add(db, name=kept_name, login=kept_login, role=role, created_at=now, created_by=by)
    if staff_id is None:
        raise LoginTaken(kept_login)
    return _invite(db, staff_id, Purpose.JOIN, now=now, lasts=FIRST_INVITATION_LASTS if first else INVITATION_LASTS)


def find_invitation(db: Session, token: str, *, now: datetime) -> Invitation | None:
    found = staff.find_invitation(db, token_hash(token), now=now)
    if found is None:
        return None
    invitation, row = found
    return Invitation(account_of(row), Purpose(invitation.purpose), invitation.expires_at)


def accept_invitation(
    db: Session, *, token: str, password_hash: PasswordHash, now: datetime, name: str | None = None
) -> Account:
    """Sets the password, once a link. The name may be mended on joining. Raises InvitationSpent, FieldRefused."""
    invitation = find_invitation(db, token, now=now)
    if invitation is None or not staff.use_invitation(db, token_hash(token), now=now):
        raise InvitationSpent
    account = invitation.account
    mended = name is not None and invitation.purpose is Purpose.JOIN
    if not staff.change(
        db, account.id, seen_generation=account.generation, generation=account.generation + 1,
        password_hash=password_hash, name=_name_of(name or "") if mended else account.name,
    ):  # fmt: skip
        raise InvitationSpent
    return get_account(db, account.id)


def change_password(db: Session, *, account: Account, password_hash: PasswordHash, session_id: int) -> Account:
    """Ends every session but this one, and trusts no browser any more. Raises AccountChanged."""
    generation = account.generation + 1
    if not staff.change(
        db, account.id, seen_generation=account.generation, generation=generation, password_hash=password_hash
    ):
        raise AccountChanged
    staff_sessions.set_generation(db, session_id, staff_id=account.id, generation=generation)
    staff_sessions.forget_devices(db, staff_id=account.id)
    return get_account(db, account.id)


def change_role(db: Session, *, staff_id: int, role: Role, by: int | None) -> Account:
    """In force with the account's next request. Raises UnknownAccount, NotAllowed, LastAdministrator."""
    account = _take_in_hand(db, staff_id, by=by)
    if role is not Role.ADMINISTRATOR:
        _spare_last_administrator(db, account)
    staff.change(db, staff_id, role=role)
    return get_account(db, staff_id)


def disable(db: Session, *, staff_id: int, by: int | None, now: datetime) -> Account:
    """Ends every session, link and right at once. Raises UnknownAccount, NotAllowed, LastAdministrator."""
    account = _take_in_hand(db, staff_id, by=by)
    if account.disabled_at is not None:
        return account
    _spare_last_administrator(db, account)
    staff.change(db, staff_id, disabled_at=now, generation=account.generation + 1)
    _forget_ways_in(db, staff_id)
    return get_account(db, staff_id)


def enable(db: Session, *, staff_id: int, by: int | None) -> Account:
    """With the password, second factor and LINE account of before. Raises UnknownAccount, NotAllowed."""
    _take_in_hand(db, staff_id, by=by)
    staff.change(db, staff_id, disabled_at=None)
    return get_account(db, staff_id)


def reset(db: Session, *, staff_id: int, by: int | None, now: datetime) -> Invited:
    """A new link; password, second factor, sessions and LINE link are gone: a telephone may have been stolen.

    The last administrator is reset from the command line only, where the link is seen by who may see everything.
    Raises UnknownAccount, NotAllowed, AccountDisabled, LastAdministrator.
    """
    account = _take_in_hand(db, staff_id, by=by)
    if account.disabled_at is not None:
        raise AccountDisabled
    if by is not None:
        _spare_last_administrator(db, account)
    staff.change(
        db, staff_id, generation=account.generation + 1, password_hash=None, totp_sealed=None, totp_last_step=None,
        person_id=None, linked_at=None,
    )  # fmt: skip
    staff.replace_recovery_codes(db, staff_id=staff_id, hashes=())
    _forget_ways_in(db, staff_id)
    purpose = Purpose.RESET if account.has_password else Purpose.JOIN
    return _invite(db, staff_id, purpose, now=now, lasts=INVITATION_LASTS)


def list_accounts(db: Session, *, limit: int = MOST_LISTED) -> list[Account]:
    return [account_of(row) for row in staff.list_all(db, limit=limit)]


def get_account(db: Session, staff_id: int) -> Account:
    """Raises UnknownAccount."""
    row = staff.find(db, staff_id)
    if row is None:
        raise UnknownAccount
    return account_of(row)


def find_account(db: Session, *, login: str) -> Account | None:
    try:
        row = staff.find_by_login(db, login_of(login))
    except FieldRefused:
        return None
    return account_of(row) if row else None


def _name_of(text: str) -> str:
    name = "".join(one for one in " ".join(text.split()) if one.isprintable())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise FieldRefused("name")
    return name


def _require_manager(db: Session, by: int | None) -> None:
    if by is None:
        return
    row = staff.find(db, by)
    if row is None or row.disabled_at is not None or not may(Role(row.role), Permission.MANAGE_STAFF):
        raise NotAllowed(Permission.MANAGE_STAFF)


def _take_in_hand(db: Session, staff_id: int, *, by: int | None) -> Account:
    """One change of an account at a time, so that two administrators cannot remove each other."""
    locks.hold(db, [_LOCK])
    _require_manager(db, by)
    return get_account(db, staff_id)


def _spare_last_administrator(db: Session, account: Account) -> None:
    if account.role is Role.ADMINISTRATOR and not staff.has_another(db, role=account.role, besides=account.id):
        raise LastAdministrator


def _forget_ways_in(db: Session, staff_id: int) -> None:
    staff.withdraw_invitations(db, staff_id=staff_id)
    staff.forget_link_codes(db, staff_id=staff_id)
    staff_sessions.forget_devices(db, staff_id=staff_id)


def _invite(db: Session, staff_id: int, purpose: Purpose, *, now: datetime, lasts: timedelta) -> Invited:
    token = secrets.token_urlsafe(32)
    staff.add_invitation(
        db, staff_id=staff_id, token_hash=token_hash(token), purpose=purpose, created_at=now, expires_at=now + lasts
    )
    return Invited(staff_id, token, now + lasts)
