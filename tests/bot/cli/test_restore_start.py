"""What `run`, `migrate` and `work` look at before they begin."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import settings
from bot.cli import restore_start
from bot.cli.serve import prepare_database
from bot.settings import SettingsRefused
from bot.storage import migrate
from bot.storage.migrate import NotMigrated
from tests.bot.backups.making_backups import fill
from tests.bot.cli.kept_state import Installation


def start(installation: Installation) -> None:
    prepare_database(installation.settings, samples=False).dispose()


@pytest.mark.parametrize("where", [0, 4096 * 3])
def test_a_damaged_file_is_refused_and_left_as_it_is(sqlite_installation: Installation, where: int) -> None:
    path = sqlite_installation.folder / "civicbot.db"
    with sqlite_installation.opened() as database:
        fill(database, sqlite_installation.vault, people=20)
    with path.open("r+b") as file:
        file.seek(where)
        file.write(b"\xff" * 4096)
    before = path.read_bytes()
    with pytest.raises(SettingsRefused, match=r"the database is damaged .* `civicbot restore latest`"):
        start(sqlite_installation)
    assert path.read_bytes() == before


def test_a_file_that_was_cut_off_is_refused(sqlite_installation: Installation) -> None:
    path = sqlite_installation.folder / "civicbot.db"
    path.write_bytes(path.read_bytes()[:100_000])
    with pytest.raises(SettingsRefused, match="the database is damaged"):
        start(sqlite_installation)


@pytest.mark.parametrize("empty", [True, False])
def test_where_a_database_was_none_is_begun(sqlite_installation: Installation, *, empty: bool) -> None:
    sqlite_installation.back_up()
    path = sqlite_installation.folder / "civicbot.db"
    path.unlink()
    if empty:
        path.touch()
    with pytest.raises(SettingsRefused, match="there is no database any more"):
        start(sqlite_installation)
    assert path.exists() is empty


def test_a_file_that_another_command_has_made_meanwhile_is_no_database(sqlite_installation: Installation) -> None:
    sqlite_installation.back_up()
    (sqlite_installation.folder / "civicbot.db").unlink()
    with sqlite_installation.opened() as database, pytest.raises(NotMigrated):
        migrate.require_current(database)
    with pytest.raises(SettingsRefused, match="there is no database any more"):
        start(sqlite_installation)


def test_a_damaged_file_is_replaced_by_restore_and_kept(sqlite_installation: Installation) -> None:
    with sqlite_installation.opened() as database:
        fill(database, sqlite_installation.vault)
    sqlite_installation.back_up()
    path = sqlite_installation.folder / "civicbot.db"
    damaged = b"\xff" * 4096 + path.read_bytes()[4096:]
    path.write_bytes(damaged)
    assert sqlite_installation.restore("latest", "--yes").exit_code == 0
    restore_start.require_whole(sqlite_installation.settings)
    (kept,) = sqlite_installation.folder.glob("civicbot.db.before-*")
    assert kept.read_bytes() == damaged


def test_a_first_start_is_nobodys_loss(tmp_path: Path) -> None:
    restore_start.require_whole(settings.of({"CIVICBOT_DATA_DIR": str(tmp_path)}))
