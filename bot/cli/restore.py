"""`restore`: a backup put in the place of the present database. Nobody is written to unasked before it is confirmed."""

from __future__ import annotations

import json
import os
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click
from dotenv import dotenv_values

from bot import clock, logs, settings
from bot.backups import files, putting_back, rotation
from bot.backups.places import plan_of
from bot.backups.putting_back import Opened
from bot.backups.refusals import BackupRefused, Why
from bot.cli import restore_finish
from bot.cli.backup import described, refusals_explained
from bot.cli.opening import open_here
from bot.outreach import audit
from bot.settings import KEY_FILE, Settings
from bot.storage import backups, holds, migrate, restoring
from bot.storage.engine import Database, open_database
from bot.storage.restoring import Waiting
from bot.vault import Vault

NO_LIST = (
    "WARNING: no list of who was erased was found, here or beside the file: whoever was erased since is there again"
)


class _FileOrCommand(click.Group):
    """`restore FILE` beside `restore confirm`."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            args = ["file", *args]
        return super().resolve_command(ctx, args)


@click.group(cls=_FileOrCommand, subcommand_metavar="FILE|latest|confirm [OPTIONS]")
def restore() -> None:
    """Put a backup in the place of the present database.

    Give a file, a name from `civicbot backup list`, or `latest`. Stop civicbot first. What was there is kept. Whoever
    was erased since is erased again, and nothing is sent by itself until `civicbot restore confirm`.
    With `--yes` after FILE it does not ask; with `--without-list` it goes on although nobody can tell who was erased.
    """


@restore.command(hidden=True)
@click.argument("wanted", metavar="FILE")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--without-list", is_flag=True, help="Although a list of who was erased since cannot be read.")
def file(wanted: str, *, yes: bool, without_list: bool) -> None:
    """Put FILE in the place of the present database."""
    logs.configure(level="WARNING", as_json=False)
    chosen = settings.read()
    with refusals_explained():
        put_back(chosen, wanted, yes=yes, without_list=without_list)


def put_back(chosen: Settings, wanted: str, *, yes: bool, without_list: bool = False) -> None:
    """Raises BackupRefused, before anything is changed."""
    plan = plan_of(chosen)
    path = putting_back.locate(plan, wanted)
    require_stopped(chosen)
    with putting_back.opened(path, plan, url=chosen.database) as one:
        keys = _secrets(chosen, one)
        putting_back.require_secret(one, keys)
        lists = putting_back.find_lists(plan, beside=path, secrets=keys, without_list=without_list)
        click.echo(f"{one.name}: {described(one.manifest)}")
        if not yes:
            click.confirm("It takes the place of the present database. Go on?", abort=True)
        _keep_present(chosen)
        if not putting_back.remember(plan, one, lists, url=chosen.database, without_list=without_list):
            click.echo(NO_LIST, err=True)
        with _keeping_secret(chosen, keys):
            kept = putting_back.put_in_place(one, url=chosen.database, held=True, now=clock.now())
    if kept is not None:
        click.echo(f"what was there before: {kept}")
    with closing_database(chosen) as database:
        migrate.upgrade(database)
        restore_finish.tell(restore_finish.finish(database, Vault(keys), plan, now=clock.now()))


@contextmanager
def closing_database(chosen: Settings) -> Iterator[Database]:
    database = open_database(chosen.database)
    try:
        yield database
    finally:
        database.dispose()


def _secrets(chosen: Settings, one: Opened) -> tuple[str, ...]:
    """Those that are set; on a new machine the one that came along, also where a first start has made one there, with
    the previous one that is set: it may open the list of who was erased since."""
    by_hand = _set_by_hand()
    is_set = bool(by_hand.secret_key.get_secret_value())
    keys = chosen.secrets if is_set or not one.secret else tuple(dict.fromkeys((one.secret, *by_hand.secrets)))
    if not keys:
        raise BackupRefused(Why.OTHER_SECRET, one.name)
    return keys


def _set_by_hand() -> Settings:
    """Without the key in the data folder."""
    written = {name: value for name, value in dotenv_values(".env").items() if value is not None}
    return settings.of({**written, **os.environ})


@contextmanager
def _keeping_secret(chosen: Settings, keys: Sequence[str]) -> Iterator[None]:
    """Before the database that it opens is there: with the other order a start in between could not read that. Where
    that does not get there, the one that opens the present database is back."""
    path = chosen.data_dir / KEY_FILE
    if keys == chosen.secrets:
        yield
        return
    kept = path.with_name(rotation.kept_name(path.name, now=clock.now())) if path.exists() else None
    if kept is not None:
        path.replace(kept)
    files.write_whole(path, keys[0].encode())
    try:
        yield
    except BaseException:
        if kept is not None:
            kept.replace(path)
        raise
    click.echo(f"CIVICBOT_SECRET_KEY came with the backup: it is kept in {path}")


def _keep_present(chosen: Settings) -> None:
    if chosen.on_sqlite:
        return  # it stays beside the new one, under another name
    with closing_database(chosen) as present:
        kept = putting_back.keep_what_is_there(present, plan_of(chosen))
    if kept is not None:
        click.echo(f"what was there before: {kept}")


def require_stopped(chosen: Settings) -> None:
    """Raises BackupRefused while civicbot runs."""
    try:
        with urllib.request.urlopen(f"http://{chosen.host}:{chosen.port}/live", timeout=2) as answer:
            running = json.loads(answer.read(1000)) == {"alive": True}
    except (OSError, ValueError):
        running = False
    if running:
        raise BackupRefused(Why.IN_USE, f"port {chosen.port}")
    putting_back.require_stopped(chosen.database)


@restore.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
def confirm(*, yes: bool) -> None:
    """Let sending go on after a restore, once you have looked at what would go out."""
    chosen, database = open_here()
    with database.reading() as db:
        hold, waiting = holds.find(db, holds.SENDING), restoring.count_waiting(db)
        copied_at = backups.find_copied_at(db, restored_at=hold.since) if hold is not None else None
    if hold is None:
        click.echo("Sending is not held.")
        return
    if restore_finish.is_unfinished(database):
        raise click.ClickException("the restore was broken off: give `civicbot restore` again, or start civicbot once")
    click.echo(describe(waiting))
    click.echo(restore_finish.what_is_not_known(copied_at))
    if not yes:
        click.confirm("Let sending go on?", abort=True)
    if not chosen.secrets:
        raise click.ClickException("CIVICBOT_SECRET_KEY is not set: the audit log cannot be written")
    with database.transaction() as db:
        if holds.end(db, holds.SENDING):
            audit.record(
                db, Vault(chosen.secrets), actor=audit.COMMAND_LINE, action="sending.confirmed",
                subject=("backup", hold.why), now=clock.now(),
            )  # fmt: skip
    click.echo("Sending goes on.")


def describe(waiting: Waiting) -> str:
    return (
        f"Held one by one, to be sent or dropped in the console, also after this: {waiting.service_messages} messages"
        f" to registrants, {waiting.notices} notices.\n"
        f"Going out by itself after this: {waiting.hear_backs} answers to people who asked to hear back; reminders and"
        " offers that fall due from now on."
    )
