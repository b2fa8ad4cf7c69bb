"""Cases: what a person of the centre has to look at."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.cases import office_hours
from bot.cases.kinds import CaseKind
from bot.cases.rules import CaseRules
from bot.queue import jobs
from bot.queue.kinds import JobKind
from bot.storage import cases, locks
from bot.storage.cases import CaseRow

__all__ = ["CaseKind", "close_settled", "is_open", "open_case", "open_once"]

LONGEST_DETAIL = 5000
SAME_CASE_WITHIN = timedelta(hours=12)
NO_RULES = CaseRules()


def open_case(
    db: Session,
    kind: CaseKind,
    *,
    now: datetime,
    person_id: int | None = None,
    question_id: int | None = None,
    incoming_id: int | None = None,
    message_id: str | None = None,
    detail: str = "",
    topic: str | None = None,
    form: bytes | None = None,
    rules: CaseRules = NO_RULES,
) -> int:
    """Opens a case and returns its number. Detail is for staff and holds masked words only; `form` is sealed. Staff are
    alerted of an urgent one at once."""
    number = cases.open_case(
        db,
        CaseRow(
            kind=kind, urgent=kind is CaseKind.URGENT, person_id=person_id, question_id=question_id,
            incoming_id=incoming_id, message_id=message_id, detail=detail[:LONGEST_DETAIL], topic=topic, form=form,
            opened_at=now, changed_at=now, state=cases.OPEN, due_at=office_hours.due_at(rules, kind, now=now),
        ),
    )  # fmt: skip
    if kind is CaseKind.URGENT:
        jobs.enqueue(db, JobKind.CASE_ALERT, now=now, subject_ids=[(number, None)])
    return number


def is_open(db: Session, kind: CaseKind, *, now: datetime) -> bool:
    """Whether a case of this kind that is about nobody in particular is open since the last hours."""
    since = now - SAME_CASE_WITHIN
    return cases.find_open_case(db, person_id=None, kind=kind, question_id=None, since=since) is not None


def open_once(
    db: Session,
    kind: CaseKind,
    *,
    now: datetime,
    person_id: int | None,
    question_id: int | None = None,
    detail: str = "",
    of_that_detail: bool = False,
    topic: str | None = None,
    form: bytes | None = None,
    rules: CaseRules = NO_RULES,
) -> tuple[int, bool]:
    """The person's case of this kind about this question that is not closed, from the last hours, or a new one. The
    flag says whether it is new. An urgent case is one for a person, whatever the words. `of_that_detail`: of another
    detail it is another."""
    if person_id is None:  # one person's turns run one at a time, but everybody's may all do this at once
        locks.hold(db, [f"case/{kind}"])
    found = (
        cases.find_open_urgent(db, person_id=person_id, since=now - SAME_CASE_WITHIN)
        if kind is CaseKind.URGENT and person_id is not None
        else cases.find_open_case(
            db, person_id=person_id, kind=kind, question_id=question_id, since=now - SAME_CASE_WITHIN,
            detail=detail if of_that_detail else None,
        )
    )  # fmt: skip
    if found is not None:
        return found, False
    opened = open_case(
        db, kind, now=now, person_id=person_id, question_id=question_id, detail=detail, topic=topic, form=form,
        rules=rules,
    )  # fmt: skip
    return opened, True


def close_settled(db: Session, kind: CaseKind, *, needs: Collection[str], now: datetime) -> int:
    """Closes what is about something that needs nobody any more; `needs`: the details of what still does. Returns how
    many were closed."""
    settled = [number for detail, number in cases.list_open_details(db, kind=kind).items() if detail not in needs]
    for number in settled:
        cases.close(db, number, now=now)
    return len(settled)
