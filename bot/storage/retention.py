"""What is forgotten by its age alone: deletes of rows whose time is over, oldest first, so many at a time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from bot.storage.backups import BackupRow
from bot.storage.consents import ConsentRow
from bot.storage.outgoing import Delivery, OutgoingRow


def forget_withdrawn_consents(db: Session, *, withdrawn_before: datetime, limit: int) -> int:
    old = select(ConsentRow.id).where(ConsentRow.withdrawn_at < withdrawn_before).order_by(ConsentRow.id).limit(limit)
    return len(db.execute(delete(ConsentRow).where(ConsentRow.id.in_(old)).returning(ConsentRow.id)).all())


def forget_backups(db: Session, *, began_before: datetime) -> int:
    """That there were some; the latest always stays."""
    latest = select(func.max(BackupRow.id)).scalar_subquery()
    gone = delete(BackupRow).where(BackupRow.began_at < began_before, BackupRow.id != latest)
    return len(db.execute(gone.returning(BackupRow.id)).all())


def give_up_answers(db: Session, *, begun_before: datetime, now: datetime, limit: int) -> int:
    """Answers that nobody tries any more, since their jobs were given up: whether LINE took them nobody can find out.
    What was written and the token go."""
    old = select(OutgoingRow.id).where(OutgoingRow.status == Delivery.TRYING, OutgoingRow.created_at < begun_before)
    ended = update(OutgoingRow).where(
        OutgoingRow.id.in_(old.order_by(OutgoingRow.id).limit(limit)), OutgoingRow.status == Delivery.TRYING
    )
    values = {"settled_at": now, "messages": None, "reply_token": None}
    return len(db.execute(ended.values(status=Delivery.UNKNOWN, **values).returning(OutgoingRow.id)).all())


def unname_answers(db: Session, *, settled_before: datetime, limit: int) -> int:
    """Of answers that went out, how they fared stays, and no longer to whom."""
    old = select(OutgoingRow.id).where(OutgoingRow.settled_at < settled_before, OutgoingRow.person_id.is_not(None))
    unnamed = update(OutgoingRow).where(OutgoingRow.id.in_(old.order_by(OutgoingRow.id).limit(limit)))
    return len(db.execute(unnamed.values(person_id=None).returning(OutgoingRow.id)).all())
