"""The console's door beside LINE's simulator, spoken to over HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from bot.console import line_login
from bot.outreach import line_linking
from bot.outreach.permissions import Role
from bot.outreach.staff import Account
from bot.storage import people
from bot.storage.engine import Database
from bot.storage.staff_sessions import StaffSessionRow
from bot.vault import Vault
from knowledge.catalogue import Catalogue
from knowledge.model import Model
from tests.bot.console.visiting import BASE, Site, Visitor
from tests.bot.simulator.desk import SOMSRI, Desk, running_simulator

LOGIN = "2000000002"
SECRET = "0123456789abcdef0123456789abcdef"
BACK = f"{BASE}/console/line/callback"
ELSEWHERE = f"{BASE}/console/account"
TOKEN = "/oauth2/v2.1/token"
TITLE = re.compile(r"<h1>([^<]+)</h1>")


@pytest.fixture(scope="module")
def _line() -> Iterator[Desk]:
    with running_simulator(
        "http://127.0.0.1:9/", login_channel_secret=SECRET, login_callbacks=(BACK, ELSEWHERE)
    ) as desk:
        yield desk


@pytest.fixture
def line(_line: Desk) -> Desk:
    _line.api("POST", "/reset")
    _line.api("DELETE", "/faults")
    return _line


@dataclass
class Door:
    """The console beside LINE. Somsri is a volunteer, Kham of the staff; both are linked."""

    site: Site
    line: Desk

    def __post_init__(self) -> None:
        self.site.now = datetime.now(UTC)
        self.somsri = self.link(self.site.add_account(Role.VOLUNTEER, name="somsri"), SOMSRI)

    def link(self, account: Account, user_id: str) -> Account:
        with self.site.database.transaction() as db:
            person = people.find_or_create(db, line_user_id=user_id, now=self.site.now)
            code = line_linking.make_code(db, self.site.vault, staff_id=account.id, now=self.site.now)
            linked = line_linking.redeem(db, self.site.vault, code=code, person_id=person.id, now=self.site.now)
        assert linked is not None
        return linked

    def set_out(self, visitor: Visitor, **form: str) -> str:
        """The address at LINE that the browser is sent to."""
        answer = visitor.post("/console/line", form)
        assert answer.status_code == 303
        return str(answer.location)

    def agree(self, address: str, user_id: str = SOMSRI) -> str:
        """The address that LINE sends the browser back to."""
        parts = urlsplit(address)
        answer = self.line.call("GET", f"{parts.path}/as/{user_id}?{parts.query}")
        assert answer.status == 302, answer.raw
        return str(answer.headers["Location"])

    def journey(self, visitor: Visitor, user_id: str = SOMSRI, **form: str) -> TestResponse:
        return visitor.get(self.agree(self.set_out(visitor, **form), user_id))

    def journey_with(self, visitor: Visitor, id_token: str) -> TestResponse:
        """LINE gives this id token in place of its own."""
        return self.journey_told(visitor, {"access_token": "a", "token_type": "Bearer", "id_token": id_token})

    def journey_told(self, visitor: Visitor, body: Any, **fault: Any) -> TestResponse:
        back = self.agree(self.set_out(visitor))
        self.line.api("POST", "/faults", {"path": TOKEN, "status": 200, "body": body, **fault})
        return visitor.get(back)

    def sessions(self) -> int:
        with self.site.database.reading() as db:
            return db.scalar(select(func.count()).select_from(StaffSessionRow)) or 0


@pytest.fixture
def door(
    sqlite_database: Database, vault: Vault, small_catalogue: Catalogue, small_catalogue_model: Model, line: Desk
) -> Door:
    return _door(sqlite_database, vault, small_catalogue, small_catalogue_model, line)


@pytest.fixture
def door_on_each(
    database: Database, vault: Vault, small_catalogue: Catalogue, small_catalogue_model: Model, line: Desk
) -> Door:
    return _door(database, vault, small_catalogue, small_catalogue_model, line)


def _door(database: Database, vault: Vault, catalogue: Catalogue, model: Model, line: Desk) -> Door:
    environment = {
        "CIVICBOT_BASE_URL": BASE, "LINE_API_URL": line.url, "CIVICBOT_LINE_LOGIN_CHANNEL_ID": LOGIN,
        "CIVICBOT_LINE_LOGIN_CHANNEL_SECRET": SECRET,
    }  # fmt: skip
    return Door(Site(database, vault, catalogue, model, environment), line)


def asked(address: str) -> dict[str, str]:
    return {name: value[0] for name, value in parse_qs(urlsplit(address).query).items()}


def altered(address: str, **query: str) -> str:
    parts = urlsplit(address)
    return urlunsplit(parts._replace(query=urlencode({**asked(address), **query})))


def refusal(answer: TestResponse) -> tuple[int, str]:
    found = TITLE.search(answer.get_data(as_text=True))
    return answer.status_code, found[1] if found else ""


def told(why: line_login.Why) -> tuple[int, str]:
    return why.value[0], why.value[1]


def is_in(visitor: Visitor) -> bool:
    answer = visitor.get("/console/account")
    assert answer.status_code in {200, 302}
    return answer.status_code == 200


def nobody_came_in(door: Door, visitor: Visitor) -> bool:
    return door.sessions() == 0 and not is_in(visitor)
