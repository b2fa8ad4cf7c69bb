"""The console with somebody at its door: a client that keeps cookies and sends back what forms hid."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pyotp
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import event as sql_event
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from bot import settings
from bot.console import pages
from bot.console.access import SESSION_COOKIE
from bot.console.premises import Premises
from bot.faq.library import Knowledge
from bot.outreach import second_factor, sign_in, staff
from bot.outreach.permissions import Role
from bot.outreach.staff import Account, PasswordHash
from bot.storage.engine import Database
from bot.vault import Vault
from bot.web import errors
from knowledge.catalogue import Catalogue
from knowledge.matcher import Matcher
from knowledge.model import Model

BASE = "https://127.0.0.1:8000"
PASSWORD = "ต้นสัก ต้นยาง ต้นไผ่"
NINE = datetime(2026, 11, 30, 2, 0, tzinfo=UTC)
_TAG = re.compile(r"<[^>]+>")
_HIDDEN = re.compile(r'name="csrf_token" value="([^"]+)"')
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""What a password costs is a matter of tests/bot/outreach/test_sign_in.py."""
_HASH = PasswordHash(CHEAP.hash(PASSWORD))


class _Compiled(BytecodeCache):
    """Templates that one site has compiled are the same in the next."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


class _Rule(Rule):
    """An address is put together by code that werkzeug makes for it: here, once somebody asks for that address."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        made: list[Callable[..., tuple[str, str]]] = []

        def build(rule: Rule, **values: Any) -> tuple[str, str]:
            if not made:
                made.append(Rule._compile_builder(rule, append_unknown))
            return made[0](rule, **values)

        return build


_COMPILED = _Compiled()
_matchers: list[tuple[Catalogue, Model, Matcher]] = []


def matcher_of(catalogue: Catalogue, model: Model) -> Matcher:
    """Made once for each content: it does not change, and to make one reads a whole dictionary."""
    for known_catalogue, known_model, matcher in _matchers:
        if known_catalogue is catalogue and known_model is model:
            return matcher
    _matchers.append((catalogue, model, Matcher(catalogue, model)))
    return _matchers[-1][-1]


def text_of(page: TestResponse) -> str:
    """The page's words, in one line."""
    return " ".join(unescape(_TAG.sub(" ", page.get_data(as_text=True))).split())


@contextmanager
def counted_queries(database: Database) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_others: object) -> None:
        if statement.startswith(("SELECT", "WITH")):
            seen.append(statement)

    sql_event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sql_event.remove(database.engine, "before_cursor_execute", note)


@dataclass
class FixedLibrary:
    catalogue: Catalogue
    matcher: Matcher

    def current(self) -> Knowledge:
        return Knowledge(self.catalogue.version, self.catalogue, self.matcher)


@dataclass
class Site:
    """The console on a database, answering from a small content. `now` stands still until a test moves it."""

    database: Database
    vault: Vault
    catalogue: Catalogue
    model: Model
    environment: dict[str, str] = field(default_factory=dict)
    now: datetime = NINE

    def __post_init__(self) -> None:
        library = FixedLibrary(self.catalogue, matcher_of(self.catalogue, self.model))
        chosen = settings.of({"CIVICBOT_SECRET_KEY": "s" * 40, **self.environment})
        self.premises = Premises(
            chosen,
            self.database,
            self.vault,
            library,  # type: ignore[arg-type]
            now=lambda: self.now,
        )
        self.app = Flask("console-tests", static_folder=None)
        self.app.url_rule_class = _Rule
        self.app.jinja_env.bytecode_cache = _COMPILED
        errors.install(self.app, pages={"/console": pages.error_page})
        pages.install(self.app, self.premises)

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)

    def add_account(self, role: Role, *, name: str = "", second_factor_set: bool | None = None) -> Account:
        """An account with a password, and with a second factor where its role needs one."""
        login = name or f"{role}-{self.now.timestamp():.0f}"
        with self.database.transaction() as db:
            invited = staff.add_account(db, name=login, login=login, role=role, by=None, now=self.now)
            account = staff.accept_invitation(db, token=invited.token, password_hash=_HASH, now=self.now)
            if second_factor_set if second_factor_set is not None else role is not Role.VOLUNTEER:
                begun = second_factor.begin_enrolment(self.vault, account=account, issuer="tests", now=self.now)
                code = pyotp.TOTP(begun.secret).at(self.now)
                second_factor.confirm_enrolment(
                    db, self.vault, account=account, sealed=begun.sealed, code=code, now=self.now
                )
            return staff.get_account(db, account.id)

    def visitor(self, role: Role | None = None, *, name: str = "") -> Visitor:
        """Somebody at the door, or, with a role, somebody signed in all the way."""
        visitor = Visitor(self.app)
        if role is not None:
            visitor.enter(self, self.add_account(role, name=name))
        return visitor


class Visitor:
    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()
        self._token: str | None = None

    def enter(self, site: Site, account: Account) -> None:
        """By a session made for the purpose: the doors have tests of their own."""
        self.account = account
        with site.database.transaction() as db:
            opened = sign_in.open_session(db, site.vault, who=account, address="192.0.2.1", device=None, now=site.now)
            if account.has_second_factor:
                found = sign_in.find_session(db, opened.token, now=site.now)
                assert found is not None
                opened = sign_in.pass_second_factor(db, signed_in=found, device=None, now=site.now)
        self.client.set_cookie(SESSION_COOKIE, opened.token, domain="127.0.0.1", secure=True, httponly=True)

    def get(self, path: str, **options: Any) -> TestResponse:
        response = self.client.get(path, base_url=BASE, **options)
        self._keep_token(response)
        return response

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        """With the hidden field of the last page that had a form; `get` such a page first."""
        if self._token is None:
            self.get("/console/account" if hasattr(self, "account") else "/console/sign-in")
        headers = {"Origin": BASE, **options.pop("headers", {})}
        filled = {"csrf_token": self._token or "", **(data or {})}
        response = self.client.post(path, base_url=BASE, data=filled, headers=headers, **options)
        self._keep_token(response)
        return response

    def _keep_token(self, response: TestResponse) -> None:
        found = _HIDDEN.search(response.get_data(as_text=True)) if response.mimetype == "text/html" else None
        if found:
            self._token = found[1]
