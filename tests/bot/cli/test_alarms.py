from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot import logs
from bot.cli.main import civicbot
from bot.storage import alarms
from bot.storage.engine import Database, open_database
from tests.builders import NOON

KEY = "of a test of commands, long enough to pass"


def type_(*words: str) -> Result:
    return CliRunner().invoke(civicbot, ["alarms", *words])


@pytest.fixture
def here(tmp_path: Path, migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    path = tmp_path / "data" / "civicbot.db"
    path.parent.mkdir()
    shutil.copy(migrated_sqlite, path)
    monkeypatch.setenv("CIVICBOT_DATA_DIR", str(path.parent))
    monkeypatch.setenv("CIVICBOT_SECRET_KEY", KEY)
    monkeypatch.setattr(logs, "configure", lambda **_: None)
    return open_database(f"sqlite:///{path}")


def test_what_is_on_stands_first_and_makes_the_exit_status(here: Database) -> None:
    assert type_("list").output == "nothing is wrong, and nothing was\n"
    with here.transaction() as db:
        alarms.note_on(db, "quota_spent", detail='{"limit": "200"}', now=NOON)
        alarms.note_over(db, besides=(), now=NOON)
        alarms.note_on(db, "disk_low", detail='{"free": "1", "least": "500"}', now=NOON)
    here.dispose()
    said = type_("list")
    assert said.exit_code == 1
    assert [line.split()[0] for line in said.output.splitlines()] == ["ON", "over"]
    assert "1 MB are free" in said.output
    assert '"alarm": "disk_low"' in type_("list", "--json").output


def test_trying_tells_why_nobody_hears(here: Database) -> None:
    here.dispose()
    said = type_("test")
    assert said.exit_code == 1
    assert "line: no administrator has a linked LINE account" in said.output.replace("line: line:", "line:")
