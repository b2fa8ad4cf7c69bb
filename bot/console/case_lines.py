"""A case as a line of the inbox and as the head of its page: how it stands, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.cases.kinds import CaseKind
from bot.console import case_words as words
from bot.console.premises import Premises
from bot.faq.library import NothingPublished
from bot.storage.cases import CLOSED, STAFF, CaseRow

NUMBERED = {CaseKind.TELEPHONE: "รายชื่ออยู่ที่หน้า “ต้องโทรบอก”", CaseKind.NOTICE: "ประกาศหมายเลข {number}"}
"""Kinds whose detail is the number of something that has a page of its own."""


@dataclass(frozen=True, slots=True)
class Line:
    """`taken_name` is empty where nobody has it who could still come in."""

    case: CaseRow
    kind: str
    state: str
    words: str
    instead: str
    promised: str
    overdue: bool
    unread: bool
    age: str
    opened: str
    taken_name: str
    mine: bool
    taken_when: str
    closed_name: str
    closed_when: str
    satisfied: str
    live: str
    topic: str


def describe(
    case: CaseRow, *, text: str, overdue: bool, names: Mapping[int, str], topics: Mapping[str, str], me: int,
    now: datetime, latest_at: datetime | None = None,
) -> Line:  # fmt: skip
    closed, live = case.state == CLOSED, case.live_until
    return Line(
        case=case,
        kind=words.kind(case),
        state=words.STATES.get(case.state, case.state),
        words="" if case.kind in NUMBERED else text,
        instead=_instead(case, latest_at),
        promised=words.promised(case, now, overdue=overdue),
        overdue=overdue,
        unread=not closed and case.waits_for == STAFF and case.answered_at is not None,
        age=words.age(case.opened_at, now),
        opened=f"เขียนมา {words.age(case.opened_at, now)}",
        taken_name=names.get(case.taken_by or 0, ""),
        mine=case.taken_by == me,
        taken_when=words.moment(case.taken_at, now) if case.taken_at is not None else "",
        closed_name=names.get(case.closed_by or 0, ""),
        closed_when=words.moment(case.closed_at, now) if case.closed_at is not None else "",
        satisfied=words.SATISFIED.get(case.satisfied or "", ""),
        live=words.moment(live, now) if not closed and live is not None and live > now else "",
        topic=topics.get(case.topic or "", case.topic or ""),
    )


def _instead(case: CaseRow, latest_at: datetime | None) -> str:
    if case.kind in NUMBERED:
        return NUMBERED[CaseKind(case.kind)].format(number=case.detail)
    return words.NOTHING_WRITTEN if latest_at in (None, case.opened_at) else words.IN_THE_CASE


def topic_names(premises: Premises) -> dict[str, str]:
    """Of the topics in force, by their ids."""
    try:
        entries = premises.library.current().catalogue.entries
    except NothingPublished:
        return {}
    return {name: entry.title.get("th", name) for name, entry in entries.items()}
