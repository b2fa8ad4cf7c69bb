"""Why something was not done with a case, told kindly: most often somebody else was quicker."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.cases.refusals import (
    CaseClosed,
    CaseRefused,
    ChangedMeanwhile,
    MayNotAnswer,
    NobodyToTell,
    TakenBySomebodyElse,
)
from bot.console import case_words as words
from bot.storage.case_messages import CITIZEN, STAFF
from bot.storage.cases import CLOSED, OPEN, CaseRow


def tell(
    refused: CaseRefused | None, case: CaseRow, *, names: Mapping[int, str], me: int, latest_by: str | None,
    now: datetime,
) -> list[str]:  # fmt: skip
    """`latest_by`: who wrote last in the case. Nothing where nothing was refused."""
    match refused:
        case None:
            told = ""
        case TakenBySomebodyElse(by=by):
            told = words.taken_by_somebody_else(names.get(by or 0, ""), case.taken_at, now)
        case CaseClosed(by=by):
            told = words.closed_by(names.get(by or 0, ""), case.closed_at, now)
        case NobodyToTell():
            told = words.NOBODY_TO_TELL
        case MayNotAnswer():
            told = words.MAY_NOT
        case ChangedMeanwhile():
            told = _changed(case, names=names, me=me, latest_by=latest_by, now=now)
        case _:
            told = words.CHANGED
    return [told] if told else []


def _changed(case: CaseRow, *, names: Mapping[int, str], me: int, latest_by: str | None, now: datetime) -> str:
    """What the other did, as far as it can be seen."""
    if case.state == CLOSED:
        return words.closed_by(names.get(case.closed_by or 0, ""), case.closed_at, now)
    if case.taken_by not in {me, None}:
        return words.taken_by_somebody_else(names.get(case.taken_by or 0, ""), case.taken_at, now)
    if latest_by == CITIZEN:
        return words.CITIZEN_WROTE
    if case.state == OPEN and latest_by != STAFF:
        return words.GIVEN_BACK
    return words.CHANGED
