"""What the pages for reviewing look up by themselves, and how a place in the queue is written in an address."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from bot.console.access import row_id
from bot.outreach import review as reviewing
from bot.outreach import staff
from bot.outreach.review_intake import Reason
from bot.storage import faq_tests, questions, reviews
from bot.storage.faq_tests import FaqTestRow
from bot.storage.reviews import ReviewGroupRow

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
    return set(reviews.list_wordless_keys(db, group_id=group_id, limit=MOST_KEYS))


def find_label(db: Session, group: ReviewGroupRow) -> str | None:
    row = questions.find(db, group.label_id) if group.label_id is not None else None
    return row.text if row is not None else None


def list_tests(db: Session, *, wanted: str, before: int | None, limit: int) -> list[FaqTestRow]:
    """Those in force, the newest first."""
    return faq_tests.list_latest_in_force(db, wanted=wanted, before=before, limit=limit)


def retire_test(db: Session, test_id: int, *, now: datetime) -> FaqTestRow | None:
    """None: it is not in force any more."""
    return faq_tests.retire(db, test_id, now=now)
