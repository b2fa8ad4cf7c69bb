"""`privacy map|register|notice` and `breach-report`: what the law wants a centre to have at hand."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

import click

from bot import clock, settings
from bot.cli.opening import get_pack, open_here
from bot.outreach import audit
from bot.outreach.audience import NOTICE_VERSION
from bot.privacy import breach, map_page, register
from bot.privacy import notice as notices
from bot.storage.engine import Database
from bot.vault import Unreadable, Vault

LANGUAGE = click.option("--language", type=click.Choice(("th", "en")), default="th", show_default=True)


@click.group()
def privacy() -> None:
    """The data map, the register of processing and the privacy notice, made from one source."""


@privacy.command("map")
def show_map() -> None:
    """The data map, as a page in Markdown: every table, what of it is about people, for how long."""
    click.echo(map_page.build(settings.read()), nl=False)


@privacy.command("register")
@LANGUAGE
def show_register(language: str) -> None:
    """The register of processing (PDPA section 39), as CSV."""
    chosen, database = open_here()
    click.echo(register.as_csv(chosen, language=language, centre=_centre(database, language)), nl=False)


@privacy.command("notice")
@LANGUAGE
def show_notice(language: str) -> None:
    """The privacy notice as citizens see it under /privacy, in Markdown."""
    chosen, database = open_here()
    centre = _centre(database, language)
    built = notices.build(chosen, language=language, centre=centre, version=NOTICE_VERSION)
    click.echo(notices.as_markdown(built), nl=False)


@click.command("breach-report")
@click.option("--since", required=True, help="When it may have begun: 2026-11-24T21:30+07:00, or a day.")
@click.option("--until", default=None, help="When it was over. Default: now.")
@click.option("--found", default=None, help="When you became aware of it: 72 hours count from there. Default: now.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="A new folder.")
@LANGUAGE
def breach_report(*, since: str, until: str | None, found: str | None, out: Path, language: str) -> None:
    """Who is concerned by a leak, with which data, and how to reach them: a report to be filled in, and a list.

    Whatever is held at the end of that time counts as having got out. The list holds user ids and telephone numbers:
    keep it as you would keep the database.
    """
    chosen, database = open_here()
    now = clock.now()
    begins, ends, aware = _moment(since), _moment(until) if until else now, _moment(found) if found else now
    if not begins <= ends <= now:
        raise click.UsageError("--since has to be before --until, and both in the past")
    if not chosen.secrets:
        raise click.ClickException("CIVICBOT_SECRET_KEY is not set: telephone numbers could not be read")
    vault = Vault(chosen.secrets)
    _make_folder(out)
    with database.reading() as db, _private(out / "subjects.csv") as file:
        try:
            counted = breach.write_subjects(db, vault, file, until=ends)
        except Unreadable as error:
            raise click.ClickException(f"{error} Set the earlier key as CIVICBOT_SECRET_KEY_PREVIOUS") from error
        report = breach.weigh(db, counted, since=begins, until=ends, found=aware)
    written = breach.as_markdown(report, chosen, language=language, centre=_centre(database, language))
    with _private(out / "report.md") as file:
        file.write(written)
    with database.transaction() as db:
        audit.record(
            db, vault, actor=audit.COMMAND_LINE, action="data.breach_report", subject=("export", "breach"),
            after={"people": counted.total}, now=now,
        )  # fmt: skip
    click.echo(
        f"{counted.total:,} people are concerned. Written to {out}: report.md, to be filled in, and subjects.csv."
    )
    click.echo(f"The PDPC has to be told within 72 hours of {aware.astimezone(clock.BANGKOK):%Y-%m-%d %H:%M} Bangkok.")


def _centre(database: Database, language: str) -> str:
    names = get_pack(database).centre
    return names.get(language) or names["th"]


def _moment(text: str) -> datetime:
    try:
        read = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is not a time like 2026-11-24T21:30+07:00") from error
    if read.year > 2400:
        raise click.BadParameter(f"{text!r} has a year of the Buddhist era: take 543 off")
    return read if read.tzinfo is not None else read.replace(tzinfo=clock.BANGKOK)


def _make_folder(out: Path) -> None:
    try:
        out.mkdir(mode=0o700, parents=True)
    except FileExistsError as error:
        raise click.ClickException(f"{out} is there already: give a new folder") from error
    except OSError as error:
        raise click.ClickException(f"{out} cannot be made ({error.strerror})") from error


@contextmanager
def _private(path: Path) -> Iterator[IO[str]]:
    """A new file for its owner's eyes only."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
        yield file
