"""The inbox: what LINE sent is durable here before LINE hears 200.

Requests that arrive together are committed together by one writer thread (group commit): with synchronous=FULL a
commit costs the same for one row as for fifty, and one thread waits for the write lock instead of all of them.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from bot import logs
from bot.queue import jobs
from bot.queue.kinds import JobKind
from bot.storage import incoming, locks
from bot.storage.engine import Database

log = logs.get(__name__)

MOST_TOGETHER = 200
LONGEST_WAIT_SECONDS = 8.0


@dataclass(frozen=True, slots=True)
class Arrived:
    """One well-formed event. `payload` is sealed, and None where nothing of it may be kept; `lane` keeps a person's
    turns in order, and None where there is no turn to run."""

    event_id: str
    kind: str
    lane: str | None
    occurred_at: datetime
    payload: bytes | None


@dataclass(frozen=True, slots=True)
class Odd:
    """Something signed that makes no sense. `body` is sealed."""

    reason: str
    size: int
    body: bytes | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one webhook request brought."""

    received_at: datetime
    arrived: Sequence[Arrived] = ()
    odd: Sequence[Odd] = ()


@dataclass(slots=True)
class _Waiting:
    delivery: Delivery
    done: Future[int] = field(default_factory=Future)


class NotStored(Exception):
    """The request could not be made durable. The sender must not hear 200."""


def store(db: Session, deliveries: Sequence[Delivery]) -> list[int]:
    """Writes deliveries in one transaction of the caller's. Returns how many events of each were new.

    An event with a lane gets a turn; one without is settled at once. Seen events are left alone.
    """
    locks.hold(db, [a.lane for d in deliveries for a in d.arrived if a.lane])
    rows = [
        {
            "webhook_event_id": a.event_id, "kind": a.kind, "lane": a.lane, "occurred_at": a.occurred_at,
            "received_at": d.received_at, "payload": a.payload,
            "settled_at": None if a.lane else d.received_at, "outcome": None if a.lane else "kept",
        }
        for d in deliveries
        for a in d.arrived
    ]  # fmt: skip
    new = incoming.insert_new(db, rows)
    counts = []
    for delivery in deliveries:
        fresh = []
        for arrived in delivery.arrived:
            row_id = new.pop(arrived.event_id, None)
            if row_id is not None:
                fresh.append((row_id, arrived.lane))
        turns = [(row_id, lane) for row_id, lane in fresh if lane]
        jobs.enqueue(db, JobKind.TURN, now=delivery.received_at, subject_ids=turns)
        for odd in delivery.odd:
            incoming.quarantine(db, reason=odd.reason, size=odd.size, body=odd.body, now=delivery.received_at)
        counts.append(len(fresh))
    return counts


class Inbox:
    """Makes deliveries durable. Safe to call from many threads; starts its writer on first use, so fork before that."""

    def __init__(self, database: Database, *, wake: Callable[[], None]) -> None:
        self._database = database
        self._wake = wake
        self._queue: queue.SimpleQueue[_Waiting] = queue.SimpleQueue()
        self._starting = threading.Lock()
        self._writer: threading.Thread | None = None

    def put(self, delivery: Delivery) -> int:
        """Returns, once it is committed, how many events were new. Raises NotStored."""
        self._ensure_writer()
        waiting = _Waiting(delivery)
        self._queue.put(waiting)
        try:
            return waiting.done.result(timeout=LONGEST_WAIT_SECONDS)
        except NotStored:
            raise
        except TimeoutError as error:
            raise NotStored("the database did not answer in time") from error

    def _ensure_writer(self) -> None:
        if self._writer is not None and self._writer.is_alive():
            return
        with self._starting:
            if self._writer is None or not self._writer.is_alive():
                self._writer = threading.Thread(target=self._write_for_ever, name="inbox-writer", daemon=True)
                self._writer.start()

    def _write_for_ever(self) -> None:
        while True:
            batch = [self._queue.get()]
            while len(batch) < MOST_TOGETHER and not self._queue.empty():
                batch.append(self._queue.get())
            self._write(batch)

    def _write(self, batch: list[_Waiting]) -> None:
        try:
            with self._database.transaction() as db:
                counts = store(db, [waiting.delivery for waiting in batch])
        except Exception as error:
            if len(batch) > 1:  # one of them may be the cause: each for itself
                for waiting in batch:
                    self._write([waiting])
                return
            log.exception("inbox.not_stored")
            failure = NotStored(type(error).__name__)
            failure.__cause__ = error
            batch[0].done.set_exception(failure)
            return
        for waiting, count in zip(batch, counts, strict=True):
            waiting.done.set_result(count)
        if any(counts):
            self._wake()
