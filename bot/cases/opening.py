"""Cases: what a person of the centre has to look at."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from bot.storage import cases, locks
from bot.storage.cases import CaseRow

LONGEST_DETAIL = 5000
SAME_CASE_WITHIN = timedelta(hours=12)


class CaseKind(StrEnum):
    URGENT = "urgent"
    """Somebody may be in danger."""
    WANTS_PERSON = "wants_person"
    COMPLAINT = "complaint"
    PROPOSAL = "proposal"
    STORY = "story"
    PRIVACY = "privacy"
    """Somebody asks to see or delete their data."""
    UNDELIVERABLE = "undeliverable"
    UNKNOWN_DELIVERY = "unknown_delivery"
    """An answer that LINE may or may not have taken."""
    MISSED = "missed"
    """Somebody was not understood three times running."""
    FLOOD = "flood"
    """Somebody writes faster than anybody can read; the bot has fallen silent for a while."""
    STORM = "storm"
    """Very many questions without an answer in a short time."""
    CHANNEL = "channel"
    """LINE has suspended the account, or lets it go on."""
    TELEPHONE = "telephone"
    """Registrants whom LINE does not reach: the list is with the event. Detail: the event's number."""
    NOTICE = "notice"
    """A notice that is held or paused until somebody looks. Detail: its number."""
    STUCK = "stuck"
    """A turn that failed every time and was given up."""


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
) -> int:
    """Opens a case and returns its number. Detail is for staff and holds masked words only."""
    return cases.open_case(
        db,
        CaseRow(
            kind=kind, urgent=kind is CaseKind.URGENT, person_id=person_id, question_id=question_id,
            incoming_id=incoming_id,
            message_id=message_id, detail=detail[:LONGEST_DETAIL], opened_at=now, state="open",
        ),
    )  # fmt: skip


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
) -> tuple[int, bool]:
    """The person's open case of this kind about this question, from the last hours, or a new one. The flag says whether
    it is new. An urgent case is one for a person, whatever the words. `of_that_detail`: of another detail it is
    another."""
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
    return open_case(db, kind, now=now, person_id=person_id, question_id=question_id, detail=detail), True


def close_settled(db: Session, kind: CaseKind, *, needs: Collection[str]) -> int:
    """Closes what is about something that needs nobody any more; `needs`: the details of what still does. Returns how
    many were closed."""
    settled = [number for detail, number in cases.list_open_details(db, kind=kind).items() if detail not in needs]
    for number in settled:
        cases.close(db, number)
    return len(settled)
