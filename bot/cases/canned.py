"""Canned answers: what staff write again and again, with gaps that are filled in when one is picked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from bot.cases import saying
from bot.cases.refusals import ChangedMeanwhile, NoSuchCannedAnswer, TitleRefused, UnknownGaps
from bot.storage import canned_answers
from bot.storage.canned_answers import CannedAnswerRow

GAPS = ("ชื่อ", "เลขเรื่อง", "เจ้าหน้าที่", "ศูนย์", "เวลาทำการ")
"""The citizen's name, the case's number, who writes, the centre, its hours."""
LONGEST_TITLE = 80
MOST_LISTED = 500
_GAP = re.compile(r"\{([^{}\n]*)\}")
_EMPTY_GAP = re.compile(r" ?\0")


def list_all(db: Session) -> list[CannedAnswerRow]:
    """By title."""
    return canned_answers.list_all(db, limit=MOST_LISTED)


def save(
    db: Session, *, answer_id: int | None, title: str, text: str, by: int, now: datetime, version: int | None = None
) -> CannedAnswerRow:
    """A new one, or a change of the one that was seen in this version. Raises TitleRefused, TextRefused, UnknownGaps,
    NoSuchCannedAnswer, ChangedMeanwhile."""
    title, text = " ".join(title.split()), saying.checked(text)
    require_known_gaps(text)
    canned_answers.lock(db)
    named = canned_answers.find_by_title(db, title)
    if not 0 < len(title) <= LONGEST_TITLE or (named is not None and named.id != answer_id):
        raise TitleRefused(taken=named is not None)
    if answer_id is None:
        return canned_answers.add(db, title=title, text=text, changed_at=now, changed_by=by)
    found = get(db, answer_id)
    if version is not None and version != found.version:
        raise ChangedMeanwhile(found.version)
    return canned_answers.change(db, answer_id, title=title, text=text, changed_at=now, changed_by=by)


def get(db: Session, answer_id: int) -> CannedAnswerRow:
    """Raises NoSuchCannedAnswer."""
    found = canned_answers.find(db, answer_id)
    if found is None:
        raise NoSuchCannedAnswer
    return found


def delete(db: Session, answer_id: int, *, version: int | None = None) -> bool:
    """False: it was gone already. Raises ChangedMeanwhile."""
    canned_answers.lock(db)
    found = canned_answers.find(db, answer_id)
    if found is not None and version is not None and version != found.version:
        raise ChangedMeanwhile(found.version)
    return canned_answers.delete(db, answer_id)


def fill(text: str, *, name: str, number: int, staff: str, centre: str, hours: str) -> str:
    """A gap for which there is nothing to say, as for a name that nobody knows, goes with the blank before it. What is
    filled in is not looked through for gaps. Raises UnknownGaps."""
    require_known_gaps(text)
    values: Mapping[str, str] = dict(zip(GAPS, (name, str(number), staff, centre, hours), strict=True))
    filled = _GAP.sub(lambda gap: values[gap[1].strip()].replace("\0", "").strip() or "\0", text.replace("\0", ""))
    return _EMPTY_GAP.sub("", filled).strip()


def require_known_gaps(text: str) -> None:
    """Raises UnknownGaps."""
    unknown = dict.fromkeys(name for gap in _GAP.findall(text) if (name := gap.strip()) not in GAPS)
    if unknown:
        raise UnknownGaps(tuple(unknown))
