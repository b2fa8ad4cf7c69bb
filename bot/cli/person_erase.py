"""`person erase`, `person restrict` and `person lift`: what a written request may ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import click
from sqlalchemy.exc import OperationalError

from bot import clock, thai_dates
from bot.cli import person_finding
from bot.cli.opening import open_here
from bot.cli.person_finding import Found
from bot.outreach import audit
from bot.privacy import erasing, restricting
from bot.privacy.erasing import Consequences, NobodyToErase
from bot.storage.engine import Database
from bot.storage.held_events import WithEvent
from bot.vault import Vault

TRIES = 3
"""Somebody who writes at that very moment may hold what is to be erased, and then one of the two begins again."""
GONE = "somebody else has erased this person just now"


@click.command()
@person_finding.whose
@person_finding.or_others_only
@click.option("--yes", is_flag=True, help="Do not ask again.")
def erase(*, user_id: str | None, phone: str | None, person: int | None, others_only: bool, yes: bool) -> None:
    """Erase everything that is held about one person. It cannot be undone.

    Make sure first that whoever asks is that person. Seats are given to those who wait, cases are closed, and nothing
    that is queued reaches them any more. What stays are numbers, a keyed hash by which old messages are recognised, and
    older backups until they expire.

    By --phone it is also what others registered with that number; with --others-only it is that alone, for somebody who
    shares the number with a person on LINE.
    """
    chosen, database = open_here()
    vault = Vault(chosen.secrets)
    with database.reading() as db:
        found = person_finding.find(db, vault, user_id=user_id, phone=phone, person=person, others_only=others_only)
        goes = erasing.what_goes(db, vault, found.person_id, now=clock.now()) if found.person_id is not None else None
    _tell_what_goes(goes, found.registrations)
    if not yes:
        click.confirm("Erase it?", abort=True)
    counts, number = _erase(database, vault, found)
    click.echo(f"Erased. Receipt {number}." if number else "Erased.")
    for name, count in sorted(counts.items()):
        click.echo(f"  {name.replace('_', ' ')}: {count:,}")
    click.echo(
        "Within the day it is out of freed space of the database too."
        f" Backups made until now expire within {chosen.backup_keep_days} days."
    )


@click.command()
@person_finding.whose
def restrict(*, user_id: str | None, phone: str | None, person: int | None) -> None:
    """Keep what is held about one person, and do nothing else with it, until it is lifted.

    They are sent no notices, no reminders and nothing that they wanted to hear back; when they write they are answered.
    """
    _restrict(user_id=user_id, phone=phone, person=person, lifted=False)


@click.command()
@person_finding.whose
def lift(*, user_id: str | None, phone: str | None, person: int | None) -> None:
    """End what `person restrict` began."""
    _restrict(user_id=user_id, phone=phone, person=person, lifted=True)


def _erase(database: Database, vault: Vault, found: Found) -> tuple[Mapping[str, int], int | None]:
    for tries in range(1, TRIES + 1):
        try:
            return _erase_once(database, vault, found)
        except NobodyToErase as error:
            raise click.ClickException(GONE) from error
        except OperationalError:
            if tries == TRIES:
                raise
    raise AssertionError("unreachable")


def _erase_once(database: Database, vault: Vault, found: Found) -> tuple[Mapping[str, int], int | None]:
    counts: dict[str, int] = {}
    number = None
    with database.transaction() as db:
        now = clock.now()
        ids = [row.id for row, _ in found.registrations]
        if found.person_id is not None:
            receipt = erasing.erase(
                db, vault, person_id=found.person_id, way=erasing.STAFF, now=now, registration_ids=ids
            )
            counts, number = dict(receipt.counts), receipt.number
        if ids:
            others = erasing.erase_registrations(db, vault, ids, phone=found.phone, way=erasing.STAFF, now=now)
            number = number or others.number
            for name, count in others.counts.items():
                counts[name] = counts.get(name, 0) + count
        audit.record(
            db, vault, actor=audit.COMMAND_LINE, action="person.erased",
            subject=("person", found.person_id or found.phone), after={"receipt": number, **counts}, now=now,
        )  # fmt: skip
    return counts, number


def _restrict(*, user_id: str | None, phone: str | None, person: int | None, lifted: bool) -> None:
    chosen, database = open_here()
    vault = Vault(chosen.secrets)
    with database.transaction() as db:
        now = clock.now()
        person_id = person_finding.find_one(db, vault, user_id=user_id, phone=phone, person=person)
        if lifted:
            changed = restricting.lift(db, vault, person_id=person_id, now=now)
        else:
            changed = restricting.restrict(db, vault, person_id=person_id, way=erasing.STAFF, now=now)
        if changed:
            action = "person.restriction_lifted" if lifted else "person.restricted"
            audit.record(
                db, vault, actor=audit.COMMAND_LINE, action=action, subject=("person", person_id), now=now
            )  # fmt: skip
    state = "lifted" if lifted else "restricted"
    click.echo(f"Person {person_id}: {state}." if changed else f"Person {person_id}: nothing to change.")


def _tell_what_goes(goes: Consequences | None, registrations: Sequence[WithEvent]) -> None:
    if goes is not None:
        for one in goes.registrations:
            when = thai_dates.long_date(clock.bangkok_date(one.starts_at))
            whose = "" if one.kind == "self" else f" {one.kind}'s"
            click.echo(f"A{whose} place is given up: {one.title}, {when}, for {one.party_size} ({one.state}).")
        click.echo(
            f"Open cases: {goes.cases}. Waiting to hear back: {goes.hear_back}. Consents: {goes.consents}."
            f" Gets notices: {'yes' if goes.notices else 'no'}."
        )
        if goes.is_staff:
            click.echo("This person's account of the staff stays, without its link to LINE.")
    if registrations:
        click.echo(f"Registrations that others made with this number: {len(registrations)}.")
