"""What the audit log says of somebody and of what is theirs."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from bot.storage.audit import AuditRow


def list_about(db: Session, subjects: Collection[tuple[str, str]], *, limit: int) -> list[AuditRow]:
    """Lines whose subjects are among these kinds and ids; the latest first."""
    kinds = {kind: sorted(one for other, one in subjects if other == kind) for kind, _ in subjects}
    about = [and_(AuditRow.subject_kind == kind, AuditRow.subject_id.in_(ids)) for kind, ids in kinds.items()]
    if not about:
        return []
    return list(db.scalars(select(AuditRow).where(or_(*about)).order_by(AuditRow.id.desc()).limit(limit)))
