"""What the journal and the ledger keep, and let go."""

from __future__ import annotations

import pytest

from bot.simulator import journal as journals
from bot.simulator.journal import Journal, Row
from bot.simulator.ledger import Ledger


def _row(weight: int = 10) -> Row:
    return Row(at=0.0, kind="call", method="POST", path="/a", family="/a", status=200, request={"a": 1}, weight=weight)


def _filled(rows: int, weight: int = 10) -> Journal:
    journal = Journal()
    for _ in range(rows):
        journal.add(_row(weight))
    return journal


def test_two_hundred_thousand_rows_are_kept_slim() -> None:
    journal = _filled(200_000)
    first_with_body = 200_000 - journals.BODIES_KEPT + 1
    around = journal.read(after=first_with_body - 3, limit=4, kind=None)["rows"]
    assert [row["n"] for row in journal.read(after=0, limit=2, kind=None)["rows"]] == [1, 2]
    assert [row["request"] is not None for row in around] == [False, False, True, True]
    assert around[-1]["n"] == first_with_body + 1


def test_large_bodies_are_let_go_sooner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journals, "BODY_BYTES_KEPT", 1000)
    read = _filled(30, weight=100).read(after=0, limit=30, kind=None)
    assert sum(row["request"] is not None for row in read["rows"]) == 10


def test_the_oldest_rows_go_and_numbers_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journals, "ROWS_KEPT", 10)
    monkeypatch.setattr(journals, "ROWS_DROPPED_AT_ONCE", 5)
    journal = _filled(12)
    assert [row["n"] for row in journal.read(after=0, limit=99, kind=None)["rows"]] == list(range(6, 13))
    assert [row["n"] for row in journal.read(after=10, limit=99, kind="call")["rows"]] == [11, 12]
    assert journal.count()["calls"] == {"/a": {"200": 12}}


def test_the_ledger_unfolds_a_multicast_into_its_recipients() -> None:
    ledger = Ledger()
    message = [{"type": "text", "text": "ก"}]
    ledger.add(at=0.0, way="multicast", user_ids=["a", "b", "c"], messages=message, retry_key="k")
    ledger.add(at=0.0, way="push", user_ids=[], messages=message)
    ledger.add(at=0.0, way="push", user_ids=["d"], messages=message)
    assert [(row["n"], row["userId"]) for row in ledger.read(after=0, limit=9)["rows"]] == [
        (1, "a"), (2, "b"), (3, "c"), (4, "d")
    ]  # fmt: skip
    assert [row["n"] for row in ledger.read(after=1, limit=2)["rows"]] == [2, 3]
    assert [row["n"] for row in ledger.read(after=3, limit=9)["rows"]] == [4]
    assert ledger.read(after=4, limit=9) == {"rows": [], "last": 4}
    assert ledger.count() == {"reply": 0, "push": 1, "multicast": 3}


def test_the_ledger_tells_of_a_multicast_in_one_row() -> None:
    ledger, ids = Ledger(), ["U" + "0a" * 16, "U" + "1b" * 16]
    message = [{"type": "text", "text": "ก"}]
    ledger.add(at=0.0, way="multicast", user_ids=ids, messages=message, retry_key="k")
    ledger.add(at=1.0, way="reply", user_ids=["Cgroup"], messages=message, webhook_event_id="w")
    first, second = ledger.read_folded(after=0, limit=9)
    assert first == {
        "first": 1, "at": "1970-01-01T00:00:00.000Z", "way": "multicast", "retryKey": "k", "webhookEventId": None,
        "count": 2, "ids": "0a" * 16 + "1b" * 16,
    }  # fmt: skip
    assert (second["first"], second["webhookEventId"], second["ids"]) == (3, "w", None)
    assert ledger.read_folded(after=0, limit=1) == [first]
    assert ledger.read_folded(after=1, limit=9) == [second]
    assert ledger.read_folded(after=3, limit=9) == []


def test_a_slim_journal_leaves_out_people_and_bodies() -> None:
    journal = Journal()
    row = _row()
    row.user_ids, row.delivered, row.retry_key = ("a", "b"), 1, "k"
    journal.add(row)
    assert journal.read(after=0, limit=9, kind=None, slim=True)["rows"] == [
        {
            "n": 1, "at": "1970-01-01T00:00:00.000Z", "path": "/a", "status": 200, "retryKey": "k", "addressed": 2,
            "delivered": 1,
        }
    ]  # fmt: skip
