"""`civicbot staff` as a deployer types it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot import clock
from bot.cli.staff import staff as commands
from bot.outreach import staff
from bot.outreach.staff import Account, Invitation
from bot.storage.engine import Database, open_database
from tests.bot.outreach.accounts import HASH

BASE = "https://bot.example.org"


@dataclass
class Machine:
    database: Database

    def type(self, *arguments: str) -> Result:
        return CliRunner().invoke(commands, arguments)

    def accounts(self) -> list[tuple[str, str]]:
        with self.database.reading() as db:
            return [(account.login, account.role.value) for account in staff.list_accounts(db)]

    def invitation(self, told: Result) -> Invitation | None:
        """What the link that a command printed leads to."""
        link = told.stdout.splitlines()[-1]
        assert link.startswith(f"{BASE}/console/join/")
        with self.database.reading() as db:
            return staff.find_invitation(db, link.rpartition("/")[2], now=clock.now())

    def join(self, told: Result) -> Account:
        token = told.stdout.splitlines()[-1].rpartition("/")[2]
        with self.database.transaction() as db:
            return staff.accept_invitation(db, token=token, password_hash=HASH, now=clock.now())


@pytest.fixture
def machine(tmp_path: Path, migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    for name in [one for one in os.environ if one.startswith(("CIVICBOT_", "LINE_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("CIVICBOT_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("CIVICBOT_BASE_URL", BASE)
    (tmp_path / "civicbot.db").write_bytes(migrated_sqlite.read_bytes())
    database = open_database(f"sqlite:///{tmp_path / 'civicbot.db'}")
    yield Machine(database)
    database.dispose()


def test_the_first_account_is_an_administrator_and_later_ones_are_staff(machine: Machine) -> None:
    first = machine.type("add", "สมชาย", "--login", "Somchai")
    assert (first.exit_code, first.stdout.splitlines()[0]) == (0, "somchai: administrator, สมชาย")
    for name, more in (("malee", ()), ("vol", ("--role", "volunteer"))):
        assert machine.type("add", name, "--login", name, *more).exit_code == 0
    assert machine.accounts() == [("malee", "staff"), ("somchai", "administrator"), ("vol", "volunteer")]


def test_adding_prints_a_link_that_works_once_and_says_until_when(machine: Machine) -> None:
    told = machine.type("add", "Malee", "--login", "malee")
    invitation = machine.invitation(told)
    assert invitation is not None
    assert (invitation.account.login, invitation.purpose) == ("malee", "join")
    assert "The link works once, until " in told.stderr
    machine.join(told)
    assert machine.invitation(told) is None


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("add", "x", "--login", "MALEE"), 1, "there is an account 'malee' already"),
        (("add", "x", "--login", "a b"), 1, "a login has 3 to 64"),
        (("add", " ", "--login", "abc"), 1, "a name has 1 to 80"),
        (("add", "x"), 2, "--login"),
        (("add", "x", "--login", "abc", "--role", "king"), 2, "king"),
        (("disable", "nobody"), 1, "there is no account 'nobody'"),
        (("reset", "no body"), 1, "there is no account 'no body'"),
        (("disable", "malee"), 1, "malee is the last administrator"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    machine: Machine, arguments: tuple[str, ...], status: int, words: str
) -> None:
    machine.join(machine.type("add", "Malee", "--login", "malee"))
    refused = machine.type(*arguments)
    assert refused.exit_code == status
    assert words in refused.stderr
    assert refused.stdout == ""
    assert machine.type("list").stdout == "malee  administrator  active  Malee\n"


def test_a_reset_account_gets_a_new_link_and_a_disabled_one_none(machine: Machine) -> None:
    machine.join(machine.type("add", "Head", "--login", "head"))
    machine.join(machine.type("add", "Malee", "--login", "malee"))
    told = machine.type("reset", "MALEE")
    assert (told.exit_code, told.stdout.splitlines()[0]) == (0, "malee is reset.")
    assert machine.type("list").stdout.splitlines()[1] == "malee  staff  invited  Malee"
    machine.join(told)
    assert machine.type("disable", "malee").stdout == "malee is disabled.\n"
    assert machine.type("list").stdout.splitlines()[1] == "malee  staff  disabled  Malee"
    refused = machine.type("reset", "malee")
    assert refused.exit_code == 1
    assert "malee is disabled" in refused.stderr


def test_an_empty_list_says_so(machine: Machine) -> None:
    assert machine.type("list").stdout == "no accounts\n"


def test_an_old_database_is_refused_in_words(machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIVICBOT_DATA_DIR", str(tmp_path / "empty"))
    refused = machine.type("list")
    assert refused.exit_code == 1
    assert "civicbot migrate" in refused.stderr
