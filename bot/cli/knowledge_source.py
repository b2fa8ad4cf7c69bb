"""Where the commands' knowledge comes from: a folder, the published FAQ, or the shipped files."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import click

from bot import logs
from bot.faq import library
from bot.settings import Settings
from bot.storage import migrate
from bot.storage.engine import open_database
from knowledge.catalogue import SHIPPED, Catalogue, load_catalogue
from knowledge.model import RECIPE, Model, train


def load(content: Path | None, settings: Settings) -> tuple[Catalogue, Model]:
    """A folder's content where one is named; else the FAQ in force; else the shipped files.

    Raises ContentError when the files have faults. A folder's model is trained once and kept in the data folder.
    """
    logs.configure(level="WARNING", as_json=False)  # standard output is for decisions only
    if content is None:
        published = _find_published(settings)
        if published is not None:
            return published
    return load_folder(content or SHIPPED, data_dir=settings.data_dir)


def load_folder(folder: Path, *, data_dir: Path) -> tuple[Catalogue, Model]:
    catalogue = load_catalogue(folder)
    path = data_dir / "models" / f"{catalogue.version}-{RECIPE}.npz"
    if path.exists():
        try:
            return catalogue, Model.from_bytes(path.read_bytes())
        except ValueError:
            path.unlink(missing_ok=True)  # cut short, or of another time: trained again below
    if sys.stderr.isatty():
        click.echo("Training on this content, once (about half a minute) …", err=True)
    model = train(catalogue)
    _keep(path, model.to_bytes())
    return catalogue, model


def _find_published(settings: Settings) -> tuple[Catalogue, Model] | None:
    """None while there is no database, or nothing published in it. Creates neither."""
    if settings.on_sqlite and not Path(settings.database.removeprefix("sqlite:///")).exists():
        return None
    database = open_database(settings.database)
    try:
        migrate.require_current(database)
        return library.open_parts(database, library.find_published(database))
    except (library.NothingPublished, migrate.NotMigrated):
        return None
    finally:
        database.dispose()


def _keep(path: Path, data: bytes) -> None:
    """Whole or not at all, also when two do it at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(data)
    Path(file.name).replace(path)
