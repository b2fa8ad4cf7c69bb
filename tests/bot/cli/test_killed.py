"""Processes that are really killed in the middle, where nothing is tidied up behind them."""

from __future__ import annotations

import importlib
import os
import signal

import pytest

from bot.cli.backup import backup
from bot.cli.restore import restore
from tests.bot.backups.making_backups import fill
from tests.bot.cli.kept_state import Installation
from tests.bot.cli.test_restore import hold_of, ids


def killed_in(room: str, name: str, command: object, *arguments: str) -> None:
    """The command in a process of its own, which dies where it comes to that function."""
    child = os.fork()
    if child == 0:
        try:
            setattr(importlib.import_module(room), name, lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL))
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
