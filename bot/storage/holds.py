"""What must not happen before a person has said so, such as any sending after a restore."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from sqlalchemy import String, Table, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, insert_into

SENDING = "sending"


class HoldRow(Base):
    __tablename__ = "holds"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    since: Mapped[datetime]
    why: Mapped[str] = mapped_column(String(80), default="")


_IS_SENDING_HELD = select(cast(Table, HoldRow.__table__).c.name).where(HoldRow.name == SENDING)


def is_sending_held(db: Session) -> bool:
    """True: nobody is written to unasked. Whoever writes still gets the free reply."""
    return db.execute(_IS_SENDING_HELD).first() is not None


def find(db: Session, name: str) -> HoldRow | None:
    return db.get(HoldRow, name, populate_existing=True)


def begin(db: Session, name: str, *, why: str, now: datetime) -> None:
    statement = insert_into(db, HoldRow).values(name=name, since=now, why=why)
    db.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"since": now, "why": why}))


def end(db: Session, name: str) -> bool:
    """False: it was not held."""
    return db.execute(delete(HoldRow).where(HoldRow.name == name).returning(HoldRow.name)).first() is not None
