"""The public pages on a database, with a catalogue to take names from, and a clock that stands still."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import unescape
from typing import Any, cast

from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy.orm import Session

from bot import settings
from bot.events import check_in
from bot.faq.library import Library
from bot.storage.engine import Database
from bot.storage.registrations import RegistrationRow
from bot.vault import Vault
from bot.web import errors, public
from bot.web.guesses import Guesses
from bot.web.pages import Grounds
from knowledge.catalogue import Catalogue
from tests.builders import NOON

BASE = "https://bot.example.org"
WORD_JOINER = "\u2060"
_TAGS = re.compile(r"<[^>]+>")


class _Compiled(BytecodeCache):
    """Templates that one site has compiled are the same in the next."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


@dataclass(frozen=True)
class _Known:
    catalogue: Catalogue


@dataclass(frozen=True)
class _Library:
    catalogue: Catalogue

    def current(self) -> _Known:
        return _Known(self.catalogue)


@dataclass
class Site:
    database: Database
    vault: Vault
    catalogue: Catalogue
    base: str = BASE
    line_id: str = ""
    now: datetime = NOON
    guesses: Guesses = field(default_factory=Guesses)

    def __post_init__(self) -> None:
        self.app = Flask("public-tests", static_folder=None)
        self.app.jinja_env.bytecode_cache = _COMPILED
        grounds = Grounds(
            settings.of({"CIVICBOT_BASE_URL": self.base}), self.database, self.vault,
            cast(Library, _Library(self.catalogue)), self.guesses, now=lambda: self.now, line_id=self.line_id,
        )  # fmt: skip
        errors.install(self.app, pages=public.error_pages(grounds))
        public.install(self.app, grounds)
        self.client: FlaskClient = self.app.test_client()

    def get(self, path: str, status: int = 200, **options: Any) -> str:
        """The page as it is written."""
        response = self.client.get(path, base_url=self.base, **options)
        assert response.status_code == status, response.get_data(as_text=True)
        return response.get_data(as_text=True)

    def read(self, path: str, status: int = 200) -> str:
        """The page's words."""
        body = self.get(path, status).partition("<main")[2]
        return " ".join(unescape(_TAGS.sub(" ", body.partition(">")[2])).replace(WORD_JOINER, "").split())


def arrive(
    db: Session, row: RegistrationRow, at: datetime, *, people: int | None = None, part: int | None = None
) -> None:
    check_in.check_in(
        db, registration_id=row.id, people=people, at=at, way=check_in.SCAN, staff_id=None, now=at, part=part,
        key=f"{row.id}/{part}/{at.timestamp()}",
    )  # fmt: skip


def days(number: float) -> timedelta:
    return timedelta(days=number)
