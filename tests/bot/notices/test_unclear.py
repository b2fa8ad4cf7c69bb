"""What is unknown after a day waits for a person: they may write to those people once more."""

from __future__ import annotations

import pytest

from bot.messages import DeliveryFailed, Failure
from bot.notices import audience, drafting, ledger
from bot.notices.audience import Reach
from bot.storage.engine import Database
from bot.storage.notice_audience import Group
from bot.vault import Vault
from tests.bot.notices.making import RULES, a_board, address, opt_out


def test_those_of_whom_nobody_knows_are_an_audience_of_their_own(
    database: Database, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "LARGEST_CHUNK", 2)
    board = a_board(database, vault, smallest_segment=1)
    ids = board.people(6)
    board.line.told = {
        0: DeliveryFailed(Failure.AMBIGUOUS, "HTTP 500", status=500),
        3: DeliveryFailed(Failure.REFUSED, "HTTP 400", status=400),
    }
    notice_id = board.begin()
    board.finish()
    assert board.progress(notice_id).unknown == 2
    with database.transaction() as db:
        row = drafting.copy(db, notice_id, author_id=board.author, now=board.now, to_the_unclear=True)
        plan = drafting.plan_of(row)
        assert plan.audience.groups == (Group("unclear", str(notice_id)),)
        assert audience.count(db, plan.audience, event_id=None, rules=RULES, now=board.now) == Reach(2, {})
        opt_out(db, next(one for number, one in enumerate(ids, 1) if address(number) not in board.line.delivered))
        found = audience.count(db, plan.audience, event_id=None, rules=RULES, now=board.now)
    assert (found.reached, sum(found.left_out.values())) == (1, 1)
