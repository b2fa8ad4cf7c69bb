"""Staff accounts to test with, on databases that have their tables."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from bot.outreach import sign_in, staff
from bot.outreach.permissions import Role
from bot.outreach.sign_in import Opened, SignedIn
from bot.outreach.staff import Account, PasswordHash
from bot.storage.engine import Database
from bot.vault import Vault
from tests.builders import NOON

HASH = PasswordHash("of a password that nobody types in this test")
HERE = "203.0.113.7"
ELSEWHERE = "198.51.100.9"


def an_account(
    db: Session,
    login: str = "malee",
    *,
    role: Role = Role.STAFF,
    password_hash: PasswordHash = HASH,
    now: datetime = NOON,
) -> Account:
    """One that has followed its link."""
    invited = staff.add_account(db, name=f"คุณ {login}", login=login, role=role, by=None, now=now)
    return staff.accept_invitation(db, token=invited.token, password_hash=password_hash, now=now)


def a_session(db: Session, vault: Vault, account: Account, *, now: datetime = NOON) -> tuple[Opened, SignedIn]:
    opened = sign_in.open_session(db, vault, who=account, address=HERE, device=None, now=now)
    return opened, get_session(db, opened.token, now=now)


def get_session(db: Session, token: str, *, now: datetime = NOON) -> SignedIn:
    found = sign_in.find_session(db, token, now=now)
    assert found is not None
    return found


def outcomes_of_two_at_once(
    database: Database, first: Callable[[Session], object], second: Callable[[Session], object]
) -> list[str]:
    """Both in transactions that overlap, unless a lock keeps the second waiting: what became of each."""
    outcomes: list[str] = []

    def run(what: Callable[[Session], object]) -> None:
        try:
            with database.transaction() as db:
                what(db)
        except Exception as refused:
            outcomes.append(type(refused).__name__)
        else:
            outcomes.append("done")

    other = threading.Thread(target=lambda: run(second))

    def first_and_wait(db: Session) -> None:
        first(db)
        other.start()
        other.join(timeout=0.5)

    run(first_and_wait)
    other.join(timeout=10)
    return sorted(outcomes)
