"""Pausing, going on and stopping, whatever is under way at that moment: on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bot.messages import DeliveryFailed, Failure, Receipt, Rendered
from bot.notices import pacing, sending, steering
from bot.notices.refusals import NeedsSomebodyElse, NotInThatState
from bot.notices.sending import Request, Rest
from bot.storage import notice_chunks, notices
from bot.storage.engine import Database
from bot.tasks.running import run_next
from bot.vault import Vault
from tests.bot.notices.making import HOUR, MINUTE, Board, a_board, address
from tests.bot.outreach.accounts import outcomes_of_two_at_once
from tests.bot.tasks.notice_boards import board, embedded

__all__ = ["board", "embedded"]


def steer(board: Board, what: Any, notice_id: int, **more: Any) -> Any:
    with board.office.database.transaction() as db:
        return what(db, notice_id, now=board.now, **more)


def go_on(board: Board, notice_id: int, by: int | None = None) -> Any:
    return steer(board, steering.go_on, notice_id, by=by or board.approver, rules=board.rules)


def take(board: Board, notice_id: int) -> Request | Rest:
    with board.office.database.transaction() as db:
        return sending.take(db, notice_id, rules=board.rules, now=board.now)


def states(board: Board, notice_id: int) -> list[str]:
    return [chunk.state for chunk in board.chunks(notice_id)]


def test_a_pause_leaves_the_request_that_is_being_made_and_no_other(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    board.people(12)
    notice_id = board.begin()
    real = type(board.line).multicast

    def paused_meanwhile(self: Any, recipients: Any, messages: Rendered, **more: Any) -> Receipt:
        if len(self.asked) == 1:
            steer(board, steering.pause, notice_id)
        return real(self, recipients, messages, **more)

    monkeypatch.setattr(type(board.line), "multicast", paused_meanwhile)
    board.office.work()
    board.pass_time(10 * MINUTE, step=5 * MINUTE)
    assert (len(board.line.asked), board.state(notice_id)) == (2, ("paused", "staff"))
    assert states(board, notice_id) == ["accepted", "accepted", "waiting"]
    assert go_on(board, notice_id) == "sending"
    board.finish()
    assert sorted(board.line.delivered) == sorted(address(number) for number in range(1, 13))


def test_a_stop_is_for_good_and_what_is_being_made_ends_by_itself(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    board.people(12)
    notice_id = board.begin()
    real = type(board.line).multicast

    def stopped_meanwhile(self: Any, recipients: Any, messages: Rendered, **more: Any) -> Receipt:
        if len(self.asked) == 1:
            steer(board, steering.stop, notice_id)
        return real(self, recipients, messages, **more)

    monkeypatch.setattr(type(board.line), "multicast", stopped_meanwhile)
    board.office.work()
    board.pass_time(10 * MINUTE, step=5 * MINUTE)
    assert (len(board.line.asked), board.state(notice_id)) == (2, ("stopped", "staff"))
    assert states(board, notice_id) == ["accepted", "accepted", "stopped"]
    with pytest.raises(NotInThatState):
        go_on(board, notice_id)


@pytest.mark.parametrize(
    ("failure", "doubt_before", "ends"),
    [
        (Failure.AMBIGUOUS, False, "unknown"), (Failure.UNREACHABLE, False, "stopped"),
        (Failure.RATE_LIMITED, False, "stopped"), (Failure.REFUSED, False, "stopped"),
        (Failure.UNREACHABLE, True, "unknown"),
    ],
)  # fmt: skip
def test_what_fails_after_a_stop_is_not_tried_again(
    embedded: Board, failure: Failure, doubt_before: bool, ends: str
) -> None:
    embedded.people(3)
    notice_id = embedded.begin()
    request = take(embedded, notice_id)
    if doubt_before:
        embedded.office.wait(seconds=61)
        request = take(embedded, notice_id)
    assert isinstance(request, Request)
    steer(embedded, steering.stop, notice_id)
    assert states(embedded, notice_id) == ["trying"]
    with embedded.office.database.transaction() as db:
        failed = DeliveryFailed(failure, "as told", status=400)
        assert sending.note_failed(db, request, failed, call=pacing.MULTICAST, now=embedded.now) == ""
    assert states(embedded, notice_id) == [ends]
    embedded.pass_time(HOUR, step=HOUR)
    assert embedded.line.asked == []


@pytest.mark.parametrize(
    ("failure", "ends"), [(Failure.AMBIGUOUS, "unknown"), (Failure.RATE_LIMITED, "stopped"), (None, "unknown")]
)
def test_a_stop_says_of_each_request_what_is_known_of_it(embedded: Board, failure: Failure | None, ends: str) -> None:
    """Tried and to be tried again; or somebody died over it, which shows when its time is over."""
    embedded.people(6)
    notice_id = embedded.begin()
    if failure is None:
        take(embedded, notice_id)
    else:
        embedded.line.failures = [failure]
        run_next(embedded.office.tools)
    steer(embedded, steering.stop, notice_id)
    assert states(embedded, notice_id) == [ends if failure is not None else "trying", "stopped"]
    embedded.office.wait(minutes=2)
    embedded.work()
    assert states(embedded, notice_id) == [ends, "stopped"]
    assert embedded.progress(notice_id).open == 0


def test_a_stop_and_the_next_request_at_the_same_moment(board: Board) -> None:
    """Whoever is first: what was taken ends, what was not is never made."""
    board.people(8)
    notice_id = board.begin()
    taken: list[Request | Rest] = []

    def begin(db: Session) -> None:
        taken.append(sending.take(db, notice_id, rules=board.rules, now=board.now))

    def stop(db: Session) -> None:
        steering.stop(db, notice_id, now=board.now)

    assert outcomes_of_two_at_once(board.office.database, begin, stop) == ["done", "done"]
    assert isinstance(taken[0], Request)
    assert sorted(states(board, notice_id)) == ["stopped", "trying"]
    assert isinstance(take(board, notice_id), Rest)


def test_a_request_written_while_somebody_stopped_is_stopped_as_well(embedded: Board) -> None:
    embedded.people(3)
    notice_id = embedded.begin()
    steer(embedded, steering.stop, notice_id)
    with embedded.office.database.transaction() as db:
        chunk = embedded.chunks(notice_id)[0]
        notice_chunks.add_all(
            db,
            [
                {
                    "notice_id": notice_id, "portion": 1, "first": 1, "last": 3, "people": 3, "state": "waiting",
                    "due_at": chunk.due_at, "retry_key": "another", "tries": 0, "why": "",
                }
            ],
        )  # fmt: skip
    embedded.work()
    assert (states(embedded, notice_id), embedded.line.asked) == (["stopped", "stopped"], [])


@pytest.mark.parametrize("what", [steering.pause, steering.stop])
def test_what_is_over_is_neither_paused_nor_stopped(embedded: Board, what: Any) -> None:
    embedded.people(3)
    notice_id = embedded.approve()
    embedded.finish()
    with pytest.raises(NotInThatState):
        steer(embedded, what, notice_id)
    with pytest.raises(NotInThatState):
        go_on(embedded, notice_id)


def test_of_two_who_go_on_one_does(board: Board) -> None:
    board.people(3)
    notice_id = board.begin()
    steer(board, steering.pause, notice_id)

    def again(db: Session) -> None:
        steering.go_on(db, notice_id, by=board.approver, rules=board.rules, now=board.now)

    assert outcomes_of_two_at_once(board.office.database, again, again) == ["NotInThatState", "done"]
    board.finish()
    assert len(board.line.delivered) == 3


def test_whoever_goes_on_with_what_had_not_begun_answers_for_it(sqlite_database: Database, vault: Vault) -> None:
    board = a_board(sqlite_database, vault, approval_above=2, cooling=timedelta(minutes=5))
    board.people(3)
    notice_id = board.approve()
    board.office.wait(hours=3)
    board.work()
    assert board.state(notice_id) == ("held", "late")
    with pytest.raises(NeedsSomebodyElse):
        go_on(board, notice_id, by=board.author)
    assert go_on(board, notice_id) == "approved"
    row = board.row(notice_id)
    assert (row.begins_at, row.approver_id) == (board.now + timedelta(minutes=5), board.approver)
    board.pass_time(6 * MINUTE)
    assert len(board.line.delivered) == 3


def test_what_was_held_is_stopped_and_stays_so(embedded: Board) -> None:
    embedded.people(3)
    notice_id = embedded.approve()
    with embedded.office.database.transaction() as db:
        notices.hold_all(db, why="restored", now=embedded.now)
    steer(embedded, steering.stop, notice_id)
    embedded.finish()
    assert (embedded.state(notice_id), embedded.line.asked) == (("stopped", "staff"), [])
