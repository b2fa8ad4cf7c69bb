"""`audit verify` and `audit list`, as a deployer types them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli.audit import SAYS, audit
from bot.outreach.audit import COMMAND_LINE, Actor, Why, record
from bot.storage.engine import Database, open_database
from bot.vault import Vault
from tests.bot.storage.audit_tables import tamper
from tests.builders import NOON

KEY = "of a test of commands, long enough to pass"


@pytest.fixture
def log(
    tmp_path: Path,
    migrated_sqlite: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Database]:
    (tmp_path / "civicbot.db").write_bytes(migrated_sqlite.read_bytes())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CIVICBOT_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("CIVICBOT_SECRET_KEY", KEY)
    monkeypatch.delenv("CIVICBOT_DATABASE_URL", raising=False)
    database = open_database(f"sqlite:///{tmp_path / 'civicbot.db'}")
    yield database
    database.dispose()


def write(database: Database, count: int = 3) -> None:
    with database.transaction() as db:
        for number in range(count):
            record(
                db, Vault([KEY]), actor=Actor(7, "มาลี\nforged line") if number else COMMAND_LINE,
                action="staff.changed" if number else "faq.published", subject=("staff", number),
                after={"role": "staff"}, now=NOON + timedelta(days=number),
            )  # fmt: skip


def civicbot(*arguments: str) -> Result:
    return CliRunner().invoke(audit, arguments)


def test_verify_says_that_the_log_is_whole_and_its_head_is_found_again(log: Database) -> None:
    assert civicbot("verify").output == "The audit log is empty.\n"
    write(log, 1)
    told = civicbot("verify")
    assert (told.exit_code, told.stderr) == (0, "")
    first, second = told.stdout.splitlines()
    assert first == "The audit log is whole: 1 line."
    write(log)
    assert civicbot("verify").stdout.splitlines()[0] == "The audit log is whole: 4 lines."
    assert civicbot("verify", "--expect", second.removeprefix("Head: ")).exit_code == 0
    other = civicbot("verify", "--expect", "2:" + "f" * 64)
    assert (other.exit_code, other.stderr) == (
        1, "The audit log is broken: line 2 has another hash than the one expected.\n",
    )  # fmt: skip


@pytest.mark.parametrize("head", ["7", "x:" + "f" * 64, "7:ff", "²:" + "f" * 64])
def test_a_head_that_is_none_is_refused_in_words(log: Database, head: str) -> None:
    told = civicbot("verify", "--expect", head)
    assert told.exit_code == 2
    assert "as `audit verify` printed it" in told.stderr


def test_verify_names_the_first_bad_line_and_fails(log: Database) -> None:
    write(log)
    tamper(log, "UPDATE audit_log SET actor = 'somebody' WHERE id IN (2, 3)")
    told = civicbot("verify")
    assert (told.exit_code, told.stdout, told.stderr) == (
        1, "", "The audit log is broken: line 2 was altered after it was written.\n",
    )  # fmt: skip


def test_every_way_of_being_broken_has_words() -> None:
    assert set(SAYS) == set(Why)


def test_list_shows_the_newest_first_one_a_row(log: Database) -> None:
    assert civicbot("list").output == "no lines\n"
    write(log)
    what = "มาลี\ufffdforged line (7)  staff.changed"
    assert civicbot("list", "--limit", "2").output.splitlines() == [
        f'     3  26 พฤศจิกายน 2569 เวลา 12:00 น.  {what}  staff 2  after {{"role": "staff"}}',
        f'     2  25 พฤศจิกายน 2569 เวลา 12:00 น.  {what}  staff 1  after {{"role": "staff"}}',
    ]


def test_list_takes_a_day_of_bangkok_and_an_action(log: Database) -> None:
    write(log)
    since = civicbot("list", "--json", "--since", "2026-11-25T12:00")
    assert [json.loads(line)["id"] for line in since.output.splitlines()] == [3, 2]
    assert [
        json.loads(line)["id"] for line in civicbot("list", "--json", "--since", "2026-11-26").output.splitlines()
    ] == [3]
    found = [json.loads(line) for line in civicbot("list", "--json", "--action", "faq.").output.splitlines()]
    assert [(one["id"], one["actor"], one["at"]) for one in found] == [(1, "command line", NOON.isoformat())]
    assert civicbot("list", "--since", "yesterday").exit_code == 2
