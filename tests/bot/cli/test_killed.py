"""Processes that are really killed in the middle, where nothing is tidied up behind them."""

from __future__ import annotations

import importlib
import os
import signal
import time
from collections.abc import Callable
from typing import IO

import pytest
from click.testing import Result

from bot.cli.backup import backup
from bot.cli.restore import restore
from bot.cli.upgrade import upgrade
from tests.bot.backups.making_backups import fill
from tests.bot.cli.kept_state import Installation
from tests.bot.cli.test_restore import hold_of, ids


def die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_halfway(source: IO[bytes], target: IO[bytes], _length: int) -> None:
    target.write(source.read(20_000))
    target.flush()
    die()


def killed_in(room: str, name: str, command: object, *arguments: str, dying: Callable[..., None] = die) -> None:
    """The command in a process of its own, which dies where it comes to that function."""
    child = os.fork()
    if child == 0:
        try:
            setattr(importlib.import_module(room), name, dying)
            command.main(arguments, standalone_mode=False)  # type: ignore[attr-defined]
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


@pytest.mark.parametrize(
    ("room", "name", "held"),
    [
        ("bot.backups.putting_back", "remember", None),
        ("bot.storage.copying_sqlite", "hold_sending", None),
        ("bot.storage.copying_sqlite", "_write_through", None),
        ("bot.storage.migrate", "upgrade", "unfinished"),
        ("bot.cli.restore_finish", "_bring_in", "unfinished"),
        ("bot.storage.restoring", "settle_all", "unfinished"),
        ("bot.backups.putting_back", "forget", "restored"),
    ],
)
def test_a_restore(sqlite_installation: Installation, room: str, name: str, held: str | None) -> None:
    sqlite_installation.back_up()
    with sqlite_installation.opened() as database:
        fill(database, sqlite_installation.vault)
    killed_in(room, name, restore, "latest", "--yes")
    with sqlite_installation.opened() as database:
        assert (len(ids(database)), hold_of(database)) == ((3, None) if held is None else (0, held))
    assert sqlite_installation.restore("latest", "--yes").exit_code == 0
    with sqlite_installation.opened() as database:
        assert (ids(database), hold_of(database)) == ([], "restored")


@pytest.mark.postgres
@pytest.mark.parametrize("installation", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    ("room", "name", "dying", "held"),
    [
        ("bot.backups.postgres_tools", "_pour", die, None),
        ("shutil", "copyfileobj", die_halfway, None),
        ("bot.storage.migrate", "upgrade", die, "unfinished"),
        ("bot.storage.restoring", "settle_all", die, "unfinished"),
        ("bot.backups.putting_back", "forget", die, "restored"),
    ],
)
def test_a_restore_on_postgresql(
    installation: Installation, room: str, name: str, dying: Callable[..., None], held: str | None
) -> None:
    """What `psql` was given before does not stay: it ends with the pipe, without the COMMIT."""
    installation.back_up()
    with installation.opened() as database:
        fill(database, installation.vault)
    killed_in(room, name, restore, "latest", "--yes", dying=dying)
    with installation.opened() as database:
        assert (len(ids(database)), hold_of(database)) == ((3, None) if held is None else (0, held))
    done = restored_once_nobody_is_connected(installation)
    assert done.exit_code == 0, done.output
    with installation.opened() as database:
        assert (ids(database), hold_of(database)) == ([], "restored")


def restored_once_nobody_is_connected(installation: Installation) -> Result:
    """`psql` takes a moment to see that whoever began it is gone."""
    deadline = time.monotonic() + 20
    while True:
        done = installation.restore("latest", "--yes")
        if done.exit_code == 0 or time.monotonic() > deadline:
            return done
        time.sleep(0.1)


@pytest.mark.postgres
@pytest.mark.parametrize("installation", ["postgresql"], indirect=True)
@pytest.mark.usefixtures("without_a_model")
@pytest.mark.parametrize(("room", "name"), [("bot.storage.migrate", "upgrade"), ("bot.cli.upgrade", "look_through")])
def test_an_upgrade_on_postgresql(installation: Installation, room: str, name: str) -> None:
    with installation.opened() as database:
        fill(database, installation.vault)
    killed_in(room, name, upgrade)
    done = installation.upgrade()
    assert done.exit_code == 0, done.output
    back = installation.upgrade("--back", "--yes")
    assert back.exit_code == 0, back.output
    with installation.opened() as database:
        assert (len(ids(database)), hold_of(database)) == (3, "restored")


@pytest.mark.parametrize(
    ("room", "name"),
    [("bot.storage.copying_sqlite", "copy"), ("bot.backups.packing", "pack"), ("bot.backups.checking", "read_again")],
)
def test_a_backup(sqlite_installation: Installation, room: str, name: str) -> None:
    folder = sqlite_installation.folder / "backups"
    killed_in(room, name, backup)
    assert list(folder.glob("civicbot-*")) == []
    assert sqlite_installation.backup().exit_code == 0
    assert len(list(folder.glob("civicbot-*"))) == 1
    assert not (folder / ".making").exists()
