"""The commands as a deployer types them."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cases import opening
from bot.cases.opening import CaseKind
from bot.cli import main
from bot.storage import faq_versions, incoming, migrate
from bot.storage.engine import open_database
from bot.vault import Vault
from knowledge.catalogue import SHIPPED, load_catalogue
from knowledge.model import RECIPE
from tests.builders import NOON
from tests.trained import folder_of_session, shipped_model

KEY = "of a test of commands, long enough to pass"


def civicbot(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CIVICBOT_", "LINE_"))}
    environment = kept | {"CIVICBOT_DATA_DIR": str(folder), "CIVICBOT_SECRET_KEY": KEY} | settings
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", *arguments],
        env=environment, cwd=Path.cwd(), capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, migrated_sqlite: Path) -> Path:
    (tmp_path / "civicbot.db").write_bytes(migrated_sqlite.read_bytes())
    return tmp_path


def test_help_lists_every_command_and_each_has_help_of_its_own(tmp_path: Path) -> None:
    from bot.cli.main import FAMILIES

    listed = civicbot(tmp_path, "--help")
    assert listed.returncode == 0
    for name in FAMILIES:
        assert f"  {name} " in listed.stdout
    assert civicbot(tmp_path, "nonsense").returncode == 2


def test_wrong_settings_are_listed_and_nothing_starts(tmp_path: Path) -> None:
    answer = civicbot(tmp_path, "work", CIVICBOT_PORT="x", CIVICBOT_TYPO="y")
    assert answer.returncode == 2
    assert "CIVICBOT_PORT" in answer.stderr
    assert "CIVICBOT_TYPO" in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize("part", ["web", "work"])
def test_parts_by_hand_ask_for_what_they_need(tmp_path: Path, part: str) -> None:
    answer = civicbot(tmp_path, part)
    assert answer.returncode == 2
    for name in ("LINE_CHANNEL_SECRET", "LINE_CHANNEL_ACCESS_TOKEN", "CIVICBOT_DATABASE_URL"):
        assert name in answer.stderr


@pytest.mark.parametrize("part", ["web", "work"])
def test_parts_on_an_unmigrated_database_say_what_to_do(tmp_path: Path, part: str) -> None:
    answer = civicbot(
        tmp_path, part, LINE_CHANNEL_SECRET="s", LINE_CHANNEL_ACCESS_TOKEN="t", CIVICBOT_SQLITE_PARTS="true"
    )
    assert answer.returncode != 0
    assert "civicbot migrate" in answer.stderr


def test_a_damaged_database_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "civicbot.db").write_bytes(b"this is not a database at all" * 100)
    answer = civicbot(tmp_path, "migrate")
    assert answer.returncode == 2
    assert "damaged" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert (tmp_path / "civicbot.db").read_bytes().startswith(b"this is not")


def test_cases_are_listed_urgent_ones_first(folder: Path) -> None:
    assert civicbot(folder, "cases", "list").stdout == "no cases\n"
    database = open_database(f"sqlite:///{folder / 'civicbot.db'}")
    with database.transaction() as db:
        opening.open_case(db, CaseKind.URGENT, now=NOON, detail="ช่วยด้วย")
        opening.open_case(db, CaseKind.STORY, now=NOON, detail="ฝายเสร็จแล้ว")
    database.dispose()
    plain = civicbot(folder, "cases", "list")
    assert [line.split("  ")[-2].strip() for line in plain.stdout.splitlines()] == ["URGENT urgent", "story"]
    assert "24 พฤศจิกายน 2569 เวลา 12:00 น." in plain.stdout
    rows = [json.loads(line) for line in civicbot(folder, "cases", "list", "--json").stdout.splitlines()]
    assert [(row["kind"], row["urgent"]) for row in rows] == [("urgent", True), ("story", False)]


def test_quarantine_is_listed_and_shown(folder: Path) -> None:
    database = open_database(f"sqlite:///{folder / 'civicbot.db'}")
    with database.transaction() as db:
        incoming.quarantine(db, reason="not JSON", size=3, body=Vault([KEY]).seal(b"{oh"), now=NOON)
    database.dispose()
    assert "3 bytes  not JSON" in civicbot(folder, "quarantine", "list").stdout
    assert "{oh" in civicbot(folder, "quarantine", "list", "--show").stdout
    other = civicbot(
        folder, "quarantine", "list", "--show", CIVICBOT_SECRET_KEY="another key, long enough to be accepted"
    )
    assert "CIVICBOT_SECRET_KEY" in other.stderr


def test_migrate_twice_is_harmless_and_loads_the_faq_once(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """With the model there already: tests/scenarios/test_run.py trains it as a new machine does."""
    database = open_database(f"sqlite:///{tmp_path / 'civicbot.db'}")
    migrate.upgrade(database)
    catalogue, model = load_catalogue(SHIPPED), shipped_model(folder_of_session(tmp_path_factory))
    with database.transaction() as db:
        faq_versions.save_model(db, version=catalogue.version, recipe=RECIPE, arrays=model, lesson=catalogue.lesson)
    database.dispose()
    for _ in range(2):
        assert civicbot(tmp_path, "migrate").returncode == 0
    database = open_database(f"sqlite:///{tmp_path / 'civicbot.db'}")
    migrate.require_current(database)
    with database.reading() as db:
        assert faq_versions.count(db) == 1
    database.dispose()


def test_a_draft_is_published_and_the_one_before_can_be_gone_back_to(folder: Path) -> None:
    database = open_database(f"sqlite:///{folder / 'civicbot.db'}")
    with database.transaction() as db:
        for version in ("aa11", "aa22"):
            faq_versions.add(db, version=version, content="{}", source="a test", now=NOON)
            faq_versions.save_model(db, version=version, recipe=RECIPE, arrays=b"not looked into")
        faq_versions.publish(db, version="aa11", now=NOON)

    assert civicbot(folder, "faq", "publish", "aa").returncode == 1
    assert "no version begins" in civicbot(folder, "faq", "publish", "zz").stderr
    assert civicbot(folder, "faq", "publish", "aa22").stdout == "aa22 is in force.\n"
    states = [line.split("  ")[2] for line in civicbot(folder, "faq", "versions").stdout.splitlines()]
    assert states == ["in force", "published before"]
    assert civicbot(folder, "faq", "publish", "aa11").returncode == 0
    with database.reading() as db:
        assert faq_versions.find_published(db) == "aa11"
    database.dispose()


def test_files_that_a_command_makes_are_for_their_owner_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = tmp_path / "made"
    monkeypatch.setattr(main, "civicbot", lambda **_: made.touch())
    before = os.umask(0o022)
    try:
        main.main()
    finally:
        os.umask(before)
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
