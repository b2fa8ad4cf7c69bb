"""The inbox: which cases there are, what each looks like in a list, and which are a citizen's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from bot.cases.kinds import OF_CITIZENS, CaseKind
from bot.cases.refusals import NoSuchCase
from bot.storage import case_inbox, cases
from bot.storage.case_inbox import Found, Wanted
from bot.storage.cases import NOT_CLOSED, STAFF, CaseRow

HIDDEN = (CaseKind.PRIVACY.value,)
"""From those who may not see people."""
NOBODY: Literal["nobody"] = "nobody"
MOST_TOPICS = 200
MOST_OF_A_PERSON = 50


@dataclass(frozen=True, slots=True)
class Filter:
    """None: whatever it is, and of `state` all that are not closed. `taken_by` is an account, or `nobody`."""

    state: str | None = None
    kind: str | None = None
    topic: str | None = None
    taken_by: int | Literal["nobody"] | None = None
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """`words`, masked, are the question's, or what was written down with the case. `unread`: it waits for staff.
    `latest_at`: when something was said last, or it was opened."""

    case: CaseRow
    words: str
    taken_name: str | None
    overdue: bool
    latest_at: datetime
    unread: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """Of what is not closed."""

    open: int
    taken: int
    overdue: int
    urgent: int
    mine: int


def list_cases(
    db: Session, wanted: Filter, *, now: datetime, limit: int, after: int | None = None, may_see_privacy: bool = False
) -> list[Line]:
    """The urgent ones first, then what is due first, what was promised to nobody last. Closed ones: the latest first.
    `after`: the number of the last case of the page before."""
    found = case_inbox.list_cases(db, _wanted(wanted, may_see_privacy), now=now, after=after, limit=limit)
    return [_line(one, now) for one in found]


def count(db: Session, *, now: datetime, staff_id: int | None = None, may_see_privacy: bool = False) -> Counts:
    """`mine` are those of that account."""
    hidden = () if may_see_privacy else HIDDEN
    return Counts(*case_inbox.count(db, now=now, mine=staff_id, hidden_kinds=hidden))


def list_topics(db: Session) -> list[str]:
    """To choose from: those of what is not closed."""
    return case_inbox.list_topics(db, limit=MOST_TOPICS)


def get(db: Session, case_id: int, *, may_see_privacy: bool) -> CaseRow:
    """For staff. Raises NoSuchCase, also for what this account may not know of."""
    case = cases.find(db, case_id)
    if case is None or (case.kind in HIDDEN and not may_see_privacy):
        raise NoSuchCase
    return case


def of_person(db: Session, person_id: int, *, limit: int = MOST_OF_A_PERSON) -> list[CaseRow]:
    """Those that the citizen knows of, since they were told the number or staff have written: the latest first."""
    return cases.list_of_person(db, person_id=person_id, kinds=sorted(OF_CITIZENS), limit=limit)


def find_own(db: Session, *, case_id: int, person_id: int) -> CaseRow | None:
    """None also where the case is somebody else's."""
    case = cases.find(db, case_id)
    return case if case is not None and case.person_id == person_id else None


def is_overdue(case: CaseRow, *, now: datetime) -> bool:
    waits = case.state in NOT_CLOSED and case.waits_for == STAFF
    return waits and case.due_at is not None and case.due_at < now


def promised(case: CaseRow, *, now: datetime) -> datetime | None:
    """Until when the citizen may expect to hear from staff. None: nothing is promised, staff have answered, or the time
    is over and no new one can be named."""
    waits = case.state in NOT_CLOSED and case.waits_for == STAFF
    return case.due_at if waits and case.due_at is not None and case.due_at >= now else None


def _wanted(wanted: Filter, may_see_privacy: bool) -> Wanted:  # noqa: FBT001 - of the two that call it
    taken_by = 0 if wanted.taken_by == NOBODY else wanted.taken_by
    return Wanted(
        states=NOT_CLOSED if wanted.state is None else (wanted.state,), kind=wanted.kind, topic=wanted.topic,
        taken_by=taken_by, overdue=wanted.overdue, hidden_kinds=() if may_see_privacy else HIDDEN,
    )  # fmt: skip


def _line(found: Found, now: datetime) -> Line:
    case = found.case
    return Line(
        case=case, words=found.words or case.detail, taken_name=found.taken_name, overdue=is_overdue(case, now=now),
        latest_at=found.latest_at or case.opened_at, unread=case.state in NOT_CLOSED and case.waits_for == STAFF,
    )  # fmt: skip
