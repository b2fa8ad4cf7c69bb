"""Between the ledger and the request people change what they want to hear of."""

from __future__ import annotations

from bot.notices import audience
from bot.notices.audience import Audience
from bot.storage import preferences
from bot.storage.engine import Database
from bot.storage.notice_audience import Group
from bot.vault import Vault
from tests.bot.notices.making import a_board, address


def test_who_drops_the_programme_meanwhile_is_not_sent_it(database: Database, vault: Vault) -> None:
    board = a_board(database, vault, smallest_segment=1)
    board.people(1)
    stays, drops = board.people(2, first=2, everything=False)
    with database.transaction() as db:
        for one in (stays, drops):
            preferences.add_interest(db, one, kind="programme", value="forum")
    notice_id = board.begin(audience=Audience((Group("programme", "forum"),)))
    with database.transaction() as db:
        preferences.remove_interest(db, drops, kind="programme", value="forum")
    board.finish()
    assert sorted(board.line.delivered) == [address(1), address(2)]
    assert board.progress(notice_id).left_out == {"opted_out": 1}


def test_who_narrows_their_choice_meanwhile_is_not_sent_what_concerns_all(database: Database, vault: Vault) -> None:
    board = a_board(database, vault)
    _, narrows = board.people(2)
    board.begin(audience=audience.everyone())
    with database.transaction() as db:
        preferences.save(db, narrows, everything=False)
    board.finish()
    assert board.line.delivered == [address(1)]
