"""What the publish gate found out about drafts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, Text, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, BigId
from bot.storage.faq_versions import FaqModelRow, FaqVersionRow

PASSED, BLOCKED = "passed", "blocked"


class FaqGateReportRow(Base):
    __tablename__ = "faq_gate_reports"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    draft_revision: Mapped[int] = mapped_column(BigId, index=True)
    version: Mapped[str] = mapped_column(String(64))
    """Of the draft's content."""
    in_force: Mapped[str] = mapped_column(String(64))
    """The version that it was compared with."""
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(BigId)
    report: Mapped[dict[str, Any]] = mapped_column(JSON)
    verdict: Mapped[str] = mapped_column(String(8))
    override_reason: Mapped[str | None] = mapped_column(Text)
    published_at: Mapped[datetime | None] = mapped_column(index=True)
    published_by: Mapped[int | None] = mapped_column(BigId)


@dataclass(frozen=True, slots=True)
class StoredVerdict:
    id: int
    draft_revision: int
    version: str
    in_force: str
    created_at: datetime
    verdict: str


def add(
    db: Session,
    *,
    draft_revision: int,
    version: str,
    in_force: str,
    report: dict[str, Any],
    verdict: str,
    by: int | None,
    now: datetime,
) -> int:
    row = FaqGateReportRow(
        draft_revision=draft_revision,
        version=version,
        in_force=in_force,
        created_at=now,
        created_by=by,
        report=report,
        verdict=verdict,
    )
    db.add(row)
    db.flush()
    return row.id


def find_latest(db: Session, *, draft_revision: int) -> StoredVerdict | None:
    """The last verdict on a revision of the draft, without the report itself."""
    row = FaqGateReportRow
    found = db.execute(
        select(row.id, row.draft_revision, row.version, row.in_force, row.created_at, row.verdict)
        .where(row.draft_revision == draft_revision)
        .order_by(row.id.desc())
        .limit(1)
    ).first()
    return None if found is None else StoredVerdict(*found)


def get_report(db: Session, report_id: int) -> dict[str, Any]:
    report: dict[str, Any] = db.scalars(select(FaqGateReportRow.report).where(FaqGateReportRow.id == report_id)).one()
    return report


def mark_published(db: Session, *, report_id: int, override_reason: str | None, by: int | None, now: datetime) -> None:
    db.execute(
        update(FaqGateReportRow)
        .where(FaqGateReportRow.id == report_id)
        .values(published_at=now, published_by=by, override_reason=override_reason)
    )


def find_publishers(db: Session, versions: Sequence[str]) -> dict[str, tuple[int | None, str | None]]:
    """By version: who published it, and the reason where tests failed."""
    statement = select(
        FaqGateReportRow.version, FaqGateReportRow.published_by, FaqGateReportRow.override_reason
    ).where(FaqGateReportRow.version.in_(versions), FaqGateReportRow.published_at.isnot(None))  # fmt: skip
    return {version: (by, reason) for version, by, reason in db.execute(statement)}


def forget_idle_models(db: Session, *, keep: str) -> int:
    """Drops the models of drafts that were prepared and never published; returns how many. `keep` stays."""
    known = select(FaqVersionRow.version)
    gone = db.execute(
        delete(FaqModelRow)
        .where(FaqModelRow.version.not_in(known), FaqModelRow.version != keep)
        .returning(FaqModelRow.version)
    )
    return len(gone.all())
