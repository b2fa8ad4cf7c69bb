"""What a notice came to, request by request, to take away: numbers and reasons, and nothing of whom they concern."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.notices.results import Progress
from bot.storage import notice_chunks
from bot.storage.notice_chunks import REFUSED, SPLIT, STOPPED, UNKNOWN, ChunkRow
from bot.storage.notices import NoticeRow

MOST_REQUESTS = 50_000
"""A notice with a name in it has a request for each person: a larger table no spreadsheet program is fond of."""
A_PAGE = 1_000
OPEN, ACCEPTED, RIDING, RODE, LEFT_OUT = "open", "accepted", "riding", "rode", "left_out"


@dataclass(frozen=True, slots=True)
class Line:
    """One request. `told_before`: LINE said that it had taken it already. `request_id` is LINE's, for asking them."""

    number: int
    people: int
    state: str
    why: str
    tries: int
    first_tried_at: datetime | None
    settled_at: datetime | None
    told_before: bool
    request_id: str


@dataclass(frozen=True, slots=True)
class Reason:
    """So many people by what became of it, and why where something is to be said."""

    outcome: str
    why: str
    people: int


def list_lines(db: Session, row: NoticeRow, *, most: int = MOST_REQUESTS) -> list[Line]:
    """In the order in which they were written down; those that were halved are left out, for their halves stand here.
    One more than `most` says that there are more."""
    found: list[Line] = []
    for chunk in _chunks(db, row):
        if chunk.state != SPLIT:
            found.append(_line(len(found) + 1, chunk))
        if len(found) > most:
            break
    return found


def list_reasons(db: Session, row: NoticeRow, progress: Progress) -> list[Reason]:
    """Adds up to everybody of the ledger, each once."""
    reasons = notice_chunks.count_reasons(db, row.id)
    found = [
        Reason(ACCEPTED, "", progress.accepted),
        Reason(RODE, "", progress.rode),
        *(Reason(state, why, people) for (state, why), people in sorted(reasons.items())),
        Reason(UNKNOWN, RODE, progress.unknown - _people(reasons, UNKNOWN)),
        Reason(OPEN, "", progress.open),
        Reason(RIDING, "", progress.riding),
        *(Reason(LEFT_OUT, why, people) for why, people in sorted(progress.left_out.items())),
    ]
    return [one for one in found if one.people]


def list_failed(reasons: list[Reason]) -> list[Reason]:
    """Those of whom somebody may want to know why."""
    return [one for one in reasons if one.outcome in (REFUSED, UNKNOWN, STOPPED)]


def _people(reasons: dict[tuple[str, str], int], state: str) -> int:
    return sum(people for (found, _), people in reasons.items() if found == state)


def _chunks(db: Session, row: NoticeRow) -> Iterator[ChunkRow]:
    after = 0
    while page := notice_chunks.list_page(db, row.id, limit=A_PAGE, after=after):
        after = page[-1].id
        for chunk in page:
            db.expunge(chunk)
            yield chunk


def _line(number: int, chunk: ChunkRow) -> Line:
    return Line(
        number=number, people=chunk.people, state=chunk.state, why=chunk.why, tries=chunk.tries,
        first_tried_at=chunk.first_tried_at, settled_at=chunk.settled_at, told_before=chunk.duplicate,
        request_id=chunk.request_id or "",
    )  # fmt: skip
