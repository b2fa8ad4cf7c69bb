from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from bot.storage import incoming
from bot.storage.engine import Database
from bot.storage.incoming import IncomingRow
from tests.builders import NOON

LATER = NOON + timedelta(days=91)


def arrive(db: Session, *event_ids: str, settled: bool = True, payload: bytes | None = None) -> list[int]:
    rows = [
        {"webhook_event_id": event_id, "kind": "message", "lane": "l" * 32, "occurred_at": NOON, "received_at": NOON,
         "payload": payload, "settled_at": NOON if settled else None, "outcome": None}
        for event_id in event_ids
    ]  # fmt: skip
    return sorted(incoming.insert_new(db, rows).values())


def test_a_number_is_never_given_twice(database: Database) -> None:
    """Questions and answers keep it for longer than what they are of is kept."""
    with database.transaction() as db:
        first, last = arrive(db, "1", "2")
        assert incoming.forget_events(db, received_before=LATER) == 1
        assert incoming.forget_events(db, received_before=LATER) == 0
        assert [(row.id, row.lane, row.payload) for row in db.query(IncomingRow)] == [(last, None, None)]
        (following,) = arrive(db, "3")
        assert following > last > first


def test_what_nobody_settled_in_time_is_settled_when_its_words_go_and_is_forgotten_in_the_end(
    database: Database,
) -> None:
    with database.transaction() as db:
        number, _ = arrive(db, "1", "2", settled=False, payload=b"x")
        assert incoming.forget_payloads(db, received_before=LATER, now=LATER) == 2
        db.expire_all()
        row = db.get_one(IncomingRow, number)
        assert (row.payload, row.settled_at, row.outcome) == (None, LATER, incoming.FORGOTTEN)
        assert incoming.forget_events(db, received_before=LATER) == 1
