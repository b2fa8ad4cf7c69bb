"""Which cases staff see in the inbox, and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from bot.storage.case_messages import NOTE, CaseMessageRow
from bot.storage.cases import CLOSED, NOT_CLOSED, OPEN, STAFF, CaseRow
from bot.storage.questions import QuestionRow
from bot.storage.staff import StaffRow


@dataclass(frozen=True, slots=True)
class Wanted:
    """`taken_by` 0: taken by nobody. None: whatever it is."""

    states: Sequence[str]
    kind: str | None = None
    topic: str | None = None
    taken_by: int | None = None
    overdue: bool = False
    hidden_kinds: Sequence[str] = ()


class Found(NamedTuple):
    case: CaseRow
    words: str | None
    """Of the question, masked."""
    taken_name: str | None
    latest_at: datetime | None


class Counted(NamedTuple):
    open: int
    taken: int
    overdue: int
    urgent: int
    mine: int


def list_cases(db: Session, wanted: Wanted, *, now: datetime, after: int | None, limit: int) -> list[Found]:
    """What is not closed: the urgent ones first, then what is due first, then the oldest. Closed ones: the latest
    first. `after` is the last case of the page before."""
    latest_at = (
        select(CaseMessageRow.at)
        .where(CaseMessageRow.case_id == CaseRow.id, CaseMessageRow.author != NOTE)
        .order_by(CaseMessageRow.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    statement = (
        select(CaseRow, QuestionRow.text, StaffRow.name, latest_at)
        .outerjoin(QuestionRow, QuestionRow.id == CaseRow.question_id)
        .outerjoin(StaffRow, StaffRow.id == CaseRow.taken_by)
        .where(*_conditions(wanted, now))
        .limit(limit)
        .execution_options(populate_existing=True)
    )
    if CLOSED in wanted.states:
        statement = statement.order_by(CaseRow.id.desc())
        if after is not None:
            statement = statement.where(CaseRow.id < after)
    else:
        statement = statement.order_by(CaseRow.urgent.desc(), CaseRow.due_at.is_(None), CaseRow.due_at, CaseRow.id)
        last = db.get(CaseRow, after, populate_existing=True) if after is not None else None
        if last is not None:
            statement = statement.where(_comes_after(last))
    return [Found(*row) for row in db.execute(statement)]


def count(db: Session, *, now: datetime, mine: int | None, hidden_kinds: Sequence[str]) -> Counted:
    """Of what is not closed."""
    statement = select(
        *(
            func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
            for condition in (
                CaseRow.state == OPEN,
                CaseRow.state != OPEN,
                is_overdue(now),
                CaseRow.urgent.is_(True),
                CaseRow.taken_by == (mine or 0),
            )
        )
    ).where(*_conditions(Wanted(states=NOT_CLOSED, hidden_kinds=hidden_kinds), now))
    return Counted(*(int(number) for number in db.execute(statement).one()))


def list_topics(db: Session, *, limit: int) -> list[str]:
    """The topics of what is not closed."""
    statement = (
        select(CaseRow.topic).where(CaseRow.state.in_(NOT_CLOSED), CaseRow.topic.isnot(None)).distinct().limit(limit)
    )
    return sorted(topic for topic in db.scalars(statement) if topic is not None)


def is_overdue(now: datetime) -> ColumnElement[bool]:
    return and_(CaseRow.due_at < now, CaseRow.waits_for == STAFF, CaseRow.state.in_(NOT_CLOSED))


def _conditions(wanted: Wanted, now: datetime) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [CaseRow.state.in_(wanted.states)]
    if wanted.kind is not None:
        found.append(CaseRow.kind == wanted.kind)
    if wanted.topic is not None:
        found.append(CaseRow.topic == wanted.topic)
    if wanted.taken_by is not None:
        found.append(CaseRow.taken_by == wanted.taken_by if wanted.taken_by else _is_nobody_s())
    if wanted.overdue:
        found.append(is_overdue(now))
    if wanted.hidden_kinds:
        found.append(CaseRow.kind.not_in(wanted.hidden_kinds))
    return found


def _is_nobody_s() -> ColumnElement[bool]:
    """Also where whoever has it cannot come in any more."""
    gone = select(StaffRow.id).where(StaffRow.disabled_at.isnot(None))
    return or_(CaseRow.taken_by.is_(None), CaseRow.taken_by.in_(gone))


def _comes_after(last: CaseRow) -> ColumnElement[bool]:
    """In the order of what is not closed."""
    equal: list[Any] = [CaseRow.urgent.is_(last.urgent)]
    if last.due_at is None:
        later = and_(*equal, CaseRow.due_at.is_(None), CaseRow.id > last.id)
    else:
        at_once = and_(CaseRow.due_at == last.due_at, CaseRow.id > last.id)
        later = and_(*equal, or_(CaseRow.due_at > last.due_at, at_once, CaseRow.due_at.is_(None)))
    return or_(CaseRow.urgent.is_(False), later) if last.urgent else later
