"""A notice sent to one of those who make it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.messages import DeliveryFailed, Failure
from bot.notices import trials
from bot.storage import notice_trials
from bot.storage.engine import Database
from bot.storage.notice_trials import TrialRow
from bot.tasks import notice_trials as task
from bot.tasks.running import run_next
from bot.vault import Vault
from tests.bot.notices.making import HOUR, MINUTE, PERSONAL, Board, a_board, address, erase
from tests.office import words_of


@pytest.fixture
def board(sqlite_database: Database, vault: Vault) -> Board:
    board = a_board(sqlite_database, vault)
    board.people(2, agreed=False)  # who makes it need not want notices
    return board


def ask(board: Board, *person_ids: int, **changes: object) -> int:
    notice_id = board.draft(**changes)
    with board.office.database.transaction() as db:
        trials.ask_for(db, notice_id, person_ids, asked_by=board.author, now=board.now)
    return notice_id


def trial(board: Board, notice_id: int) -> TrialRow:
    with board.office.database.reading() as db:
        return notice_trials.list_latest(db, notice_id=notice_id, limit=1)[0]


def work_for(board: Board, duration: timedelta, *, step: timedelta = 5 * MINUTE) -> None:
    until = board.now + duration
    while board.now < until:
        board.office.work()
        board.office.now += step


def test_it_says_that_it_is_a_trial_and_has_the_name_of_whoever_reads_it(board: Board) -> None:
    board.line.names = {address(1): "สมชาย"}
    notice_id = ask(board, 1, content=PERSONAL)
    board.office.work()
    ((way, _, messages),) = board.line.sent
    assert (way, board.line.delivered) == ("push", [address(1)])
    assert words_of(messages).startswith("ตัวอย่างประกาศ")
    assert "สมชาย" in words_of(messages)
    assert (trial(board, notice_id).state, board.line.units) == ("sent", [])
    assert board.state(notice_id) == ("draft", "")


@pytest.mark.parametrize("failure", [Failure.AMBIGUOUS, Failure.UNREACHABLE, Failure.RATE_LIMITED])
def test_what_failed_is_tried_again_with_the_same_key(board: Board, failure: Failure) -> None:
    board.line.takes_in_doubt = True
    board.line.failures = [failure]
    notice_id = ask(board, 1)
    work_for(board, 10 * MINUTE)
    assert (trial(board, notice_id).state, trial(board, notice_id).tries) == ("sent", 2)
    assert board.line.delivered == [address(1)]
    assert len({key for key, _ in board.line.asked}) == 1


@pytest.mark.parametrize(
    ("failure", "state", "tries"),
    [
        (Failure.AMBIGUOUS, "unknown", task.MOST_TRIES), (Failure.UNREACHABLE, "failed", task.MOST_TRIES),
        (Failure.REFUSED, "failed", 1), (Failure.QUOTA_SPENT, "failed", 1), (Failure.UNAUTHORISED, "failed", 1),
    ],
)  # fmt: skip
def test_what_fails_for_good_is_said_to_have(board: Board, failure: Failure, state: str, tries: int) -> None:
    board.line.failures = [failure] * 99
    notice_id = ask(board, 1)
    work_for(board, 2 * HOUR, step=15 * MINUTE)
    found = trial(board, notice_id)
    assert (found.state, found.tries, found.why) == (state, tries, f"{failure.value}: as told")
    assert board.line.delivered == []


def test_one_that_died_over_it_sends_it_once(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        pass

    def kill(*_: object, **__: object) -> None:
        raise Killed

    notice_id = ask(board, 1)
    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(notice_trials, "settle", kill)
        run_next(board.office.tools)
    work_for(board, 10 * MINUTE)
    assert (board.line.delivered, len(board.line.asked)) == ([address(1)], 2)
    assert trial(board, notice_id).state == "sent"


def test_who_was_erased_meanwhile_is_sent_nothing(board: Board) -> None:
    ask(board, 1, 2)
    with board.office.database.transaction() as db:
        erase(db, 1)
    board.office.work()
    assert board.line.delivered == [address(2)]


def test_a_name_that_cannot_be_asked_for_is_asked_for_again(board: Board) -> None:
    board.line.cannot_tell = DeliveryFailed(Failure.AMBIGUOUS, "timeout")
    notice_id = ask(board, 1)
    board.office.work()
    board.line.cannot_tell = None
    work_for(board, 10 * MINUTE)
    assert (trial(board, notice_id).state, board.line.delivered) == ("sent", [address(1)])
