"""`cases list` and `quarantine list`: what a person has to look at, for whoever sits at the machine."""

from __future__ import annotations

import json

import click

from bot import clock, settings, thai_dates
from bot.cases import inbox
from bot.cases.inbox import Filter, Line
from bot.storage import incoming, migrate
from bot.storage.cases import CITIZEN, CLOSED
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
    """What is not closed: the urgent ones first, then what is due first."""
    now = clock.now()
    with _open().reading() as db:
        found = inbox.list_cases(db, Filter(), now=now, limit=limit, may_see_privacy=True)
        if everything:
            closed = Filter(state=CLOSED)
            left = max(0, limit - len(found))
            found += inbox.list_cases(db, closed, now=now, limit=left, may_see_privacy=True)
    if not found and not as_json:
        click.echo("no cases")
    for one in found:
        click.echo(_json(one) if as_json else _line(one))


def _json(one: Line) -> str:
    case = one.case
    row = {
        "case": case.id, "kind": case.kind, "urgent": case.urgent, "state": case.state, "topic": case.topic,
        "opened_at": case.opened_at.isoformat(), "question": one.words, "detail": case.detail,
        "due_at": case.due_at.isoformat() if case.due_at is not None else None, "overdue": one.overdue,
        "waits_for": case.waits_for, "taken_by": one.taken_name,
    }  # fmt: skip
    return json.dumps(row, ensure_ascii=False)


def _line(one: Line) -> str:
    case = one.case
    notes = []
    if case.state == CLOSED:
        notes.append("closed")
    elif one.overdue and case.due_at is not None:
        notes.append(f"OVERDUE since {thai_dates.date_and_time(case.due_at)}")
    elif case.waits_for == CITIZEN:
        notes.append("waits for the citizen")
    elif case.due_at is not None:
        notes.append(f"due {thai_dates.date_and_time(case.due_at)}")
    if one.taken_name and case.state != CLOSED:
        notes.append(f"taken by {one.taken_name}")
    mark = "URGENT " if case.urgent else ""
    told = f"  [{', '.join(notes)}]" if notes else ""
    return f"{case.id:>6}  {thai_dates.date_and_time(case.opened_at)}{told}  {mark}{case.kind}  {one.words}"


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
