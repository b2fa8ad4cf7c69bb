"""Boards from which notices are sent in small requests, for the tests of sending."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.messages import DeliveryFailed, Failure
from bot.notices import ledger
from bot.storage.engine import Database
from bot.vault import Vault
from tests.bot.notices.making import (
    Board,
    a_board,
    address,
)

__all__ = ["board", "embedded"]

FORBIDDEN = DeliveryFailed(Failure.REFUSED, "HTTP 403", status=403)


class Killed(BaseException):
    """As SIGKILL ends a process: nothing is written down any more."""


@pytest.fixture
def board(database: Database, vault: Vault, monkeypatch: pytest.MonkeyPatch) -> Board:
    monkeypatch.setattr(ledger, "LARGEST_CHUNK", 4)
    return a_board(database, vault)


@pytest.fixture
def embedded(sqlite_database: Database, vault: Vault, monkeypatch: pytest.MonkeyPatch) -> Board:
    """On SQLite only, where the database is not what matters."""
    monkeypatch.setattr(ledger, "LARGEST_CHUNK", 4)
    return a_board(sqlite_database, vault)


def everybody(count: int, *, but: tuple[int, ...] = ()) -> list[str]:
    return [address(number) for number in range(1, count + 1) if number not in but]


def states(board: Board, notice_id: int) -> dict[str, int]:
    """People by what became of them."""
    found: dict[str, int] = {}
    for chunk in board.chunks(notice_id):
        if chunk.people:
            found[chunk.state] = found.get(chunk.state, 0) + chunk.people
    return found


def do(board: Board, what: Callable[..., Any], *arguments: Any, **more: Any) -> Any:
    with board.office.database.transaction() as db:
        return what(db, *arguments, **more)
