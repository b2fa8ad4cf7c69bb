from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.backups import places, rotation

NOW = datetime(2026, 11, 29, 5, 0, tzinfo=UTC)


def name(days: int) -> str:
    return places.name_of(NOW - timedelta(days=days), encrypted=False)


@pytest.mark.parametrize(
    ("ages", "gone"),
    [
        ([], []),
        ([100, 90, 80], []),
        ([100, 90, 80, 70], [100]),
        ([40, 31, 30, 29, 2, 1, 0], [40, 31]),
        ([40, 39, 38, 0], [40]),
    ],
)
def test_old_ones_go_and_the_last_three_stay(ages: list[int], gone: list[int]) -> None:
    assert rotation.old_ones([name(age) for age in ages], keep_days=30, now=NOW) == [name(age) for age in gone]


def test_what_restores_have_replaced_does_not_take_the_place_of_the_last_three() -> None:
    replaced = [places.name_of(NOW - timedelta(days=days), encrypted=False, before=True) for days in (45, 2, 1, 0)]
    names = [name(60), name(50), *replaced]
    assert rotation.old_ones(names, keep_days=30, now=NOW) == [replaced[0]]


def test_what_is_no_backup_is_left_alone(tmp_path: Path) -> None:
    for days in range(40, 45):
        (tmp_path / name(days)).touch()
    (tmp_path / "notes.txt").touch()
    rotation.rotate(places.FolderPlace(tmp_path), keep_days=30, now=NOW)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([name(40), name(41), name(42), "notes.txt"])


def test_what_a_killed_process_left_goes_after_a_day_and_what_was_replaced_with_the_backups(tmp_path: Path) -> None:
    (tmp_path / ".opened-x").mkdir()
    (tmp_path / ".opened-x" / "database.sqlite").touch()
    (tmp_path / "civicbot-20261124T050000Z.tar.part").touch()
    (tmp_path / rotation.kept_name("civicbot.db", now=NOW)).touch()
    (tmp_path / "civicbot.db").touch()
    for foreign in ("film.mkv.part", "letters.before-christmas.odt"):
        (tmp_path / foreign).touch()
    now = datetime.fromtimestamp(time.time(), tz=UTC)
    assert rotation.tidy(tmp_path, keep_days=30, now=now) == 0
    assert rotation.tidy(tmp_path, keep_days=30, now=now + timedelta(days=2)) == 2
    assert rotation.tidy(tmp_path, keep_days=30, now=now + timedelta(days=31)) == 1
    kept = sorted(path.name for path in tmp_path.iterdir())
    assert kept == ["civicbot.db", "film.mkv.part", "letters.before-christmas.odt"]
