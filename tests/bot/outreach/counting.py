"""Questions and answers to count."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from bot.storage import outgoing, questions
from bot.storage.engine import Database
from bot.storage.outgoing import Delivery

_numbers = count(1)


def ask(
    db: Session, at: datetime, entry: str | None = None, *, asker: str | None = "somebody", times: int = 1, **more: Any
) -> None:
    """Questions answered with `entry` or, without one, missed; unless told otherwise."""
    for _ in range(times):
        number = next(_numbers)
        row = {
            "incoming_id": number, "asked_at": at, "asker": asker, "message_id": None, "text": None, "words": [],
            "decision": "answer" if entry else "fallback", "entry": entry, "also": [], "candidates": [],
            "refusal": None, "urgent": False, "knowledge_version": "v", "milliseconds": 12.0,
        }  # fmt: skip
        questions.log(db, **(row | more))


def ask_as(db: Session, at: datetime, entry: str | None = None, *, people: int, first: int = 0, **more: Any) -> None:
    """One question from each."""
    for number in range(first, first + people):
        ask(db, at, entry, asker=f"person {number}", **more)


def answer(db: Session, at: datetime, *, after: float, status: Delivery = Delivery.SENT, pushed: bool = False) -> None:
    """An answer that LINE took so many seconds after the message had come."""
    outgoing_id = outgoing.add(
        db, incoming_id=next(_numbers), person_id=None, messages=None, reply_token=None, token_from=at,
        token_doubtful=False, retry_key="", push_doubtful=False, may_push=True, tries=1, created_at=at,
    )  # fmt: skip
    outgoing.settle(db, outgoing_id, status=status, now=at + timedelta(seconds=after), pushed=pushed)


def has_index(database: Database) -> bool:
    from sqlalchemy import inspect

    return any(one["name"] == "ix_questions_figures" for one in inspect(database.engine).get_indexes("questions"))
