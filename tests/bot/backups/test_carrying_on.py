"""A second place that is away for long, or comes and goes."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.backups import making
from bot.backups.places import FolderPlace, Plan
from bot.storage import backups
from bot.storage.engine import Database
from tests.bot.backups.making_backups import plan_in
from tests.builders import NOON

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def at(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


def try_every_hour(database: Database, *plans: Plan, hours: Iterable[int] = range(6)) -> None:
    """As the worker does, which looks for what is left over before it makes a new one; several take turns."""
    for hour in hours:
        moment = NOON + hour * HOUR + timedelta(minutes=hour)
        plan = plans[hour % len(plans)]
        if not making.carry_on(database, plan, since=NOON - HOUR, now=at(moment)):
            making.make(database, plan, now=at(moment))


@pytest.fixture
def dead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of a network drive whose other end is gone: looking at it is an error, not a no."""
    folder = tmp_path / "dead"
    for name in ("stat", "mkdir", "open"):
        real = getattr(os, name)

        def call(path: Any, *given: Any, real: Callable[..., Any] = real, **more: Any) -> Any:
            if str(path).startswith(str(folder)):
                raise OSError(errno.ENOTCONN, os.strerror(errno.ENOTCONN), str(path))
            return real(path, *given, **more)

        monkeypatch.setattr(os, name, call)
    return folder


def test_a_drive_whose_other_end_is_gone_does_not_fill_the_disk(
    sqlite_database: Database, tmp_path: Path, dead: Path
) -> None:
    try_every_hour(sqlite_database, plan_in(tmp_path, FolderPlace(dead)))
    name = "civicbot-20261124T050000Z.tar"
    assert plan_in(tmp_path).here.names() == [name]
    with sqlite_database.reading() as db:
        (row,) = backups.list_latest(db, limit=99)
    assert (row.name, row.places, row.finished_at) == (name, ["here"], None)
    assert row.error is not None
    assert row.error.startswith(f"{dead}: Transport endpoint is not connected")


def test_two_workers_with_folders_of_their_own_make_one_each(database: Database, tmp_path: Path) -> None:
    away = tmp_path / "away"
    away.write_text("no folder")
    plans = [plan_in(tmp_path / name, FolderPlace(away)) for name in ("one", "other")]
    try_every_hour(database, *plans)
    assert [len(plan.here.names()) for plan in plans] == [1, 1]
    away.unlink()
    try_every_hour(database, plans[1], hours=[6])
    assert FolderPlace(away).names() == plans[1].here.names()
    with database.reading() as db:
        assert backups.list_incomplete(db, since=NOON - HOUR, until=NOON + DAY, limit=9) == []


def test_old_ones_go_where_the_second_place_always_comes_an_hour_late(
    sqlite_database: Database, tmp_path: Path
) -> None:
    second, asleep = tmp_path / "second", tmp_path / "asleep"
    plan = plan_in(tmp_path, FolderPlace(second), keep_days=5)
    asleep.mkdir()
    for day in range(12):
        moment = NOON + day * DAY
        second.touch()
        making.make(sqlite_database, plan, now=at(moment))
        second.unlink()
        asleep.rename(second)
        assert making.carry_on(sqlite_database, plan, since=moment, now=at(moment + HOUR))
        second.rename(asleep)
    asleep.rename(second)
    assert [len(place.names()) for place in plan.all] == [5, 5]
