"""Sending, request by request, with everything that may go wrong in between. LINE's own record of whom it reached
decides."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest

from bot.messages import DeliveryFailed, Failure, Receipt, Rendered
from bot.notices import pacing, sending
from bot.queue import jobs
from bot.storage import people, preferences
from bot.storage.notice_chunks import ChunkRow
from bot.tasks import notice_sending
from bot.tasks.running import run_next
from tests.bot.notices.making import (
    DAY,
    PERSONAL,
    Board,
    address,
    block,
    erase,
    opt_out,
)
from tests.bot.tasks.notice_boards import Killed, board, do, embedded, everybody, states

__all__ = ["board", "embedded"]


def test_everybody_who_agreed_is_sent_it_once(board: Board) -> None:
    board.people(10)
    board.people(3, first=11, agreed=False)
    notice_id = board.approve()
    board.finish()
    assert sorted(board.line.delivered) == everybody(10)
    assert board.state(notice_id) == ("finished", "")
    assert [len(recipients) for _, recipients in board.line.asked] == [4, 4, 2]
    assert board.line.units == [f"n{board.row(notice_id).uid}"]


def test_one_with_a_name_in_it_is_pushed_to_each(board: Board) -> None:
    board.people(2)
    board.line.names = {address(1): "สมชาย"}
    board.approve(content=PERSONAL)
    board.finish()
    assert sorted(board.line.delivered) == everybody(2)
    assert ["สมชาย" in str(messages) for _, _, messages in board.line.sent] == [True, False]


def test_the_words_with_a_name_are_sealed_before_the_first_try_and_gone_after_the_last(embedded: Board) -> None:
    embedded.people(1)
    embedded.line.names = {address(1): "สมชาย"}
    embedded.line.failures = [Failure.AMBIGUOUS]
    notice_id = embedded.begin(content=PERSONAL)
    embedded.office.work()
    (chunk,) = embedded.chunks(notice_id)
    assert chunk.body is not None
    assert "สมชาย".encode() not in chunk.body
    embedded.line.names = {address(1): "คนอื่น"}
    embedded.finish()
    (chunk,) = embedded.chunks(notice_id)
    assert (chunk.state, chunk.body) == ("accepted", None)
    assert "สมชาย" in str(embedded.line.sent[-1])


@pytest.mark.parametrize(
    "failure", [Failure.AMBIGUOUS, Failure.UNREACHABLE, Failure.RATE_LIMITED], ids=lambda failure: failure.value
)
@pytest.mark.parametrize("taken", [True, False], ids=["taken", "not taken"])
def test_what_failed_is_made_again_with_the_same_key_and_people(embedded: Board, failure: Failure, taken: bool) -> None:
    embedded.people(6)
    embedded.line.takes_in_doubt = taken
    embedded.line.failures = [failure, None, failure]
    notice_id = embedded.approve()
    embedded.finish()
    assert sorted(embedded.line.delivered) == everybody(6)
    assert embedded.state(notice_id) == ("finished", "")
    by_key = {key: {to for found, to in embedded.line.asked if found == key} for key, _ in embedded.line.asked}
    assert (len(embedded.line.asked), [len(people) for people in by_key.values()]) == (4, [1, 1])
    told_before = [chunk.duplicate for chunk in embedded.chunks(notice_id)]
    assert any(told_before) is (failure is Failure.AMBIGUOUS and taken)


@pytest.mark.parametrize("step", ["before LINE", "after LINE", "with the name"])
def test_a_sender_that_is_killed_leaves_its_request_to_others(
    board: Board, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    board.people(3)
    notice_id = board.begin(**({"content": PERSONAL} if step == "with the name" else {}))

    def kill(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patched, pytest.raises(Killed):
        what = {
            "before LINE": (notice_sending, "_make"), "after LINE": (notice_sending, "_account_for"),
            "with the name": (type(board.line), "push"),
        }[step]  # fmt: skip
        patched.setattr(*what, kill)
        board.office.work()
    board.office.wait(seconds=59)
    board.work()
    board.finish(step=timedelta(seconds=20))
    assert sorted(board.line.delivered) == everybody(3)
    assert board.state(notice_id) == ("finished", "")
    if step == "after LINE":
        assert [chunk.duplicate for chunk in board.chunks(notice_id)] == [True]


def test_no_transaction_is_open_while_line_is_asked(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    board.people(3)
    board.begin()
    seen = []

    def multicast(*_: object, **__: object) -> Receipt:
        with board.office.database.transaction() as db:  # on SQLite nobody else could write
            seen.append(db.get(ChunkRow, 1).state)
        return Receipt("r")

    monkeypatch.setattr(type(board.line), "multicast", multicast)
    board.office.work()
    assert seen == ["trying"]


def test_two_senders_at_once_make_different_requests(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    board.people(24)
    notice_id = board.begin()
    real, both = type(board.line).multicast, threading.Barrier(2, timeout=10)

    def slow(self: Any, recipients: Any, messages: Rendered, **more: Any) -> Receipt:
        both.wait()  # both are under way at this moment
        return real(self, recipients, messages, **more)

    monkeypatch.setattr(type(board.line), "multicast", slow)
    errors: list[BaseException] = []

    def send() -> None:
        try:
            for _ in range(3):
                while not run_next(board.office.tools):
                    pass
        except BaseException as error:
            errors.append(error)
            both.abort()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert errors == []
    assert sorted(board.line.delivered) == everybody(24)
    assert states(board, notice_id) == {"accepted": 24}


def test_who_was_overtaken_writes_nothing_down(board: Board) -> None:
    """A sender that hangs for a minute; another one makes its request again, and is told that LINE has it."""
    board.people(3)
    notice_id = board.begin()
    slow = do(board, sending.take, notice_id, rules=board.rules, now=board.now)
    board.office.wait(seconds=61)
    quick = do(board, sending.take, notice_id, rules=board.rules, now=board.now)
    assert (quick.chunk_id, quick.retry_key, quick.recipients) == (slow.chunk_id, slow.retry_key, slow.recipients)
    refused = DeliveryFailed(Failure.REFUSED, "HTTP 400", status=400)
    assert do(board, sending.note_failed, slow, refused, call=pacing.MULTICAST, now=board.now) == ""
    do(board, sending.note_accepted, slow, Receipt("late"), now=board.now)
    (chunk,) = board.chunks(notice_id)
    assert (chunk.state, chunk.tries, chunk.doubtful) == ("trying", 2, True)
    do(board, sending.note_accepted, quick, Receipt("first", duplicate=True), now=board.now)
    (chunk,) = board.chunks(notice_id)
    assert (chunk.state, chunk.request_id, chunk.duplicate) == ("accepted", "first", True)


def test_what_line_said_is_kept_though_the_job_was_lost(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    board.people(3)
    notice_id = board.begin()
    real = type(board.line).multicast

    def slow(self: Any, recipients: Any, messages: Rendered, **more: Any) -> Receipt:
        board.office.wait(seconds=16)  # longer than the lease: somebody else takes over whatever there is
        while jobs.claim(board.office.database, now=board.now) is not None:
            continue
        return real(self, recipients, messages, **more)

    monkeypatch.setattr(type(board.line), "multicast", slow)
    run_next(board.office.tools)
    assert states(board, notice_id) == {"accepted": 3}


@pytest.mark.parametrize(
    ("leaves", "why"),
    [
        (lambda db, one: opt_out(db, one), "opted_out"),
        (lambda db, one: block(db, one), "blocked"),
        (lambda db, one: preferences.save(db, one, paused_until=db.info["now"] + DAY), "paused"),
        (lambda db, one: people.set_unreachable(db, one, at=db.info["now"]), "unreachable"),
    ],
    ids=["opted out", "blocked", "paused", "unreachable"],
)
def test_who_leaves_between_the_ledger_and_the_request_is_not_sent_it(board: Board, leaves: Any, why: str) -> None:
    ids = board.people(6)
    notice_id = board.begin()
    with board.office.database.transaction() as db:
        db.info["now"] = board.now
        leaves(db, ids[1])
    board.finish()
    assert sorted(board.line.delivered) == everybody(6, but=(2,))
    progress = board.progress(notice_id)
    assert (progress.accepted, dict(progress.left_out), progress.state) == (5, {why: 1}, "finished")


def test_who_is_erased_between_the_ledger_and_the_request_is_not_sent_it(board: Board) -> None:
    ids = board.people(6)
    notice_id = board.begin()
    do(board, erase, ids[1])
    board.finish()
    assert sorted(board.line.delivered) == everybody(6, but=(2,))
    assert board.progress(notice_id).total == 5


def test_who_is_erased_while_a_request_is_in_doubt_makes_it_unknown(embedded: Board) -> None:
    ids = embedded.people(3)
    embedded.line.failures = [Failure.AMBIGUOUS]
    embedded.line.takes_in_doubt = True
    notice_id = embedded.begin()
    embedded.office.work()
    do(embedded, erase, ids[1])
    embedded.finish()
    assert (len(embedded.line.asked), embedded.line.delivered) == (1, everybody(3))
    assert states(embedded, notice_id) == {"unknown": 3}


def test_once_line_may_have_taken_it_the_same_people_are_asked_for_again(embedded: Board) -> None:
    """The same key goes with the same body: else LINE would have taken something else than is written down."""
    ids = embedded.people(3)
    embedded.line.failures = [Failure.AMBIGUOUS]
    embedded.line.takes_in_doubt = True
    notice_id = embedded.begin()
    embedded.office.work()
    do(embedded, opt_out, ids[1])
    embedded.finish()
    assert len(set(embedded.line.asked)) == 1
    assert (embedded.line.delivered, states(embedded, notice_id)) == (everybody(3), {"accepted": 3})


def test_where_it_was_certainly_not_taken_who_left_is_left_out(embedded: Board) -> None:
    ids = embedded.people(3)
    embedded.line.failures = [Failure.RATE_LIMITED]
    notice_id = embedded.begin()
    embedded.office.work()
    do(embedded, opt_out, ids[1])
    embedded.finish()
    assert (embedded.line.delivered, states(embedded, notice_id)) == (everybody(3, but=(2,)), {"accepted": 2})


def test_a_request_of_which_nobody_is_left_is_not_made(embedded: Board) -> None:
    ids = embedded.people(4)
    notice_id = embedded.begin()
    for one in ids:
        do(embedded, opt_out, one)
    embedded.finish()
    assert embedded.line.asked == []
    assert [(chunk.state, chunk.people) for chunk in embedded.chunks(notice_id)] == [("empty", 0)]
    assert embedded.state(notice_id) == ("finished", "")
