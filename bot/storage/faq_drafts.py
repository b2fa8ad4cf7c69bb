"""The one working draft of the FAQ, and every edit that was made to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, Text, delete, func, null, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, BigId

ONLY = 1
"""The id of the only row."""


class FaqDraftRow(Base):
    __tablename__ = "faq_draft"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    base_version: Mapped[str] = mapped_column(String(64))
    """What it was started from, or last merged with."""
    shipped_version: Mapped[str | None] = mapped_column(String(64))
    """The release whose content is in it already."""
    first_revision: Mapped[int]
    revision: Mapped[int]
    """Grows with every edit, and goes on growing from one draft to the next."""
    content: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None] = mapped_column(BigId)


class FaqDraftEditRow(Base):
    __tablename__ = "faq_draft_edits"

    revision: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    """The draft's revision that the edit made."""
    at: Mapped[datetime]
    by: Mapped[int | None] = mapped_column(BigId)
    kind: Mapped[str] = mapped_column(String(24))
    subject: Mapped[str] = mapped_column(String(120))
    what: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    """Each part changed, before and after; gone once the edit's draft is closed."""
    undone: Mapped[bool] = mapped_column(default=False)


@dataclass(frozen=True, slots=True)
class StoredDraft:
    base_version: str
    shipped_version: str | None
    first_revision: int
    revision: int
    content: str
    changed_at: datetime
    changed_by: int | None


@dataclass(frozen=True, slots=True)
class StoredEdit:
    revision: int
    at: datetime
    by: int | None
    kind: str
    subject: str
    undone: bool


def find_draft(db: Session) -> StoredDraft | None:
    """Always as it is in the database now, whatever the session has seen before."""
    row = db.execute(
        select(
            FaqDraftRow.base_version,
            FaqDraftRow.shipped_version,
            FaqDraftRow.first_revision,
            FaqDraftRow.revision,
            FaqDraftRow.content,
            FaqDraftRow.changed_at,
            FaqDraftRow.changed_by,
        ).where(FaqDraftRow.id == ONLY)
    ).first()
    return None if row is None else StoredDraft(*row)


def start(db: Session, draft: StoredDraft) -> None:
    db.add(
        FaqDraftRow(
            id=ONLY,
            base_version=draft.base_version,
            shipped_version=draft.shipped_version,
            first_revision=draft.first_revision,
            revision=draft.revision,
            content=draft.content,
            changed_at=draft.changed_at,
            changed_by=draft.changed_by,
        )
    )
    db.flush()


def save(
    db: Session,
    *,
    seen_revision: int,
    content: str,
    base_version: str,
    shipped_version: str | None,
    by: int | None,
    now: datetime,
) -> int | None:
    """The new revision, or None when the draft is no longer the one that was seen."""
    return db.scalar(
        update(FaqDraftRow)
        .where(FaqDraftRow.id == ONLY, FaqDraftRow.revision == seen_revision)
        .values(
            content=content,
            base_version=base_version,
            shipped_version=shipped_version,
            revision=FaqDraftRow.revision + 1,
            changed_at=now,
            changed_by=by,
        )
        .returning(FaqDraftRow.revision)
    )


def close(db: Session, *, seen_revision: int) -> bool:
    """Removes the draft and what its edits held. False: it is no longer the one that was seen."""
    gone = db.scalar(
        delete(FaqDraftRow)
        .where(FaqDraftRow.id == ONLY, FaqDraftRow.revision == seen_revision)
        .returning(FaqDraftRow.first_revision)
    )
    if gone is None:
        return False
    db.execute(update(FaqDraftEditRow).where(FaqDraftEditRow.revision >= gone).values(what=null()))
    return True


def record(
    db: Session, *, revision: int, kind: str, subject: str, what: list[Any] | None, by: int | None, now: datetime
) -> None:
    db.add(FaqDraftEditRow(revision=revision, at=now, by=by, kind=kind, subject=subject[:120], what=what, undone=False))
    db.flush()


def last_revision(db: Session) -> int:
    return db.scalar(select(func.max(FaqDraftEditRow.revision))) or 0


def find_what(db: Session, revision: int) -> list[Any] | None:
    """What an edit changed, unless it was undone or its draft is closed."""
    return db.scalar(
        select(FaqDraftEditRow.what).where(FaqDraftEditRow.revision == revision, FaqDraftEditRow.undone.is_(False))
    )


def mark_undone(db: Session, revision: int) -> bool:
    found = db.scalar(
        update(FaqDraftEditRow)
        .where(FaqDraftEditRow.revision == revision, FaqDraftEditRow.undone.is_(False))
        .values(undone=True)
        .returning(FaqDraftEditRow.revision)
    )
    return found is not None


def list_edits(db: Session, *, limit: int, since: int = 0) -> list[StoredEdit]:
    """The newest first; `since` is the first revision wanted, for instance the open draft's."""
    row = FaqDraftEditRow
    statement = (
        select(row.revision, row.at, row.by, row.kind, row.subject, row.undone)
        .where(row.revision >= since)
        .order_by(row.revision.desc())
        .limit(limit)
    )
    return [StoredEdit(*found) for found in db.execute(statement)]
