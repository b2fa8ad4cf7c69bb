"""`civicbot faq`: the FAQ as files."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from bot import clock, logs, settings, thai_dates
from bot.faq import library
from bot.storage import faq_versions, migrate
from bot.storage.engine import Database, open_database
from knowledge.catalogue import SHIPPED, check_content, load_catalogue


@click.group()
def faq() -> None:
    """The FAQ as files."""


@faq.command()
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path), default=SHIPPED)
def check(directory: Path) -> None:
    """Say everything that is wrong with a content folder, by file and line, and how to mend it.

    Without a folder the shipped content is checked. The exit status is 1 when something must be mended; warnings may
    stay.
    """
    faults = check_content(directory)
    for fault in faults:
        click.echo(str(fault))
    serious = sum(not fault.warning for fault in faults)
    if serious:
        click.echo(f"{serious} {'fault' if serious == 1 else 'faults'} to mend.")
        sys.exit(1)
    catalogue = load_catalogue(directory)
    variants = sum(len(entry.variants) for entry in catalogue.entries.values())
    click.echo(f"{len(catalogue.entries)} topics with {variants} variants: nothing to mend.")


def _open() -> Database:
    logs.configure(level="WARNING", as_json=False)
    database = open_database(settings.read().database)
    migrate.require_current(database)
    return database


@faq.command()
def versions() -> None:
    """List the versions in the database, the newest first, and which one is in force."""
    with _open().reading() as db:
        found, published = faq_versions.list_versions(db), faq_versions.find_published(db)
    for row in found:
        state = "in force" if row.version == published else "published before" if row.published_at else "draft"
        click.echo(f"{row.version[:12]}  {thai_dates.date_and_time(row.created_at)}  {state}  {row.source}")


@faq.command()
@click.argument("version")
def publish(version: str) -> None:
    """Put a version in force: a draft, or an earlier one to go back to. Workers take it up within seconds.

    VERSION is the beginning of its name, as `faq versions` lists it. Its model is trained first; until that is done
    the version before keeps answering.
    """
    database = _open()
    with database.reading() as db:
        names = [row.version for row in faq_versions.list_versions(db) if row.version.startswith(version)]
    if len(names) != 1:
        what = "no version begins" if not names else f"{len(names)} versions begin"
        raise click.ClickException(f"{what} with {version!r}; `civicbot faq versions` lists them")
    library.ensure_trained(database, names[0])
    with database.transaction() as db:
        faq_versions.publish(db, version=names[0], now=clock.now())
    click.echo(f"{names[0][:12]} is in force.")
