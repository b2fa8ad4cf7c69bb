"""`upgrade`: a backup, then the tables of this release, then a look at them; and back, where anything is wrong."""

from __future__ import annotations

from dataclasses import replace

import click

from bot import clock, logs, settings
from bot.backups import making, putting_back, upgrading
from bot.backups.places import Plan, plan_of
from bot.backups.refusals import BackupRefused
from bot.backups.upgrading import Step, Upgrade
from bot.cli import restore, restore_start
from bot.cli.backup import NOT_ENCRYPTED, refusals_explained
from bot.cli.backup_words import explain
from bot.cli.serve import prepare_database
from bot.settings import Settings
from bot.storage import copying_postgres, copying_sqlite, migrate
from bot.storage.engine import Database


class NotAsExpected(Exception):
    """The upgraded database is not what it should be."""


@click.command()
@click.option("--back", is_flag=True, help="Put back the copy that the last upgrade made before it began.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--without-list", is_flag=True, help="With --back: although who was erased since cannot be read.")
def upgrade(*, back: bool, yes: bool, without_list: bool) -> None:
    """Bring the database to this release: back it up, migrate, look through it.

    Stop civicbot, bring in the new files, and run this. If anything goes wrong, the copy is put back by itself. What
    was broken off is brought to its end by giving the command again.
    """
    logs.configure(level="WARNING", as_json=False)
    chosen = settings.read()
    with refusals_explained():
        restore.require_stopped(chosen)
        plan = plan_of(chosen)
        if back:
            _go_back(chosen, plan, yes=yes, without_list=without_list)
        else:
            _upgrade(chosen, plan)


def _upgrade(chosen: Settings, plan: Plan) -> None:
    folder = plan.folder
    before = upgrading.read(folder)
    if before is not None and before.step is Step.TAKING_BACK:
        _take_back(chosen, plan, before)
        raise click.ClickException("the upgrade failed before and was broken off; the copy is in place again")
    restore_start.require_whole(chosen)
    if before is None or not _goes_on(chosen, plan, before):
        _require_way_back(plan)
        before = _back_up(chosen, plan)
    upgrading.write(folder, before)
    try:
        database = prepare_database(chosen, samples=False)
        try:
            look_through(database, before)
        finally:
            database.dispose()
    except Exception as error:
        click.echo(f"the upgrade failed: {_words(error)}", err=True)
        before = replace(before, step=Step.TAKING_BACK)
        upgrading.write(folder, before)
        _take_back(chosen, plan, before)
        raise click.ClickException(
            f"everything is as it was before: release {before.release} can be started again"
        ) from error
    upgrading.write(folder, replace(before, step=Step.DONE))
    click.echo(f"The database is at revision {migrate.newest()}. `civicbot upgrade --back` puts the copy back.")


def _require_way_back(plan: Plan) -> None:
    """A copy that this machine cannot open could not be put back by itself."""
    if plan.key is not None and plan.key.identity is None:
        raise click.ClickException(
            "this machine could not put back the copy that an upgrade makes first: for the upgrade, set"
            " CIVICBOT_BACKUP_KEY to the key that begins with AGE-SECRET-KEY-1"
        )


def _back_up(chosen: Settings, plan: Plan) -> Upgrade:
    with restore.closing_database(chosen) as database:
        revision = migrate.current(database)
        if revision is None:
            raise click.ClickException("there is no database yet: `civicbot run` or `civicbot migrate` makes one")
        made = making.make(database, plan)
    click.echo(f"backed up: {made.path}")
    for fault in made.faults:
        click.echo(f"NOT copied: {fault}", err=True)
    if not made.encrypted:
        click.echo(NOT_ENCRYPTED, err=True)
    counts = made.manifest.counts
    return upgrading.begun(
        made.path.name, revision=revision, release=made.manifest.release, counts=counts, now=clock.now()
    )


def look_through(database: Database, before: Upgrade) -> None:
    """Raises NotAsExpected, NotMigrated."""
    migrate.require_current(database)
    if database.is_sqlite:
        path = putting_back.path_of(str(database.engine.url))
        copying_sqlite.check(path)
        counts = copying_sqlite.count_rows(path)
    else:
        with copying_postgres.one_moment(database) as (_, found):
            counts = found
    lost = [
        f"{name} {count} → {counts[name]}" for name, count in before.counts.items() if counts.get(name, count) < count
    ]
    if lost:
        raise NotAsExpected("rows are missing: " + ", ".join(lost))


def _take_back(chosen: Settings, plan: Plan, before: Upgrade) -> None:
    """Nothing ran in between: nothing has to be held, or erased again. May be repeated."""
    path = putting_back.locate(plan, before.backup)
    with putting_back.opened(path, plan, url=chosen.database) as one:
        kept = putting_back.put_in_place(one, url=chosen.database, held=False, now=clock.now())
    if kept is not None:
        click.echo(f"the failed one: {kept}", err=True)
    upgrading.write(plan.folder, replace(before, step=Step.TAKEN_BACK))


def _go_back(chosen: Settings, plan: Plan, *, yes: bool, without_list: bool) -> None:
    before = upgrading.read(plan.folder)
    if before is None:
        raise click.ClickException("no upgrade was made here")
    if before.step is Step.TAKEN_BACK:
        raise click.ClickException(f"it was taken back already: {before.backup} is in place")
    if before.step is not Step.DONE:
        _take_back(chosen, plan, before)
        click.echo(f"{before.backup} is in place again. Start release {before.release}.")
        return
    if before.revision == migrate.newest():  # this release can do all that follows a restore by itself
        restore.put_back(chosen, before.backup, yes=yes, without_list=without_list)
    else:
        _put_back_for_former_release(chosen, plan, before, yes=yes, without_list=without_list)
    upgrading.write(plan.folder, replace(before, step=Step.TAKEN_BACK))


def _put_back_for_former_release(
    chosen: Settings, plan: Plan, before: Upgrade, *, yes: bool, without_list: bool
) -> None:  # fmt: skip
    """The tables are to be the former ones, so it is the former release that does what follows, as it starts."""
    path = putting_back.locate(plan, before.backup)
    with putting_back.opened(path, plan, url=chosen.database) as one:
        lists = putting_back.find_lists(plan, beside=path, secrets=chosen.secrets, without_list=without_list)
        if not yes:
            click.confirm("What was done since the upgrade is not in it. Go on?", abort=True)
        putting_back.remember(plan, one, lists, url=chosen.database, without_list=without_list)
        kept = putting_back.put_in_place(one, url=chosen.database, held=True, now=clock.now())
    if kept is not None:
        click.echo(f"what was there before: {kept}")
    click.echo(
        f"{before.backup} is in place. Bring in the files of release {before.release} and run `civicbot migrate` or"
        " `civicbot run` with them: who was erased since is erased again then. Nothing is sent by itself before"
        " `civicbot restore confirm`."
    )


def _goes_on(chosen: Settings, plan: Plan, before: Upgrade) -> bool:
    """One that was broken off after its tables were changed. Before that a new copy is better than one of who knows
    when."""
    if before.step is not Step.BACKED_UP:
        return False
    with restore.closing_database(chosen) as database:
        if migrate.current(database) in (None, before.revision):
            return False
    try:
        putting_back.locate(plan, before.backup)
    except BackupRefused:
        return False
    return True


def _words(error: Exception) -> str:
    return explain(error) if isinstance(error, BackupRefused) else (str(error).strip() or type(error).__name__)
