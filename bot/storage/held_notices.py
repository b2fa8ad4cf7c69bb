"""Which notices somebody was to get, for showing it to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from bot.storage.notice_chunks import SPLIT, ChunkRow
from bot.storage.notice_recipients import RODE, RecipientRow
from bot.storage.notice_trials import TrialRow
from bot.storage.notices import NoticeRow
from bot.storage.outgoing import OutgoingRow


@dataclass(frozen=True, slots=True)
class Received:
    """`left_out` says why it was not sent, or that it rode along with an answer; `sent` how its request ended."""

    title: str
    begins_at: datetime | None
    left_out: str | None
    sent: str | None
    settled_at: datetime | None
    rode: str | None


def list_of_person(db: Session, person_id: int, *, limit: int) -> list[Received]:
    """The latest first."""
    mine = RecipientRow
    chunk = and_(
        ChunkRow.notice_id == mine.notice_id, ChunkRow.portion == mine.portion, ChunkRow.first <= mine.person_id,
        ChunkRow.last >= mine.person_id, ChunkRow.state != SPLIT,
    )  # fmt: skip
    wanted = (
        select(
            NoticeRow.title, NoticeRow.begins_at, mine.left_out, ChunkRow.state, ChunkRow.settled_at,
            OutgoingRow.status,
        )
        .join(NoticeRow, NoticeRow.id == mine.notice_id)
        .outerjoin(ChunkRow, chunk)
        .outerjoin(OutgoingRow, OutgoingRow.id == mine.outgoing_id)
        .where(mine.person_id == person_id)
        .order_by(mine.notice_id.desc())
        .limit(limit)
    )  # fmt: skip
    return [Received(*row) for row in db.execute(wanted)]


def count_of_person(db: Session, person_id: int) -> int:
    """Of those that were sent, or are about to be."""
    mine = select(func.count()).select_from(RecipientRow).where(RecipientRow.person_id == person_id)
    return db.scalar(mine.where(or_(RecipientRow.left_out.is_(None), RecipientRow.left_out == RODE))) or 0


def list_trials(db: Session, person_id: int, *, limit: int) -> list[tuple[str, str, datetime]]:
    """Title, state and time of what was shown to them before it was sent to others."""
    wanted = select(NoticeRow.title, TrialRow.state, TrialRow.created_at)
    wanted = wanted.join(NoticeRow, NoticeRow.id == TrialRow.notice_id).where(TrialRow.person_id == person_id)
    return [(title, state, at) for title, state, at in db.execute(wanted.order_by(TrialRow.id.desc()).limit(limit))]
