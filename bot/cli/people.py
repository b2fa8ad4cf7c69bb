"""`civicbot people`: friends of the account who have not written to the bot yet."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from bot import clock, wiring
from bot.cli import people_files
from bot.cli.opening import get_pack, open_here
from bot.cli.people_files import DISTRICT, LARGEST_FILE, PROGRAMMES, USER_ID, FileRefused
from bot.line.failures import words_of
from bot.messages import DeliveryFailed, Failure
from bot.outreach import audit, people_import
from bot.outreach.people_import import Counts, Friend, LeftOut, Read, Why
from bot.settings import Settings, SettingsRefused
from bot.storage.engine import Database
from bot.vault import Vault
from knowledge.pack import Pack

SUBJECT = ("channel", "friends")
WHY: Mapping[Why, str] = {
    Why.NO_ID: "there is no LINE user id: U and 32 digits or letters from a to f",
    Why.OF_MANY: "this is the id of a group or a room, not of a person",
    Why.TWICE: "the same id stands in row {detail}",
    Why.PROGRAMME: "nobody knows the programme {detail!r} here",
    Why.DISTRICT: "nobody knows the district {detail!r} here",
    Why.TOO_LONG: "a text is longer than {detail} letters",
    Why.FORMULA: "this is a formula. Paste it as a value",
}


@click.group()
def people() -> None:
    """Friends of the account who have not written to the bot yet."""


@people.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option("--followers", is_flag=True, help="Ask LINE who the friends are. It tells verified accounts only.")
@click.option("--id-column", USER_ID, metavar="NAME", help=f"Default: {USER_ID}, and what it is called elsewhere.")
@click.option("--programme-column", PROGRAMMES, metavar="NAME", help="Default: programmes, or โครงการ.")
@click.option("--district-column", DISTRICT, metavar="NAME", help="Default: district, or อำเภอ.")
@click.option("--strict", is_flag=True, help="Import nothing where anything is wrong with the file.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
def import_(*, file: Path | None, followers: bool, strict: bool, dry_run: bool, **called: str | None) -> None:
    """Make friends of the account known to the bot: from FILE (.csv, .txt, .xlsx) with LINE user ids, or from LINE.

    Nobody becomes a reader of notices by this. Whoever comes in is asked once, at a fitting moment after they have
    written, and hears nothing before they say yes. Programmes (several with ; between them) and a district, by id or
    name, are only proposed to them. Who has answered already is left alone. The command can be given again.
    """
    columns = {field: name for field, name in called.items() if name is not None}
    if (file is None) is not followers:
        raise click.UsageError("give either a FILE or --followers")
    if followers and (columns or strict):
        raise click.UsageError("columns and --strict are for a FILE")
    chosen, database = open_here()
    if not (chosen.secrets or dry_run):
        raise click.ClickException("CIVICBOT_SECRET_KEY is not set: the audit log cannot be written")
    if file is None:
        counts = _from_line(chosen, database, dry_run=dry_run)
    else:
        counts = _from_file(chosen, database, file, columns, strict=strict, dry_run=dry_run)
    _tell(counts, dry_run=dry_run)


def _from_file(
    chosen: Settings, database: Database, path: Path, called: Mapping[str, str], *, strict: bool, dry_run: bool
) -> Counts:
    pack = get_pack(database)
    found = _read(path, called, pack)
    for fault in found.left_out:
        click.echo(_line(fault))
    if strict and found.left_out:
        raise click.ClickException("nothing was changed; mend the above, or leave out --strict")
    parts = list(people_import.batches(found.friends))
    with click.progressbar(parts, label="Importing", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        counts = _write(chosen, database, bar, source="file", dry_run=dry_run)
    if found.left_out:
        click.echo(f"Rows left out, listed above: {len(found.left_out):,}.")
    names = {programme.id: programme.name.get("th", programme.id) for programme in pack.programmes}
    for programme, count in sorted(found.withheld.items()):
        click.echo(
            f"Interest in {names[programme]}, in {count:,} rows, is not taken from a file: it may reveal what"
            " somebody is. They choose it themselves, if they want."
        )
    return counts


def _from_line(chosen: Settings, database: Database, *, dry_run: bool) -> Counts:
    """Each page is written before the next is asked for: what broke off is taken up by giving the command again."""
    unset = tuple(fault for fault in chosen.missing_for_serving() if fault.startswith("LINE_CHANNEL_ACCESS_TOKEN:"))
    if unset:
        raise SettingsRefused(unset)
    pages = _pages(wiring.messenger_of(chosen).follower_pages())
    try:
        with click.progressbar(
            pages, label="Reading LINE's list", show_pos=True, file=sys.stderr, hidden=not sys.stderr.isatty()
        ) as bar:
            return _write(chosen, database, bar, source="line", dry_run=dry_run)
    except DeliveryFailed as failed:
        raise click.ClickException(_explain(failed)) from failed


def _pages(pages: Iterator[tuple[str, ...]]) -> Iterator[Sequence[Friend]]:
    return ([Friend(user_id) for user_id in dict.fromkeys(page) if people_import.is_user_id(user_id)] for page in pages)


def _write(
    chosen: Settings, database: Database, parts: Iterable[Sequence[Friend]], *, source: str, dry_run: bool
) -> Counts:
    """A transaction a part. The log says that it was begun, and what it came to."""
    total, vault = Counts(), Vault(chosen.secrets) if chosen.secrets else None
    asked_at, begun = clock.now(), False
    for part in parts:
        if dry_run:
            with database.reading() as db:
                total += people_import.weigh(db, part, vault=vault)
        else:
            with database.transaction() as db:
                friends_since = asked_at if source == "line" else None
                total += people_import.bring_in(db, part, now=clock.now(), friends_since=friends_since, vault=vault)
                if not begun:
                    _record(db, vault, "people.import_begun", {"source": source})
        asked_at, begun = clock.now(), True
    if begun and not dry_run:
        with database.transaction() as db:
            _record(db, vault, "people.imported", {"source": source, "new": total.new, "known": total.known,
                                                    "proposed": total.proposed})  # fmt: skip
    return total


def _record(db: Session, vault: Vault | None, action: str, after: Mapping[str, Any]) -> None:
    assert vault is not None  # noqa: S101 - without a key nothing was begun
    audit.record(db, vault, actor=audit.COMMAND_LINE, action=action, subject=SUBJECT, after=after, now=clock.now())


def _read(path: Path, called: Mapping[str, str], pack: Pack) -> Read:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
        table = people_files.read_table(path.name, data, called=called)
        if table.columns.unread:
            click.echo(f"Columns that are not read: {', '.join(table.columns.unread)}.")
        return people_import.read(table.rows, pack)
    except OSError as error:
        raise click.ClickException(f"{path} cannot be read ({error.strerror})") from error
    except FileRefused as refused:
        raise click.ClickException(f"{path.name}: {refused}. Nothing was changed") from refused


def _line(fault: LeftOut) -> str:
    return f"row {fault.row}: {WHY[fault.why].format(detail=fault.detail)}"


def _tell(counts: Counts, *, dry_run: bool) -> None:
    left = f" ({counts.answered:,} of them have answered before and stay as they are)" if counts.answered else ""
    click.echo(f"{counts.new:,} new, {counts.known:,} known already{left}.")
    if counts.proposed:
        click.echo(f"Interests or a district proposed for {counts.proposed:,}: they wait for a yes.")
    if counts.erased:
        click.echo(f"{counts.erased:,} had themselves erased, and are left out: they come back by writing.")
    if counts.back:
        click.echo(f"{counts.back:,} had blocked the account and are friends again.")
    if dry_run:
        click.echo("This was a dry run: nothing was written.")
    elif counts.new:
        click.echo("Nobody gets a notice before agreeing: the bot asks each of them once, after they have written.")


def _explain(failed: DeliveryFailed) -> str:
    match failed.failure:
        case Failure.UNAUTHORISED:
            why = "LINE does not accept LINE_CHANNEL_ACCESS_TOKEN; issue a new one in LINE's console"
        case Failure.REFUSED if failed.status == 403:
            why = "LINE tells only verified and premium accounts who their friends are; import a file of ids instead"
        case Failure.UNREACHABLE:
            why = f"LINE cannot be reached ({failed.detail}); is LINE_API_URL right, and this machine on the network?"
        case Failure.AMBIGUOUS | Failure.RATE_LIMITED:
            why = f"LINE did not answer as it should ({failed.detail}); wait a while"
        case _:
            why = f"LINE refused it ({failed.detail}{': ' + words if (words := words_of(failed)) else ''})"
    return f"{why}\nWhat came in before stays; the command can be given again."
