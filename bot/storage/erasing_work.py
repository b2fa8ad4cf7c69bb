"""Taking one person out of what waits to be done: what came in, queued work, and requests of notices."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, and_, case, delete, func, or_, select, update
from sqlalchemy.orm import Session

from bot.storage.incoming import IncomingRow, QuarantinedRow
from bot.storage.jobs import DEAD, READY, JobRow
from bot.storage.notice_chunks import EMPTY, OPEN, TRYING, UNKNOWN, ChunkRow
from bot.storage.notice_recipients import RecipientRow
from bot.storage.notices import NoticeRow
from bot.storage.registrations import RegistrationRow
from bot.storage.service_messages import BOOKED, DROPPED, HELD, QUEUED, ServiceMessageRow

ERASED = "erased"


def find_latest(db: Session, lanes: Collection[str]) -> datetime | None:
    """When the last of what came in this way happened, by LINE's clock."""
    return db.scalar(select(func.max(IncomingRow.occurred_at)).where(IncomingRow.lane.in_(lanes)))


def forget_lanes(db: Session, lanes: Collection[str], *, now: datetime) -> int:
    """Of what came in this way only id, kind and times stay, so that a repetition is recognised; what waited has no
    effect any more. Returns how many rows there were."""
    forgotten = (
        update(IncomingRow)
        .where(IncomingRow.lane.in_(lanes))
        .values(
            lane=None, payload=None, settled_at=func.coalesce(IncomingRow.settled_at, now),
            outcome=func.coalesce(IncomingRow.outcome, ERASED),
        )
    )  # fmt: skip
    return _count(db.execute(forgotten.execution_options(synchronize_session=False)))


def drop_jobs(db: Session, lanes: Collection[str]) -> int:
    """What waits in these lanes, and what was given up there. What runs now finds nothing left to do."""
    gone = delete(JobRow).where(JobRow.lane.in_(lanes), JobRow.status.in_((READY, DEAD)))
    return _count(db.execute(gone))


def list_payloads(db: Session, *, after: int, limit: int) -> list[tuple[int, bytes]]:
    """Whatever came in and has not had its effect, or was never to have one; by id, those after `after`."""
    statement = select(IncomingRow.id, IncomingRow.payload).where(
        IncomingRow.id > after, IncomingRow.payload.is_not(None)
    )
    found = db.execute(statement.order_by(IncomingRow.id).limit(limit))
    return [(row_id, payload) for row_id, payload in found if payload is not None]


def forget_incoming(db: Session, incoming_ids: Sequence[int], *, now: datetime) -> int:
    forgotten = (
        update(IncomingRow)
        .where(IncomingRow.id.in_(incoming_ids))
        .values(
            payload=None, settled_at=func.coalesce(IncomingRow.settled_at, now),
            outcome=func.coalesce(IncomingRow.outcome, ERASED),
        )
    )  # fmt: skip
    return _count(db.execute(forgotten.execution_options(synchronize_session=False))) if incoming_ids else 0


def list_quarantined(db: Session, *, after: int, limit: int) -> list[tuple[int, bytes]]:
    statement = select(QuarantinedRow.id, QuarantinedRow.body).where(
        QuarantinedRow.id > after, QuarantinedRow.body.is_not(None)
    )
    found = db.execute(statement.order_by(QuarantinedRow.id).limit(limit))
    return [(row_id, body) for row_id, body in found if body is not None]


def forget_quarantined(db: Session, row_ids: Sequence[int]) -> int:
    return _count(db.execute(delete(QuarantinedRow).where(QuarantinedRow.id.in_(row_ids)))) if row_ids else 0


def drop_service_messages(db: Session, registration_ids: Collection[int], *, now: datetime) -> list[int]:
    """What they were to be told is not told any more. The incoming rows of what was on its way."""
    if not registration_ids:
        return []
    mine = (
        ServiceMessageRow.registration_id.in_(registration_ids),
        ServiceMessageRow.state.in_((BOOKED, HELD, QUEUED)),
    )
    dropped = update(ServiceMessageRow).where(*mine).values(state=DROPPED, why=ERASED, settled_at=now)
    return [one for one in db.scalars(dropped.returning(ServiceMessageRow.incoming_id)) if one is not None]


def list_chunks(db: Session, person_id: int) -> list[ChunkRow]:
    """Open requests with this person among their people, locked in their order: whoever sends takes one at a time."""
    statement = (
        select(ChunkRow)
        .join(
            RecipientRow,
            and_(
                RecipientRow.notice_id == ChunkRow.notice_id, RecipientRow.portion == ChunkRow.portion,
                RecipientRow.person_id.between(ChunkRow.first, ChunkRow.last),
            ),
        )
        .where(RecipientRow.person_id == person_id, RecipientRow.left_out.is_(None), ChunkRow.state.in_(OPEN))
        .order_by(ChunkRow.id)
        .with_for_update(of=ChunkRow)
        .execution_options(populate_existing=True)
    )  # fmt: skip
    return list(db.scalars(statement))


def end_chunks(db: Session, chunk_ids: Collection[int], *, now: datetime) -> int:
    """Those that LINE may have taken are unknown: the same body could not be made again without the person. A request
    for this person alone is not made at all. What is being asked for others too at this very moment is left to end: if
    nobody can say how, whoever takes it up next finds that somebody of it is gone. Returns how many are unknown."""
    in_flight = and_(ChunkRow.state == TRYING, ChunkRow.why == "")
    alone = ChunkRow.notice_id.in_(select(NoticeRow.id).where(NoticeRow.personal.is_(True)))
    doubtful = or_(ChunkRow.doubtful, in_flight)
    ended = (
        update(ChunkRow)
        .where(ChunkRow.id.in_(chunk_ids), ChunkRow.state.in_(OPEN), or_(alone, and_(ChunkRow.doubtful, ~in_flight)))
        .values(
            state=case((doubtful, UNKNOWN), else_=EMPTY), people=case((doubtful, ChunkRow.people), else_=0),
            settled_at=now, why="somebody of it is gone", body=None, tries=ChunkRow.tries + 1,
        )
        .returning(ChunkRow.state)
    )  # fmt: skip
    states = list(db.scalars(ended.execution_options(synchronize_session=False))) if chunk_ids else []
    return states.count(UNKNOWN)


def list_registrations(db: Session, person_id: int) -> list[tuple[int, int]]:
    """Ids, and their events', of all that still say whose they are."""
    statement = select(RegistrationRow.id, RegistrationRow.event_id).where(
        RegistrationRow.person_id == person_id, RegistrationRow.forgotten.is_(False)
    )
    return [(row_id, event_id) for row_id, event_id in db.execute(statement.order_by(RegistrationRow.id))]


def list_by_ids(db: Session, registration_ids: Collection[int]) -> list[tuple[int, int]]:
    """The same, of these."""
    statement = select(RegistrationRow.id, RegistrationRow.event_id).where(
        RegistrationRow.id.in_(registration_ids), RegistrationRow.forgotten.is_(False)
    )
    return [(row_id, event_id) for row_id, event_id in db.execute(statement.order_by(RegistrationRow.id))]


def _count(result: Any) -> int:  # noqa: ANN401 - SQLAlchemy types the row count on a subclass of what execute returns
    return int(cast(CursorResult[Any], result).rowcount)
