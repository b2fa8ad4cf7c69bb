"""The published FAQ, for commands that want to read what people are answered from."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import make_url

from bot.faq import library
from bot.settings import Settings
from bot.storage import migrate
from bot.storage.engine import open_database
from knowledge.catalogue import Catalogue
from knowledge.model import Model


def find_published(chosen: Settings) -> tuple[Catalogue, Model] | None:
    """The version in force with its model, or None where no database has been set up yet."""
    if chosen.on_sqlite and not Path(make_url(chosen.database).database or "").exists():
        return None
    database = open_database(chosen.database)
    try:
        migrate.require_current(database)
        version = library.find_published(database)
        return library.open_parts(database, version)
    except (migrate.NotMigrated, library.NothingPublished):
        return None
    finally:
        database.dispose()
