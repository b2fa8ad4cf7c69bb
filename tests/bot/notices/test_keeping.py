from __future__ import annotations

from datetime import timedelta

import pytest

from bot.notices import keeping
from bot.storage import notice_recipients
from bot.storage.engine import Database
from bot.vault import Vault
from tests.bot.notices.making import a_board, opt_out

PAST = keeping.LEDGER + timedelta(hours=1)


def forget(database: Database, *, at: object) -> int:
    with database.transaction() as db:
        return keeping.forget_past(db, now=at)  # type: ignore[arg-type]


def test_who_was_in_a_notice_is_forgotten_and_the_numbers_stay(
    database: Database, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "A_BATCH", 3)
    board = a_board(database, vault)
    ids = board.people(5)
    notice_id = board.begin()
    with database.transaction() as db:
        opt_out(db, ids[0])
    board.finish()
    before = board.progress(notice_id)
    assert (before.state, before.accepted, before.left_out) == ("finished", 4, {"opted_out": 1})
    assert forget(database, at=board.now + keeping.LEDGER - timedelta(hours=1)) == 0
    assert [forget(database, at=board.now + PAST) for _ in range(3)] == [3, 2, 0]
    with database.reading() as db:
        assert notice_recipients.count(db, notice_id) == 0
    after = board.progress(notice_id)
    assert (after.accepted, after.left_out, after.total) == (before.accepted, before.left_out, before.total)


def test_what_is_under_way_is_not_forgotten(database: Database, vault: Vault) -> None:
    board = a_board(database, vault)
    board.people(2)
    notice_id = board.begin()
    assert forget(database, at=board.now + PAST) == 0
    with database.reading() as db:
        assert notice_recipients.count(db, notice_id) == 2
