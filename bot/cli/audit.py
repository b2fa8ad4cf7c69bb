"""`audit verify` and `audit list`: the log of who changed what."""

from __future__ import annotations

import json
import sys
from datetime import datetime

import click

from bot import clock, logs, settings, thai_dates
from bot.outreach.audit import Verified
from bot.outreach.audit import verify as verify_log
from bot.storage import audit as table
from bot.storage import migrate
from bot.storage.audit import AuditRow, Broken, Why
from bot.storage.engine import Database, open_database
from bot.vault import Vault

SAYS = {
    Why.ALTERED: "was altered after it was written",
    Why.MISSING: "is missing",
    Why.FORGED: "was not written by civicbot: its seal does not fit",
    Why.NOT_LINKED: "does not follow the line before it",
    Why.EXTRA: "stands where no line should be",
    Why.HEAD: "may not be the last one: the head of the log is missing, or was not sealed with a key set here",
    Why.HEAD_UNPROVEN: "says that the head of the log was not as civicbot had left it; no line before it is proven",
    Why.UNEXPECTED: "has another hash than the one expected",
}


def _noted(_context: click.Context, _option: click.Parameter, value: str | None) -> tuple[int, str] | None:
    if value is None:
        return None
    number, _, digest = value.strip().lower().partition(":")
    if not (number.isascii() and number.isdigit()) or len(digest) != len(table.BEGINNING):
        raise click.BadParameter("give it as `audit verify` printed it: a number, a colon, and 64 digits and letters")
    return int(number), digest


def _open() -> Database:
    logs.configure(level="WARNING", as_json=False)
    database = open_database(settings.read().database)
    migrate.require_current(database)
    return database


def _verified(database: Database, expect: tuple[int, str] | None) -> Verified | Broken:
    vault = Vault(settings.read().secrets)
    if not sys.stderr.isatty():
        return verify_log(database, vault, expect=expect)
    with click.progressbar(length=1, label="Reading the audit log", file=sys.stderr) as bar:

        def show(done: int, total: int) -> None:
            if done % table.BATCH == 0 or done == total:
                bar.length = total
                bar.update(done - bar.pos)

        return verify_log(database, vault, expect=expect, progress=show)


@click.group()
def audit() -> None:
    """The log of who changed what, and when."""


@audit.command()
@click.option(
    "--expect",
    metavar="NUMBER:HASH",
    callback=_noted,
    help="A head that was printed earlier: it must still be in the log.",
)
def verify(*, expect: tuple[int, str] | None) -> None:
    """Read the whole log and say whether every line is there, in order, as it was written.

    The exit status is 1 when it is not; the first bad line is named. Keep the head that is printed where nobody who
    has the database can change it: with `--expect` it shows later that the log was not put back to an earlier state.
    """
    found = _verified(_open(), expect)
    if isinstance(found, Broken):
        click.echo(f"The audit log is broken: line {found.id} {SAYS[found.why]}.", err=True)
        sys.exit(1)
    if found.count == 0:
        click.echo("The audit log is empty.")
        return
    lines = "1 line" if found.count == 1 else f"{found.count:,} lines"
    click.echo(f"The audit log is whole: {lines}.\nHead: {found.last_id}:{found.head}")


@audit.command("list")
@click.option("--since", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), help="Bangkok time.")
@click.option("--action", "action_prefix", default="", help="What the action begins with, such as `staff.`.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_lines(*, since: datetime | None, action_prefix: str, limit: int, as_json: bool) -> None:
    """The latest lines, the newest first."""
    moment = since.replace(tzinfo=clock.BANGKOK) if since is not None else None
    with _open().reading() as db:
        found = table.list_entries(db, action_prefix=action_prefix, since=moment, limit=limit)
    if not found and not as_json:
        click.echo("no lines")
    for row in found:
        click.echo(_as_json(row) if as_json else _as_line(row))


def _as_json(row: AuditRow) -> str:
    return json.dumps(
        {
            "id": row.id, "at": row.at.isoformat(), "actor_id": row.actor_id, "actor": row.actor, "action": row.action,
            "subject_kind": row.subject_kind, "subject_id": row.subject_id, "before": row.before, "after": row.after,
            "hash": row.hash,
        },
        ensure_ascii=False,
    )  # fmt: skip


def _as_line(row: AuditRow) -> str:
    changes = "  ".join(
        f"{side} {json.dumps(values, ensure_ascii=False)}"
        for side, values in (("before", row.before), ("after", row.after))
        if values is not None
    )
    who = row.actor if row.actor_id is None else f"{row.actor} ({row.actor_id})"
    line = f"{row.id:>6}  {thai_dates.date_and_time(row.at)}  {who}  {row.action}"
    line = f"{line}  {row.subject_kind} {row.subject_id}  {changes}".rstrip()
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in line)
