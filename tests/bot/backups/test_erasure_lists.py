"""The list of who was erased, where another one lies in its place already."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.backups import erasure_lists, erasures, making, rotation
from bot.backups.places import FolderPlace, name_of
from bot.storage import tombstones
from bot.storage.engine import Database
from bot.vault import Vault
from tests.bot.backups.making_backups import plan_in
from tests.builders import NOON

DAY = timedelta(days=1)


@pytest.fixture
def second(tmp_path: Path) -> FolderPlace:
    return FolderPlace(tmp_path / "second")


def erased(database: Database, vault: Vault, *whose: str, at: datetime = NOON) -> bytes:
    """The list, after these were erased."""
    with database.transaction() as db:
        tombstones.get_key(db, vault)
        for key in whose:
            tombstones.add(db, key=key * 64, way="line", erased_at=at, counts={"people": 1})
    return erasures.collect(database)


def forget_all(database: Database) -> None:
    with database.transaction() as db:
        db.query(tombstones.TombstoneRow).delete()


def spread(database: Database, second: FolderPlace, *, now: datetime = NOON) -> None:
    plan = plan_in(second.folder.parent, second)
    plan.folder.mkdir(exist_ok=True)
    assert making.spread_erasures(database, plan, now=lambda: now) == []


def test_a_list_that_names_somebody_else_is_put_aside_and_read(
    sqlite_database: Database, vault: Vault, second: FolderPlace
) -> None:
    """As after a restore without it: the copy that was put back does not know of them."""
    longer = erased(sqlite_database, vault, "a", "b")
    spread(sqlite_database, second)
    forget_all(sqlite_database)
    shorter = erased(sqlite_database, vault, "c")
    for _ in range(2):  # where writing over it failed, it is not put aside once more
        spread(sqlite_database, second)
        assert second.read_erasures() == shorter
        assert second.names_aside() == ["erasures-20261124T050000Z.jsonl"]
        second.write_erasures(longer)
    second.write_erasures(shorter)
    found = erasure_lists.find(plan_in(second.folder.parent, second))
    assert (set(found.contents), found.faults) == ({longer, shorter}, ())


def test_a_list_that_says_less_or_the_same_by_another_key_is_written_over(
    sqlite_database: Database, vault: Vault, second: FolderPlace
) -> None:
    erased(sqlite_database, vault, "a")
    spread(sqlite_database, second)
    with sqlite_database.transaction() as db:
        tombstones.reseal_keys(db, vault)
    longer = erased(sqlite_database, vault, "b")
    spread(sqlite_database, second)
    assert (second.read_erasures(), second.names_aside()) == (longer, [])


def test_whom_nobody_has_to_remember_any_more_makes_no_list_worth_keeping(
    sqlite_database: Database, vault: Vault, second: FolderPlace
) -> None:
    erased(sqlite_database, vault, "a", at=NOON - 401 * DAY)
    erased(sqlite_database, vault, "b")
    spread(sqlite_database, second)
    with sqlite_database.transaction() as db:
        db.query(tombstones.TombstoneRow).filter_by(key="a" * 64).delete()
    spread(sqlite_database, second)
    assert second.names_aside() == []


def test_what_was_put_aside_goes_with_the_last_backup_that_is_older(second: FolderPlace) -> None:
    second.folder.mkdir()
    for days in (9, 2, 1, 0):
        (second.folder / name_of(NOON + days * DAY, encrypted=False)).touch()
    for name in ("erasures.jsonl", "erasures-20261130T050000Z.jsonl", "erasures-of-mine.jsonl"):
        (second.folder / name).touch()
    kept = ["erasures-20261130T050000Z.jsonl"]
    rotation.rotate(second, keep_days=5, now=NOON + 20 * DAY)
    assert second.names_aside() == kept, "a backup of the day after the first is still there"
    for days in (10, 11):
        (second.folder / name_of(NOON + days * DAY, encrypted=False)).touch()
    rotation.rotate(second, keep_days=5, now=NOON + 21 * DAY)
    assert second.names_aside() == []
    assert (second.folder / "erasures.jsonl").exists()
    assert (second.folder / "erasures-of-mine.jsonl").exists()


@pytest.mark.parametrize("content", [b"", b"no list", b'{"format": 1, "key": "a2V5", "last": 2, "number": 2}\n'])
def test_a_list_that_was_cut_off_is_told_of(second: FolderPlace, content: bytes) -> None:
    second.write_erasures(content)
    found = erasure_lists.find(plan_in(second.folder.parent, second))
    assert found.faults == (f"{second.folder}: erasures.jsonl is damaged",)


@pytest.mark.parametrize("mounted", [True, False])
def test_a_second_place_without_a_list_is_told_of(second: FolderPlace, *, mounted: bool) -> None:
    """So does a folder look on which no disk is mounted."""
    if mounted:
        second.folder.mkdir()
    found = erasure_lists.find(plan_in(second.folder.parent, second))
    assert found.faults == (f"{second.folder}: there is no erasures.jsonl",)
