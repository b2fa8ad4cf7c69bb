"""`civicbot staff`: accounts of the console, from the machine itself: the first one, and when nobody can sign in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from bot import clock, settings, thai_dates
from bot.outreach import staff as service
from bot.outreach.permissions import Role
from bot.outreach.staff import Account, AccountDisabled, FieldRefused, Invited, LastAdministrator, LoginTaken
from bot.storage import migrate
from bot.storage.engine import Database, open_database

RULES = {
    "name": f"a name has 1 to {service.LONGEST_NAME} letters",
    "login": f"a login has {service.SHORTEST_LOGIN} to {service.LONGEST_LOGIN} letters, digits, or any of . _ - @",
}


@contextmanager
def _opened() -> Iterator[Database]:
    database = open_database(settings.read().database)
    try:
        migrate.require_current(database)
        yield database
    except migrate.NotMigrated as error:
        raise click.ClickException(str(error)) from error
    finally:
        database.dispose()


@click.group()
def staff() -> None:
    """Accounts of the staff console."""


@staff.command()
@click.argument("name")
@click.option("--login", required=True, help="What they sign in with.")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    help="Default: administrator for the very first account, staff for every later one.",
)
def add(name: str, *, login: str, role: str | None) -> None:
    """Make an account for NAME, and print the one-time link with which they set their password."""
    with _opened() as database, database.transaction() as db:
        chosen = Role(role) if role else Role.STAFF if service.list_accounts(db, limit=1) else Role.ADMINISTRATOR
        try:
            invited = service.add_account(db, name=name, login=login, role=chosen, by=None, now=clock.now())
        except FieldRefused as refused:
            raise click.ClickException(RULES[refused.field]) from refused
        except LoginTaken as refused:
            raise click.ClickException(f"there is an account {refused.login!r} already") from refused
        account = service.get_account(db, invited.staff_id)
    click.echo(f"{account.login}: {account.role}, {account.name}")
    _tell_link(invited)


@staff.command()
@click.argument("login")
def disable(login: str) -> None:
    """Take every right from an account, at once, in the console and in LINE. Nothing is deleted."""
    with _opened() as database, database.transaction() as db:
        account = _account(service.find_account(db, login=login), login)
        try:
            service.disable(db, staff_id=account.id, by=None, now=clock.now())
        except LastAdministrator as refused:
            raise click.ClickException(
                f"{account.login} is the last administrator: make another one first, who has set a password"
            ) from refused
    click.echo(f"{account.login} is disabled.")


@staff.command()
@click.argument("login")
def reset(login: str) -> None:
    """Print a new one-time link for somebody who cannot sign in any more.

    Their password, second factor, sessions and link with LINE are gone with that.
    """
    with _opened() as database, database.transaction() as db:
        account = _account(service.find_account(db, login=login), login)
        try:
            invited = service.reset(db, staff_id=account.id, by=None, now=clock.now())
        except AccountDisabled as refused:
            raise click.ClickException(
                f"{account.login} is disabled: an administrator can enable it again"
            ) from refused
    click.echo(f"{account.login} is reset.")
    _tell_link(invited)


@staff.command("list")
def list_accounts() -> None:
    """Every account: its login, role, state, and who it is."""
    with _opened() as database, database.reading() as db:
        found = service.list_accounts(db)
    if not found:
        click.echo("no accounts")
    for account in found:
        click.echo(f"{account.login}  {account.role}  {_state_of(account)}  {account.name}")


def _account(found: Account | None, login: str) -> Account:
    if found is None:
        raise click.ClickException(f"there is no account {login!r}; `civicbot staff list` lists them")
    return found


def _state_of(account: Account) -> str:
    if account.disabled_at is not None:
        return "disabled"
    if not account.has_password:
        return "invited"
    parts = ("active", "second factor" * account.has_second_factor, "LINE" * (account.person_id is not None))
    return ", ".join(part for part in parts if part)


def _tell_link(invited: Invited) -> None:
    click.echo(f"{settings.read().base_url}/console/join/{invited.token}")
    click.echo(f"The link works once, until {thai_dates.date_and_time(invited.expires_at)}", err=True)
