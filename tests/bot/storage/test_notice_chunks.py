from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bot.notices import drafting
from bot.storage import notice_chunks, notices
from bot.storage.engine import Database
from bot.storage.notice_chunks import ChunkRow
from tests.bot.notices.making import DAY, HOUR, MINUTE, a_plan
from tests.builders import NOON

UNTIL = NOON + MINUTE


def a_notice(db: Session, state: str = "sending") -> int:
    row = drafting.create(db, a_plan(), author_id=None, now=NOON)
    notices.change(db, row.id, state=state)
    return row.id


def add(db: Session, notice_id: int, key: str, **changes: Any) -> None:
    row = {
        "notice_id": notice_id, "portion": 0, "first": 1, "last": 5, "people": 5, "state": "waiting", "due_at": NOON,
        "retry_key": key, "tries": 0, "why": "", "doubtful": False, "first_tried_at": None,
    }  # fmt: skip
    notice_chunks.add_all(db, [{**row, **changes}])


def claim(db: Session, notice_id: int, now: datetime = NOON) -> ChunkRow | None:
    return notice_chunks.claim(db, notice_id, now=now, until=now + MINUTE)


def all_of(db: Session, notice_id: int) -> dict[str, ChunkRow]:
    db.expire_all()
    return {chunk.retry_key: chunk for chunk in notice_chunks.list_page(db, notice_id, limit=99)}


def test_the_first_that_is_due_is_claimed_for_a_minute(database: Database) -> None:
    with database.transaction() as db:
        notice_id, other = a_notice(db), a_notice(db)
        add(db, other, "of another")
        add(db, notice_id, "later", due_at=NOON + HOUR)
        add(db, notice_id, "second")
        add(db, notice_id, "first", due_at=NOON - HOUR)
        claimed = [claim(db, notice_id) for _ in range(3)]
        assert [one and (one.retry_key, one.state, one.tries, one.due_at) for one in claimed] == [
            ("first", "trying", 1, UNTIL), ("second", "trying", 1, UNTIL), None,
        ]  # fmt: skip
        again = claim(db, notice_id, UNTIL)
        assert again is not None
        assert (again.retry_key, again.tries, again.doubtful) == ("second", 2, True)  # the first of those that are due


@pytest.mark.parametrize(
    ("state", "why", "doubtful", "expected"),
    [
        ("waiting", "", False, False), ("trying", "429", False, False), ("trying", "", False, True),
        ("trying", "x", True, True),
    ],
)  # fmt: skip
def test_who_claims_it_knows_whether_line_may_have_it(
    sqlite_database: Database, state: str, why: str, doubtful: bool, expected: bool
) -> None:
    with sqlite_database.transaction() as db:
        notice_id = a_notice(db)
        add(db, notice_id, "one", state=state, why=why, doubtful=doubtful)
        claimed = claim(db, notice_id)
        assert claimed is not None
        assert (claimed.doubtful, claimed.why) == (expected, "")


def test_two_at_once_claim_two_different_ones(database: Database) -> None:
    with database.transaction() as db:
        notice_id = a_notice(db)
        for number in range(6):
            add(db, notice_id, str(number))
    together, found = threading.Barrier(6, timeout=10), []

    def run() -> None:
        together.wait()
        with database.transaction() as db:
            claimed = claim(db, notice_id)
            found.append(claimed and claimed.retry_key)

    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    taken = [one for one in found if one is not None]
    assert len(set(taken)) == len(taken) >= 1  # a locked one is passed over: nobody waits, and nobody has two


def test_whoever_was_overtaken_changes_nothing(database: Database) -> None:
    with database.transaction() as db:
        notice_id = a_notice(db)
        add(db, notice_id, "one")
        claimed = claim(db, notice_id)
        assert claimed is not None
        assert not notice_chunks.change(db, claimed.id, tries=0, state="accepted")
        assert notice_chunks.change(db, claimed.id, tries=1, state="accepted")
        assert not notice_chunks.change(db, claimed.id, tries=1, state="refused")


def test_only_what_is_in_doubt_for_too_long_is_given_up(database: Database) -> None:
    old = {"state": "trying", "first_tried_at": NOON - DAY, "doubtful": True, "why": "500"}
    with database.transaction() as db:
        notice_id, other = a_notice(db), a_notice(db)
        for key, changes in {
            "in doubt": {}, "died over": {"doubtful": False, "why": ""}, "of another": {},
            "never taken": {"doubtful": False}, "young": {"first_tried_at": NOON - HOUR},
            "being made": {"due_at": UNTIL, "why": ""}, "accepted": {"state": "accepted"},
            "waits": {"state": "waiting", "first_tried_at": None, "doubtful": False},
        }.items():  # fmt: skip
            add(db, other if key == "of another" else notice_id, key, **{**old, **changes})
        assert notice_chunks.give_up_old(db, notice_id, tried_before=NOON - 23 * HOUR, now=NOON) == 2
        found = all_of(db, notice_id)
        assert {key for key, chunk in found.items() if chunk.state == "unknown"} == {"in doubt", "died over"}
        assert (found["in doubt"].why, found["in doubt"].tries, found["in doubt"].settled_at) == ("too old", 1, NOON)
        assert all_of(db, other)["of another"].state == "trying"


def test_what_is_left_over_of_stopped_notices_ends(database: Database) -> None:
    with database.transaction() as db:
        stopped, going = a_notice(db, "stopped"), a_notice(db)
        for notice_id in (stopped, going):
            add(db, notice_id, f"{notice_id} died over", state="trying", due_at=NOON)
            add(db, notice_id, f"{notice_id} being made", state="trying", due_at=UNTIL)
            add(db, notice_id, f"{notice_id} waits", due_at=NOON + DAY)
        assert notice_chunks.end_left_over(db, now=NOON) == 2
        ended = {key.partition(" ")[2]: chunk.state for key, chunk in all_of(db, stopped).items()}
        assert ended == {"died over": "unknown", "being made": "trying", "waits": "stopped"}
        assert [chunk.state for chunk in all_of(db, going).values()] == ["trying", "trying", "waiting"]


def test_the_time_of_tries_counts_anew_only_for_what_was_never_taken(sqlite_database: Database) -> None:
    tried = {"state": "trying", "first_tried_at": NOON - DAY}
    with sqlite_database.transaction() as db:
        notice_id = a_notice(db)
        add(db, notice_id, "never taken", **tried, why="429")
        add(db, notice_id, "in doubt", **tried, why="500", doubtful=True)
        add(db, notice_id, "being made", **tried)
        notice_chunks.try_anew(db, notice_id)
        found = all_of(db, notice_id)
        assert [key for key, chunk in found.items() if chunk.first_tried_at is None] == ["never taken"]


def test_people_and_requests_are_counted_by_state_and_reason(database: Database) -> None:
    with database.transaction() as db:
        notice_id = a_notice(db)
        add(db, notice_id, "a", state="accepted", settled_at=NOON)
        add(db, notice_id, "b", state="refused", why="400", people=1)
        add(db, notice_id, "c", state="refused", why="400", people=1)
        add(db, notice_id, "d", state="unknown", why="too old", people=3)
        assert notice_chunks.count(db, notice_id) == {"accepted": (1, 5), "refused": (2, 2), "unknown": (1, 3)}
        assert notice_chunks.count_reasons(db, notice_id) == {("refused", "400"): 2, ("unknown", "too old"): 3}
        assert notice_chunks.count_accepted_since(db, since=NOON) == 5
        assert notice_chunks.count_accepted_since(db, since=NOON + timedelta(seconds=1)) == 0


def test_what_is_still_to_be_sent_is_counted_of_all_that_go_on(database: Database) -> None:
    with database.transaction() as db:
        ids = {state: a_notice(db, state) for state in ("sending", "paused", "held", "stopped", "finished", "planning")}
        for state, notice_id in ids.items():
            add(db, notice_id, f"{state} open")
            add(db, notice_id, f"{state} done", state="accepted")
            add(db, notice_id, f"{state} next month", due_at=NOON + 30 * DAY)
        assert notice_chunks.count_open_people(db, due_before=NOON + DAY, but=0) == 15
        assert notice_chunks.count_open_people(db, due_before=NOON + DAY, but=ids["held"]) == 10
