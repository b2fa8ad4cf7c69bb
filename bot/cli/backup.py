"""`backup`: a copy of the whole state, made while the service runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError

from bot import clock, logs, settings
from bot.backups import checking, making, places, putting_back, sealing
from bot.backups.making import Made
from bot.backups.manifest import Manifest
from bot.backups.places import Plan
from bot.backups.refusals import BackupRefused
from bot.cli.backup_words import explain
from bot.cli.opening import open_here
from bot.settings import Settings
from bot.storage import backups as table
from bot.storage import copying_sqlite
from bot.storage.engine import open_database

NOT_ENCRYPTED = (
    "CIVICBOT_SECRET_KEY is not in it, since it is not encrypted: keep that key elsewhere, for without it what people"
    " wrote cannot be read. With CIVICBOT_BACKUP_KEY set it is encrypted, and the key goes in."
)


@contextmanager
def refusals_explained() -> Iterator[None]:
    try:
        yield
    except BackupRefused as refused:
        raise click.ClickException(explain(refused)) from refused


@click.group(invoke_without_command=True)
@click.option("--to", type=click.Path(file_okay=False, path_type=Path), help="One more folder to copy it to.")
@click.pass_context
def backup(context: click.Context, to: Path | None) -> None:
    """Make a backup now; it is checked, and copied to the second places that are set. Safe while serving."""
    if context.invoked_subcommand is not None:
        return
    chosen, database = open_here()
    with refusals_explained():
        made = making.make(database, places.plan_of(chosen, also=to))
    _tell(made)
    if made.faults:
        context.exit(1)


def _tell(made: Made) -> None:
    click.echo(f"{made.path}  {_size(made.part.size)}, {made.manifest.rows:,} rows, checked")
    for place in made.places[1:]:
        click.echo(f"copied to: {place}, read back and found the same")
    for fault in made.faults:
        click.echo(f"NOT copied: {fault}", err=True)
    if made.removed:
        click.echo(f"removed {made.removed} older ones")
    if not made.encrypted:
        click.echo(NOT_ENCRYPTED, err=True)


@backup.command("list")
def list_() -> None:
    """Which backups there are, and where. The latest first."""
    logs.configure(level="WARNING", as_json=False)
    chosen = settings.read()
    found, faults = putting_back.list_all(places.plan_of(chosen))
    where: dict[str, list[str]] = {}
    for one in found:
        where.setdefault(one.name, []).append(one.place.where)
    for name, kept_in in where.items():
        click.echo(f"{name}  {_age(places.time_of(name))}  {'  '.join(kept_in)}")
    if not where:
        click.echo("There is no backup yet: `civicbot backup` makes one.")
    for fault in faults:
        click.echo(f"cannot be looked at: {fault}", err=True)
    _tell_failure(chosen)


def _tell_failure(chosen: Settings) -> None:
    """Why the last one failed, if it did, and the database can say so."""
    if chosen.on_sqlite and copying_sqlite.is_empty(putting_back.path_of(chosen.database)):
        return
    database = open_database(chosen.database, pool_size=1)
    try:
        with database.reading() as db:
            latest = table.list_latest(db, limit=1)
    except SQLAlchemyError:
        return
    finally:
        database.dispose()
    for row in latest:
        if row.error:
            began = clock.in_bangkok(row.began_at).strftime("%Y-%m-%d %H:%M")
            click.echo(f"the last one, begun {began} Bangkok time, failed: {row.error}", err=True)


@backup.command()
@click.argument("file")
def check(file: str) -> None:
    """Take FILE apart and look through all of it: a path, a name from `backup list`, or `latest`."""
    logs.configure(level="WARNING", as_json=False)
    plan = places.plan_of(settings.read())
    with refusals_explained():
        path = putting_back.locate(plan, file)
        with checking.taken_apart(path, key=plan.key, beside=_somewhere(plan)) as (manifest, _):
            click.echo(f"{path.name} is whole: {described(manifest)}")


@backup.command()
def key() -> None:
    """Make a key for CIVICBOT_BACKUP_KEY. It is shown once and kept nowhere."""
    secret, public = sealing.make_key()
    click.echo(f"To open backups, for a safe place that is not this machine:\n  {secret}\n")
    click.echo(f"For CIVICBOT_BACKUP_KEY on this machine:\n  {public}\n")
    click.echo(
        "With the second this machine makes backups that it cannot read; with the first it can check them fully."
    )


def described(manifest: Manifest) -> str:
    made_at = clock.in_bangkok(manifest.made_at).strftime("%Y-%m-%d %H:%M")
    return f"{manifest.rows:,} rows of {made_at}, Bangkok time, made by release {manifest.release}"


def _somewhere(plan: Plan) -> Path:
    plan.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return plan.folder


def _age(made_at: datetime | None) -> str:
    if made_at is None:
        return ""
    hours = int((clock.now() - made_at).total_seconds() // 3600)
    return f"{hours // 24} days ago" if hours >= 48 else f"{hours} hours ago"


def _size(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB"
