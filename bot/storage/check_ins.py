"""Who came: one line for a party and a part of the event, counted once however often it is scanned."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, BigId, insert_into


class CheckInRow(Base):
    __tablename__ = "check_ins"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    registration_id: Mapped[int] = mapped_column(BigId, ForeignKey("registrations.id", ondelete="CASCADE"))
    event_id: Mapped[int] = mapped_column(BigId, ForeignKey("events.id", ondelete="CASCADE"), index=True)
    part: Mapped[int] = mapped_column(BigId, default=0)
    """The id of the session; 0 for an event of one part."""
    people: Mapped[int]
    """How many of the party came; 0 after it was undone."""
    at: Mapped[datetime]
    """When they stood at the door, by the phone that scanned them, be it sent later."""
    recorded_at: Mapped[datetime]
    way: Mapped[str] = mapped_column(String(8))
    """`scan`, `code`, `name`, `paper`, `self` or `walk_in`."""
    staff_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("staff.id", ondelete="SET NULL"))
    last_key: Mapped[str] = mapped_column(String(40), default="")
    """Of the last request that changed it: the same one again changes nothing, not even after an undo."""

    __table_args__ = (UniqueConstraint("registration_id", "part"),)


def insert_once(
    db: Session, *, registration_id: int, event_id: int, part: int, people: int, at: datetime, now: datetime, way: str,
    staff_id: int | None, key: str,
) -> bool:  # fmt: skip
    """False: there is a line for that party and part already."""
    statement = insert_into(db, CheckInRow).values(
        registration_id=registration_id, event_id=event_id, part=part, people=people, at=at, recorded_at=now, way=way,
        staff_id=staff_id, last_key=key,
    )  # fmt: skip
    return db.execute(statement.on_conflict_do_nothing().returning(CheckInRow.id)).first() is not None


def find(db: Session, *, registration_id: int, part: int) -> CheckInRow | None:
    statement = select(CheckInRow).where(CheckInRow.registration_id == registration_id, CheckInRow.part == part)
    return db.scalar(statement.execution_options(populate_existing=True).with_for_update())


def list_of_registrations(db: Session, registration_ids: Collection[int]) -> list[CheckInRow]:
    return list(db.scalars(select(CheckInRow).where(CheckInRow.registration_id.in_(registration_ids))))


def count_people(db: Session, event_id: int) -> dict[int, int]:
    """How many came, by part."""
    statement = select(CheckInRow.part, func.sum(CheckInRow.people)).where(CheckInRow.event_id == event_id)
    return {part: int(people) for part, people in db.execute(statement.group_by(CheckInRow.part))}
