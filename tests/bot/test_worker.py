"""How long a worker rests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.queue import jobs
from bot.queue.kinds import JobKind
from bot.storage.engine import Database
from bot.worker import AFTER_TROUBLE_SECONDS, LOOK_EVERY_SECONDS, Worker
from tests.builders import NOON
from tests.office import Office


class NoWakeup:
    def knock(self) -> None: ...

    def listen(self, wake: Callable[[], None]) -> Callable[[], None]:
        return lambda: None


@pytest.fixture
def worker(office: Office) -> Worker:
    return Worker(office.tools, NoWakeup(), threads=1)  # type: ignore[arg-type]


def enqueue(database: Database, lane: str, *, after: float = 0.0) -> None:
    with database.transaction() as db:
        due = NOON + timedelta(seconds=after)
        jobs.enqueue(db, JobKind.TURN, now=due, subject_ids=[(1, lane)])


def test_it_rests_a_second_with_nothing_to_do(worker: Worker) -> None:
    assert worker._rest_seconds() == LOOK_EVERY_SECONDS


@pytest.mark.parametrize(("after", "rest"), [(0.3, 0.3), (60, LOOK_EVERY_SECONDS), (0, 0.01), (-60, 0.01)])
def test_it_rests_until_something_falls_due_and_never_longer_than_a_second(
    worker: Worker, office: Office, after: float, rest: float
) -> None:
    enqueue(office.database, "a", after=after)
    assert worker._rest_seconds() == pytest.approx(rest)


def test_what_waits_behind_a_claimed_job_of_its_lane_does_not_keep_it_awake(worker: Worker, office: Office) -> None:
    enqueue(office.database, "a")
    enqueue(office.database, "a")
    assert jobs.claim(office.database, now=NOON)
    assert worker._rest_seconds() == LOOK_EVERY_SECONDS
    enqueue(office.database, "b")
    assert worker._rest_seconds() == pytest.approx(0.01), "another lane's does"


def test_when_the_database_is_away_it_rests_longer(
    worker: Worker, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise OSError("away")

    monkeypatch.setattr(jobs, "first_due_in", away)
    assert worker._rest_seconds() == AFTER_TROUBLE_SECONDS
    assert office.line.sent == []
