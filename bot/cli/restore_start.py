"""Before anybody is served: the database file is whole, and a restore that was broken off is brought to its end."""

from __future__ import annotations

import click

from bot import clock
from bot.backups import putting_back
from bot.backups.places import plan_of, time_of
from bot.backups.refusals import BackupRefused
from bot.cli import restore_finish
from bot.cli.backup_words import explain
from bot.settings import Settings, SettingsRefused
from bot.storage import copying_sqlite
from bot.storage.copying_sqlite import Damaged
from bot.storage.engine import Database
from bot.vault import Vault

GONE = (
    "{path}: there is no database any more, but there are backups of it in {folder}. `civicbot restore latest` puts the"
    " last one in its place; to begin with nothing, move that folder away"
)
DAMAGED = (
    "{path}: the database is damaged ({error}); nothing was changed. `civicbot restore latest` puts the last backup in"
    " its place and keeps this file"
)


def require_whole(chosen: Settings) -> None:
    """Raises SettingsRefused where the SQLite file is damaged, or where there was one: never begins with an empty one
    in its place."""
    if not chosen.on_sqlite:
        return
    path = putting_back.path_of(chosen.database)
    folder = plan_of(chosen).folder
    if copying_sqlite.is_empty(path):
        if folder.is_dir() and any(time_of(one.name) is not None for one in folder.iterdir()):
            raise SettingsRefused((GONE.format(path=path, folder=folder),))
        return
    try:
        copying_sqlite.check(path, quickly=True)
    except Damaged as error:
        raise SettingsRefused((DAMAGED.format(path=path, error=error),)) from error


def go_on(chosen: Settings, database: Database) -> None:
    if not restore_finish.is_unfinished(database):
        return
    if not chosen.secrets:
        raise SettingsRefused(("CIVICBOT_SECRET_KEY: is not set, and a restore has to be brought to its end with it",))
    click.echo("going on with a restore that was broken off …", err=True)
    plan = plan_of(chosen)
    try:
        putting_back.require_recalled(plan, chosen.secrets)
    except BackupRefused as refused:
        raise SettingsRefused((f"a restore has to be brought to its end: {explain(refused)}",)) from refused
    restore_finish.tell(restore_finish.finish(database, Vault(chosen.secrets), plan, now=clock.now()))


def require_finished(database: Database) -> None:
    """Raises SettingsRefused."""
    putting_back.require_finished(database)
