"""`civicbot faq`: the FAQ's versions, and the FAQ as files."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from bot import clock, logs, settings, thai_dates
from bot.faq import changes, drafts, exchange, library, publishing
from bot.faq.exchange_faults import ImportRefused
from bot.faq.refusals import BadContent, NothingBefore, Stale
from bot.storage import faq_history, faq_versions, migrate
from bot.storage.engine import Database, open_database
from knowledge.catalogue import SHIPPED, Catalogue, check_content, load_catalogue

DRAFT, IN_FORCE = "draft", "in-force"
NOTHING_PUBLISHED = "nothing is published yet; `civicbot migrate` loads the shipped FAQ"
VERSION_HELP = f"`{IN_FORCE}`, `{DRAFT}`, or the beginning of a version's name."


@click.group()
def faq() -> None:
    """The FAQ's versions, and the FAQ as files."""


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
    click.get_current_context().call_on_close(database.dispose)
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


@faq.command()
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--version", default=IN_FORCE, show_default=True, help=VERSION_HELP)
def export(target: Path, version: str) -> None:
    """Write the FAQ to TARGET: a table when its name ends in .csv or .xlsx, else a folder, which must be new or empty.

    A folder holds everything that the bot knows; a table holds the topics.
    """
    catalogue = _get_catalogue(_open(), version)
    try:
        exchange.export_to(target, catalogue)
    except exchange.FolderInUse as error:
        raise click.ClickException(f"{target} is not empty; name a new folder") from error
    except OSError as error:
        raise click.ClickException(f"{target} cannot be written ({error.strerror})") from error
    click.echo(f"{len(catalogue.entries)} topics are in {target}.")


@faq.command("import")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
def import_(path: Path) -> None:
    """Read a folder, a .csv or an .xlsx into the draft: all of it, or nothing with everything that is wrong listed.

    Topics that a table does not have are removed from the draft. Nothing of it is in force before it is published.
    """
    database = _open()
    try:
        with database.reading() as db:
            draft = drafts.find_draft(db)
        base = draft.catalogue if draft else _get_catalogue(database, IN_FORCE)
        catalogue = exchange.read_path(path, base=base)
        with database.transaction() as db:
            imported = exchange.import_content(
                db, catalogue=catalogue, base=base, source=path.name, by=None, now=clock.now()
            )
    except (ImportRefused, BadContent) as refused:
        for fault in refused.faults:
            click.echo(str(fault))
        raise click.ClickException("nothing was changed; mend the above and import again") from refused
    except Stale as refused:
        raise click.ClickException("somebody edited the draft meanwhile; import again") from refused
    _show(imported.changes)
    click.echo(f"The draft is at revision {imported.revision}.")


@faq.command()
@click.argument("old", default=IN_FORCE, metavar="[A]")
@click.argument("new", default=DRAFT, metavar="[B]")
def diff(old: str, new: str) -> None:
    """Show what B has otherwise than A: `in-force`, `draft`, or the beginning of a version's name.

    Without names: how the draft differs from what is in force.
    """
    database = _open()
    _show(changes.compare(_get_catalogue(database, old), _get_catalogue(database, new)))


@faq.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
def rollback(*, yes: bool) -> None:
    """Put the version published before in force again. A second time leads back to the one it replaced."""
    database = _open()
    in_force = _find_in_force(database)
    with database.reading() as db:
        before = faq_history.find_published_before(db, in_force)
    if before is None:
        raise click.ClickException("no other version was ever in force")
    if not yes:
        click.confirm(f"Replace {in_force[:12]} by {before[:12]}?", abort=True)
    try:
        now_in_force = publishing.roll_back(database, seen=in_force, now=clock.now())
    except (Stale, NothingBefore) as refused:
        raise click.ClickException("something was published meanwhile; look at `civicbot faq versions`") from refused
    click.echo(f"{now_in_force[:12]} is in force.")


def _show(found: changes.Changes) -> None:
    for line in found.to_lines() or ["no differences"]:
        click.echo(line)


def _find_in_force(database: Database) -> str:
    try:
        return library.find_published(database)
    except library.NothingPublished as error:
        raise click.ClickException(NOTHING_PUBLISHED) from error


def _get_catalogue(database: Database, name: str) -> Catalogue:
    if name == DRAFT:
        with database.reading() as db:
            draft = drafts.find_draft(db)
        if draft is None:
            raise click.ClickException("there is no draft")
        return draft.catalogue
    version = _find_in_force(database) if name == IN_FORCE else _get_version(database, name)
    with database.reading() as db:
        return Catalogue.from_json(faq_versions.get_content(db, version))


def _get_version(database: Database, beginning: str) -> str:
    with database.reading() as db:
        names = faq_history.list_beginning_with(db, beginning)
    if len(names) != 1:
        what = "no version begins" if not names else "several versions begin"
        raise click.ClickException(f"{what} with {beginning!r}; `civicbot faq versions` lists them")
    return names[0]
