"""The proof of notices when time has passed strangely: the clock moves by more than a day while requests are open, or a
backup is restored after the notice went out. Nothing may be sent again by itself."""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bot.notices import steering
from bot.outreach import staff
from bot.storage import notice_chunks, notices
from bot.storage.engine import Database
from bot.storage.notice_chunks import UNKNOWN
from tests.proof.announcing import MULTICAST
from tests.proof.announcing_counting import Books, Given
from tests.proof.announcing_making import Crowded, click_send, settle, wait_until_over, wake, write_notice
from tests.proof.announcing_stand import Newsroom, newsroom
from tests.proof.stand import call

BEFORE, MIDDLE, CLOCK = WHAT = ("backup from before it began", "backup from its middle", "clock 25 hours ahead")
HOURS = 25.0
"""LINE has forgotten the retry keys by then."""
TAKEN, IN_DOUBT = 5, 4
"""Requests that LINE takes and says so; takes and answers with an error."""
WAIT_SECONDS = 120.0
SETTLE_SECONDS = 2.0
"""So long we look on whether anything is sent after all."""


@dataclass(frozen=True)
class PastFigures:
    """Of people, but for `ended_as`, `why`, and `requests_by_itself`: made by whoever started again, before anybody
    said that it shall go on."""

    who_want_it: int
    given_before: int
    ended_as: str
    why: str
    requests_by_itself: int
    unknown: int
    unknown_but_given: int
    given_after_somebody_said_so: int
    missed: int
    twice: int


def run_past(
    folder: Path, *, on: str, people: int, chunk: int, what: Sequence[str] = WHAT
) -> dict[str, PastFigures]:  # fmt: skip
    """The backups before the clock: what LINE was told is young then."""
    with newsroom(folder, on=on, webs=0, chunk=chunk, a_second=40) as built:
        with built.database() as database:
            crowd = settle(built, database, people)
        books = Books(built.api)
        return {
            one: _clock(built, crowd, books) if one == CLOCK else _restore(built, crowd, books, of_the=one)
            for one in what
        }


def _restore(built: Newsroom, crowd: Crowded, books: Books, *, of_the: str) -> PastFigures:
    """It is sent to the end; then the database is put back to what it was."""
    with built.database() as database:
        notice_id = write_notice(built, database, title="หลักฐานจากสำเนา")
        click_send(built, database, notice_id, clicks=1)
        if of_the == MIDDLE:
            _send_some(built, database, notice_id)
    backup = _copy(built, f"copy_{notice_id}")
    built.start_workers()
    with built.database() as database:
        wait_until_over(database, notice_id, seconds=WAIT_SECONDS)
    built.end_all()
    before = books.read_given()
    books.read_calls()
    built.database_url = backup
    built.start_workers()
    return _look(built, notice_id, crowd, books, before)


def _clock(built: Newsroom, crowd: Crowded, books: Books) -> PastFigures:
    """Some requests are taken, some are taken and answered with an error, the others fail until everybody is dead."""
    with built.database() as database:
        notice_id = write_notice(built, database, title="หลักฐานจากนาฬิกา")
        click_send(built, database, notice_id, clicks=1)
        _send_some(built, database, notice_id)
    before = books.read_given()
    books.read_calls()
    call(f"{built.api}/clock", {"advance": HOURS * 3600})
    built.hours_ahead = HOURS
    built.start_workers()
    return _look(built, notice_id, crowd, books, before)


def _send_some(built: Newsroom, database: Database, notice_id: int) -> None:
    """Until a part is taken, and of some nobody knows whether they were; then all are killed."""
    for order in (
        {"delay": 0.0, "times": TAKEN},
        {"kind": "broken-after", "times": IN_DOUBT},
        {"kind": "broken-before", "times": 1_000_000},
    ):
        call(f"{built.api}/faults", {"path": MULTICAST, **order})
    built.start_workers()
    deadline = time.monotonic() + WAIT_SECONDS
    while len(_in_doubt(database, notice_id)) < 2 * IN_DOUBT:
        if time.monotonic() > deadline:
            raise TimeoutError("the faults did not come to be")
        time.sleep(0.1)
    built.end_all()
    call(f"{built.api}/faults", method="DELETE")


def _in_doubt(database: Database, notice_id: int) -> list[int]:
    with database.reading() as db:
        chunks = notice_chunks.list_page(db, notice_id, limit=10_000)
    return [chunk.id for chunk in chunks if chunk.doubtful and chunk.state in notice_chunks.OPEN]


def _look(built: Newsroom, notice_id: int, crowd: Crowded, books: Books, before: list[Given]) -> PastFigures:
    """What whoever started again does by itself; and then, once a person has said that it shall go on."""
    with built.database() as database:
        ended_as = wait_until_over(database, notice_id, seconds=WAIT_SECONDS)
        time.sleep(SETTLE_SECONDS)
        calls, by_itself = books.read_calls(), books.read_given()
        with database.reading() as db:
            row = notices.find(db, notice_id)
            why = row.why if row is not None else ""
            unknown = notice_chunks.count(db, notice_id).get(UNKNOWN, (0, 0))[1]
        given_to_unknown = len(_people_of(database, notice_id, UNKNOWN, crowd) & _ids(before))
        after: list[Given] = []
        if ended_as == notices.HELD and unknown:
            after = _go_on(built, database, notice_id, books)
    built.end_all()
    times = Counter(user_id for one in [*before, *by_itself, *after] for user_id in one.user_ids)
    return PastFigures(
        who_want_it=len(crowd.wanting), given_before=len(_ids(before)), ended_as=ended_as, why=why,
        requests_by_itself=len(calls), unknown=unknown, unknown_but_given=given_to_unknown,
        given_after_somebody_said_so=len(_ids(after)),
        missed=sum(1 for user_id in crowd.wanting.values() if user_id not in times),
        twice=sum(1 for found in times.values() if found > 1),
    )  # fmt: skip


def _go_on(built: Newsroom, database: Database, notice_id: int, books: Books) -> list[Given]:
    with database.transaction() as db:
        approver = staff.find_account(db, login="approver")
        by = approver.id if approver is not None else 0
        steering.go_on(db, notice_id, by=by, rules=built.rules, now=built.now)
        wake(db)
    wait_until_over(database, notice_id, seconds=WAIT_SECONDS)
    return books.read_given()


def _ids(given: list[Given]) -> set[str]:
    return {user_id for one in given for user_id in one.user_ids}


def _people_of(database: Database, notice_id: int, state: str, crowd: Crowded) -> set[str]:
    with database.reading() as db:
        chunks = [chunk for chunk in notice_chunks.list_page(db, notice_id, limit=10_000) if chunk.state == state]
    ranges = [(chunk.first, chunk.last) for chunk in chunks]
    return {
        user_id
        for person_id, user_id in crowd.wanting.items()
        if any(first <= person_id <= last for first, last in ranges)
    }


def _copy(built: Newsroom, name: str) -> str:
    """Of the database as it is now, while nobody is at it. Returns the copy's address."""
    if built.database_url.startswith("sqlite"):
        path = built.folder / f"{name}.db"
        there = built.database_url.removeprefix("sqlite:///")
        with closing(sqlite3.connect(there)) as now, closing(sqlite3.connect(path)) as then:
            now.backup(then)
        return f"sqlite:///{path}"
    server, _, database = built.database_url.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{database}_{name}" TEMPLATE "{database}"')
    return f"{server}/{database}_{name}"
