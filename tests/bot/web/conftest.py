from __future__ import annotations

import pytest

from bot.storage.engine import Database
from bot.vault import Vault
from knowledge.catalogue import Catalogue, load_catalogue
from tests.bot.web.visiting import Site
from tests.knowledge.content import write_content


@pytest.fixture(scope="session")
def small_catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return load_catalogue(write_content(tmp_path_factory.mktemp("public") / "content"))


@pytest.fixture
def site(database: Database, vault: Vault, small_catalogue: Catalogue) -> Site:
    """Once on SQLite, once on PostgreSQL."""
    return Site(database, vault, small_catalogue)


@pytest.fixture
def quick_site(sqlite_database: Database, vault: Vault, small_catalogue: Catalogue) -> Site:
    return Site(sqlite_database, vault, small_catalogue)
