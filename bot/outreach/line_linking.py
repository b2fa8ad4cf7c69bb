"""Which LINE account is whose in the staff. A code that the console shows, typed in the chat, links the two."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.outreach import sign_in
from bot.outreach.second_factor import plain_digits
from bot.outreach.staff import Account, AccountDisabled, account_of, get_account
from bot.storage import sign_in_tries, staff
from bot.vault import Vault

DIGITS = 8
CODE_LASTS = timedelta(minutes=10)
MOST_TRIES = 5


class LinkedToAnother(Exception):
    """This LINE account belongs to another account of the staff already."""


def make_code(db: Session, vault: Vault, *, staff_id: int, now: datetime) -> str:
    """In place of the one that was open. Raises UnknownAccount, AccountDisabled."""
    if get_account(db, staff_id).disabled_at is not None:
        raise AccountDisabled
    code = _random_code()
    while staff.has_link_code(db, _code_hash(vault, code)):
        code = _random_code()
    staff.save_link_code(db, staff_id=staff_id, code_hash=_code_hash(vault, code), expires_at=now + CODE_LASTS)
    return code


def redeem(db: Session, vault: Vault, *, code: str, person_id: int, now: datetime) -> Account | None:
    """The account that this person now is. None: no such code; that is noted, so commit then too.

    An account has one LINE account: a new one takes the place of the old. Raises TooManyTries, LinkedToAnother.
    """
    key = key_of_tries(vault, person_id)
    sign_in.take_try(db, {key: MOST_TRIES}, now=now)
    digits = "".join(one for one in plain_digits(code) if one in "0123456789")
    staff_id = staff.use_link_code(db, _code_hash(vault, digits), now=now)
    row = staff.find(db, staff_id) if staff_id is not None else None
    if row is None or row.disabled_at is not None:
        return None
    sign_in_tries.forget_keys(db, [key])
    holder = staff.find_by_person(db, person_id)
    if holder is not None and holder.id != row.id:
        raise LinkedToAnother
    staff.change(db, row.id, person_id=person_id, linked_at=now)
    return get_account(db, row.id)


def key_of_tries(vault: Vault, person_id: int) -> str:
    """Under which it is noted that a person tried a code."""
    return vault.keyed_hash("line-link/person", str(person_id))


def unlink(db: Session, *, staff_id: int) -> None:
    staff.change(db, staff_id, person_id=None, linked_at=None)
    staff.forget_link_codes(db, staff_id=staff_id)


def find_by_person(db: Session, person_id: int) -> Account | None:
    """Who this person is in the staff. The one question by which rights in LINE are decided: ask it every time."""
    row = staff.find_by_person(db, person_id)
    return account_of(row) if row is not None and row.disabled_at is None else None


def _random_code() -> str:
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def _code_hash(vault: Vault, code: str) -> str:
    """Keyed: eight digits are soon tried through by whoever holds a plain hash."""
    return vault.keyed_hash("line-link/code", code, length=64)
