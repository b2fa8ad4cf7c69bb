from __future__ import annotations

import threading
from typing import Any

import pytest

from bot.queue import inbox, jobs
from bot.queue.inbox import Arrived, Delivery, Inbox, NotStored, Odd
from bot.storage import incoming
from bot.storage.engine import Database
from tests.builders import NOON


def arrived(event_id: str, lane: str | None = "lane", payload: bytes | None = b"sealed") -> Arrived:
    return Arrived(event_id, "message", lane, NOON, payload)


def stored(database: Database) -> list[incoming.IncomingRow]:
    with database.reading() as db:
        return list(db.query(incoming.IncomingRow).order_by(incoming.IncomingRow.id))


def open_turns(database: Database) -> list[int]:
    found = []
    while (job := jobs.claim(database, now=NOON)) is not None:
        found.append(job.subject_id or 0)
        with database.transaction() as db:
            jobs.finish(db, job)
    return found


def test_an_event_and_its_turn_are_stored_before_put_returns(database: Database) -> None:
    knocks: list[int] = []
    box = Inbox(database, wake=lambda: knocks.append(1))
    assert box.put(Delivery(NOON, [arrived("a"), arrived("b")])) == 2
    rows = stored(database)
    assert [row.webhook_event_id for row in rows] == ["a", "b"]
    assert open_turns(database) == [row.id for row in rows]
    assert knocks == [1]


def test_a_repeated_event_is_neither_stored_nor_run_again(database: Database) -> None:
    knocks: list[int] = []
    box = Inbox(database, wake=lambda: knocks.append(1))
    box.put(Delivery(NOON, [arrived("a")]))
    assert box.put(Delivery(NOON, [arrived("a"), arrived("b"), arrived("b")])) == 1
    assert box.put(Delivery(NOON, [arrived("a")])) == 0
    assert len(open_turns(database)) == 2
    assert knocks == [1, 1]


def test_an_event_without_a_turn_is_settled_at_once(database: Database) -> None:
    Inbox(database, wake=lambda: None).put(Delivery(NOON, [arrived("a", lane=None, payload=None)]))
    (row,) = stored(database)
    assert (row.outcome, row.settled_at, row.payload) == ("kept", NOON, None)
    assert open_turns(database) == []


def test_what_makes_no_sense_is_kept_beside_its_good_neighbours(database: Database) -> None:
    box = Inbox(database, wake=lambda: None)
    assert box.put(Delivery(NOON, [arrived("a")], [Odd("not JSON", 3, b"x")])) == 1
    with database.reading() as db:
        (odd,) = incoming.list_quarantined(db, limit=5)
    assert (odd.reason, odd.size, odd.body) == ("not JSON", 3, b"x")


def test_the_same_event_from_many_threads_at_once_is_stored_once(database: Database) -> None:
    box = Inbox(database, wake=lambda: None)
    other = Inbox(database, wake=lambda: None)
    counts: list[int] = []
    together = threading.Barrier(12)

    def put(number: int) -> None:
        together.wait()
        counts.append((box if number % 2 else other).put(Delivery(NOON, [arrived("same"), arrived(f"own-{number}")])))

    threads = [threading.Thread(target=put, args=[number]) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == 13
    assert len(stored(database)) == 13
    assert len(open_turns(database)) == 13


def test_one_that_cannot_be_stored_does_not_take_its_neighbours_down(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = inbox.store

    def store(db: Any, deliveries: Any) -> list[int]:
        if any(a.event_id == "poison" for d in deliveries for a in d.arrived):
            raise RuntimeError("cannot be stored")
        return real(db, deliveries)

    monkeypatch.setattr(inbox, "store", store)
    box = Inbox(database, wake=lambda: None)
    outcomes: dict[str, object] = {}

    def put(name: str) -> None:
        try:
            outcomes[name] = box.put(Delivery(NOON, [arrived(name)]))
        except NotStored as error:
            outcomes[name] = type(error)

    with database.transaction():  # holds the writer back, so that all three are committed together
        threads = [threading.Thread(target=put, args=[name]) for name in ("a", "poison", "b")]
        for thread in threads:
            thread.start()
        threading.Event().wait(0.2)
    for thread in threads:
        thread.join()
    assert outcomes == {"a": 1, "poison": NotStored, "b": 1}


def test_a_database_that_does_not_answer_is_told_in_time(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "LONGEST_WAIT_SECONDS", 0.2)
    box = Inbox(sqlite_database, wake=lambda: None)
    with sqlite_database.transaction(), pytest.raises(NotStored, match="in time"):
        box.put(Delivery(NOON, [arrived("a")]))
