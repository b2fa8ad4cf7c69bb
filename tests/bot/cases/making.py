"""Citizens, staff and cases to test with, plain and without surprises."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from sqlalchemy.orm import Session

from bot.cases import opening
from bot.cases.kinds import CaseKind
from bot.cases.rules import CaseRules
from bot.incoming import Incoming
from bot.outreach.permissions import Role
from bot.storage import cases, people
from bot.storage.cases import CaseRow
from tests.bot.outreach.accounts import an_account
from tests.builders import NOON, SOMCHAI

RULES = CaseRules(week=tuple((day, time(8, 30), time(16, 30)) for day in range(5)), answer_hours=8)
"""NOON is a Tuesday, twelve o'clock in Bangkok."""


def a_citizen(db: Session, line_user_id: str = SOMCHAI, *, following: bool = True) -> int:
    row = people.find_or_create(db, line_user_id=line_user_id, now=NOON)
    if not following:
        people.set_following(db, person_id=row.id, following=False, at=NOON)
    return row.id


def a_case(db: Session, kind: CaseKind = CaseKind.WANTS_PERSON, *, now: datetime = NOON, **more: Any) -> CaseRow:
    """Somchai's, unless it says whose."""
    person_id = more.pop("person_id") if "person_id" in more else a_citizen(db)
    number = opening.open_case(db, kind, now=now, person_id=person_id, rules=RULES, **more)
    return get(db, number)


def get(db: Session, case_id: int) -> CaseRow:
    found = cases.find(db, case_id)
    assert found is not None
    return found


def staff_of(db: Session, *logins: str, role: Role = Role.STAFF) -> list[int]:
    return [an_account(db, login, role=role).id for login in logins]


def wrote(
    text: str = "ขอถามต่อค่ะ", *, message_id: str | None = "m1", at: datetime = NOON, kind: str = "text", **more: Any
) -> Incoming:
    values: dict[str, Any] = {"user_id": SOMCHAI, "reply_token": "token-1", "text": text, "message_id": message_id}
    return Incoming(event_id="e", kind=kind, occurred_at=at, standby=False, **{**values, **more})  # type: ignore[arg-type]
