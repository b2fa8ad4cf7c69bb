"""Whom a command is about: by LINE's id, by our own number, or by the telephone number in a registration."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import click
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from bot import clock, thai_dates
from bot.outreach import people_import
from bot.privacy import erasing, held
from bot.storage import people
from bot.storage.held_events import WithEvent
from bot.thai_phones import Phone, read_phone
from bot.vault import Vault


@dataclass(frozen=True, slots=True)
class Found:
    """`person_id` None: they are known by a telephone number alone. `registrations`: those with this number that they
    did not make in LINE themselves."""

    person_id: int | None
    registrations: list[WithEvent]
    phone: str = ""


def whose(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options, one of which has to be given: user_id, phone, person."""
    for option in (
        click.option("--person", type=click.IntRange(1), metavar="N", help="Their number here."),
        click.option("--phone", metavar="NUMBER", help="The telephone number in a registration."),
        click.option("--user-id", metavar="U…", help="LINE's id of them."),
    ):
        command = option(command)
    return command


def or_others_only(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the option others_only, for what can be done with registrations alone."""
    says = "With --phone: only what others registered with that number, and nobody's account."
    return click.option("--others-only", is_flag=True, help=says)(command)


def find(
    db: Session, vault: Vault, *, user_id: str | None, phone: str | None, person: int | None, others_only: bool = False
) -> Found:
    """Raises click.UsageError, or click.ClickException with one clear line where nobody fits, or several do.
    `others_only`: whoever gave the telephone number for themselves is somebody else."""
    if sum(given is not None for given in (user_id, phone, person)) != 1:
        raise click.UsageError("say who is meant: give one of --user-id, --phone and --person")
    if others_only and phone is None:
        raise click.UsageError("--others-only goes with --phone")
    if phone is not None:
        return _by_phone(db, vault, phone, others_only=others_only)
    if person is not None:
        try:
            return Found(people.get(db, person).id, [])
        except NoResultFound as error:
            raise click.ClickException(f"there is no person {person} here") from error
    row = people.find(db, line_user_id=(user_id or "").strip())
    if row is None:
        known = people_import.is_user_id((user_id or "").strip())
        raise click.ClickException(
            "nobody with this id is known here" if known else "a LINE user id is U and 32 digits or letters from a to f"
        )
    return Found(row.id, [])


def find_one(db: Session, vault: Vault, *, user_id: str | None, phone: str | None, person: int | None) -> int:
    """The same, for what can only be done with somebody who is on LINE."""
    found = find(db, vault, user_id=user_id, phone=phone, person=person)
    if found.person_id is None:
        raise click.ClickException("this number stands only in registrations that others made: nobody on LINE has it")
    return found.person_id


def _by_phone(db: Session, vault: Vault, phone: str, *, others_only: bool) -> Found:
    read = read_phone(phone)
    if not isinstance(read, Phone):
        raise click.ClickException("this is no telephone number")
    places = held.list_by_phone(db, vault, read.e164)
    own = sorted({row.person_id for row, _ in places if row.person_id is not None and not erasing.is_of_others(row)})
    others = [(row, event) for row, event in places if erasing.is_of_others(row)]
    if others_only and not others:
        raise click.ClickException("no registration that others made has this telephone number")
    if not places:
        raise click.ClickException("no registration has this telephone number")
    if others_only:
        return Found(None, others, read.e164)
    if len(own) > 1:
        raise click.ClickException(_several(own, places))
    return Found(own[0] if own else None, others, read.e164)


def _several(own: list[int], places: list[WithEvent]) -> str:
    """Without names: whoever runs the command looks them up in the console."""
    lines = [f"{len(own)} people gave this number; say which with --person:"]
    for person_id in own:
        row, event = next((row, event) for row, event in places if row.person_id == person_id)
        day = thai_dates.long_date(clock.bangkok_date(row.joined_at))
        lines.append(f"  --person {person_id}  registered {day}: {event.title}")
    return "\n".join(lines)
