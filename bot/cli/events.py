"""`civicbot events`: events as files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import click
from sqlalchemy.orm import Session

from bot import clock
from bot.cli.event_faults import in_words
from bot.cli.opening import get_pack, open_here
from bot.events import exchange
from bot.events.event_draft import plain
from bot.events.exchange import Format
from bot.events.exchange_faults import ImportRefused
from bot.events.exchange_rows import Batch
from bot.events.exchange_table import LARGEST_FILE, MOST_EVENTS, WRITTEN
from bot.events.exchange_weighing import Step
from bot.events.planning import ChangedMeanwhile, PlanRefused
from bot.outreach import audit
from bot.storage.engine import Database
from bot.vault import Vault
from knowledge.pack import Pack

FORMATS: tuple[Format, ...] = get_args(Format)
MARKS = {"new": "+", "changed": "~", "same": "=", "called off": "x"}
DRAFT, UNTITLED = "a new draft", "(no title)"


@click.group()
def events() -> None:
    """Events as files: CSV, XLSX, iCalendar."""


@events.command("import")
@click.argument("files", type=click.Path(exists=True, dir_okay=False, path_type=Path), nargs=-1, required=True)
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
def import_(files: Sequence[Path], *, dry_run: bool) -> None:
    """Read events from FILES (.csv, .xlsx, .ics): all of them, or nothing with everything that is wrong listed.

    An event that is new becomes a draft, which nobody sees before it is published in the console. One that is here
    already, by its id, is changed; if it is published, those who have registered hear of another time, place or link.
    """
    chosen, database = open_here()
    if not (chosen.secrets or dry_run):
        raise click.ClickException("CIVICBOT_SECRET_KEY is not set: the audit log cannot be written")
    pack = get_pack(database)
    batches, steps = _look(database, files, pack=pack)
    if not dry_run:
        try:
            with database.transaction() as db:
                steps = [step for batch in batches for step in _write(db, batch, pack=pack)]
                _record(db, Vault(chosen.secrets), steps)
        except (ChangedMeanwhile, ImportRefused, PlanRefused) as refused:
            raise click.ClickException("the events were changed meanwhile; nothing was written, try again") from refused
    for step in steps:
        click.echo(_line(step, dry_run=dry_run))
    new, changed = (sum(step.outcome == outcome for step in steps) for outcome in ("new", "changed"))
    click.echo(f"{new} new, {changed} changed, {len(steps) - new - changed} left as they are.")
    if dry_run:
        click.echo("This was a dry run: nothing was written.")
    elif new:
        click.echo("The new ones are drafts: look at them in the console, and publish them there.")


@events.command()
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE")
@click.option("--format", "form", type=click.Choice(FORMATS), help="Default: what the name of FILE ends in.")
def export(target: Path, form: Format | None) -> None:
    """Write all events to FILE: what they are, and nothing of those who have registered.

    A table holds everything that an event is; a calendar (ics) what calendars know of, without links to meetings.
    """
    ending = target.suffix.lower().removeprefix(".")
    chosen_form = form or next((known for known in FORMATS if known == ending), None)
    if chosen_form is None:
        raise click.UsageError(f"say which --format: {', '.join(FORMATS)}")
    chosen, database = open_here()
    pack = get_pack(database)
    with database.reading() as db:
        done = exchange.export_events(db, chosen_form, pack=pack, base_url=chosen.base_url, now=clock.now())
    try:
        target.write_bytes(done.data)
    except OSError as error:
        raise click.ClickException(f"{target} cannot be written ({error.strerror})") from error
    click.echo(f"{done.count} events are in {target}.")
    if done.undated:
        click.echo(f"Drafts without a day, which a calendar has no place for: {done.undated}.")
    if done.more:
        click.echo(f"There are more: a file holds the latest {MOST_EVENTS:,}.")


def _look(database: Database, files: Sequence[Path], *, pack: Pack) -> tuple[list[Batch], list[Step]]:
    """What the files hold, and what it would do. Everything that is wrong with any of them is said."""
    batches: list[Batch] = []
    steps: list[Step] = []
    wrong = False
    for path in files:
        try:
            batch = exchange.read_file(path.name, _read(path), pack=pack, now=clock.now())
            with database.reading() as db:
                steps += exchange.weigh(db, batch, pack=pack, now=clock.now())
            batches.append(batch)
        except ImportRefused as refused:
            wrong = True
            for fault in refused.faults:
                click.echo(f"{path.name}: {in_words(fault)}" if len(files) > 1 else in_words(fault))
    if wrong:
        raise click.ClickException("nothing was changed; mend the above and import again")
    return batches, steps


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise click.ClickException(f"{path} cannot be read ({error.strerror})") from error


def _write(db: Session, batch: Batch, *, pack: Pack) -> Sequence[Step]:
    return exchange.import_events(db, batch, pack=pack, created_by=None, now=clock.now())


def _record(db: Session, vault: Vault, steps: Sequence[Step]) -> None:
    """In the log of who changed what, as the console does."""
    for step in steps:
        if step.event_id is None or step.after is None:
            continue
        fields = step.changed or None
        audit.record(
            db, vault, actor=audit.COMMAND_LINE, action="event.amended" if step.before else "event.created",
            subject=("event", step.event_id), before=plain(step.before, fields) if step.before else None,
            after=plain(step.after, fields), now=clock.now(),
        )  # fmt: skip


def _line(step: Step, *, dry_run: bool) -> str:
    what = [WRITTEN.get(name, name) for name in step.changed] or [DRAFT if step.outcome == "new" else step.outcome]
    heard = ""
    if step.told and dry_run:
        heard = "; whoever has registered will hear of it"
    elif step.consequences.told:
        heard = f"; registrations that hear of it: {step.consequences.told}"
    return f"{MARKS[step.outcome]} {step.title or UNTITLED}: {', '.join(what)}{heard}"
