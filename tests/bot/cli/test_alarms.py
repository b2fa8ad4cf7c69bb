from __future__ import annotations

from click.testing import CliRunner, Result

from bot.cli.main import civicbot
from bot.storage import alarms
from bot.storage.engine import Database
from tests.builders import NOON


def type_(*words: str) -> Result:
    return CliRunner().invoke(civicbot, ["alarms", *words])


def test_what_is_on_stands_first_and_makes_the_exit_status(at_a_terminal: Database) -> None:
    assert type_("list").output == "nothing is wrong, and nothing was\n"
    with at_a_terminal.transaction() as db:
        alarms.note_on(db, "quota_spent", detail='{"limit": "200"}', now=NOON)
        alarms.note_over(db, besides=(), now=NOON)
        alarms.note_on(db, "disk_low", detail='{"free": "1", "least": "500"}', now=NOON)
    at_a_terminal.dispose()
    said = type_("list")
    assert said.exit_code == 1
    assert [line.split()[0] for line in said.output.splitlines()] == ["ON", "over"]
    assert "1 MB are free" in said.output
    assert '"alarm": "disk_low"' in type_("list", "--json").output


def test_trying_tells_why_nobody_hears(at_a_terminal: Database) -> None:
    at_a_terminal.dispose()
    said = type_("test")
    assert said.exit_code == 1
    assert "line: no administrator has a linked LINE account" in said.output.replace("line: line:", "line:")
