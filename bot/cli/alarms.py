"""`alarms list` and `alarms test`: what is wrong, and whether somebody would hear of it."""

from __future__ import annotations

import json
import sys

import click

from bot import thai_dates, wiring
from bot.alarms import watch, words
from bot.cli.opening import open_here
from bot.storage import alarms as table
from bot.tasks.alarms import channels_of

NO_CHANNEL = (
    "nobody would be told: link an administrator's LINE account in the console, or set CIVICBOT_ALARM_EMAIL with"
    " CIVICBOT_SMTP_URL, or CIVICBOT_ALARM_WEBHOOK"
)


@click.group()
def alarms() -> None:
    """What is wrong with the running of things, and telling somebody."""


@alarms.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_alarms(*, as_json: bool) -> None:
    """What is on, and what was on. The exit status is 1 while something is on."""
    _, database = open_here()
    with database.reading() as db:
        rows = table.list_all(db)
    for row in rows:
        if as_json:
            facts = json.loads(row.detail or "{}")
            over = row.over_at.isoformat() if row.over_at else None
            told = {"alarm": row.name, "since": row.since.isoformat(), "over": over, "facts": facts}
            click.echo(json.dumps(told, ensure_ascii=False))
        else:
            state = f"over since {thai_dates.date_and_time(row.over_at)}" if row.over_at else "ON"
            click.echo(f"{state:<28} since {thai_dates.date_and_time(row.since)}  {words.line_of(row, 'en')}")
    if not rows and not as_json:
        click.echo("nothing is wrong, and nothing was")
    sys.exit(1 if any(row.over_at is None for row in rows) else 0)


@alarms.command("test")
def try_alarms() -> None:
    """Tell everybody who would be told, in every way that is set, that this is a test. On LINE it is a billed push."""
    chosen, database = open_here()
    outcomes = watch.tell(channels_of(chosen, database, wiring.messenger_of(chosen)), words.test())
    for name, why in outcomes.items():
        click.echo(f"{name}: {'told' if why is None else why}")
    if None not in outcomes.values():
        raise click.ClickException(NO_CHANNEL if not outcomes else "nobody was told; see above")
