"""The FAQ's versions, whole, and the model trained on each."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import LargeBinary, String, Text, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, BigId, insert_into


class FaqVersionRow(Base):
    __tablename__ = "faq_versions"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    version: Mapped[str] = mapped_column(String(64), unique=True)
    content: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None] = mapped_column(index=True)
    """The version published last is the one in force. Publishing an old one again is how one goes back."""


class FaqModelRow(Base):
    __tablename__ = "faq_models"

    version: Mapped[str] = mapped_column(String(64), primary_key=True)
    recipe: Mapped[str] = mapped_column(String(40), primary_key=True)
    """Which way of training made it: a new release trains again."""
    lesson: Mapped[str | None] = mapped_column(String(64), index=True)
    """What it was trained on (Catalogue.lesson). Versions that differ in answers only share it."""
    arrays: Mapped[bytes] = mapped_column(LargeBinary)


def add(db: Session, *, version: str, content: str, source: str, now: datetime) -> bool:
    """Stores a version as a draft. False: it was there already."""
    statement = (
        insert_into(db, FaqVersionRow)
        .values(version=version, content=content, source=source, created_at=now)
        .on_conflict_do_nothing(index_elements=["version"])
        .returning(FaqVersionRow.id)
    )
    return db.execute(statement).first() is not None


def publish(db: Session, *, version: str, now: datetime) -> bool:
    result = db.execute(
        update(FaqVersionRow)
        .where(FaqVersionRow.version == version)
        .values(published_at=now)
        .returning(FaqVersionRow.id)
    )
    return result.first() is not None


def find_published(db: Session) -> str | None:
    return db.scalar(
        select(FaqVersionRow.version)
        .where(FaqVersionRow.published_at.isnot(None))
        .order_by(FaqVersionRow.published_at.desc(), FaqVersionRow.id.desc())
        .limit(1)
    )


def get_content(db: Session, version: str) -> str:
    return db.scalars(select(FaqVersionRow.content).where(FaqVersionRow.version == version)).one()


def list_versions(db: Session) -> list[FaqVersionRow]:
    return list(db.scalars(select(FaqVersionRow).order_by(FaqVersionRow.id.desc())))


class Outline(NamedTuple):
    """A version without its content."""

    version: str
    created_at: datetime
    published_at: datetime | None
    source: str


_OUTLINE = select(FaqVersionRow.version, FaqVersionRow.created_at, FaqVersionRow.published_at, FaqVersionRow.source)


def list_outlines(db: Session, *, offset: int, limit: int) -> list[Outline]:
    """The newest first."""
    rows = db.execute(_OUTLINE.order_by(FaqVersionRow.id.desc()).offset(offset).limit(limit))
    return [Outline(*row) for row in rows]


def find_outline(db: Session, version: str) -> Outline | None:
    row = db.execute(_OUTLINE.where(FaqVersionRow.version == version)).first()
    return None if row is None else Outline(*row)


def find_model(db: Session, *, version: str, recipe: str) -> bytes | None:
    return db.scalar(select(FaqModelRow.arrays).where(FaqModelRow.version == version, FaqModelRow.recipe == recipe))


def find_model_of_lesson(db: Session, *, lesson: str, recipe: str) -> bytes | None:
    """A model of any version that teaches the same."""
    return db.scalar(
        select(FaqModelRow.arrays).where(FaqModelRow.lesson == lesson, FaqModelRow.recipe == recipe).limit(1)
    )


def save_model(db: Session, *, version: str, recipe: str, arrays: bytes, lesson: str | None = None) -> None:
    db.execute(
        insert_into(db, FaqModelRow)
        .values(version=version, recipe=recipe, arrays=arrays, lesson=lesson)
        .on_conflict_do_nothing()
    )


def count(db: Session) -> int:
    return db.scalar(select(func.count()).select_from(FaqVersionRow)) or 0
