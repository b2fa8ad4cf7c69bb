"""Copies of the database, notices spread over days, and series."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from bot import clock
from bot.messages import Failure
from bot.notices import steering
from bot.storage import notices
from bot.storage.engine import open_database
from bot.vault import Vault
from tests.bot.notices.making import DAY, HOUR, MINUTE, Board, make_people
from tests.bot.tasks.notice_boards import board, embedded, everybody
from tests.builders import NOON

__all__ = ["board", "embedded"]


def go_on(board: Board, notice_id: int) -> None:
    with board.office.database.transaction() as db:
        steering.go_on(db, notice_id, by=board.approver, rules=board.rules, now=board.now)


def cases(board: Board) -> list[str]:
    return [kind for kind, _, _ in board.office.cases()]


def test_a_quota_that_others_used_up_meanwhile_pauses_it_before_the_first_request(embedded: Board) -> None:
    embedded.people(5)
    embedded.tell_quota(100, used=10)
    notice_id = embedded.approve()
    embedded.tell_quota(100, used=96)
    embedded.work()
    assert (embedded.state(notice_id), embedded.line.asked) == (("paused", "quota"), [])
    assert cases(embedded) == ["notice"]


def test_what_line_knows_although_we_do_not_is_not_sent_again(embedded: Board) -> None:
    embedded.people(3)
    notice_id = embedded.approve()
    embedded.line.units.append(f"n{embedded.row(notice_id).uid}")
    embedded.finish()
    assert (embedded.state(notice_id), embedded.line.asked) == (("held", "sent_before"), [])
    assert cases(embedded) == ["notice"]


@pytest.mark.parametrize("when", ["approved", "planning", "sending"])
def test_of_a_copied_database_nobody_hears_twice(embedded: Board, vault: Vault, tmp_path: Path, when: str) -> None:
    """A copy is made, and the notice sent to its end; then the copy, which knows nothing of it, goes on as well."""
    embedded.people(10)
    notice_id = embedded.approve() if when == "approved" else embedded.begin()
    if when == "planning":
        with embedded.office.database.transaction() as db:
            notices.change(db, notice_id, state="planning", rendered=None)
    with embedded.office.database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    copied = tmp_path / "copied.db"
    shutil.copy(tmp_path / "civicbot.db", copied)
    embedded.line.failures = [Failure.RATE_LIMITED, None, Failure.AMBIGUOUS]
    embedded.line.takes_in_doubt = True
    embedded.finish()
    assert sorted(embedded.line.delivered) == everybody(10)
    database = open_database(f"sqlite:///{copied}")
    try:
        embedded.office.database = database
        embedded.office.__post_init__()
        embedded.office.wait(minutes=10)
        embedded.finish()
        assert embedded.state(notice_id) == (("finished", "") if when == "sending" else ("held", "sent_before"))
    finally:
        database.dispose()
    assert sorted(embedded.line.delivered) == everybody(10)


def test_everything_is_held_after_a_restore(embedded: Board) -> None:
    embedded.people(10)
    ids = [embedded.approve(), embedded.begin()]
    with embedded.office.database.transaction() as db:
        assert steering.hold_all(db, why="restored", now=embedded.now) == 2
    embedded.finish(most=2 * MINUTE)
    assert {embedded.state(one) for one in ids} == {("held", "restored")}
    assert embedded.line.asked == []


def test_so_many_a_day_and_no_more(board: Board) -> None:
    board.people(10)
    notice_id = board.approve(per_day=4)
    for day, reached in enumerate((4, 8, 10)):
        board.office.now = NOON + day * DAY
        board.work()
        board.pass_time(3 * HOUR, step=HOUR)
        assert len(board.line.delivered) == reached
    board.finish()
    assert (board.state(notice_id), sorted(board.line.delivered)) == (("finished", ""), everybody(10))


def test_what_is_spread_over_days_goes_on_after_a_pause(embedded: Board) -> None:
    embedded.people(8)
    notice_id = embedded.approve(per_day=4)
    embedded.work()
    with embedded.office.database.transaction() as db:
        steering.pause(db, notice_id, now=embedded.now)
    embedded.office.wait(hours=1)
    go_on(embedded, notice_id)
    embedded.work()
    embedded.office.now = NOON + DAY
    embedded.finish()
    assert (embedded.state(notice_id), sorted(embedded.line.delivered)) == (("finished", ""), everybody(8))


@pytest.mark.parametrize("pause", [timedelta(days=1, hours=3), timedelta(days=3)])
def test_what_a_pause_kept_back_is_not_made_up_for_in_one_day(embedded: Board, pause: timedelta) -> None:
    embedded.people(14)
    notice_id = embedded.approve(per_day=6)
    embedded.work()
    with embedded.office.database.transaction() as db:
        steering.pause(db, notice_id, now=embedded.now)
    embedded.office.now += pause
    go_on(embedded, notice_id)
    by_day: dict[object, int] = {}
    before = len(embedded.line.delivered)
    assert before == 6
    for _ in range(20):
        embedded.work()
        day = clock.bangkok_date(embedded.now)
        by_day[day] = by_day.get(day, 0) + len(embedded.line.delivered) - before
        before = len(embedded.line.delivered)
        embedded.office.wait(hours=3)
    assert max(by_day.values()) <= 6
    assert (embedded.state(notice_id), sorted(embedded.line.delivered)) == (("finished", ""), everybody(14))


def test_a_series_has_its_next_time_from_the_beginning_of_this_one_on(embedded: Board) -> None:
    embedded.people(3)
    notice_id = embedded.approve(send_at=NOON + HOUR, repeats="weekly", repeats_until=NOON + 15 * DAY)
    embedded.office.wait(hours=1)
    embedded.finish(most=MINUTE)
    with embedded.office.database.reading() as db:
        (following,) = notices.list_in_states(db, ("approved",), limit=9)
    assert (following.send_at, following.repeat_of) == (NOON + HOUR + 7 * DAY, notice_id)
    assert embedded.row(notice_id).repeats == ""
    for week in (1, 2, 3):
        embedded.office.now = NOON + HOUR + 7 * week * DAY
        embedded.finish(most=MINUTE)
    assert len(embedded.line.delivered) == 9
    with embedded.office.database.reading() as db:
        assert notices.count_by_state(db) == {"finished": 3}


def test_a_series_goes_on_although_this_one_is_held(embedded: Board) -> None:
    embedded.people(3)
    notice_id = embedded.approve(send_at=NOON, repeats="weekly")
    embedded.office.wait(days=9)
    embedded.work()
    assert embedded.state(notice_id) == ("held", "late")
    with embedded.office.database.reading() as db:
        (following,) = notices.list_in_states(db, ("approved",), limit=9)
    assert following.send_at == NOON + 14 * DAY  # what was missed is missed


def test_more_notices_at_once_than_one_look_takes_up_are_all_sent(embedded: Board) -> None:
    embedded.people(1)
    with embedded.office.database.transaction() as db:
        assert make_people(db, 2, agreed=False)
    ids = [embedded.approve(title=str(number)) for number in range(3)]
    embedded.finish(most=3 * MINUTE)
    assert {embedded.state(one) for one in ids} == {("finished", "")}
    assert len(embedded.line.delivered) == 3
