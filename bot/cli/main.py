"""`civicbot`: every command, and how their failures are told."""

from __future__ import annotations

import importlib
import os
import sys

import click
from sqlalchemy.exc import DBAPIError

from bot.settings import SettingsRefused
from bot.storage.migrate import NotMigrated

FAMILIES = {
    "run": "bot.cli.run:run",
    "web": "bot.cli.serve:web",
    "work": "bot.cli.serve:work",
    "migrate": "bot.cli.serve:migrate",
    "doctor": "bot.cli.doctor:doctor",
    "match": "bot.cli.understanding:match",
    "evaluate": "bot.cli.understanding:evaluate",
    "faq": "bot.cli.faq:faq",
    "events": "bot.cli.events:events",
    "people": "bot.cli.people:people",
    "person": "bot.cli.person:person",
    "notices": "bot.cli.notices:notices",
    "privacy": "bot.cli.privacy:privacy",
    "retention": "bot.cli.retention:retention",
    "breach-report": "bot.cli.privacy:breach_report",
    "staff": "bot.cli.staff:staff",
    "audit": "bot.cli.audit:audit",
    "cases": "bot.cli.cases:cases",
    "alarms": "bot.cli.alarms:alarms",
    "quarantine": "bot.cli.cases:quarantine",
    "keys": "bot.cli.keys:keys",
    "backup": "bot.cli.backup:backup",
    "restore": "bot.cli.restore:restore",
    "upgrade": "bot.cli.upgrade:upgrade",
    "menu": "bot.cli.menu:menu",
    "bench": "bot.cli.bench:bench",
}
"""Where each command lives. They are imported when they are called: `match` need not wait for LINE's SDK."""


OWNER_ALONE = 0o077
"""What is left out of the mode of every file that we make: the data folder holds what people wrote."""


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own signature
        return list(FAMILIES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in FAMILIES:
            return None
        module, _, name = FAMILIES[cmd_name].partition(":")
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)  # noqa: S101 - a fact of the table above
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="civicbot")
def civicbot() -> None:
    """A LINE chatbot for a citizens' centre: answers people, in everyday Thai."""


def main() -> None:
    os.umask(OWNER_ALONE)
    try:
        civicbot(prog_name="civicbot")
    except (SettingsRefused, NotMigrated) as refused:
        click.echo(str(refused), err=True)
        sys.exit(2)
    except DBAPIError as error:
        click.echo(
            f"civicbot cannot use its database: {error.orig}\n"
            "  - on SQLite: is the disk full (make room), or the file damaged (`civicbot restore latest`)?\n"
            "  - on PostgreSQL: is the server running, and CIVICBOT_DATABASE_URL right?",
            err=True,
        )
        sys.exit(2)
