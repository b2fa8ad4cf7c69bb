"""`cases list` and `quarantine list`: what a person has to look at, until the console shows it."""

from __future__ import annotations

import json

import click

from bot import settings, thai_dates
from bot.storage import cases as table
from bot.storage import incoming, migrate
from bot.storage.engine import Database, open_database
from bot.vault import Unreadable, Vault


def _open() -> Database:
    database = open_database(settings.read().database)
    try:
        migrate.require_current(database)
    except migrate.NotMigrated as error:
        raise click.ClickException(str(error)) from error
    return database


@click.group()
def cases() -> None:
    """What a person of the centre has to look at."""


@cases.command("list")
@click.option("--all", "everything", is_flag=True, help="Closed ones too.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_cases(*, everything: bool, limit: int, as_json: bool) -> None:
    """Open cases, the urgent ones first."""
    with _open().reading() as db:
        found = table.list_cases(db, state=None if everything else "open", limit=limit)
    if as_json:
        for case, words in found:
            row = {
                "case": case.id, "kind": case.kind, "urgent": case.urgent, "state": case.state,
                "opened_at": case.opened_at.isoformat(), "question": words, "detail": case.detail,
            }  # fmt: skip
            click.echo(json.dumps(row, ensure_ascii=False))
        return
    if not found:
        click.echo("no cases")
    for case, words in found:
        mark = "URGENT " if case.urgent else ""
        opened = thai_dates.date_and_time(case.opened_at)
        click.echo(f"{case.id:>6}  {opened}  {mark}{case.kind}  {words or case.detail}")


@click.group()
def quarantine() -> None:
    """Signed webhooks that made no sense."""


@quarantine.command("list")
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True)
@click.option("--show", is_flag=True, help="The bodies too. They may hold what people wrote.")
def list_quarantined(*, limit: int, show: bool) -> None:
    """The latest ones."""
    with _open().reading() as db:
        rows = incoming.list_quarantined(db, limit=limit)
    if not rows:
        click.echo("nothing is in quarantine")
    vault = Vault(settings.read().secrets) if show else None
    for row in rows:
        click.echo(f"{row.id:>6}  {thai_dates.date_and_time(row.received_at)}  {row.size} bytes  {row.reason}")
        if vault is not None and row.body is not None:
            try:
                click.echo(vault.open(row.body).decode(errors="replace"))
            except Unreadable as error:
                click.echo(str(error), err=True)
