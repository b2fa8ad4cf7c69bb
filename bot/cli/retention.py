"""`retention run` and `retention show`: what is kept no longer than was said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import click

from bot import clock, thai_dates
from bot.cli.opening import open_here
from bot.privacy import retention as keeping
from bot.storage import retention_reports
from bot.tasks import housekeeping
from bot.vault import Vault

WORDS: Mapping[str, str] = {
    "payloads": "messages that were never dealt with",
    "dialogues": "conversations left lying",
    "slots": "marks of the schedule",
    "withdrawn": "ids of messages taken back",
    "links": "links to one's own data",
    "registrations": "registrations emptied",
    "notice_ledger": "lines of who was in a notice",
    "incoming": "ids and times of what LINE sent",
    "quarantine": "webhooks that made no sense",
    "jobs": "pieces of work that had failed for good",
    "given_up": "answers without their words, that never came to an end",
    "answers": "answers, of which it is no longer known to whom they went",
    "questions": "questions without their words",
    "cases": "closed cases without their words",
    "people": "people who blocked the account long ago, erased",
    "consents": "withdrawn consents",
    "data_requests": "requests about data",
    "audit": "lines of the audit log",
    "tombstones": "notes that somebody was erased",
    "backups": "lines about backups",
    "alarms": "alarms that are over",
    "reports": "reports of this kind",
}
"""What the counts of a report are of."""
MOST_ROUNDS = 100_000


@click.group()
def retention() -> None:
    """What is kept no longer than was said."""


@retention.command()
def run() -> None:
    """Forget now what is due, and say what that was. It happens by itself every night."""
    chosen, database = open_here()
    if not chosen.secrets:
        raise click.ClickException("CIVICBOT_SECRET_KEY is not set")
    vault, now = Vault(chosen.secrets), clock.now()
    counts: Counter[str] = Counter()
    for _ in range(MOST_ROUNDS):
        gone, more = housekeeping.purge(database, vault, chosen, now=now, nightly=True)
        counts += gone
        if not more:
            break
    with database.transaction() as db:
        keeping.report(db, counts, way=keeping.COMMAND, now=now)
    _tell(counts)


@retention.command()
@click.option("--limit", type=click.IntRange(1, 1000), default=14, show_default=True)
def show(*, limit: int) -> None:
    """What went on the last nights."""
    _, database = open_here()
    with database.reading() as db:
        reports = retention_reports.list_latest(db, limit=limit)
    if not reports:
        click.echo("Nothing was reported yet: that happens at night, while civicbot runs.")
    for report in reports:
        local = clock.in_bangkok(report.at)
        click.echo(f"{thai_dates.long_date(local.date())} {local:%H:%M} ({report.way})")
        _tell(report.counts)


def _tell(counts: Mapping[str, int]) -> None:
    for name, words in WORDS.items():
        if counts.get(name):
            click.echo(f"  {counts[name]:,}  {words}")
    if not any(counts.values()):
        click.echo("  nothing was due")
