"""Databases with the table of those who want to hear back."""

from __future__ import annotations

import pytest
from sqlalchemy import Table, inspect

from bot.storage.base import Base
from bot.storage.engine import Database
from bot.storage.hear_back import HearBackRow


def make(database: Database) -> Database:
    if not inspect(database.engine).has_table(HearBackRow.__tablename__):
        table = HearBackRow.__table__
        assert isinstance(table, Table)
        Base.metadata.create_all(database.engine, tables=[table])
    return database


@pytest.fixture
def sqlite_database(sqlite_database: Database) -> Database:
    return make(sqlite_database)


@pytest.fixture(scope="session")
def migrated_postgres(migrated_postgres: Database) -> Database:
    return make(migrated_postgres)
