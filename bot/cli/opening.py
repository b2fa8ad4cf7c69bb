"""What commands that work on the database begin with."""

from __future__ import annotations

import click

from bot import logs, settings
from bot.faq import library
from bot.settings import Settings
from bot.storage import faq_versions, migrate
from bot.storage.engine import Database, open_database
from knowledge.catalogue import Catalogue
from knowledge.pack import Pack


def open_here() -> tuple[Settings, Database]:
    """The database is closed again when the command ends. Raises SettingsRefused, NotMigrated."""
    logs.configure(level="WARNING", as_json=False)
    chosen = settings.read()
    database = open_database(chosen.database)
    click.get_current_context().call_on_close(database.dispose)
    migrate.require_current(database)
    return chosen, database


def get_pack(database: Database) -> Pack:
    """Programmes and districts as they are in force."""
    try:
        version = library.find_published(database)
    except library.NothingPublished as error:
        raise click.ClickException("nothing is published yet; `civicbot migrate` loads the shipped content") from error
    with database.reading() as db:
        return Catalogue.from_json(faq_versions.get_content(db, version)).pack
