"""How fast requests may be made to LINE, counted for all processes together."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Float, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, insert_into


class RateRow(Base):
    """A bucket: what is in it may be spent at once, and it fills steadily."""

    __tablename__ = "rates"

    name: Mapped[str] = mapped_column(String(24), primary_key=True)
    tokens: Mapped[float] = mapped_column(Float)
    counted_at: Mapped[datetime]
    slow_until: Mapped[datetime | None]


def lock(db: Session, name: str, *, full: float, now: datetime) -> RateRow:
    """Made full where there was none. Nobody else takes from it before this transaction ends."""
    new = insert_into(db, RateRow).values(name=name, tokens=full, counted_at=now)
    db.execute(new.on_conflict_do_nothing())
    statement = select(RateRow).where(RateRow.name == name).with_for_update()
    return db.scalars(statement.execution_options(populate_existing=True)).one()


def save(db: Session, name: str, *, tokens: float, now: datetime) -> None:
    db.execute(update(RateRow).where(RateRow.name == name).values(tokens=tokens, counted_at=now))


def slow_down(db: Session, name: str, *, until: datetime) -> None:
    db.execute(update(RateRow).where(RateRow.name == name).values(slow_until=until))
