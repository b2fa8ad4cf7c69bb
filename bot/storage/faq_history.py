"""How the FAQ's versions follow each other: what was in force before, and what each was made from."""

from __future__ import annotations

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, insert_into
from bot.storage.faq_versions import FaqVersionRow

SHIPPED = "shipped files"
"""The source of versions that came with a release."""
MOST_NAMED = 10


class FaqOriginRow(Base):
    """Of a version that was published from a draft."""

    __tablename__ = "faq_origins"

    version: Mapped[str] = mapped_column(String(64), primary_key=True)
    base_version: Mapped[str] = mapped_column(String(64))
    shipped_version: Mapped[str | None] = mapped_column(String(64))
    """The release whose content is in it."""


def note_origin(db: Session, *, version: str, base_version: str, shipped_version: str | None) -> None:
    values = {"base_version": base_version, "shipped_version": shipped_version}
    statement = insert_into(db, FaqOriginRow).values(version=version, **values)
    db.execute(statement.on_conflict_do_update(index_elements=["version"], set_=values))


def find_shipped_in(db: Session, version: str) -> str | None:
    """The release whose content is in a version: itself, when it came with one; else as it was noted; else the first
    release of all, from which everything here began."""
    if is_shipped(db, version):
        return version
    noted = db.scalar(select(FaqOriginRow.shipped_version).where(FaqOriginRow.version == version))
    return noted or db.scalar(
        select(FaqVersionRow.version).where(FaqVersionRow.source == SHIPPED).order_by(FaqVersionRow.id).limit(1)
    )


def find_newest_shipped(db: Session) -> str | None:
    return db.scalar(
        select(FaqVersionRow.version).where(FaqVersionRow.source == SHIPPED).order_by(FaqVersionRow.id.desc()).limit(1)
    )


def find_published_before(db: Session, version: str) -> str | None:
    """The version that was published last, other than this one."""
    return db.scalar(
        select(FaqVersionRow.version)
        .where(FaqVersionRow.published_at.isnot(None), FaqVersionRow.version != version)
        .order_by(FaqVersionRow.published_at.desc(), FaqVersionRow.id.desc())
        .limit(1)
    )


def list_beginning_with(db: Session, beginning: str) -> list[str]:
    """Names of versions, a few at most."""
    statement = (
        select(FaqVersionRow.version)
        .where(FaqVersionRow.version.startswith(beginning, autoescape=True))
        .order_by(FaqVersionRow.id.desc())
        .limit(MOST_NAMED)
    )
    return list(db.scalars(statement))


def is_shipped(db: Session, version: str) -> bool:
    return db.scalar(select(FaqVersionRow.source).where(FaqVersionRow.version == version)) == SHIPPED
