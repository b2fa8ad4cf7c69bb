from __future__ import annotations

from datetime import timedelta

import pytest

from bot.messages import DeliveryFailed, Failure, QuotaTold
from bot.notices import budget, drafting
from bot.queue import jobs
from bot.queue.kinds import JobKind
from bot.storage import notices
from bot.storage.engine import Database
from bot.vault import Vault
from tests.bot.notices.making import DAY, HOUR, Board, a_board, a_plan
from tests.builders import NOON

TOLD = {"uniqueImpression": 812, "uniqueClick": 31}


@pytest.fixture
def board(sqlite_database: Database, vault: Vault) -> Board:
    return a_board(sqlite_database, vault)


def run(board: Board, kind: JobKind) -> None:
    with board.office.database.transaction() as db:
        jobs.enqueue(db, kind, now=board.now, subject_ids=[(None, kind)])
    board.office.work()


def a_finished_one(board: Board, *, at: object = NOON, **changes: object) -> int:
    with board.office.database.transaction() as db:
        row = drafting.create(db, a_plan(), author_id=None, now=NOON)
        notices.change(db, row.id, **{"state": "finished", "began_at": NOON, "finished_at": at, **changes})
        board.line.statistics[f"n{row.uid}"] = dict(TOLD)
        return row.id


def test_the_quota_is_kept_as_line_tells_it(board: Board) -> None:
    board.line.told_quota = QuotaTold(300, 17)
    board.office.wait(minutes=5)
    run(board, JobKind.QUOTA)
    with board.office.database.reading() as db:
        found = budget.find(db, now=board.now)
    assert found is not None
    assert (found.limit, found.used, found.asked_at) == (300, 17, board.now)


def test_a_quota_that_line_does_not_tell_stays_as_it_was_told(board: Board) -> None:
    board.tell_quota(300, used=17)
    board.line.cannot_tell = DeliveryFailed(Failure.AMBIGUOUS, "timeout")
    board.office.wait(minutes=15)
    run(board, JobKind.QUOTA)
    with board.office.database.reading() as db:
        found = budget.find(db, now=board.now)
    assert found is not None
    assert (found.used, found.asked_at) == (17, NOON)
    assert jobs.first_due_in(board.office.database, now=board.now) is None


def test_statistics_are_asked_for_once_a_day_and_for_two_weeks(board: Board) -> None:
    notice_id = a_finished_one(board)
    run(board, JobKind.NOTICE_STATISTICS)
    row = board.row(notice_id)
    assert (row.statistics, row.statistics_at) == (TOLD, NOON)
    board.line.statistics[f"n{row.uid}"]["uniqueClick"] = 40
    board.office.wait(hours=19)
    run(board, JobKind.NOTICE_STATISTICS)
    assert board.row(notice_id).statistics == TOLD
    board.office.wait(hours=2)
    run(board, JobKind.NOTICE_STATISTICS)
    assert board.row(notice_id).statistics == {**TOLD, "uniqueClick": 40}
    asked = board.row(notice_id).statistics_at
    board.office.now = NOON + 14 * DAY + HOUR
    run(board, JobKind.NOTICE_STATISTICS)
    assert board.row(notice_id).statistics_at == asked


def test_what_never_began_or_is_not_over_is_not_asked_for(board: Board) -> None:
    ids = [a_finished_one(board, began_at=None, state="stopped"), a_finished_one(board, state="sending")]
    run(board, JobKind.NOTICE_STATISTICS)
    assert [board.row(one).statistics_at for one in ids] == [None, None]


def test_one_that_line_knows_nothing_of_keeps_no_other_waiting(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = a_finished_one(board), a_finished_one(board)
    unknown = f"n{board.row(first).uid}"
    real = type(board.line).unit_statistics

    def refuse(self: object, unit: str, *days: object) -> object:
        if unit == unknown:
            raise DeliveryFailed(Failure.REFUSED, "HTTP 400", status=400)
        return real(self, unit, *days)  # type: ignore[arg-type]

    monkeypatch.setattr(type(board.line), "unit_statistics", refuse)
    run(board, JobKind.NOTICE_STATISTICS)
    assert (board.row(first).statistics, board.row(second).statistics) == ({}, TOLD)


def test_where_line_does_not_answer_the_rest_is_asked_for_an_hour_later(board: Board) -> None:
    notice_id = a_finished_one(board)
    board.line.cannot_tell = DeliveryFailed(Failure.RATE_LIMITED, "HTTP 429", status=429)
    run(board, JobKind.NOTICE_STATISTICS)
    assert board.row(notice_id).statistics_at is None
    board.line.cannot_tell = None
    board.office.now += timedelta(hours=1)
    run(board, JobKind.NOTICE_STATISTICS)
    assert board.row(notice_id).statistics == TOLD
