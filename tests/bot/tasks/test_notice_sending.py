"""Sending, request by request, with everything that may go wrong in between. LINE's own record of whom it reached
decides."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.messages import DeliveryFailed, Failure, Receipt, Rendered
from bot.notices import ledger, pacing, sending, steering
from bot.queue import jobs
from bot.queue.kinds import BACKGROUND, JobKind
from bot.storage import notice_recipients, people, preferences, rates
from bot.storage.engine import Database
from bot.storage.notice_chunks import ChunkRow
from bot.tasks import notice_sending
from bot.tasks.running import run_next
from bot.vault import Vault
from tests.bot.notices.making import (
    DAY,
    HOUR,
    MINUTE,
    PERSONAL,
    Board,
    a_board,
    address,
    block,
    erase,
    know_quota,
    opt_out,
)

FORBIDDEN = DeliveryFailed(Failure.REFUSED, "HTTP 403", status=403)


class Killed(BaseException):
    """As SIGKILL ends a process: nothing is written down any more."""


@pytest.fixture
def board(database: Database, vault: Vault, monkeypatch: pytest.MonkeyPatch) -> Board:
    monkeypatch.setattr(ledger, "LARGEST_CHUNK", 4)
    return a_board(database, vault)


@pytest.fixture
def embedded(sqlite_database: Database, vault: Vault, monkeypatch: pytest.MonkeyPatch) -> Board:
    """On SQLite only, where the database is not what matters."""
    monkeypatch.setattr(ledger, "LARGEST_CHUNK", 4)
    return a_board(sqlite_database, vault)


def everybody(count: int, *, but: tuple[int, ...] = ()) -> list[str]:
    return [address(number) for number in range(1, count + 1) if number not in but]


def states(board: Board, notice_id: int) -> dict[str, int]:
    """People by what became of them."""
    found: dict[str, int] = {}
    for chunk in board.chunks(notice_id):
        if chunk.people:
            found[chunk.state] = found.get(chunk.state, 0) + chunk.people
    return found


def do(board: Board, what: Callable[..., Any], *arguments: Any, **more: Any) -> Any:
    with board.office.database.transaction() as db:
        return what(db, *arguments, **more)


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
