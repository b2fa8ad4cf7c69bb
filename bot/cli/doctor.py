"""`doctor`: is everything as it should be? One line each, with what to do."""

from __future__ import annotations

import sys

import click

from bot import logs, settings
from bot.cli.doctor_checks import CHECKS, Finding, Standing

MARKS = {Standing.WELL: "ok  ", Standing.BETTER: "  - ", Standing.WRONG: "  ! "}
ON_A_REAL_CHANNEL = (
    "Switch off the account's own greeting and auto-replies in LINE Official Account Manager: people would get two.",
    "Add the account as a friend with a second phone: the greeting comes once, with the menu under the chat.",
    "Block the account, then add it again: it greets you as somebody it knows.",
    "Send a text, a sticker, a picture, a voice message and a location: each is answered, the picture reaches a case.",
    "Write, and unsend at once: the question disappears from the console.",
    "Press an answer's buttons twice: each acts once.",
    "Register for an event, open the ticket on the phone, and check it in with another phone's camera (https only).",
    "Send a notice to yourself, then to the team; press the button that ends them.",
    "Answer a case from the console within half a minute (free), and after two minutes (one message of the quota).",
    "Stop the worker for a minute while somebody writes: they are answered when it is back, once.",
    "Look in LINE's console under Statistics → Webhook errors: there should be none.",
    "Compare the quota that the console shows with LINE Official Account Manager the next day.",
)
"""What only a real channel shows: LINE does not document it, or the simulator assumes it (docs/line-contract.md)."""


@click.command()
@click.option("--live", is_flag=True, help="List what to try by hand on a real channel, too.")
def doctor(*, live: bool) -> None:
    """Check configuration, database, Redis, LINE, webhook address, clock, and what is not set.

    The exit status is 1 where something is wrong, 0 otherwise.
    """
    logs.configure(level="ERROR", as_json=False)
    chosen = settings.read()
    findings = [finding for check in CHECKS for finding in check(chosen)]
    for finding in findings:
        click.echo(_line(finding))
    count = sum(finding.standing is Standing.WRONG for finding in findings)
    click.echo("all is well" if not count else f"{count} to mend")
    if live:
        click.echo("\nTo try on a real channel:")
        for number, step in enumerate(ON_A_REAL_CHANNEL, 1):
            click.echo(f"{number:>3}. {step}")
    sys.exit(1 if count else 0)


def _line(finding: Finding) -> str:
    return f"{MARKS[finding.standing]}{finding.what}{f' → {finding.fix}' if finding.fix else ''}"
