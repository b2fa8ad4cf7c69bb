"""Counting what had no answer."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.storage import questions
from bot.storage.engine import Database
from tests.builders import NOON


def log(db: Session, number: int, text: str | None, *, at: datetime = NOON, **more: Any) -> None:
    row = {
        "incoming_id": number, "asked_at": at, "asker": f"person {number}", "message_id": str(number),
        "text": text, "words": [],
        "decision": "fallback", "entry": None, "also": [], "candidates": [], "refusal": None, "urgent": False,
        "knowledge_version": "v", "milliseconds": 1.0,
    }  # fmt: skip
    questions.log(db, **(row | more))


def test_only_recent_misses_that_are_no_refusals_count(database: Database) -> None:
    with database.transaction() as db:
        log(db, 1, "ก")
        log(db, 2, "ก", refusal="abuse")
        log(db, 3, "ก", decision="answer", entry="center.what")
        log(db, 4, "ก", decision="clarify")
        log(db, 5, "ก", at=NOON - timedelta(seconds=1))
        assert questions.count_missed(db, since=NOON, most=99) == 1
        assert questions.commonest_missed(db, since=NOON, limit=9, least=1) == [("ก", 1)]


def test_it_counts_no_further_than_asked(database: Database) -> None:
    with database.transaction() as db:
        for number in range(5):
            log(db, number, "ก")
        assert [questions.count_missed(db, since=NOON, most=most) for most in (3, 5, 9)] == [3, 5, 5]


def test_the_commonest_come_first_and_withdrawn_words_are_left_out(database: Database) -> None:
    with database.transaction() as db:
        for number, text in enumerate(["ข", "ก", "ค", "ข", "ก", "ข", None, None, None, None]):
            log(db, number, text)
        log(db, 99, "ค", asker="person 2")
        assert questions.commonest_missed(db, since=NOON, limit=3, least=1) == [("ข", 3), ("ก", 2), ("ค", 1)]
        assert questions.commonest_missed(db, since=NOON, limit=3, least=3) == [("ข", 3)]
        assert questions.count_missed(db, since=NOON, most=99) == 11
