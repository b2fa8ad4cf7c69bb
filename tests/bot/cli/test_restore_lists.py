"""Who was erased since the backup, where the list of them is not at hand, or was written with another key."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import update

from bot import clock, settings
from bot.backups import erasures, making, places, putting_back
from bot.cli import restore_finish, restore_start
from bot.privacy import erasing
from bot.settings import SettingsRefused
from bot.storage import people, tombstones
from bot.storage.engine import Database, open_database
from bot.storage.people import PersonRow
from bot.vault import Vault
from tests.bot.backups.making_backups import IDENTITY, SECRET, fill
from tests.bot.cli.kept_state import Installation
from tests.bot.cli.test_restore import ids
from tests.bot.cli.test_restore_broken_off import KilledHere, killed

pytestmark = pytest.mark.usefixtures("without_a_model")
NEW = "a new secret after the change of keys, long enough"
FIRST, SECOND, THIRD = (f"U{number:032x}" for number in (1, 2, 3))


def erase(database: Database, vault: Vault, user_id: str) -> None:
    with database.transaction() as db:
        leaving = people.find(db, line_user_id=user_id)
        assert leaving is not None
        erasing.erase(db, vault, person_id=leaving.id, way="line", now=clock.now())


def spread(database: Database) -> None:
    """As the worker does, within a quarter of an hour after an erasure."""
    plan = places.plan_of(settings.read())
    plan.folder.mkdir(exist_ok=True)
    assert making.spread_erasures(database, plan) == []


class Moving:
    """Three people, of whom the first was erased before the backup and the second after it; a second place; and a new
    machine that has nothing yet."""

    def __init__(self, installation: Installation, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.installation = installation
        self.stick = folder / "stick"
        self.new = folder / "new"
        self._patch = monkeypatch

    def leave(self, *, second_key: str = SECRET) -> Path:
        """Returns the backup in the second place."""
        self._patch.setenv("CIVICBOT_BACKUP_FOLDER", str(self.stick))
        vault = self.installation.vault
        with self.installation.opened() as database:
            fill(database, vault)
            with database.transaction() as db:
                db.execute(update(PersonRow).values(first_seen_at=clock.now() - timedelta(days=1)))
            erase(database, vault, FIRST)
        assert self.installation.backup().exit_code == 0
        with self.installation.opened() as database:
            with database.transaction() as db:
                tombstones.reseal_keys(db, Vault([second_key, SECRET]))
            erase(database, Vault([second_key]), SECOND)
            spread(database)
        assert self.listed() == 2
        self._patch.setenv("CIVICBOT_DATA_DIR", str(self.new))
        self._patch.delenv("CIVICBOT_DATABASE_URL")
        (backup,) = self.stick.glob("civicbot-*")
        return backup

    def restore(self, path: Path, *more: str) -> Result:
        return self.installation.restore(str(path), "--yes", *more)

    @contextmanager
    def opened(self) -> Iterator[Database]:
        database = open_database(f"sqlite:///{self.new / 'civicbot.db'}")
        try:
            yield database
        finally:
            database.dispose()

    def ids(self) -> list[str]:
        with self.opened() as database:
            return ids(database)

    def spread(self) -> None:
        with self.opened() as database:
            spread(database)

    def is_empty(self) -> bool:
        return not (self.new / "civicbot.db").exists() and not (self.new / "secret.key").exists()

    def listed(self) -> int:
        """How many stand on the lists of the second place."""
        place = places.FolderPlace(self.stick)
        contents = [place.read_erasures(name) for name in ("erasures.jsonl", *place.names_aside())]
        return len({(one.key, one.erased_at) for raw in contents if raw for one in erasures.read(raw).erased})


@pytest.fixture
def moving(sqlite_installation: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Moving]:
    yield Moving(sqlite_installation, tmp_path, monkeypatch)


@pytest.fixture
def key_comes_along(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIVICBOT_BACKUP_KEY", IDENTITY)


@pytest.mark.usefixtures("key_comes_along")
def test_a_list_written_after_a_change_of_keys_is_opened_or_nothing_is_put_back(
    moving: Moving, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = moving.leave(second_key=NEW)
    monkeypatch.delenv("CIVICBOT_SECRET_KEY")
    refused = moving.restore(backup)
    assert refused.exit_code == 1
    assert "set that one as CIVICBOT_SECRET_KEY_PREVIOUS" in refused.stderr
    assert moving.is_empty()
    monkeypatch.setenv("CIVICBOT_SECRET_KEY_PREVIOUS", NEW)
    done = moving.restore(backup)
    assert "erased again, who was erased since: 1 people" in done.output
    assert moving.ids() == [THIRD]
    assert settings.read().secrets == (SECRET, NEW)


@pytest.mark.usefixtures("key_comes_along")
def test_where_that_key_is_lost_it_is_said_and_the_list_stays_for_whoever_finds_it(
    moving: Moving, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = moving.leave(second_key=NEW)
    monkeypatch.delenv("CIVICBOT_SECRET_KEY")
    assert moving.restore(backup, "--without-list").exit_code == 0
    assert moving.ids() == [SECOND, THIRD]
    moving.spread()
    assert moving.listed() == 2
    monkeypatch.setenv("CIVICBOT_SECRET_KEY_PREVIOUS", NEW)
    assert "erased since: 1 people" in moving.restore(backup).output
    assert moving.ids() == [THIRD]


@pytest.mark.parametrize("mounted", [True, False])
def test_while_the_second_place_is_away_nothing_is_put_back(moving: Moving, *, mounted: bool) -> None:
    """Its file was taken along by hand, without the list beside it."""
    backup = moving.leave()
    (moving.new.parent / "by hand").mkdir()
    taken = Path(shutil.copy(backup, moving.new.parent / "by hand" / backup.name))
    away = moving.stick.rename(moving.new.parent / "away")
    if mounted:
        moving.stick.mkdir()
    refused = moving.restore(taken)
    assert refused.exit_code == 1
    assert f"who was erased since the backup cannot be read ({moving.stick}: there is no erasures" in refused.stderr
    assert moving.is_empty()
    assert moving.restore(taken, "--without-list").exit_code == 0
    assert moving.ids() == [SECOND, THIRD]
    shutil.rmtree(moving.stick, ignore_errors=True)
    away.rename(moving.stick)
    moving.spread()
    assert moving.listed() == 2
    assert moving.restore(taken).exit_code == 0
    assert moving.ids() == [THIRD]


def test_a_file_alone_is_put_back_with_a_warning(moving: Moving, monkeypatch: pytest.MonkeyPatch) -> None:
    backup = moving.leave()
    (moving.new.parent / "by hand").mkdir()
    taken = Path(shutil.copy(backup, moving.new.parent / "by hand" / backup.name))
    monkeypatch.delenv("CIVICBOT_BACKUP_FOLDER")
    assert "WARNING: no list of who was erased was found" in moving.restore(taken).stderr
    shutil.copy(moving.stick / "erasures.jsonl", taken.parent)
    again = moving.restore(taken)
    assert "WARNING: no list" not in again.stderr
    assert moving.ids() == [THIRD]


@pytest.mark.parametrize("without_list", [True, False])
def test_one_that_was_broken_off_is_not_gone_on_with_where_the_lists_are_not_at_hand(
    moving: Moving, monkeypatch: pytest.MonkeyPatch, *, without_list: bool
) -> None:
    """On another machine, say, with the same database: what was written down here is not there."""
    backup = moving.leave()
    with monkeypatch.context() as patch:
        patch.setattr(restore_finish, "_erase_again", killed)
        with pytest.raises(KilledHere):
            moving.restore(backup, *(["--without-list"] if without_list else []))
    away = moving.stick.rename(moving.new.parent / "away")
    with moving.opened() as database:
        if without_list:
            restore_start.go_on(settings.read(), database)
            restore_start.require_finished(database)
            return
        shutil.rmtree(moving.new / putting_back.FOLDER)
        with pytest.raises(SettingsRefused, match="who was erased since the backup cannot be read"):
            restore_start.go_on(settings.read(), database)
        away.rename(moving.stick)
        restore_start.go_on(settings.read(), database)
    assert moving.ids() == [THIRD]
