"""Databases with a small FAQ in force."""

from __future__ import annotations

import pytest

from bot.storage import faq_versions
from bot.storage.engine import Database
from knowledge.catalogue import Catalogue, load_catalogue
from tests.builders import NOON
from tests.knowledge.content import write_content


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return load_catalogue(write_content(tmp_path_factory.mktemp("small") / "content"))


@pytest.fixture
def published(database: Database, small: Catalogue) -> Database:
    put_in_force(database, small)
    return database


def put_in_force(database: Database, catalogue: Catalogue, *, source: str = "shipped files") -> None:
    with database.transaction() as db:
        faq_versions.add(db, version=catalogue.version, content=catalogue.to_json(), source=source, now=NOON)
        faq_versions.publish(db, version=catalogue.version, now=NOON)
