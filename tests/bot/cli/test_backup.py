"""`civicbot backup`, `restore` and `upgrade` as a deployer types them, each in this process."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli.backup import backup
from bot.storage.engine import Database
from bot.vault import Vault
from tests.bot.backups.making_backups import IDENTITY, SECRET, fill


@pytest.fixture
def here(sqlite_database: Database, vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    fill(sqlite_database, vault)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CIVICBOT_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("CIVICBOT_SECRET_KEY", SECRET)
    return tmp_path


def civicbot(*arguments: str) -> Result:
    return CliRunner().invoke(backup, arguments)


def test_backup_says_where_it_is_and_that_the_key_is_not_in_it(here: Path) -> None:
    done = civicbot("--to", str(here / "stick"))
    (made,) = (here / "backups").glob("*.tar")
    assert done.exit_code == 0
    assert done.stdout.startswith(f"{made}  ")
    assert "copied to: folder, read back and found the same" in done.stdout
    assert "CIVICBOT_SECRET_KEY is not in it" in done.stderr
    assert (here / "stick" / made.name).exists()


def test_encrypted_it_says_nothing_of_a_key_to_keep(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIVICBOT_BACKUP_KEY", IDENTITY)
    done = civicbot()
    assert (done.exit_code, done.stderr) == (0, "")
    assert civicbot("check", "latest").exit_code == 0


def test_list_shows_each_with_its_places(here: Path) -> None:
    assert civicbot("list").stdout == "There is no backup yet: `civicbot backup` makes one.\n"
    civicbot("--to", str(here / "stick"))
    listed = civicbot("list").stdout
    (made,) = (here / "backups").glob("*.tar")
    assert listed == f"{made.name}  0 hours ago  {here / 'backups'}\n"


def test_list_says_why_the_last_one_failed(here: Path) -> None:
    (here / "stick").write_text("no folder")
    assert civicbot("--to", str(here / "stick" / "deeper")).exit_code == 1
    said = civicbot("list").stderr
    assert "Bangkok time, failed: " in said
    assert str(here / "stick" / "deeper") in said
    assert civicbot().exit_code == 0
    assert civicbot("list").stderr == ""


def test_check_reads_all_of_it(here: Path) -> None:
    civicbot()
    (made,) = (here / "backups").glob("*.tar")
    assert "is whole: " in civicbot("check", made.name).stdout
    made.write_bytes(made.read_bytes()[:-20_000])
    damaged = civicbot("check", str(made))
    assert damaged.exit_code == 1
    assert damaged.stderr.startswith("Error: the backup is damaged")


@pytest.mark.parametrize("content", [b"", b"hello", b"x" * 20_000])
def test_check_of_what_is_no_backup(here: Path, content: bytes) -> None:
    (here / "file").write_bytes(content)
    told = civicbot("check", str(here / "file"))
    assert told.exit_code == 1
    assert "file is no backup of civicbot" in told.stderr or "the backup is damaged (file)" in told.stderr


def test_a_second_place_that_fails_is_an_error_of_the_command(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "stick").write_text("a file stands in the way")
    monkeypatch.setenv("CIVICBOT_BACKUP_FOLDER", str(here / "stick"))
    done = civicbot()
    assert done.exit_code == 1
    assert f"NOT copied: {here / 'stick'}: " in done.stderr


def test_key_makes_a_pair_that_fits(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = civicbot("key").stdout.split()
    secret = next(word for word in words if word.startswith("AGE-SECRET-KEY-1"))
    public = next(word for word in words if word.startswith("age1"))
    monkeypatch.setenv("CIVICBOT_BACKUP_KEY", public)
    assert civicbot().exit_code == 0
    assert "is encrypted; set CIVICBOT_BACKUP_KEY" in civicbot("check", "latest").stderr
    monkeypatch.setenv("CIVICBOT_BACKUP_KEY", secret)
    assert civicbot("check", "latest").exit_code == 0
