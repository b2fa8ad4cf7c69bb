"""The console on an empty database, with three topics to know about."""

from __future__ import annotations

import pytest

from bot.outreach import sign_in
from bot.storage.engine import Database
from bot.vault import Vault
from knowledge.catalogue import Catalogue, load_catalogue
from knowledge.model import Model, train
from tests.bot.console.visiting import CHEAP, Site
from tests.knowledge.content import write_content

NOBODY = CHEAP.hash("nobody's password")


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in, "_HASHER", CHEAP)
    monkeypatch.setattr(sign_in, "_NOBODY", NOBODY)


@pytest.fixture(scope="session")
def small_catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return load_catalogue(write_content(tmp_path_factory.mktemp("console") / "content"))


@pytest.fixture(scope="session")
def small_catalogue_model(small_catalogue: Catalogue) -> Model:
    return train(small_catalogue)


@pytest.fixture
def site(sqlite_database: Database, vault: Vault, small_catalogue: Catalogue, small_catalogue_model: Model) -> Site:
    return Site(sqlite_database, vault, small_catalogue, small_catalogue_model)


@pytest.fixture
def site_on_each(database: Database, vault: Vault, small_catalogue: Catalogue, small_catalogue_model: Model) -> Site:
    """Once on SQLite, once on PostgreSQL."""
    return Site(database, vault, small_catalogue, small_catalogue_model)
