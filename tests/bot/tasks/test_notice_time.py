"""Nights, clocks that jump, quiet hours, and what waits too long."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.messages import DeliveryFailed, Failure
from bot.notices import ledger, steering
from bot.queue import jobs
from bot.queue.kinds import BACKGROUND, JobKind
from bot.storage import notice_recipients
from bot.tasks.running import run_next
from tests.bot.notices.making import (
    DAY,
    HOUR,
    MINUTE,
    PERSONAL,
    Board,
    address,
    erase,
    opt_out,
)
from tests.bot.tasks.notice_boards import board, do, embedded, everybody, states

__all__ = ["board", "embedded"]


def test_what_is_in_doubt_for_twenty_three_hours_is_unknown_without_another_request(embedded: Board) -> None:
    embedded.people(3)
    embedded.line.failures = [Failure.AMBIGUOUS] * 999
    notice_id = embedded.approve()
    embedded.work()
    tried = embedded.now
    embedded.pass_time(24 * HOUR, step=HOUR)
    (chunk,) = embedded.chunks(notice_id)
    assert (chunk.state, chunk.why) == ("unknown", "too old")
    assert chunk.settled_at is not None
    assert chunk.settled_at - tried > 23 * HOUR
    assert chunk.tries < 30
    assert embedded.state(notice_id) == ("finished", "")
    embedded.line.failures = []
    asked = len(embedded.line.asked)
    embedded.pass_time(DAY, step=6 * HOUR)
    assert len(embedded.line.asked) == asked


def test_what_was_never_taken_in_twenty_three_hours_waits_for_somebody(embedded: Board) -> None:
    embedded.people(3)
    embedded.line.failures = [Failure.UNREACHABLE] * 999
    notice_id = embedded.approve()
    embedded.work()
    embedded.pass_time(24 * HOUR, step=HOUR)
    assert embedded.state(notice_id) == ("held", "interrupted")
    assert [kind for kind, _, _ in embedded.office.cases()] == ["notice"]
    embedded.line.failures = []
    asked = len(embedded.line.asked)
    embedded.pass_time(HOUR, step=HOUR)
    assert len(embedded.line.asked) == asked
    do(embedded, steering.go_on, notice_id, by=embedded.approver, rules=embedded.rules, now=embedded.now)
    embedded.line.failures = [Failure.UNREACHABLE] * 2  # its time counts anew
    embedded.finish()
    assert (embedded.state(notice_id), embedded.line.delivered) == (("finished", ""), everybody(3))


@pytest.mark.parametrize("taken", [True, False], ids=["taken", "not taken"])
def test_a_clock_that_jumps_ahead_a_day_sends_nothing_again(board: Board, taken: bool) -> None:
    board.people(10)
    board.line.failures = [None, Failure.AMBIGUOUS]
    board.line.takes_in_doubt = taken
    notice_id = board.begin()
    for _ in range(2):
        run_next(board.office.tools)
    board.office.wait(hours=25)
    board.pass_time(HOUR, step=30 * MINUTE)
    assert board.state(notice_id) == ("held", "interrupted")
    assert states(board, notice_id) == {"accepted": 4, "unknown": 4, "waiting": 2}
    assert len(board.line.asked) == 2
    do(board, steering.go_on, notice_id, by=board.approver, rules=board.rules, now=board.now)
    board.finish()
    assert len(set(board.line.delivered)) == len(board.line.delivered) == (10 if taken else 6)
    assert states(board, notice_id) == {"accepted": 6, "unknown": 4}


def test_a_clock_that_is_set_back_makes_nobody_hear_it_twice(embedded: Board) -> None:
    embedded.people(10)
    embedded.line.failures = [None, Failure.AMBIGUOUS]
    embedded.line.takes_in_doubt = True
    notice_id = embedded.begin()
    for _ in range(2):
        run_next(embedded.office.tools)
    embedded.office.wait(hours=-3)
    embedded.pass_time(3 * HOUR + 30 * MINUTE, step=30 * MINUTE)
    assert sorted(embedded.line.delivered) == everybody(10)
    assert embedded.state(notice_id) == ("finished", "")


def test_the_evening_is_the_end_and_it_goes_on_next_morning(board: Board) -> None:
    board.people(10)
    board.office.wait(hours=7, minutes=59)  # one minute before eight in the evening
    notice_id = board.begin()
    run_next(board.office.tools)
    board.office.wait(minutes=1)
    board.pass_time(12 * HOUR - MINUTE, step=3 * HOUR)
    assert (len(board.line.asked), board.state(notice_id)) == (1, ("sending", ""))
    board.office.wait(minutes=1)
    board.finish()
    assert board.state(notice_id) == ("finished", "")
    assert sorted(board.line.delivered) == everybody(10)


def test_a_morning_that_is_missed_is_not_made_up_for_by_itself(embedded: Board) -> None:
    embedded.people(10)
    embedded.office.wait(hours=8, minutes=1)
    notice_id = embedded.approve()
    embedded.office.now = embedded.row(notice_id).begins_at or embedded.now
    embedded.look()
    while embedded.state(notice_id)[0] != "sending":
        run_next(embedded.office.tools)
    embedded.office.wait(hours=2, minutes=1)
    embedded.finish()
    assert embedded.state(notice_id) == ("held", "interrupted")
    assert embedded.line.asked == []


@pytest.mark.parametrize(("minutes", "goes_on"), [(120, True), (121, False)])
def test_what_was_interrupted_for_two_hours_waits_for_somebody(embedded: Board, minutes: int, goes_on: bool) -> None:
    embedded.people(6)
    notice_id = embedded.begin()
    run_next(embedded.office.tools)
    embedded.office.wait(minutes=minutes)
    embedded.finish()
    assert embedded.state(notice_id) == (("finished", "") if goes_on else ("held", "interrupted"))
    assert len(embedded.line.asked) == (2 if goes_on else 1)


def test_nobody_is_written_to_in_their_own_quiet_hours(board: Board) -> None:
    board.people(2)
    board.people(2, first=3, quiet_from=11 * 60, quiet_to=14 * 60)
    board.people(1, first=5, quiet_from=19 * 60, quiet_to=13 * 60)  # over midnight
    notice_id = board.approve()
    board.work()
    assert sorted(board.line.delivered) == everybody(2)
    board.pass_time(59 * MINUTE, step=30 * MINUTE)
    assert len(board.line.delivered) == 2
    board.pass_time(MINUTE)
    assert sorted(board.line.delivered) == [*everybody(2), address(5)]
    board.pass_time(59 * MINUTE, step=30 * MINUTE)
    assert len(board.line.delivered) == 3
    board.pass_time(2 * MINUTE)
    assert sorted(board.line.delivered) == everybody(5)
    assert board.state(notice_id) == ("finished", "")


def test_who_says_no_in_their_quiet_hours_is_not_sent_it_after_them(embedded: Board) -> None:
    (one,) = embedded.people(1, quiet_from=11 * 60, quiet_to=14 * 60)
    notice_id = embedded.approve()
    embedded.work()
    do(embedded, opt_out, one)
    embedded.pass_time(3 * HOUR, step=timedelta(minutes=30))
    assert (embedded.line.delivered, embedded.state(notice_id)) == ([], ("finished", ""))


def test_who_is_put_off_is_in_no_other_request(embedded: Board) -> None:
    """The number of a portion is never used again, not even when all who were in it are gone: else two requests with
    keys of their own would have the same people."""
    quiet = {"quiet_from": 11 * 60, "quiet_to": 13 * 60}
    outer = [*embedded.people(1, first=1, **quiet), *embedded.people(1, first=4, **quiet)]
    inner = embedded.people(2, first=10)
    notice_id = embedded.begin()
    embedded.office.work()
    assert [chunk.portion for chunk in embedded.chunks(notice_id)] == [0, 1]
    with embedded.office.database.transaction() as db:
        row = embedded.row(notice_id)
        for one in outer:
            erase(db, one)
        ledger.defer(db, row, inner, until=embedded.now + HOUR)
    assert sorted(chunk.portion for chunk in embedded.chunks(notice_id)) == [0, 1, 2]


def test_a_name_that_cannot_be_asked_for_leaves_no_doubt(embedded: Board) -> None:
    embedded.people(1)
    notice_id = embedded.begin(content=PERSONAL)
    embedded.line.cannot_tell = DeliveryFailed(Failure.AMBIGUOUS, "timeout")
    embedded.office.work()
    (chunk,) = embedded.chunks(notice_id)
    assert (chunk.state, chunk.doubtful, embedded.line.asked) == ("trying", False, [])
    embedded.line.cannot_tell = None
    embedded.finish()
    assert embedded.line.delivered == everybody(1)


def test_answers_to_people_go_before_the_next_request(embedded: Board) -> None:
    embedded.people(8)
    embedded.begin()
    run_next(embedded.office.tools)
    with embedded.office.database.transaction() as db:
        jobs.enqueue(db, JobKind.RETENTION, now=embedded.now - HOUR, subject_ids=[(None, "x")], priority=BACKGROUND)
        jobs.enqueue(db, JobKind.QUOTA, now=embedded.now, subject_ids=[(None, None)])
    first = jobs.claim(embedded.office.database, now=embedded.now)
    second = jobs.claim(embedded.office.database, now=embedded.now)
    assert first is not None
    assert second is not None
    assert (first.kind, second.kind) == (JobKind.QUOTA, JobKind.RETENTION)


def test_a_long_rest_is_no_jobs(embedded: Board) -> None:
    """Nobody holds a lane for the night; whatever looks every minute takes the notice up in the morning."""
    embedded.people(8)
    embedded.office.wait(hours=7, minutes=59)
    embedded.begin()
    embedded.office.wait(minutes=1)
    embedded.office.work()
    assert jobs.first_due_in(embedded.office.database, now=embedded.now) is None


def test_the_ledger_says_of_each_person_in_which_request_they_were(board: Board) -> None:
    ids = board.people(9)
    board.line.bad = {address(6)}
    notice_id = board.approve()
    board.finish()
    with board.office.database.reading() as db:
        seen = [
            person_id
            for chunk in board.chunks(notice_id)
            if chunk.state in ("accepted", "refused")
            for person_id, _ in notice_recipients.list_addresses(
                db, notice_id=notice_id, portion=chunk.portion, first=chunk.first, last=chunk.last
            )
        ]
    assert sorted(seen) == ids
