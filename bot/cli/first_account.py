"""The first account of the console, for whoever starts civicbot on this machine."""

from __future__ import annotations

from datetime import datetime

from bot.outreach import staff
from bot.outreach.permissions import Role
from bot.storage.engine import Database

NAME, LOGIN = "ผู้ดูแลระบบ", "admin"


def invite(database: Database, *, now: datetime) -> str | None:
    """The token of a one-time link, as long as nobody has an account with a password. The link of before is spent."""
    with database.transaction() as db:
        accounts = staff.list_accounts(db, limit=2)
        if not accounts:
            role = Role.ADMINISTRATOR
            return staff.add_account(db, name=NAME, login=LOGIN, role=role, by=None, now=now).token
        first = accounts[0]
        if len(accounts) > 1 or first.has_password or first.disabled_at is not None:
            return None
        return staff.reset(db, staff_id=first.id, by=None, now=now).token
