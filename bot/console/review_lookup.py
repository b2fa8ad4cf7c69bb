"""What the pages for reviewing look up by themselves, and how a place in the queue is written in an address."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.console.access import row_id
from bot.outreach import review as reviewing
from bot.outreach import staff
from bot.outreach.review_intake import Reason
from bot.storage import reviews
from bot.storage.questions import QuestionRow
from bot.storage.reviews import FaqTestRow, ReviewGroupRow, ReviewItemRow

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOST_KEYS = 1_000

Cursor = tuple[int, datetime, int]


def write_cursor(cursor: Cursor) -> str:
    people, last_at, group_id = cursor
    return f"{people}-{(last_at - EPOCH) // timedelta(microseconds=1)}-{group_id}"


def read_cursor(text: str) -> Cursor:
    """For `request.args.get(…, type=read_cursor)`. Raises ValueError for what is none."""
    people, micros, group_id = map(row_id, text.split("-"))
    try:
        return people, EPOCH + timedelta(microseconds=micros), group_id
    except OverflowError as error:
        raise ValueError(text) from error


def read_reason(text: str) -> str:
    return Reason(text).value


def find_next(db: Session, *, after: int | None, reason: str | None) -> int | None:
    """The group that comes after this one in the queue, wherever this one went; the first where it is gone."""
    row = reviews.find_group(db, after) if after is not None else None
    cursor = (row.people, row.last_at, row.id) if row is not None else None
    found = reviewing.list_groups(db, reason=reason, after=cursor, limit=1)
    return found[0].group.id if found else None


def list_names(db: Session) -> dict[str, str]:
    """Of the people who work here, as decisions name them."""
    return {str(account.id): account.name for account in staff.list_accounts(db)}


def list_withdrawn_keys(db: Session, *, group_id: int) -> set[str]:
    """The wordings whose questions' words were taken back, or are kept no longer: nobody sees them any more."""
    item, question = ReviewItemRow, QuestionRow
    joined = select(item.key).outerjoin(question, question.id == item.question_id)
    gone = joined.where(item.group_id == group_id, question.text.is_(None)).distinct().limit(MOST_KEYS)
    return set(db.scalars(gone))


def find_label(db: Session, group: ReviewGroupRow) -> str | None:
    return db.scalar(select(QuestionRow.text).where(QuestionRow.id == group.label_id))


def list_tests(db: Session, *, wanted: str, before: int | None, limit: int) -> list[FaqTestRow]:
    """Those in force, the newest first."""
    statement = select(FaqTestRow).where(FaqTestRow.retired_at.is_(None))
    if wanted:
        statement = statement.where(FaqTestRow.text.icontains(wanted, autoescape=True))
    if before is not None:
        statement = statement.where(FaqTestRow.id < before)
    return list(db.scalars(statement.order_by(FaqTestRow.id.desc()).limit(limit)))


def retire_test(db: Session, test_id: int, *, now: datetime) -> FaqTestRow | None:
    """None: it is not in force any more."""
    in_force = (FaqTestRow.id == test_id, FaqTestRow.retired_at.is_(None))
    return db.scalars(update(FaqTestRow).where(*in_force).values(retired_at=now).returning(FaqTestRow)).first()
