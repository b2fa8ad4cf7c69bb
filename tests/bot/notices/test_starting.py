"""When a series goes on. What keeps a notice from beginning is shown with the tasks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.notices import drafting, starting
from bot.storage import notices
from bot.storage.engine import Database
from bot.storage.notices import APPROVED, NoticeRow
from tests.bot.notices.making import DAY, HOUR, RULES, a_plan
from tests.builders import NOON


def bangkok(year: int, month: int, day: int, hour: int = 9) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC) - 7 * HOUR


@pytest.mark.parametrize(
    ("moment", "repeats", "following"),
    [
        (bangkok(2026, 11, 24), "weekly", bangkok(2026, 12, 1)),
        (bangkok(2026, 12, 29), "weekly", bangkok(2027, 1, 5)),
        (bangkok(2026, 11, 24), "monthly", bangkok(2026, 12, 24)),
        (bangkok(2026, 12, 31), "monthly", bangkok(2027, 1, 31)),
        (bangkok(2027, 1, 31), "monthly", bangkok(2027, 2, 28)),
        (bangkok(2028, 1, 30), "monthly", bangkok(2028, 2, 29)),
        (bangkok(2026, 3, 31), "monthly", bangkok(2026, 4, 30)),
        (bangkok(2026, 11, 1, 3), "monthly", bangkok(2026, 12, 1, 3)),  # the last day of October in London
        (bangkok(2026, 10, 31, 3), "monthly", bangkok(2026, 11, 30, 3)),
    ],
)
def test_a_week_later_or_on_the_same_day_of_the_next_month(moment: datetime, repeats: str, following: datetime) -> None:
    assert starting.next_time(moment, repeats) == following


def a_series(database: Database, send_at: datetime, *, times: int, **changes: object) -> list[NoticeRow]:
    """The times that follow, each begun at its time."""
    rows = []
    with database.transaction() as db:
        row = drafting.create(db, a_plan(send_at=send_at, **changes), author_id=None, now=NOON)
        notices.change(db, row.id, state=APPROVED, begins_at=send_at, approved_hash="0" * 64, approved_count=5)
        for _ in range(times):
            row = drafting.get(db, row.id)
            following = starting.repeat(db, row, rules=RULES, now=row.begins_at or NOON)
            if following is None:
                break
            row = drafting.get(db, following.id)
            rows.append(row)
    return rows


def test_the_last_of_each_month_stays_the_last(sqlite_database: Database) -> None:
    rows = a_series(sqlite_database, bangkok(2026, 12, 31), times=5, repeats="monthly")
    assert [row.send_at for row in rows] == [
        bangkok(2027, 1, 31), bangkok(2027, 2, 28), bangkok(2027, 3, 31), bangkok(2027, 4, 30), bangkok(2027, 5, 31),
    ]  # fmt: skip


def test_a_series_that_was_moved_to_another_day_stays_there(sqlite_database: Database) -> None:
    (following,) = a_series(sqlite_database, bangkok(2026, 12, 31), times=1, repeats="monthly")
    with sqlite_database.transaction() as db:
        notices.change(db, following.id, send_at=bangkok(2027, 1, 15), begins_at=bangkok(2027, 1, 15))
        row = drafting.get(db, following.id)
        third = starting.repeat(db, row, rules=RULES, now=bangkok(2027, 1, 15))
        assert third is not None
        assert drafting.get(db, third.id).send_at == bangkok(2027, 2, 15)


def test_each_of_a_series_is_approved_as_the_first_was_and_goes_on_in_its_turn(sqlite_database: Database) -> None:
    rows = a_series(
        sqlite_database,
        NOON,
        times=3,
        repeats="weekly",
        rides_until=NOON + DAY,
        repeats_until=NOON + 21 * DAY,
        per_day=9,
    )
    assert [(row.state, row.approved_hash, row.approved_count, row.repeat_of, row.per_day) for row in rows] == [
        (APPROVED, "0" * 64, 5, 1, 9)
    ] * 3
    assert [row.rides_until for row in rows] == [NOON + week * 7 * DAY + DAY for week in (1, 2, 3)]
    assert [row.repeats for row in rows] == ["", "", "weekly"]


def test_a_series_ends_with_its_last_day(sqlite_database: Database) -> None:
    rows = a_series(sqlite_database, NOON, times=9, repeats="weekly", repeats_until=NOON + 14 * DAY)
    assert [row.send_at for row in rows] == [NOON + 7 * DAY, NOON + 14 * DAY]


def test_one_that_is_meant_for_the_night_begins_in_the_morning(sqlite_database: Database) -> None:
    (row,) = a_series(sqlite_database, bangkok(2026, 11, 24, 22), times=1, repeats="weekly")
    assert (row.send_at, row.begins_at) == (bangkok(2026, 12, 1, 22), bangkok(2026, 12, 2, 8))


def test_what_was_missed_is_missed(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as db:
        row = drafting.create(db, a_plan(send_at=NOON, repeats="weekly"), author_id=None, now=NOON)
        notices.change(db, row.id, begins_at=NOON)
        following = starting.repeat(db, drafting.get(db, row.id), rules=RULES, now=NOON + timedelta(days=21))
        assert following is not None
        assert drafting.get(db, following.id).send_at == NOON + 28 * DAY


def test_the_next_of_a_series_may_be_called_off_by_itself(sqlite_database: Database) -> None:
    (row,) = a_series(sqlite_database, NOON, times=1, repeats="weekly")
    with sqlite_database.transaction() as db:
        drafting.call_back(db, row.id, now=NOON)
        assert drafting.get(db, row.id).state == "draft"
        assert notices.list_due(db, now=NOON + 30 * DAY, limit=9)[0].id != row.id
