"""How the service does, counted in the database: by day, month and topic, and how long people waited.

Every question asked here is one aggregate, so that a page costs the same number of queries for any period. Days and
months are given by their bounds: ranges of an index, which is three times as fast as working out the day of each row
and sorting by it, and leaves time zones to Python.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Float,
    Index,
    Integer,
    Select,
    String,
    case,
    cast,
    column,
    func,
    select,
    values,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.storage.base import UtcTime
from bot.storage.outgoing import Delivery, OutgoingRow
from bot.storage.questions import MISSED, QuestionRow

ANSWER = "answer"
NONE_OF_THEM = "none"
MOST_TOPICS = 2_000
LONGEST_MILLISECONDS = 10_000
LONGEST_HUNDREDTHS = 60_000
"""Ten minutes. Whatever took longer is counted as if it had taken so long."""

INDEX = Index(
    "ix_questions_figures",
    QuestionRow.asked_at,
    QuestionRow.decision,
    QuestionRow.refusal,
    QuestionRow.entry,
    QuestionRow.chosen,
    QuestionRow.feedback,
    QuestionRow.asker,
    QuestionRow.milliseconds,
)
"""All that is counted: the rows themselves, with their texts, need not be read."""


class Outcome(StrEnum):
    ANSWERED = "answered"
    CLARIFIED = "clarified"
    MISSED = "missed"
    DECLINED = "declined"
    """Not answered on purpose: party politics, abuse."""


@dataclass(frozen=True, slots=True)
class Counts:
    """`yes` and `no` are what people said of answers."""

    answered: int = 0
    clarified: int = 0
    missed: int = 0
    declined: int = 0
    yes: int = 0
    no: int = 0


@dataclass(frozen=True, slots=True)
class TopicCount:
    """A question counts for the entry that it was answered with, or that the person picked when asked back."""

    entry: str
    questions: int
    before: int


@dataclass(frozen=True, slots=True)
class GroupCount:
    questions: int
    people: int
    """Different askers of one month. Questions without an asker are nobody's."""


def find_first_asked(db: Session) -> datetime | None:
    return db.scalar(select(func.min(QuestionRow.asked_at)))


def count_between(db: Session, bounds: Sequence[datetime]) -> list[Counts]:
    """From each of the moments to the next: one fewer than there are moments."""
    spans = _spans(bounds)
    statement = select(spans.c.number, _within(spans, _counted_together())).order_by(spans.c.number)
    return [Counts(*(int(number) for number in found.split(","))) for _, found in db.execute(statement)]


def count_by_topic(db: Session, *, before: datetime, since: datetime, until: datetime) -> list[TopicCount]:
    """From `since` to `until`, and from `before` to `since`. Most asked now first."""
    picked = func.nullif(QuestionRow.chosen, NONE_OF_THEM)
    topic = func.coalesce(QuestionRow.entry, picked).label("topic")
    questions = _sum_where(QuestionRow.asked_at >= since).label("questions")
    statement = (
        _asked(before, until, topic, questions, _sum_where(QuestionRow.asked_at < since))
        .where(func.coalesce(QuestionRow.entry, picked).isnot(None))
        .group_by("topic")
        .order_by(questions.desc(), "topic")
        .limit(MOST_TOPICS)
    )
    return [TopicCount(entry, now, then) for entry, now, then in db.execute(statement)]


def count_askers_between(db: Session, bounds: Sequence[datetime]) -> list[int]:
    """Different people from each of the moments to the next. Give whole months: an asker's hash is another in each."""
    spans = _spans(bounds)
    statement = select(spans.c.number, _within(spans, _people())).order_by(spans.c.number)
    return [people for _, people in db.execute(statement)]


def count_by_milliseconds(db: Session, *, since: datetime, until: datetime, every: int = 1) -> dict[int, int]:
    """How many questions, or every so many-th of them, were understood in how many milliseconds."""
    spent = _capped(_whole(db, QuestionRow.milliseconds + 0.5), LONGEST_MILLISECONDS).label("spent")
    counted = _asked(since, until, spent, func.count()).where(QuestionRow.id % every == 0).group_by("spent")
    return dict(db.execute(counted).all())


def count_by_wait(db: Session, *, since: datetime, until: datetime, every: int = 1) -> dict[int, int]:
    """How many answers, or every so many-th of them, LINE took how many hundredths of a second after the message had
    reached us."""
    seconds = _seconds_between(db, OutgoingRow.token_from, OutgoingRow.settled_at)
    waited = _capped(_whole(db, seconds * 100 + 0.5), LONGEST_HUNDREDTHS).label("waited")
    statement = (
        select(waited, func.count())
        .where(
            OutgoingRow.pushed.in_([False, True]),  # so that the index on both columns serves
            OutgoingRow.settled_at >= since,
            OutgoingRow.settled_at < until,
            OutgoingRow.status == Delivery.SENT,
            OutgoingRow.id % every == 0,
        )
        .group_by("waited")
    )
    return dict(db.execute(statement).all())


def count_people(db: Session, *, since: datetime, until: datetime) -> GroupCount:
    """Within one month. What was declined does not count."""
    counted = _asked(since, until, func.count(), _people()).where(_outcome() != Outcome.DECLINED)
    questions, people = db.execute(counted).one()
    return GroupCount(questions, people)


def count_outcomes_with_people(db: Session, *, since: datetime, until: datetime) -> dict[Outcome, GroupCount]:
    counted = _asked(since, until, _outcome().label("outcome"), func.count(), _people()).group_by("outcome")
    return {Outcome(how): GroupCount(questions, people) for how, questions, people in db.execute(counted)}


def count_answers_with_people(db: Session, *, since: datetime, until: datetime) -> dict[str, GroupCount]:
    """By the entry that was answered with: together they are all that was answered."""
    counted = (
        _asked(since, until, func.coalesce(QuestionRow.entry, "").label("topic"), func.count(), _people())
        .where(_outcome() == Outcome.ANSWERED)
        .group_by("topic")
        .limit(MOST_TOPICS)
    )
    return {entry: GroupCount(questions, people) for entry, questions, people in db.execute(counted)}


def count_feedback_with_people(db: Session, *, since: datetime, until: datetime) -> dict[str, GroupCount]:
    counted = (
        _asked(since, until, QuestionRow.feedback, func.count(), _people())
        .where(QuestionRow.feedback.in_(["yes", "no"]))
        .group_by(QuestionRow.feedback)
    )
    return {said: GroupCount(questions, people) for said, questions, people in db.execute(counted)}


def _asked(since: datetime, until: datetime, *columns: Any) -> Select[Any]:  # noqa: ANN401 - whatever can be selected
    return select(*columns).where(QuestionRow.asked_at >= since, QuestionRow.asked_at < until)


def _spans(bounds: Sequence[datetime]) -> CTE:
    names = column("number", Integer), column("since", UtcTime()), column("until", UtcTime())
    rows = [(number, *span) for number, span in enumerate(pairwise(bounds))]
    return values(*names, name="spans").data(rows).cte("spans")


def _within(spans: CTE, counted: ColumnElement[Any]) -> ColumnElement[Any]:
    asked = select(counted).where(QuestionRow.asked_at >= spans.c.since, QuestionRow.asked_at < spans.c.until)
    return asked.correlate(spans).scalar_subquery()


def _counted_together() -> ColumnElement[str]:
    """All of `Counts` as one text: a subquery gives one value."""
    taken_up, decision = QuestionRow.refusal.is_(None), QuestionRow.decision
    first, *others = (
        cast(func.count(case((condition, 1))), String)
        for condition in (
            taken_up & (decision == ANSWER),
            taken_up & decision.not_in([ANSWER, MISSED]),
            taken_up & (decision == MISSED),
            QuestionRow.refusal.isnot(None),
            taken_up & (QuestionRow.feedback == "yes"),
            taken_up & (QuestionRow.feedback == "no"),
        )
    )
    together: ColumnElement[str] = first
    for other in others:
        together = together + "," + other
    return together


def _people() -> ColumnElement[int]:
    return func.count(QuestionRow.asker.distinct())


def _outcome() -> ColumnElement[str]:
    kinds: Collection[tuple[ColumnElement[bool], str]] = (
        (QuestionRow.refusal.isnot(None), Outcome.DECLINED.value),
        (QuestionRow.decision == ANSWER, Outcome.ANSWERED.value),
        (QuestionRow.decision == MISSED, Outcome.MISSED.value),
    )
    return case(*kinds, else_=Outcome.CLARIFIED.value)


def _sum_where(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _capped(value: ColumnElement[int], most: int) -> ColumnElement[int]:
    return case((value > most, most), (value < 0, 0), else_=value)


def _is_sqlite(db: Session) -> bool:
    return db.get_bind().dialect.name == "sqlite"


def _whole(db: Session, value: ColumnElement[float]) -> ColumnElement[int]:
    """Without what stands after the point: a cast alone rounds on one of the databases."""
    return cast(value if _is_sqlite(db) else func.floor(value), Integer)


def _seconds_between(
    db: Session, start: InstrumentedAttribute[datetime], end: InstrumentedAttribute[datetime | None]
) -> ColumnElement[float]:
    if _is_sqlite(db):
        days: ColumnElement[float] = func.julianday(end, type_=Float) - func.julianday(start, type_=Float)
        return days * 86_400.0
    return cast(func.extract("epoch", end - start), Float)
