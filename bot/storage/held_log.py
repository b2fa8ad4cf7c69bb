"""What the audit log says of somebody and of what is theirs."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import and_, or_, select, true
from sqlalchemy.orm import Session

from bot.storage.audit import AuditRow

PERSON = "person"


def list_about(
    db: Session, subjects: Collection[tuple[str, str]], *, known_since: datetime | None, limit: int
) -> list[AuditRow]:
    """Lines whose subjects are among these kinds and ids; the latest first. Of a person none from before they were
    known: on SQLite their number may have been that of somebody who was erased."""
    kinds = {kind: sorted(one for other, one in subjects if other == kind) for kind, _ in subjects}
    theirs = {PERSON: AuditRow.at >= known_since} if known_since is not None else {}
    about = [
        and_(AuditRow.subject_kind == kind, AuditRow.subject_id.in_(ids), theirs.get(kind, true()))
        for kind, ids in kinds.items()
    ]
    if not about:
        return []
    return list(db.scalars(select(AuditRow).where(or_(*about)).order_by(AuditRow.id.desc()).limit(limit)))
