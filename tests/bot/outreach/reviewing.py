"""Logged questions to review."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.outreach import review_intake
from bot.outreach.review_intake import Gathered
from bot.storage import faq_versions, questions
from bot.storage.reviews import (
    MERGED,
    ReviewGroupRow,
    ReviewItemRow,
)
from tests.builders import NOON

HOUR = timedelta(hours=1)
LATER = NOON + HOUR


def ask(db: Session, number: int, text: str | None, *, at: datetime = NOON, **more: Any) -> int:
    """Logs a question that was missed, unless told otherwise, and returns its id."""
    row = {
        "incoming_id": number, "asked_at": at, "asker": f"asker {number}", "message_id": f"message {number}",
        "text": text, "words": [], "decision": "fallback", "entry": None, "also": [], "candidates": [],
        "refusal": None, "urgent": False, "knowledge_version": "v1", "milliseconds": 1.0,
    }  # fmt: skip
    return questions.log(db, **(row | more))


def words_of(text: str) -> Sequence[str]:
    return text.split()


def gather(db: Session, *, now: datetime = LATER, limit: int = 100) -> Gathered:
    return review_intake.gather(db, now=now, limit=limit, words_of=words_of)


def anyone(permission: str) -> bool:
    return True


def publish(db: Session, version: str, *, now: datetime) -> None:
    faq_versions.add(db, version=version, content="{}", source="test", now=now)
    faq_versions.publish(db, version=version, now=now)


def groups(db: Session) -> list[ReviewGroupRow]:
    statement = select(ReviewGroupRow).where(ReviewGroupRow.state != MERGED).order_by(ReviewGroupRow.id)
    return list(db.scalars(statement.execution_options(populate_existing=True)))


def reasons(db: Session) -> list[tuple[int | None, str, int | None]]:
    """(question, reason, group) of everything that was taken in."""
    row = ReviewItemRow
    statement = select(row.question_id, row.reason, row.group_id).order_by(row.question_id, row.reason)
    return [tuple(row) for row in db.execute(statement)]
