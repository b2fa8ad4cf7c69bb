"""The bucket that all senders share, on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from bot.notices import pacing
from bot.notices.pacing import MULTICAST, wait_for_turn
from bot.storage import rates
from bot.storage.engine import Database
from tests.bot.outreach.accounts import outcomes_of_two_at_once
from tests.builders import NOON

SECOND = timedelta(seconds=1)


def take_all(db: Session, *, per_second: int, now: datetime) -> int:
    """How many may go at this moment."""
    count = 0
    while not wait_for_turn(db, MULTICAST, per_second=per_second, now=now):
        count += 1
    return count


def test_a_full_bucket_holds_a_fifth_of_a_second_and_fills_steadily(database: Database) -> None:
    with database.transaction() as db:
        assert take_all(db, per_second=100, now=NOON) == 20
        assert wait_for_turn(db, MULTICAST, per_second=100, now=NOON) == timedelta(milliseconds=10)
        assert take_all(db, per_second=100, now=NOON + SECOND / 10) == 10
        assert take_all(db, per_second=100, now=NOON + 60 * SECOND) == 20


@pytest.mark.parametrize("per_second", [1, 7, 60])
def test_in_no_second_are_there_more_than_one_and_a_fifth_times_what_is_set(
    sqlite_database: Database, per_second: int
) -> None:
    moments: list[datetime] = []
    with sqlite_database.transaction() as db:
        now = NOON
        while now < NOON + 3 * SECOND:
            wait = wait_for_turn(db, MULTICAST, per_second=per_second, now=now)
            if not wait:
                moments.append(now)
            now += wait
    most = per_second + max(1, per_second // 5)
    for first, next_one in zip(moments, moments[most:], strict=False):
        assert next_one - first > 0.99 * SECOND
    assert len(moments) >= 2.9 * per_second


def test_each_kind_of_request_has_its_own(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as db:
        take_all(db, per_second=5, now=NOON)
        assert not wait_for_turn(db, pacing.PUSH, per_second=5, now=NOON)


def test_two_who_take_the_last_one_at_the_same_moment_do_not_both_get_it(database: Database) -> None:
    with database.transaction() as db:
        take_all(db, per_second=5, now=NOON)
    waits = []

    def take(db: Session) -> None:
        waits.append(wait_for_turn(db, MULTICAST, per_second=5, now=NOON + SECOND / 5))

    assert outcomes_of_two_at_once(database, take, take) == ["done", "done"]
    assert sorted(wait > timedelta(0) for wait in waits) == [False, True]


def test_too_fast_for_line_is_half_as_fast_for_a_minute(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as db:
        take_all(db, per_second=100, now=NOON)
        pacing.slow_down(db, MULTICAST, now=NOON)
        assert take_all(db, per_second=100, now=NOON + SECOND / 10) == 5
        later = NOON + pacing.SLOW_FOR
        take_all(db, per_second=100, now=later)
        assert take_all(db, per_second=100, now=later + SECOND / 10) == 10


def test_a_clock_that_is_a_little_behind_fills_nothing_twice(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as db:
        assert take_all(db, per_second=100, now=NOON) == 20
        assert take_all(db, per_second=100, now=NOON - SECOND) == 0
        assert take_all(db, per_second=100, now=NOON + SECOND / 100) == 1


def test_a_clock_that_was_set_back_does_not_stop_everything(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as db:
        take_all(db, per_second=100, now=NOON)
        earlier = NOON - timedelta(hours=3)
        assert take_all(db, per_second=100, now=earlier) == 0
        assert take_all(db, per_second=100, now=earlier + SECOND / 10) == 10


def test_a_bucket_is_not_spent_by_who_does_not_send(database: Database) -> None:
    with pytest.raises(RuntimeError), database.transaction() as db:
        wait_for_turn(db, MULTICAST, per_second=5, now=NOON)
        raise RuntimeError
    with database.transaction() as db:
        assert rates.lock(db, MULTICAST, full=1, now=NOON).tokens == 1
