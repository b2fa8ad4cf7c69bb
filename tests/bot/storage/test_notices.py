from __future__ import annotations

from sqlalchemy.orm import Session

from bot.notices import drafting
from bot.storage import notices
from bot.storage.engine import Database
from tests.bot.notices.making import DAY, HOUR, a_plan
from tests.bot.outreach.accounts import outcomes_of_two_at_once
from tests.builders import NOON


def a_notice(db: Session, **values: object) -> int:
    row = drafting.create(db, a_plan(), author_id=None, now=NOON)
    notices.change(db, row.id, **values)
    return row.id


def test_what_is_due_comes_in_the_order_of_its_time(database: Database) -> None:
    with database.transaction() as db:
        second = a_notice(db, state="approved", begins_at=NOON)
        first = a_notice(db, state="approved", begins_at=NOON - HOUR)
        a_notice(db, state="approved", begins_at=NOON + HOUR)
        a_notice(db, state="approved", begins_at=None)
        a_notice(db, state="held", begins_at=NOON)
        assert [row.id for row in notices.list_due(db, now=NOON, limit=9)] == [first, second]


def test_a_state_is_left_by_one_alone(database: Database) -> None:
    with database.transaction() as db:
        notice_id = a_notice(db, state="approved")

    def begin(db: Session) -> None:
        if not notices.move(db, notice_id, states=("approved",), to="planning", now=NOON):
            raise LookupError

    assert outcomes_of_two_at_once(database, begin, begin) == ["LookupError", "done"]


def test_the_same_within_a_day_is_found_by_its_hash(database: Database) -> None:
    with database.transaction() as db:
        same = {"approved_hash": "a" * 64, "approved_at": NOON, "state": "finished"}
        found = [a_notice(db, **same), a_notice(db, **{**same, "approved_at": NOON - 9 * DAY}, begins_at=NOON + DAY)]
        a_notice(db, **{**same, "approved_hash": "b" * 64})
        a_notice(db, **{**same, "approved_at": NOON - 2 * DAY}, begins_at=NOON - 2 * DAY)
        a_notice(db, **{**same, "approved_at": None})
        me = a_notice(db, **same)
        alike = notices.list_approved_alike(db, approved_hash="a" * 64, since=NOON - DAY, but=me)
        assert [row.id for row in alike] == found


def test_everything_that_would_go_out_by_itself_is_held(database: Database) -> None:
    states = ("draft", "submitted", "approved", "planning", "sending", "paused", "held", "stopped", "finished")
    with database.transaction() as db:
        ids = {state: a_notice(db, state=state) for state in states}
        assert notices.hold_all(db, why="restored", now=NOON) == 3
        held = {state for state, one in ids.items() if drafting.get(db, one).why == "restored"}
        assert held == {"approved", "planning", "sending"}


def test_what_rides_is_found_before_its_deadline_and_what_lands_after_it(database: Database) -> None:
    with database.transaction() as db:
        rides = a_notice(db, state="sending", rides_until=NOON + HOUR)
        lands = a_notice(db, state="sending", rides_until=NOON)
        a_notice(db, state="sending")
        a_notice(db, state="paused", rides_until=NOON + HOUR)
        assert (notices.list_riding(db, now=NOON), notices.list_landing(db)) == ([rides], [rides, lands])
