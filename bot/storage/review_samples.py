"""The weekly sample of what was answered with confidence, and what people found of it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.storage.base import insert_into
from bot.storage.questions import QuestionRow
from bot.storage.reviews import ReviewItemRow, ReviewSampleRow

_Q = QuestionRow


def add_sample(db: Session, *, week: date, seed: int, size: int, now: datetime) -> bool:
    """False: the week has its sample already."""
    statement = insert_into(db, ReviewSampleRow).values(week=week, seed=seed, size=size, drawn_at=now)
    added = statement.on_conflict_do_nothing().returning(ReviewSampleRow.week)
    return db.execute(added).first() is not None


def list_answered(db: Session, *, since: datetime, until: datetime, after: int, limit: int) -> list[int]:
    """Numbers of questions that were answered with confidence, and whose words were not taken back."""
    wanted = (_Q.asked_at >= since, _Q.asked_at < until, _Q.decision == "answer", _Q.text.isnot(None), _Q.id > after)
    return list(db.scalars(select(_Q.id).where(*wanted, _Q.withheld.is_(False)).order_by(_Q.id).limit(limit)))


def list_sampled(db: Session, *, week: date, limit: int) -> list[tuple[ReviewItemRow, QuestionRow]]:
    """Those without a verdict first."""
    statement = select(ReviewItemRow, _Q).join(_Q).where(ReviewItemRow.week == week, _Q.withheld.is_(False))
    unjudged = ReviewItemRow.judged_at.isnot(None)
    rows = db.execute(statement.order_by(unjudged, ReviewItemRow.id).limit(limit))
    return [(item, question) for item, question in rows]


def set_verdict(db: Session, item_id: int, *, seen: str | None, verdict: str, by: str, now: datetime) -> bool:
    """Only if the verdict is still the one that was seen."""
    item = ReviewItemRow
    statement = update(item).where(item.id == item_id, item.week.isnot(None), item.verdict.is_not_distinct_from(seen))
    judged = statement.values(verdict=verdict, judged_by=by, judged_at=now).returning(item.id)
    return db.execute(judged).first() is not None


def find_item(db: Session, item_id: int) -> ReviewItemRow | None:
    return db.get(ReviewItemRow, item_id, populate_existing=True)


def count_verdicts(db: Session, *, since: date, until: date) -> list[tuple[date, str | None, int]]:
    week, verdict = ReviewSampleRow.week, ReviewItemRow.verdict
    joined = select(week, verdict, func.count()).join(ReviewItemRow)
    counted = joined.where(week >= since, week <= until).group_by(week, verdict)
    return [(monday, what, count) for monday, what, count in db.execute(counted.order_by(week, verdict))]
