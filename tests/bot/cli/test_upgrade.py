from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import text

from bot.backups import putting_back, upgrading
from bot.backups.upgrading import Step
from bot.cli import upgrade as upgrades
from bot.storage import migrate
from bot.storage.engine import Database
from tests.bot.backups.making_backups import IDENTITY, RECIPIENT, checksum, fill
from tests.bot.cli.kept_state import Installation
from tests.bot.cli.test_restore import hold_of, ids
from tests.bot.cli.test_restore_broken_off import KilledHere

pytestmark = pytest.mark.usefixtures("without_a_model")
OLDER = "an older revision"


def step_of(installation: Installation) -> Step | None:
    found = upgrading.read(installation.folder / "backups")
    return found.step if found is not None else None


@pytest.fixture
def used(installation: Installation) -> Installation:
    with installation.opened() as database:
        fill(database, installation.vault)
    return installation


@pytest.fixture
def used_sqlite(sqlite_installation: Installation) -> Installation:
    with sqlite_installation.opened() as database:
        fill(database, sqlite_installation.vault)
    return sqlite_installation


def migrating(change: str) -> Callable[[Database], None]:
    """A migration that does something to the tables, as one of a later release."""

    def migrated(database: Database) -> None:
        with database.transaction() as db:
            for statement in change.split(";"):
                db.execute(text(statement))

    return migrated


def test_upgrade_backs_up_migrates_and_looks(used_sqlite: Installation) -> None:
    used = used_sqlite
    done = used.upgrade()
    assert (done.exit_code, done.exception) == (0, None), done.output
    assert f"The database is at revision {migrate.newest()}." in done.output
    assert step_of(used) is Step.DONE
    assert len(list((used.folder / "backups").glob("civicbot-*.tar"))) == 1


def test_one_that_loses_rows_is_taken_back_by_itself(used: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    with used.opened() as database:
        before = checksum(database)
    monkeypatch.setattr(migrate, "upgrade", migrating("DELETE FROM service_messages;CREATE TABLE later (id INTEGER)"))
    failed = used.upgrade()
    assert failed.exit_code == 1
    assert "the upgrade failed: rows are missing: service_messages" in failed.output
    assert "everything is as it was before" in failed.output
    with used.opened() as database:
        assert (checksum(database), hold_of(database)) == (before, None)
    assert step_of(used) is Step.TAKEN_BACK


def test_one_that_breaks_is_taken_back_by_itself(used_sqlite: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrate, "upgrade", migrating("ALTER TABLE nobody_knows RENAME TO later"))
    assert used_sqlite.upgrade().exit_code == 1
    with used_sqlite.opened() as database:
        assert len(ids(database)) == 3
    monkeypatch.undo()


def test_without_a_backup_nothing_is_migrated(used_sqlite: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    (used_sqlite.folder / "backups").write_text("a file stands in the way")
    monkeypatch.setattr(migrate, "upgrade", migrating("DROP TABLE people"))
    assert used_sqlite.upgrade().exit_code == 1
    with used_sqlite.opened() as database:
        assert len(ids(database)) == 3


def test_with_a_key_that_opens_nothing_here_nothing_is_migrated(
    used_sqlite: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The copy could not be put back by itself."""
    monkeypatch.setattr(migrate, "upgrade", migrating("DELETE FROM registrations"))
    monkeypatch.setenv("CIVICBOT_BACKUP_KEY", RECIPIENT)
    refused = used_sqlite.upgrade()
    assert refused.exit_code == 1
    assert "set CIVICBOT_BACKUP_KEY to the key that begins with AGE-SECRET-KEY-1" in refused.stderr
    with used_sqlite.opened() as database:
        before = checksum(database)
    monkeypatch.setenv("CIVICBOT_BACKUP_KEY", IDENTITY)
    assert "everything is as it was before" in used_sqlite.upgrade().stderr
    with used_sqlite.opened() as database:
        assert checksum(database) == before


def test_back_puts_the_copy_in_place_and_holds_sending(used: Installation) -> None:
    used.upgrade()
    with used.opened() as database:
        fill(database, used.vault, people=5)
    done = used.upgrade("--back", "--yes")
    assert done.exit_code == 0, done.output
    with used.opened() as database:
        assert (len(ids(database)), hold_of(database)) == (3, "restored")
    assert step_of(used) is Step.TAKEN_BACK
    assert "it was taken back already" in used.upgrade("--back", "--yes").output


def test_back_to_other_tables_leaves_the_rest_to_the_former_release(
    used_sqlite: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    used_sqlite.upgrade()
    with monkeypatch.context() as patch:
        patch.setattr(migrate, "newest", lambda: "of a later release")
        done = used_sqlite.upgrade("--back", "--yes")
    assert "Bring in the files of release" in done.output
    with used_sqlite.opened() as database:
        assert hold_of(database) == putting_back.UNFINISHED, "the former release goes on with it"


@pytest.mark.parametrize("revision", [OLDER, ""])
def test_back_while_the_list_of_who_was_erased_is_away(
    used_sqlite: Installation, monkeypatch: pytest.MonkeyPatch, revision: str
) -> None:
    used = used_sqlite
    assert used.upgrade().exit_code == 0
    done = upgrading.read(used.folder / "backups")
    assert done is not None
    upgrading.write(used.folder / "backups", replace(done, revision=revision or done.revision))
    monkeypatch.setenv("CIVICBOT_BACKUP_FOLDER", str(used.folder / "away"))
    refused = used.upgrade("--back", "--yes")
    assert "who was erased since the backup cannot be read" in refused.stderr
    with used.opened() as database:
        assert hold_of(database) is None
    assert used.upgrade("--back", "--yes", "--without-list").exit_code == 0
    with used.opened() as database:
        assert hold_of(database) is not None


def test_back_without_an_upgrade(used_sqlite: Installation) -> None:
    assert "no upgrade was made here" in used_sqlite.upgrade("--back").output


def die(*_: object, **__: object) -> None:
    raise KilledHere


@pytest.mark.parametrize("where", ["prepare_database", "look_through", "after migrating"])
def test_killed_in_the_middle_the_same_command_brings_it_to_its_end(
    used_sqlite: Installation, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    with monkeypatch.context() as patch:
        name = "look_through" if where == "after migrating" else where
        patch.setattr(upgrades, name, die)
        with pytest.raises(KilledHere):
            used_sqlite.upgrade()
    first = upgrading.read(used_sqlite.folder / "backups")
    assert first is not None
    if where == "after migrating":  # the tables are new already: the copy from before is the one to keep
        first = upgrading.Upgrade(**{**vars_of(first), "revision": OLDER})
        upgrading.write(used_sqlite.folder / "backups", first)
    assert used_sqlite.upgrade().exit_code == 0
    then = upgrading.read(used_sqlite.folder / "backups")
    assert then is not None
    assert then.step is Step.DONE
    assert (then.backup == first.backup) is (where == "after migrating")


def vars_of(one: upgrading.Upgrade) -> dict[str, object]:
    return {name: getattr(one, name) for name in ("step", "backup", "revision", "release", "counts", "at")}


@pytest.mark.parametrize("where", ["locate", "put_in_place"])
def test_killed_while_it_is_taken_back_the_same_command_brings_that_to_its_end(
    used_sqlite: Installation, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(migrate, "upgrade", migrating("DELETE FROM service_messages"))
        patch.setattr(putting_back, where, die)
        with pytest.raises(KilledHere):
            used_sqlite.upgrade()
    assert step_of(used_sqlite) is Step.TAKING_BACK
    assert "the copy is in place again" in used_sqlite.upgrade().output
    with used_sqlite.opened() as database, database.reading() as db:
        assert db.scalar(text("SELECT count(*) FROM service_messages")) != 0
    assert used_sqlite.upgrade().exit_code == 0


def test_while_civicbot_runs_it_is_refused(used_sqlite: Installation) -> None:
    with used_sqlite.opened() as database:
        ids(database)
        refused = used_sqlite.upgrade()
    assert refused.output == "Error: civicbot is running; stop it first\n"
