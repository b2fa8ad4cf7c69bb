"""Linked staff who work on cases in LINE, and the citizens who wait."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from bot.cases import hearing, opening, thread
from bot.cases.kinds import CaseKind
from bot.cases.thread import Said
from bot.incoming import Incoming
from bot.outreach import line_linking
from bot.outreach.permissions import Role
from bot.outreach.staff import Account
from bot.storage import audit, cases
from bot.storage.cases import CaseRow
from bot.storage.engine import Database
from bot.vault import Vault
from handlers import wording
from tests.bot.outreach.accounts import an_account
from tests.builders import MALEE, SOMCHAI, a_press, a_text
from tests.handlers.registered import Door
from tests.office import Office, data_of, shipped

OTHER = "U" + "4" * 32
"""Of the staff, too. Somchai is; Malee is a citizen."""


def said(key: str, language: str = "th", **facts: str) -> str:
    return wording.load(language).say(key, centre=shipped().pack.centre["th"], **facts)


@dataclass
class Work:
    office: Office

    def link(self, user_id: str = SOMCHAI, role: Role = Role.STAFF, *, login: str = "somchai") -> Account:
        person_id = Door(self.office).person(user_id)
        with self.office.database.transaction() as db:
            account = an_account(db, login, role=role)
            code = line_linking.make_code(db, self.office.vault, staff_id=account.id, now=self.office.now)
            linked = line_linking.redeem(db, self.office.vault, code=code, person_id=person_id, now=self.office.now)
        assert linked is not None
        return linked

    def open(self, kind: CaseKind = CaseKind.WANTS_PERSON, *, whose: str | None = MALEE, **more: Any) -> int:
        person_id = Door(self.office).person(whose) if whose else None
        with self.office.database.transaction() as db:
            return opening.open_case(
                db, kind, now=self.office.now, person_id=person_id, rules=self.office.desk.case_rules, **more
            )

    def writes(self, case_id: int, text: str, *, message_id: str = "m1") -> None:
        """The citizen, on the line; what they write waits for staff."""
        incoming = Incoming(
            "e", "text", self.office.now, standby=False, user_id=MALEE, text=text, message_id=message_id,
            reply_token="token",
        )  # fmt: skip
        with self.office.database.transaction() as db:
            case = cases.find(db, case_id)
            assert case is not None
            hearing.hear(
                db, self.office.vault, case, incoming, text=text, now=self.office.now, rules=self.office.desk.case_rules
            )

    def case(self, case_id: int) -> CaseRow:
        with self.office.database.reading() as db:
            case = cases.find(db, case_id)
            assert case is not None
            db.expunge(case)
            return case

    def thread(self, case_id: int) -> list[Said]:
        with self.office.database.reading() as db:
            return thread.read(db, self.office.vault, case_id, limit=99)

    def from_staff(self, case_id: int) -> list[str | None]:
        return [one.text for one in self.thread(case_id) if one.author == "staff"]

    def audited(self) -> list[tuple[str, str]]:
        with self.office.database.reading() as db:
            lines = audit.list_entries(db, action_prefix="case.", before_id=None, limit=99)
        return [(line.action, line.actor) for line in reversed(lines)]

    def say(self, text: str, *, by: str = SOMCHAI) -> list[dict[str, Any]]:
        return self.hear(a_text(text, user_id=by))

    def tap(self, messages: list[dict[str, Any]], label: str, *, by: str = SOMCHAI) -> list[dict[str, Any]]:
        return self.hear(a_press(data_of(messages, label), user_id=by))

    def press(self, *, by: str = SOMCHAI, **arguments: object) -> list[dict[str, Any]]:
        given = {name: str(value) for name, value in arguments.items()}
        return self.hear(
            a_press(self.office.desk.buttons.encode("case_desk", now=self.office.now, **given), user_id=by)
        )

    def show(self, case_id: int, *, by: str = SOMCHAI) -> list[dict[str, Any]]:
        return self.press(d="show", c=case_id, by=by)

    def hear(self, event: dict[str, Any]) -> list[dict[str, Any]]:
        """The answer alone: what the citizen is told besides is left out."""
        before = len(self.office.line.sent)
        self.office.hear(event)
        replies = [messages for way, _, messages in self.office.line.sent[before:] if way == "reply"]
        return replies[-1] if replies else []

    def pushed(self) -> list[list[dict[str, Any]]]:
        """To whomever."""
        return [messages for way, _, messages in self.office.line.sent if way == "push"]


@pytest.fixture
def work(sqlite_database: Database, vault: Vault) -> Iterator[Work]:
    yield Work(Office(sqlite_database, vault))


@pytest.fixture
def either_work(office: Office) -> Work:
    return Work(office)
