from __future__ import annotations

from bot.messages import DeliveryFailed, Failure
from bot.storage.engine import Database
from bot.vault import Vault
from tests.bot.notices.making import a_board


def test_what_line_may_have_taken_and_then_refuses_is_unknown_and_never_made_anew(
    sqlite_database: Database, vault: Vault
) -> None:
    board = a_board(sqlite_database, vault)
    board.people(4)
    board.line.told = {
        0: DeliveryFailed(Failure.AMBIGUOUS, "HTTP 500", status=500),
        1: DeliveryFailed(Failure.REFUSED, "HTTP 400", status=400),
    }
    notice_id = board.begin()
    board.finish()
    progress = board.progress(notice_id)
    assert (progress.state, progress.unknown, progress.refused) == ("finished", 4, 0)
    assert len(board.line.asked) == 2
