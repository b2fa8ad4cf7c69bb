"""Which notice goes along with an answer: on both databases. The whole way is shown with the tasks."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from bot.notices import drafting, riding
from bot.notices.riding import Rider
from bot.storage import notices, preferences
from bot.storage.engine import Database
from bot.storage.notice_recipients import RIDING, RecipientRow
from tests.bot.notices.making import DAY, HOUR, a_plan, make_people
from tests.bot.outreach.accounts import outcomes_of_two_at_once
from tests.builders import NOON


def a_rider(db: Session, *person_ids: int, **changes: Any) -> int:
    row = drafting.create(db, a_plan(rides_until=NOON + DAY), author_id=None, now=NOON)
    notices.change(db, row.id, **{"state": "sending", "rendered": b"sealed", **changes})
    lines = [{"notice_id": row.id, "person_id": one, "portion": RIDING} for one in person_ids]
    db.execute(insert(RecipientRow), lines)
    return row.id


def test_the_first_that_waits_for_this_person_goes_along(database: Database) -> None:
    with database.transaction() as db:
        one, other = make_people(db, 1, 2)
        a_rider(db, other)
        a_rider(db, one, state="paused")
        a_rider(db, one, rendered=None)
        a_rider(db, one, rides_until=NOON)
        mine, next_one = a_rider(db, one, other), a_rider(db, one)
        assert riding.find_for(db, person_id=one, now=NOON) == Rider(mine, b"sealed")
        assert riding.take_along(db, Rider(mine, b""), person_id=one)
        assert riding.find_for(db, person_id=one, now=NOON) == Rider(next_one, b"sealed")
        assert riding.find_for(db, person_id=one, now=NOON + DAY) is None


def test_who_said_no_or_pauses_is_told_nothing(database: Database) -> None:
    with database.transaction() as db:
        no, pauses, paused = make_people(db, 1, 2, 3)
        a_rider(db, no, pauses, paused)
        preferences.save(db, no, wants_notices=False)
        preferences.save(db, pauses, paused_until=NOON + HOUR)
        preferences.save(db, paused, paused_until=NOON)
        assert [riding.find_for(db, person_id=one, now=NOON) is None for one in (no, pauses, paused)] == [
            True, True, False,
        ]  # fmt: skip


def test_of_two_answers_at_once_one_takes_it_along(database: Database) -> None:
    with database.transaction() as db:
        (one,) = make_people(db, 1)
        rider = Rider(a_rider(db, one), b"")

    def take(db: Session) -> None:
        if not riding.take_along(db, rider, person_id=one):
            raise LookupError

    assert outcomes_of_two_at_once(database, take, take) == ["LookupError", "done"]
