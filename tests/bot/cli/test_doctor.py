"""`civicbot doctor`, as a deployer types it; LINE is the simulator."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import doctor_checks
from bot.cli.doctor import ON_A_REAL_CHANNEL
from bot.cli.main import civicbot
from bot.settings import setting_names
from bot.storage import faq_versions, holds
from bot.storage.engine import Database
from knowledge.catalogue import load_catalogue
from tests.bot.cli.conftest import KEY
from tests.bot.line.menus import NOWHERE
from tests.bot.simulator.desk import TOKEN, running_simulator
from tests.builders import NOON
from tests.knowledge.content import write_content


@dataclass
class Desk:
    database: Database
    set: pytest.MonkeyPatch

    def type(self, *more: str) -> Result:
        return CliRunner().invoke(civicbot, ["doctor", *more])

    def wrong(self) -> list[str]:
        return [line.removeprefix("  ! ") for line in self.type().output.splitlines() if line.startswith("  ! ")]


@pytest.fixture
def desk(tmp_path: Path, at_a_terminal: Database, monkeypatch: pytest.MonkeyPatch) -> Desk:
    for name in setting_names().keys() - {"CIVICBOT_DATA_DIR", "CIVICBOT_SECRET_KEY"}:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LINE_API_URL", "http://127.0.0.1:9")
    small = load_catalogue(write_content(tmp_path / "content"))
    with at_a_terminal.transaction() as db:
        faq_versions.add(db, version=small.version, content=small.to_json(), source="a test", now=NOON)
        faq_versions.publish(db, version=small.version, now=NOON)
    return Desk(at_a_terminal, monkeypatch)


def test_a_fresh_installation_with_a_simulator_has_nothing_wrong(desk: Desk) -> None:
    said = desk.type()
    assert (said.exit_code, desk.wrong()) == (0, [])
    assert "all is well" in said.output
    assert "CIVICBOT_PRIVACY_CONTACT" in said.output


def test_every_line_that_is_not_well_says_what_to_do(desk: Desk) -> None:
    lines = [line for line in desk.type().output.splitlines() if line.startswith(("  - ", "  ! "))]
    assert lines
    assert [line for line in lines if " → " not in line] == []


def test_a_damaged_file_is_told_with_the_way_back(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "data" / "civicbot.db"
    desk.database.dispose()
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + b"\x00" * 4096 * 4 + whole[4096 * 5 :])
    assert any("restore latest" in line for line in desk.wrong())


def test_a_data_folder_open_to_all_and_a_second_place_on_the_same_disk_are_told(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "data").chmod(0o755)
    desk.set.setenv("CIVICBOT_BACKUP_FOLDER", str(tmp_path / "not" / "mounted"))
    said = desk.type()
    assert said.exit_code == 0
    assert f"chmod 700 {tmp_path / 'data'}" in said.output
    assert "is on the same disk as the data" in said.output


def test_a_database_of_another_release_is_told(desk: Desk) -> None:
    with desk.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0007'")
    assert any("civicbot upgrade" in line for line in desk.wrong())


def test_keys_that_others_can_read_are_told(desk: Desk, tmp_path: Path) -> None:
    key = tmp_path / "data" / "secret.key"
    key.write_text(KEY)
    key.chmod(0o644)
    assert desk.wrong() == [f"{key} can be read by others on this machine → chmod 600 {key}"]


def test_what_alarms_would_say_it_says_too(desk: Desk) -> None:
    with desk.database.transaction() as db:
        holds.begin(db, holds.SENDING, why="restored", now=NOON)
    assert any("restore confirm" in line for line in desk.wrong())


def test_a_wrong_address_and_a_token_that_line_does_not_take(desk: Desk) -> None:
    with running_simulator(NOWHERE) as simulator:
        for name, value in {
            "LINE_API_URL": simulator.url, "LINE_CHANNEL_ACCESS_TOKEN": TOKEN, "LINE_CHANNEL_SECRET": "s" * 32,
            "CIVICBOT_BASE_URL": "https://elsewhere.example.org",
        }.items():  # fmt: skip
            desk.set.setenv(name, value)
        assert any("LINE sends webhooks to" in line or "no webhook address" in line for line in desk.wrong())
        desk.set.setenv("LINE_CHANNEL_ACCESS_TOKEN", "not this one")
        assert any("does not take the access token" in line for line in desk.wrong())


@pytest.mark.parametrize("fails", ["redis://127.0.0.1:9/0"])
def test_a_redis_that_is_down_is_no_fault_but_said(desk: Desk, fails: str) -> None:
    desk.set.setenv("CIVICBOT_REDIS_URL", fails)
    said = desk.type()
    assert said.exit_code == 0
    assert "Redis does not answer" in said.output


def test_a_clock_that_is_off_is_told(desk: Desk) -> None:
    with running_simulator(NOWHERE) as simulator:
        desk.set.setenv("LINE_API_URL", simulator.url)
        assert "the clock agrees with LINE's" in desk.type().output
        desk.set.setattr(doctor_checks.clock, "now", lambda: NOON)
        assert any("away from LINE's" in line for line in desk.wrong())


def test_live_lists_what_to_try_by_hand(desk: Desk) -> None:
    said = desk.type("--live").output
    assert all(step in said for step in ON_A_REAL_CHANNEL)
