"""What people want to hear, and when: as they chose themselves, or as was proposed for them and waits for their yes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, String, delete, false, insert, select, true, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, BigId, insert_into

PROGRAMME, TOPIC = "programme", "topic"


class PreferenceRow(Base):
    """`wants_notices` is true from a yes to its withdrawal, and for nobody else; the consents hold the proof."""

    __tablename__ = "preferences"

    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    wants_notices: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    everything: Mapped[bool] = mapped_column(Boolean, default=True, server_default=true())
    """Of every programme; else of those among the interests only."""
    district: Mapped[str | None] = mapped_column(String(40))
    quiet_from: Mapped[int | None]
    """Minutes after midnight in Bangkok, with `quiet_to`: beyond the night, in which nobody hears anything anyway."""
    quiet_to: Mapped[int | None]
    paused_until: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]
    """When they were asked whether they want notices. Nobody is asked twice."""
    imported: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    """Proposed by a file: worth nothing before they say yes."""
    wants_reminders: Mapped[bool] = mapped_column(Boolean, default=True, server_default=true())
    """Of events that they registered for. What concerns their place itself is told all the same."""

    __table_args__ = (Index("ix_preferences_wants_notices", "wants_notices", "person_id"),)


class InterestRow(Base):
    __tablename__ = "interests"

    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    """`programme`, or `topic` for those who asked about one and agreed to hear more."""
    value: Mapped[str] = mapped_column(String(40), primary_key=True)

    __table_args__ = (Index("ix_interests_kind_value", "kind", "value", "person_id"),)


def find(db: Session, person_id: int) -> PreferenceRow | None:
    return db.scalar(
        select(PreferenceRow).where(PreferenceRow.person_id == person_id).execution_options(populate_existing=True)
    )


def save(db: Session, person_id: int, **values: Any) -> None:  # noqa: ANN401 - the columns to change
    """Only these columns, whether or not there was a row."""
    statement = insert_into(db, PreferenceRow).values(person_id=person_id, **values)
    if values:
        db.execute(statement.on_conflict_do_update(index_elements=["person_id"], set_=values))
    else:
        db.execute(statement.on_conflict_do_nothing())


def wants_reminders(db: Session, person_id: int) -> bool:
    """Whoever registers is reminded, until they say no."""
    found = db.scalar(select(PreferenceRow.wants_reminders).where(PreferenceRow.person_id == person_id))
    return found is not False


def note_asked(db: Session, person_id: int, *, at: datetime) -> bool:
    """True for the one who asks; False where they were asked before."""
    save(db, person_id)
    asked = update(PreferenceRow).where(PreferenceRow.person_id == person_id, PreferenceRow.asked_at.is_(None))
    return db.execute(asked.values(asked_at=at).returning(PreferenceRow.person_id)).first() is not None


def list_interests(db: Session, person_id: int, *, kind: str) -> list[str]:
    statement = select(InterestRow.value).where(InterestRow.person_id == person_id, InterestRow.kind == kind)
    return list(db.scalars(statement.order_by(InterestRow.value)))


def add_interest(db: Session, person_id: int, *, kind: str, value: str) -> None:
    statement = insert_into(db, InterestRow).values(person_id=person_id, kind=kind, value=value)
    db.execute(statement.on_conflict_do_nothing())


def remove_interest(db: Session, person_id: int, *, kind: str, value: str) -> None:
    mine = (InterestRow.person_id == person_id, InterestRow.kind == kind, InterestRow.value == value)
    db.execute(delete(InterestRow).where(*mine))


def set_interests(db: Session, person_id: int, *, kind: str, values: Collection[str]) -> None:
    db.execute(delete(InterestRow).where(InterestRow.person_id == person_id, InterestRow.kind == kind))
    if values:
        rows = [{"person_id": person_id, "kind": kind, "value": value} for value in sorted(set(values))]
        db.execute(insert(InterestRow), rows)


def forget_interests(db: Session, person_id: int) -> None:
    db.execute(delete(InterestRow).where(InterestRow.person_id == person_id))
