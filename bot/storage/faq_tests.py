"""The permanent tests that decisions about questions leave behind."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, BigId, insert_into


class FaqTestRow(Base):
    """A message, free of identity, and what must be made of it, in every later version."""

    __tablename__ = "faq_tests"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    expect: Mapped[str | None] = mapped_column(String(80))
    """The entry; None: it must not be answered."""
    kind: Mapped[str] = mapped_column(String(12))
    group_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("review_groups.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(80))
    retired_at: Mapped[datetime | None]


def list_worded(db: Session, keys: Collection[str]) -> list[FaqTestRow]:
    return list(db.scalars(select(FaqTestRow).where(FaqTestRow.key.in_(keys))))


def save(db: Session, **values: Any) -> None:  # noqa: ANN401 - the columns of a test
    """One wording, one test: a later decision replaces the earlier one."""
    anew = {name: value for name, value in values.items() if name != "key"}
    statement = insert_into(db, FaqTestRow).values(**values)
    db.execute(statement.on_conflict_do_update(index_elements=["key"], set_=anew))


def list_in_force(db: Session, *, after: int, limit: int) -> list[FaqTestRow]:
    wanted = (FaqTestRow.retired_at.is_(None), FaqTestRow.id > after)
    return list(db.scalars(select(FaqTestRow).where(*wanted).order_by(FaqTestRow.id).limit(limit)))


def list_latest_in_force(db: Session, *, wanted: str, before: int | None, limit: int) -> list[FaqTestRow]:
    """Those with these letters in them, the newest first; with `before`, those older than it."""
    statement = select(FaqTestRow).where(FaqTestRow.retired_at.is_(None))
    if wanted:
        statement = statement.where(FaqTestRow.text.icontains(wanted, autoescape=True))
    if before is not None:
        statement = statement.where(FaqTestRow.id < before)
    return list(db.scalars(statement.order_by(FaqTestRow.id.desc()).limit(limit)))


def remove(db: Session, test_id: int) -> None:
    db.execute(delete(FaqTestRow).where(FaqTestRow.id == test_id))


def retire(db: Session, test_id: int, *, now: datetime) -> FaqTestRow | None:
    """None: it is not in force any more."""
    in_force = (FaqTestRow.id == test_id, FaqTestRow.retired_at.is_(None))
    return db.scalars(update(FaqTestRow).where(*in_force).values(retired_at=now).returning(FaqTestRow)).first()
