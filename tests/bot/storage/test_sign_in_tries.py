"""Tries: how many make a pause, how long it is, and when they are forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.storage import sign_in_tries
from bot.storage.engine import Database
from bot.storage.sign_in_tries import SignInTryRow
from tests.builders import NOON

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("minutes", "until"),
    [
        ([], None), ([0, 0], None), ([0, 0, 0], 15), ([0, 14, 14.9], 29.9), ([0, 14, 15], None),
        ([0, 0, 0, 15, 15], 15), ([0, 0, 0, 15, 15, 15], 45), ([0, 0, 0, 15, 15, 15, 45, 45, 45], 105),
    ],
)  # fmt: skip
def test_three_within_the_window_make_a_pause_and_each_is_twice_as_long(
    minutes: list[float], until: float | None
) -> None:
    pause = sign_in_tries.pause_after([NOON + minute * MINUTE for minute in minutes], most=3)
    assert pause == (None if until is None else NOON + until * MINUTE)


def kept(database: Database) -> list[tuple[str, datetime]]:
    with database.reading() as db:
        return [(row.key, row.at) for row in db.scalars(select(SignInTryRow).order_by(SignInTryRow.id))]


def test_a_pause_is_over_when_its_time_has_come_and_is_each_key_s_own(database: Database) -> None:
    with database.transaction() as db:
        for _ in range(2):
            sign_in_tries.add(db, key="a", at=NOON)
        until = NOON + 15 * MINUTE
        assert sign_in_tries.find_pause(db, key="a", most=2, now=NOON) == until
        assert sign_in_tries.find_pause(db, key="a", most=2, now=until) is None
        assert sign_in_tries.find_pause(db, key="b", most=2, now=NOON) is None


def test_tries_are_forgotten_by_key_by_number_and_by_age(database: Database) -> None:
    with database.transaction() as db:
        for key, minute in (("a", 0), ("a", 1), ("b", 0), ("b", 1), ("c", 2)):
            number = sign_in_tries.add(db, key=key, at=NOON + minute * MINUTE)
        sign_in_tries.forget_keys(db, ["a"])
        sign_in_tries.forget_tries(db, [number])
        assert sign_in_tries.forget(db, before=NOON + MINUTE) == 1
    assert kept(database) == [("b", NOON + MINUTE)]
