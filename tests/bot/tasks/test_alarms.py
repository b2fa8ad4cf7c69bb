"""Administrators are told by LINE; a database that is down is told by what needs none."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from bot.alarms import words
from bot.alarms.channels import NotTold
from bot.alarms.conditions import Watched
from bot.alarms.words import Told
from bot.messages import Failure, RememberingMessenger
from bot.storage import people, staff
from bot.storage.engine import Database
from bot.tasks import alarms
from bot.tasks.alarms import Watch
from tests.builders import NOON


def link(database: Database, number: int, *, role: str = "administrator", disabled: datetime | None = None) -> str:
    user_id = f"U{number:032x}"
    with database.transaction() as db:
        person = people.find_or_create(db, line_user_id=user_id, now=NOON)
        staff.add(
            db, name=f"n{number}", login=f"l{number}", role=role, password_hash="x", created_at=NOON,
            person_id=person.id, linked_at=NOON, disabled_at=disabled,
        )  # fmt: skip
    return user_id


def test_linked_administrators_are_told_and_nobody_else(database: Database) -> None:
    told = [link(database, 1), link(database, 2)]
    link(database, 3, role="staff")
    link(database, 4, disabled=NOON)
    messenger = RememberingMessenger()
    alarms.line(database, messenger)(words.test())
    assert messenger.delivered == told


def test_the_same_telling_made_twice_reaches_them_once(database: Database) -> None:
    link(database, 1)
    messenger, told = RememberingMessenger(), Told("s", "t", (), over=False, key="disk_low@now")
    for _ in range(2):
        alarms.line(database, messenger)(told)
    assert len(messenger.delivered) == 1


def test_nobody_linked_and_nobody_reached_is_not_told(database: Database) -> None:
    with pytest.raises(NotTold, match="no administrator has a linked LINE account"):
        alarms.line(database, RememberingMessenger())(words.test())
    link(database, 1)
    with pytest.raises(NotTold, match="line: unauthorised"):
        alarms.line(database, RememberingMessenger(failures=[Failure.UNAUTHORISED]))(words.test())


def test_a_database_that_is_down_is_told_once_after_three_looks_and_when_it_is_back(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[tuple[tuple[str, ...], bool]] = []

    def ear(told: Told) -> None:
        heard.append((told.names, told.over))

    def never(_: Told) -> None:
        raise AssertionError("who would be told stands in the database")

    def down(*_: object, **__: object) -> None:
        raise OperationalError("select", {}, Exception("gone"))

    watched = Watched(tmp_path, least_disk_mb=1, backs_up=False, free_bytes=lambda _: 10**12)
    watch = Watch(sqlite_database, watched, {"email": ear, "line": never}, now=lambda: NOON)
    with monkeypatch.context() as broken:
        broken.setattr("bot.alarms.watch.note", down)
        for _ in range(5):
            watch.look()
    assert heard == [(("database_down",), False)]
    watch.look()
    watch.look()
    assert heard == [(("database_down",), False), (("database_down",), True)]


def test_a_database_that_is_down_is_told_until_somebody_takes_it_and_a_full_disk_with_it(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[tuple[str, ...]] = []
    deaf = [True, True]

    def ear(told: Told) -> None:
        if deaf:
            deaf.pop()
            raise NotTold("email", "the network is down too")
        heard.append(told.names)

    def down(*_: object, **__: object) -> None:
        raise OperationalError("insert", {}, Exception("database or disk is full"))

    watched = Watched(tmp_path, least_disk_mb=500, backs_up=False, free_bytes=lambda _: 0)
    watch = Watch(sqlite_database, watched, {"email": ear}, now=lambda: NOON)
    monkeypatch.setattr("bot.alarms.watch.note", down)
    for _ in range(8):
        watch.look()
    assert heard == [("database_down", "disk_low")]


def test_a_watch_stops_when_it_is_told(sqlite_database: Database, tmp_path: Path) -> None:
    watch = Watch(sqlite_database, Watched(tmp_path, least_disk_mb=1, backs_up=False), {}, now=lambda: NOON)
    watch.start()
    watch.stop()
    assert not watch._thread.is_alive()
