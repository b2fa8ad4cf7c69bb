"""What LINE refuses, and how fast it is asked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.messages import DeliveryFailed, Failure
from bot.notices import ledger, pacing, sending, steering
from bot.storage import people, rates
from bot.tasks.running import run_next
from tests.bot.notices.making import (
    HOUR,
    Board,
    address,
    know_quota,
    opt_out,
)
from tests.bot.tasks.notice_boards import FORBIDDEN, board, do, embedded, everybody, states

__all__ = ["board", "embedded"]


@pytest.mark.parametrize("bad", [(1,), (2, 3, 7)], ids=str)
def test_a_refused_request_is_halved_until_only_those_are_left_out_whom_line_does_not_know(
    board: Board, bad: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "LARGEST_CHUNK", 8)
    ids = board.people(10)
    board.line.bad = {address(number) for number in bad}
    notice_id = board.approve()
    board.finish()
    assert sorted(board.line.delivered) == everybody(10, but=bad)
    assert board.state(notice_id) == ("finished", "")
    assert states(board, notice_id) == {"accepted": 10 - len(bad), "refused": len(bad)}
    with board.office.database.reading() as db:
        unreachable = [one for one in ids if people.get(db, one).unreachable_at is not None]
    assert set(unreachable) <= {ids[number - 1] for number in bad}


def test_who_is_left_out_of_a_refused_request_meanwhile_is_in_neither_half(embedded: Board) -> None:
    ids = embedded.people(4)
    embedded.line.bad = {address(1)}
    embedded.begin()
    run_next(embedded.office.tools)  # refused, and halved
    do(embedded, opt_out, ids[3])
    embedded.finish()
    assert sorted(embedded.line.delivered) == everybody(4, but=(1, 4))


def test_whom_line_refused_is_found_unreachable_once_it_took_others(embedded: Board) -> None:
    ids = embedded.people(8)
    embedded.line.bad = {address(8)}
    embedded.approve()
    embedded.finish()
    with embedded.office.database.reading() as db:
        assert [one for one in ids if people.get(db, one).unreachable_at is not None] == [ids[7]]


def test_eight_refused_and_none_taken_is_the_notices_own_fault(
    embedded: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "LARGEST_CHUNK", 1)
    ids = embedded.people(12)
    embedded.line.bad = set(everybody(12))
    notice_id = embedded.approve()
    embedded.finish()
    assert embedded.state(notice_id) == ("paused", "not_taken")
    assert states(embedded, notice_id)["refused"] == 8
    assert [kind for kind, _, _ in embedded.office.cases()] == ["notice"]
    with embedded.office.database.reading() as db:
        assert all(people.get(db, one).unreachable_at is None for one in ids)
    embedded.line.bad = set()
    do(embedded, steering.go_on, notice_id, by=embedded.approver, rules=embedded.rules, now=embedded.now)
    embedded.finish()
    assert (embedded.state(notice_id), states(embedded, notice_id)) == (("finished", ""), {"accepted": 4, "refused": 8})


@pytest.mark.parametrize(
    ("failed", "why"),
    [
        (DeliveryFailed(Failure.QUOTA_SPENT, "HTTP 429", status=429), "quota"),
        (DeliveryFailed(Failure.UNAUTHORISED, "HTTP 401", status=401), "unauthorised"),
        (FORBIDDEN, "forbidden"),
    ],
    ids=["429 quota", "401", "403"],
)
def test_what_concerns_all_of_them_pauses_the_notice_and_nothing_is_lost(
    embedded: Board, failed: DeliveryFailed, why: str
) -> None:
    ids = embedded.people(10)
    embedded.line.told = {1: failed}
    notice_id = embedded.approve()
    embedded.finish()
    assert embedded.state(notice_id) == ("paused", why)
    assert (len(embedded.line.asked), states(embedded, notice_id)) == (2, {"accepted": 4, "trying": 4, "waiting": 2})
    assert [kind for kind, _, _ in embedded.office.cases()] == ["notice"]
    embedded.pass_time(HOUR, step=HOUR)
    assert len(embedded.line.asked) == 2
    with embedded.office.database.reading() as db:
        assert all(people.get(db, one).unreachable_at is None for one in ids)
    do(embedded, steering.go_on, notice_id, by=embedded.approver, rules=embedded.rules, now=embedded.now)
    embedded.finish()
    assert (embedded.state(notice_id), sorted(embedded.line.delivered)) == (("finished", ""), everybody(10))


def test_a_quota_that_ran_out_for_weeks_is_gone_on_with_when_somebody_wants_it(embedded: Board) -> None:
    embedded.people(6)
    embedded.line.failures = [Failure.QUOTA_SPENT]
    notice_id = embedded.approve()
    embedded.finish()
    embedded.office.wait(days=7)
    do(embedded, know_quota, now=embedded.now)
    do(embedded, steering.go_on, notice_id, by=embedded.approver, rules=embedded.rules, now=embedded.now)
    embedded.finish()
    assert (embedded.state(notice_id), sorted(embedded.line.delivered)) == (("finished", ""), everybody(6))


def test_too_fast_for_line_slows_all_of_us_down(embedded: Board) -> None:
    embedded.people(6)
    embedded.line.failures = [Failure.RATE_LIMITED]
    embedded.begin()
    embedded.office.work()
    with embedded.office.database.transaction() as db:
        slow_until = rates.lock(db, pacing.MULTICAST, full=1, now=embedded.now).slow_until
    assert slow_until == embedded.now + pacing.SLOW_FOR


def test_as_fast_as_is_set_and_not_faster(embedded: Board) -> None:
    with embedded.office.database.transaction() as db:
        rates.lock(db, pacing.MULTICAST, full=1, now=embedded.now)  # one token, and it is filled by five a second
    board = a_faster_board(embedded, multicasts_per_second=5)
    board.people(40)
    board.approve()
    moments = []
    board.look()
    while len(board.line.delivered) < 40:
        board.office.work()
        moments += [board.now] * (len(board.line.asked) - len(moments))
        board.office.wait(milliseconds=50)
    for first, sixth in zip(moments, moments[6:], strict=False):
        assert sixth - first >= timedelta(seconds=1)


def a_faster_board(board: Board, **rules: Any) -> Board:
    from dataclasses import replace

    board.office.tools = replace(board.office.tools, notice_rules=replace(board.rules, **rules))
    return board


def test_twelve_tries_in_the_first_hour_at_most_and_a_quarter_of_an_hour_between_two() -> None:
    for _ in range(20):
        waits = [sending.wait_after(tries, None) for tries in range(1, 41)]
        tries, passed = 1, timedelta(0)
        for wait in waits:
            passed += wait
            tries += passed < HOUR
        assert tries <= 12
        assert max(waits) <= timedelta(minutes=15)
        assert waits[0] <= timedelta(seconds=4)
    shortest = [min(sending.wait_after(tries, None) for _ in range(300)) for tries in range(1, 14)]
    assert sum(wait < HOUR for wait in _sums(shortest)) + 1 <= 12
    assert len({sending.wait_after(5, None) for _ in range(20)}) > 10  # all senders do not come back at once
    assert sending.wait_after(1, 60.0) == timedelta(seconds=60)


def _sums(waits: list[timedelta]) -> list[timedelta]:
    return [sum(waits[: number + 1], timedelta(0)) for number in range(len(waits))]
