"""What staff wrote in cases, on its way: found by the row it is sent under, and what nobody will see to any more."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from bot.storage.case_messages import QUEUED, CaseMessageRow
from bot.storage.cases import CaseRow
from bot.storage.incoming import IncomingRow
from bot.storage.jobs import DEAD, JobRow


def find_by_incoming(db: Session, incoming_id: int) -> CaseMessageRow | None:
    of_that = select(CaseMessageRow).where(CaseMessageRow.incoming_id == incoming_id)
    return db.scalar(of_that.limit(1).execution_options(populate_existing=True))


def find_on_its_way_before(db: Session, message: CaseMessageRow, *, kind: str) -> int | None:
    """Something that was written to the same citizen before this one, in whatever case, and that is still tried: a job
    of this kind will see to it. What was given up is none."""
    other, whose, own = aliased(CaseMessageRow), aliased(CaseRow), aliased(CaseRow)
    tried = exists().where(JobRow.kind == kind, JobRow.status != DEAD, JobRow.subject_id == other.incoming_id)
    statement = (
        select(other.id)
        .join(whose, whose.id == other.case_id)
        .join(own, own.person_id == whose.person_id)
        .where(own.id == message.case_id, other.delivery == QUEUED, other.id < message.id, tried)
        .limit(1)
    )
    return db.scalar(statement)


def list_left_over(db: Session, *, kind: str, before: datetime, limit: int) -> list[int]:
    """Incoming rows of what was queued before that moment, and which no open job of this kind will see to: its process
    died at the very end, or it was given up."""
    open_jobs = select(JobRow.subject_id).where(
        JobRow.kind == kind, JobRow.status != DEAD, JobRow.subject_id.isnot(None)
    )
    statement = (
        select(IncomingRow.id)
        .join(CaseMessageRow, CaseMessageRow.incoming_id == IncomingRow.id)
        .where(CaseMessageRow.delivery == QUEUED, IncomingRow.received_at < before, IncomingRow.id.not_in(open_jobs))
        .order_by(CaseMessageRow.id)
        .limit(limit)
    )
    return list(db.scalars(statement))
