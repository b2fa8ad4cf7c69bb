"""A restore that is broken off, and how it comes to its end."""

from __future__ import annotations

import shutil
from typing import IO

import pytest

from bot.backups import putting_back
from bot.cli import restore_finish, restore_start
from bot.settings import SettingsRefused
from tests.bot.cli.kept_state import Installation
from tests.bot.cli.test_restore import hold_of, ids, nothing_changed, used_on_each

__all__ = ["used_on_each"]


class KilledHere(BaseException):
    pass


def killed(*_: object, **__: object) -> None:
    raise KilledHere


@pytest.mark.postgres
@pytest.mark.parametrize("installation", ["postgresql"], indirect=True)
def test_killed_in_the_middle_the_same_command_brings_it_to_its_end(
    used_on_each: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    used = used_on_each
    with monkeypatch.context() as patch:
        patch.setattr(restore_finish.restoring, "settle_all", killed)
        with pytest.raises(KilledHere):
            used.restore("latest", "--yes")
    with used.opened() as database:
        assert hold_of(database) == putting_back.UNFINISHED
        with pytest.raises(SettingsRefused, match="broken off"):
            restore_start.require_finished(database)
    assert used.restore("latest", "--yes").exit_code == 0
    with used.opened() as database:
        assert (ids(database), hold_of(database)) == ([], "restored")


def test_killed_in_the_middle_the_next_start_brings_it_to_its_end(
    used_on_each: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    used = used_on_each
    with monkeypatch.context() as patch:
        patch.setattr(restore_finish, "_erase_again", killed)
        with pytest.raises(KilledHere):
            used.restore("latest", "--yes")
    with used.opened() as database:
        restore_start.go_on(used.settings, database)
        assert (ids(database), hold_of(database)) == ([], "restored")
        restore_start.require_finished(database)


def test_confirm_before_it_is_through_is_refused(
    sqlite_installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    sqlite_installation.back_up()
    with monkeypatch.context() as patch:
        patch.setattr(restore_finish, "_erase_again", killed)
        with pytest.raises(KilledHere):
            sqlite_installation.restore("latest", "--yes")
    assert "the restore was broken off" in sqlite_installation.restore("confirm", "--yes").stderr


@pytest.mark.postgres
@pytest.mark.parametrize("installation", ["postgresql"], indirect=True)
def test_killed_while_postgresql_is_filled_nothing_is_changed(
    used_on_each: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(source: IO[bytes], target: IO[bytes], _length: int) -> None:
        target.write(source.read(20_000))
        raise KilledHere

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "copyfileobj", half)
        with pytest.raises(KilledHere):
            used_on_each.restore("latest", "--yes")
    nothing_changed(used_on_each)
