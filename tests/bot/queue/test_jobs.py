from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta

import pytest

from bot.queue import jobs, schedule
from bot.queue.jobs import LEASE, Job, LeaseLost
from bot.queue.kinds import BACKGROUND, JobKind
from bot.storage import jobs as table
from bot.storage.engine import Database
from tests.builders import NOON

LATER = NOON + LEASE + timedelta(seconds=1)


def enqueue(database: Database, *lanes: str | None, priority: int = 0) -> None:
    with database.transaction() as db:
        for number, lane in enumerate(lanes):
            jobs.enqueue(db, JobKind.TURN, now=NOON, subject_ids=[(number, lane)], priority=priority)


def claim(database: Database) -> Job | None:
    return jobs.claim(database, now=NOON)


def finish(database: Database, job: Job | None) -> None:
    assert job is not None
    with database.transaction() as db:
        jobs.finish(db, job)


def test_nothing_due_gives_nothing(database: Database) -> None:
    assert claim(database) is None
    enqueue(database, "a")
    assert jobs.claim(database, now=NOON - timedelta(seconds=1)) is None


def test_one_lane_runs_in_order_one_at_a_time(database: Database) -> None:
    enqueue(database, "a", "a", "b")
    first, other = claim(database), claim(database)
    assert first and other
    assert (first.subject_id, other.subject_id) == (0, 2)
    assert claim(database) is None
    finish(database, first)
    second = claim(database)
    assert second and second.subject_id == 1


def test_jobs_without_a_lane_run_side_by_side(database: Database) -> None:
    enqueue(database, None, None)
    assert claim(database)
    assert claim(database)


def test_a_lease_that_ran_out_is_taken_over_and_the_first_holder_is_fenced(database: Database) -> None:
    enqueue(database, "a")
    first = claim(database)
    assert claim(database) is None
    second = jobs.claim(database, now=LATER)
    assert first and second
    assert (second.id, second.attempt) == (first.id, first.attempt + 1)
    for write in (
        lambda db: jobs.finish(db, first),
        lambda db: jobs.renew(db, first, now=LATER),
        lambda db: jobs.try_later(db, first, at=LATER, why=""),
    ):
        with pytest.raises(LeaseLost), database.transaction() as db:
            write(db)
    finish(database, second)


def test_who_lost_a_job_that_was_done_since_does_not_touch_the_one_with_its_number(database: Database) -> None:
    """SQLite gives the number of a job that is done to the next one."""
    enqueue(database, "a")
    lost = claim(database)
    finish(database, jobs.claim(database, now=LATER))
    with database.transaction() as db:
        jobs.enqueue(db, JobKind.TURN, now=LATER, subject_ids=[(7, "b")])
    other = jobs.claim(database, now=LATER)
    assert lost and other
    assert (other.id == lost.id, other.attempt) == (database.is_sqlite, lost.attempt)
    for write in (
        lambda db: jobs.renew(db, lost, now=LATER),
        lambda db: jobs.try_later(db, lost, at=LATER, why=""),
        lambda db: jobs.finish(db, lost),
    ):
        with pytest.raises(LeaseLost), database.transaction() as db:
            write(db)
    with database.transaction() as db:
        jobs.bury(db, lost, why="")
        jobs.fail(db, lost, now=LATER, why="")
    finish(database, other)


def test_a_renewed_lease_is_not_taken(database: Database) -> None:
    enqueue(database, "a")
    job = claim(database)
    assert job
    with database.transaction() as db:
        jobs.renew(db, job, now=NOON + timedelta(seconds=10))
    assert jobs.claim(database, now=LATER) is None


def test_waiting_for_line_is_no_strike(database: Database) -> None:
    enqueue(database, "a")
    now = NOON
    for _ in range(20):
        job = jobs.claim(database, now=now)
        assert job
        assert not jobs.is_exhausted(job)
        now += timedelta(seconds=1)
        with database.transaction() as db:
            jobs.try_later(db, job, at=now, why="LINE is away")


def test_what_fails_every_time_is_buried_and_the_lane_goes_on(database: Database) -> None:
    enqueue(database, "a", "a")
    now, tries = NOON, 0
    while True:
        job = jobs.claim(database, now=now)
        assert job and job.subject_id == 0
        tries += 1
        with database.transaction() as db:
            if jobs.fail(db, job, now=now, why="boom"):
                break
        now += timedelta(minutes=5)
    assert tries == jobs.MOST_STRIKES
    following = jobs.claim(database, now=now)
    assert following and following.subject_id == 1
    with database.reading() as db:
        assert table.count_dead(db) == 1


def test_what_kills_its_process_is_recognised(database: Database) -> None:
    enqueue(database, "a")
    now = NOON
    for _ in range(jobs.MOST_STRIKES):
        job = jobs.claim(database, now=now)
        assert job and not jobs.is_exhausted(job)
        now += LEASE + timedelta(seconds=1)
    job = jobs.claim(database, now=now)
    assert job and jobs.is_exhausted(job)


def test_people_come_before_housekeeping(database: Database) -> None:
    enqueue(database, "housekeeping", priority=BACKGROUND)
    enqueue(database, "person")
    job = claim(database)
    assert job and job.lane == "person"


def drain(database: Database, claim_one: Callable[[], Job | None], done: list[int], lock: threading.Lock) -> None:
    while (job := claim_one()) is not None:
        with lock:
            done.append(job.subject_id or 0)
        with database.transaction() as db:
            jobs.finish(db, job)


def test_eight_workers_do_each_of_many_jobs_once(database: Database) -> None:
    with database.transaction() as db:
        jobs.enqueue(db, JobKind.TURN, now=NOON, subject_ids=[(n, f"lane-{n % 40}") for n in range(400)])
    done: list[int] = []
    lock = threading.Lock()
    failures: list[BaseException] = []

    def work() -> None:
        try:
            idle = 0
            while idle < 20:
                before = len(done)
                drain(database, lambda: claim(database), done, lock)
                idle = idle + 1 if len(done) == before else 0
                threading.Event().wait(0.01)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(done) == list(range(400))
    for lane in range(40):
        in_lane = [number for number in done if number % 40 == lane]
        assert in_lane == sorted(in_lane), "a lane's jobs ran out of order"


def test_without_the_claim_the_same_workers_do_jobs_twice(database: Database) -> None:
    """The proof above means something: looking without claiming lets two workers take one job."""
    with database.transaction() as db:
        jobs.enqueue(db, JobKind.TURN, now=NOON, subject_ids=[(n, None) for n in range(30)])
    seen: list[int] = []
    together = threading.Barrier(4)

    def look() -> None:
        together.wait()
        with database.reading() as db:
            seen.extend(db.scalars(table._NEXT_DUE, {"now": NOON}))

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) > len(set(seen))


def test_a_slot_is_taken_once_however_many_schedulers_there_are(database: Database) -> None:
    taken: list[JobKind] = []
    threads = [
        threading.Thread(target=lambda: taken.extend(schedule.enqueue_due(database, now=NOON))) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    every_minute = {JobKind.SERVICE_DUE, JobKind.WAITING_LISTS, JobKind.NOTICES_DUE, JobKind.CASES_DUE}
    frequent = {JobKind.GATHERING, JobKind.HEAR_BACK, *every_minute}
    every_quarter = {JobKind.QUOTA, JobKind.BACKUP, *frequent}
    every_hour = {JobKind.RETENTION, JobKind.ERASE_FINISH, JobKind.STAFF_RETENTION, JobKind.NOTICE_STATISTICS}
    everything = {*every_hour, *every_quarter}
    assert sorted(taken) == sorted(everything)
    assert schedule.enqueue_due(database, now=NOON + timedelta(seconds=59)) == []
    assert set(schedule.enqueue_due(database, now=NOON + timedelta(minutes=4))) == every_minute
    assert set(schedule.enqueue_due(database, now=NOON + timedelta(minutes=14))) == frequent
    assert set(schedule.enqueue_due(database, now=NOON + timedelta(minutes=59))) == every_quarter
    assert set(schedule.enqueue_due(database, now=NOON + timedelta(minutes=60))) == everything


def test_nothing_is_enqueued_when_the_transaction_that_needed_it_fails(database: Database) -> None:
    with pytest.raises(RuntimeError), database.transaction() as db:
        jobs.enqueue(db, JobKind.TURN, now=NOON, subject_ids=[(1, "a")])
        raise RuntimeError
    with nullcontext():
        assert claim(database) is None


def test_what_waits_behind_is_listed_in_order_of_its_own_lane_only(database: Database) -> None:
    enqueue(database, "a", "b", "a", "a")
    first = claim(database)
    assert first
    with database.reading() as db:
        assert [subject for _, subject in jobs.list_behind(db, first, limit=9)] == [2, 3]
        assert [subject for _, subject in jobs.list_behind(db, first, limit=1)] == [2]


def test_what_waits_behind_ends_with_the_first_of_another_kind(database: Database) -> None:
    kinds = (JobKind.TURN, JobKind.TURN, JobKind.SERVICE_TELL, JobKind.TURN, JobKind.CASE_SAY)
    with database.transaction() as db:
        for number, kind in enumerate(kinds):
            jobs.enqueue(db, kind, now=NOON, subject_ids=[(number, "a")])
    first = claim(database)
    assert first
    with database.reading() as db:
        assert [subject for _, subject in jobs.list_behind(db, first, limit=9)] == [1]


def test_what_is_absorbed_is_gone_and_what_follows_keeps_its_turn(database: Database) -> None:
    enqueue(database, "a", "a", "a")
    first = claim(database)
    assert first
    with database.transaction() as db:
        jobs.absorb(db, first, [job_id for job_id, _ in jobs.list_behind(db, first, limit=1)])
    assert claim(database) is None
    finish(database, first)
    following = claim(database)
    assert following and following.subject_id == 2


def test_absorbing_what_is_gone_or_of_another_lane_undoes_everything(database: Database) -> None:
    enqueue(database, "a", "a", "b")
    first = claim(database)
    assert first
    for job_ids in ([first.id + 1, 999], [first.id + 1, first.id + 2]):
        with pytest.raises(LeaseLost), database.transaction() as db:
            jobs.absorb(db, first, job_ids)
    with database.reading() as db:
        assert table.count_open(db) == 3


def test_the_first_due_is_the_one_that_no_earlier_job_of_its_lane_holds_up(database: Database) -> None:
    assert jobs.first_due_in(database, now=NOON) is None
    enqueue(database, "a", "a")
    assert jobs.first_due_in(database, now=NOON) == timedelta(0)
    assert claim(database)
    assert jobs.first_due_in(database, now=NOON) == LEASE
    enqueue(database, None)
    assert jobs.first_due_in(database, now=NOON + timedelta(seconds=1)) == timedelta(seconds=-1)
