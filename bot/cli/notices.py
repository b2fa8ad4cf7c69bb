"""`civicbot notices`: announcements on their way, from the machine itself."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import click
from sqlalchemy.orm import Session

from bot import clock, logs, settings, thai_dates
from bot.cli import notice_watching as watching
from bot.cli.notice_watching import WHY, Glance
from bot.notices import drafting, results, rules, steering
from bot.notices.refusals import NeedsSomebodyElse, NoSuchNotice, NotInThatState
from bot.outreach import audit, staff
from bot.outreach.permissions import Role
from bot.queue import jobs
from bot.queue.kinds import BACKGROUND, JobKind
from bot.settings import Settings
from bot.storage import migrate
from bot.storage import notices as table
from bot.storage.engine import Database, open_database
from bot.storage.notices import FINISHED, HELD, OVER, STOPPED, UNDER_WAY, NoticeRow
from bot.vault import Vault

EVERY_STATE = (table.DRAFT, table.SUBMITTED, table.APPROVED, *UNDER_WAY, *OVER)
LOOK_EVERY_SECONDS = 1.0
INTERRUPTED = 130


@click.group()
def notices() -> None:
    """Announcements to many: see how they get on, pause, go on, stop."""


@notices.command("list")
@click.option("--all", "everything", is_flag=True, help="Drafts and those that are over, too.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_notices(*, everything: bool, limit: int, as_json: bool) -> None:
    """Those that are approved or on their way, the last changed first."""
    states = EVERY_STATE if everything else (table.SUBMITTED, table.APPROVED, *UNDER_WAY)
    with _opened() as (_, database), database.reading() as db:
        rows = table.list_in_states(db, states, limit=limit)
        for row in rows:
            click.echo(_as_json(row) if as_json else _as_line(row))
    if not rows and not as_json:
        click.echo("no notices" if everything else "no notices are waiting or on their way (--all lists every one)")


@notices.command()
@click.argument("number", type=int, metavar="N")
def show(number: int) -> None:
    """Everything about notice N but its words: state, times, and what became of its people."""
    with _opened() as (_, database), database.reading() as db:
        row = _get(db, number)
        for line in watching.described(row, results.progress_of(db, row, now=clock.now())):
            click.echo(line)


@notices.command()
@click.argument("number", type=int, metavar="N")
def pause(number: int) -> None:
    """Send nothing more of notice N for now. Requests that are being made this second still go out."""
    with _opened() as (chosen, database):
        _change(chosen, database, number, "notice.paused", lambda db, now: steering.pause(db, number, now=now))
    click.echo(f"Notice {number} is paused. `civicbot notices resume {number} --as LOGIN` goes on.")


@notices.command()
@click.argument("number", type=int, metavar="N")
@click.option("--as", "login", required=True, metavar="LOGIN", help="The administrator who answers for it.")
@click.option("--yes", is_flag=True, help="You have read why it was held, and want it sent all the same.")
def resume(number: int, *, login: str, yes: bool) -> None:
    """Go on with notice N, which is paused, or held until somebody has looked."""
    with _opened() as (chosen, database):
        with database.reading() as db:
            row, account = _get(db, number), _administrator(db, login)
        if row.state == HELD and not yes:
            raise click.ClickException(
                f"notice {number} is held: {WHY.get(row.why, row.why)}.\n"
                f"Look at it in the console first. If it is to be sent all the same: --yes"
            )

        def step(db: Session, now: datetime) -> None:
            steering.go_on(db, number, by=account.id, rules=rules.of(chosen), now=now)
            lanes = [(None, JobKind.NOTICES_DUE)]
            jobs.enqueue_missing(db, JobKind.NOTICES_DUE, now=now, subject_ids=lanes, priority=BACKGROUND)

        try:
            state = _change(chosen, database, number, "notice.resumed", step, by=account.id)
        except NeedsSomebodyElse as refused:
            raise click.ClickException(
                f"{account.login} wrote it, and it reaches {refused.reached:,} people: name another administrator"
            ) from refused
    later = f", and begins in {chosen.notice_cooling_minutes} minutes" if state == table.APPROVED else ""
    click.echo(f"Notice {number} goes on{later}.")


@notices.command()
@click.argument("number", type=int, metavar="N")
@click.option("--yes", is_flag=True, help="Do not ask.")
def stop(number: int, *, yes: bool) -> None:
    """Send nothing more of notice N, for good."""
    with _opened() as (chosen, database):
        with database.reading() as db:
            row = _get(db, number)
            found = results.progress_of(db, row, now=clock.now())
        if row.state in OVER:
            raise click.ClickException(_not_now(number, row.state))
        if not yes:
            open_now = found.open + found.riding
            click.confirm(f"{open_now:,} people of {found.total:,} would not get it any more. Stop?", abort=True)
        _change(chosen, database, number, "notice.stopped", lambda db, now: steering.stop(db, number, now=now))
    click.echo(f"Notice {number} is stopped.")


@notices.command()
@click.argument("number", type=int, metavar="[N]", required=False)
def watch(number: int | None) -> None:
    """Follow notice N until it is over; without N, the one that is on its way.

    Ctrl-C ends the watching only: the notice goes on. The exit status is 0 when it was sent to the end, 1 when it was
    stopped or called back.
    """
    with _opened() as (_, database):
        with database.reading() as db:
            chosen = number if number is not None else _the_one(db)
            _get(db, chosen)

        def look() -> Glance:
            with database.reading() as db:
                row = _get(db, chosen)
                return Glance(row, results.progress_of(db, row, now=clock.now()))

        try:
            last = watching.follow(look, wait=_rest)
        except KeyboardInterrupt:
            click.echo(
                f"\nNotice {chosen} goes on without you; `civicbot notices watch {chosen}` looks again.", err=True
            )
            sys.exit(INTERRUPTED)
    if last.row.state != FINISHED:
        sys.exit(1)


def _rest() -> None:
    time.sleep(LOOK_EVERY_SECONDS)


@contextmanager
def _opened() -> Iterator[tuple[Settings, Database]]:
    logs.configure(level="WARNING", as_json=False)
    chosen = settings.read()
    database = open_database(chosen.database)
    try:
        migrate.require_current(database)
        yield chosen, database
    finally:
        database.dispose()


def _get(db: Session, number: int) -> NoticeRow:
    try:
        return drafting.get(db, number)
    except NoSuchNotice as missing:
        raise click.ClickException(
            f"there is no notice {number}; `civicbot notices list --all` lists them"
        ) from missing


def _the_one(db: Session) -> int:
    rows = table.list_in_states(db, UNDER_WAY, limit=2) or table.list_in_states(db, (table.APPROVED,), limit=2)
    if not rows:
        raise click.ClickException("no notice is on its way")
    if len(rows) > 1:
        raise click.ClickException("several notices are on their way: say which; `civicbot notices list` lists them")
    return rows[0].id


def _administrator(db: Session, login: str) -> staff.Account:
    found = staff.find_account(db, login=login)
    if found is None or found.role is not Role.ADMINISTRATOR or found.disabled_at is not None:
        raise click.ClickException(f"{login!r} is no administrator's account; `civicbot staff list` lists them")
    return found


def _change(
    chosen: Settings, database: Database, number: int, action: str, step: Callable[[Session, datetime], None],
    **more: int,
) -> str:  # fmt: skip
    """Does it, writes the audit log, and returns the state it is in then. Raises NeedsSomebodyElse."""
    if not chosen.secrets:
        raise click.ClickException("CIVICBOT_SECRET_KEY is not set: the audit log cannot be written")
    now = clock.now()
    try:
        with database.transaction() as db:
            row = table.lock(db, number) or _get(db, number)
            was = {"state": row.state}
            step(db, now)
            state = drafting.get(db, number).state
            audit.record(
                db, Vault(chosen.secrets), actor=audit.COMMAND_LINE, action=action, subject=("notice", number),
                before=was, after={"state": state, **more}, now=now,
            )  # fmt: skip
    except NotInThatState as refused:
        raise click.ClickException(_not_now(number, refused.state)) from refused
    return state


def _not_now(number: int, state: str) -> str:
    return f"notice {number} is {state}: that cannot be done to it now"


def _as_line(row: NoticeRow) -> str:
    begins = row.began_at or row.begins_at or row.changed_at
    people = f"{row.approved_count:,}" if row.approved_count is not None else "-"
    why = f" ({row.why})" if row.why and row.state in (*UNDER_WAY, STOPPED) else ""
    return f"{row.id:>6}  {row.state + why:<22}  {thai_dates.date_and_time(begins)}  {people:>9}  {row.title}"


def _as_json(row: NoticeRow) -> str:
    moments = {name: getattr(row, name) for name in ("begins_at", "began_at", "finished_at")}
    told = {
        "notice": row.id, "state": row.state, "why": row.why, "title": row.title, "people": row.approved_count,
        **{name: moment.isoformat() if moment else None for name, moment in moments.items()},
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False)
