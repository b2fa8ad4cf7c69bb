from __future__ import annotations

from datetime import timedelta

import pytest
from click.testing import CliRunner

from bot import clock
from bot.cli import retention as family
from bot.cli.main import FAMILIES
from bot.cli.retention import WORDS
from bot.cli.retention import retention as command
from bot.privacy import retention
from bot.storage import questions
from bot.storage.engine import Database
from bot.vault import Vault
from tests.bot.privacy.test_retention import a_question
from tests.builders import NOON

KEY = "of a test of commands, long enough to pass"


@pytest.fixture
def database(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.setenv("CIVICBOT_DATABASE_URL", sqlite_database.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("CIVICBOT_SECRET_KEY", KEY)
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(days=181))
    return sqlite_database


def type_in(*arguments: str) -> str:
    result = CliRunner().invoke(command, list(arguments))
    assert result.exit_code == 0, result.output
    return result.output


def test_family_is_known_and_has_a_word_for_every_kind() -> None:
    assert FAMILIES["retention"] == f"{family.__name__}:retention"
    assert [step.name for step in retention.STEPS if step.name not in WORDS] == []


def test_run_says_what_went_and_show_repeats_it(database: Database) -> None:
    with database.transaction() as db:
        for number in range(3):
            a_question(db, Vault([KEY]), number=number)
    assert type_in("show") == "Nothing was reported yet: that happens at night, while civicbot runs.\n"
    said = type_in("run")
    assert said == "  3  questions without their words\n"
    with database.reading() as db:
        assert [row.text for row in questions.list_latest(db, limit=9)] == [None, None, None]
    assert type_in("show").endswith(f"12:00 (command)\n{said}")
    assert type_in("run") == "  nothing was due\n"


def test_days_come_from_settings(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIVICBOT_KEEP_QUESTIONS_DAYS", "365")
    with database.transaction() as db:
        a_question(db, Vault([KEY]), number=1)
    assert type_in("run") == "  nothing was due\n"
