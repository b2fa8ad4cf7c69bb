"""What is wrong with the running of things, since when, and who was told."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import String, Text, and_, case, delete, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, insert_into


class AlarmRow(Base):
    """One a condition. It stays when the condition is over, and says until when it lasted."""

    __tablename__ = "alarms"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    detail: Mapped[str] = mapped_column(Text, default="")
    """Numbers and names of settings: nothing personal."""
    since: Mapped[datetime]
    seen_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    over_at: Mapped[datetime | None]
    told_over_at: Mapped[datetime | None]


def find(db: Session, name: str) -> AlarmRow | None:
    return db.get(AlarmRow, name, populate_existing=True)


def list_all(db: Session) -> list[AlarmRow]:
    """Those that are on first, then by their beginning."""
    order = (AlarmRow.over_at.is_not(None), AlarmRow.since.desc(), AlarmRow.name)
    return list(db.scalars(select(AlarmRow).order_by(*order)))


def note_on(db: Session, name: str, *, detail: str, now: datetime) -> None:
    """It is on: since now, unless it was on already."""
    statement = insert_into(db, AlarmRow).values(name=name, detail=detail, since=now, seen_at=now)
    kept = {
        "detail": detail,
        "seen_at": now,
        "since": case(
            (and_(AlarmRow.over_at.is_(None), AlarmRow.since <= now), AlarmRow.since), else_=statement.excluded.since
        ),
        "told_at": case((AlarmRow.over_at.is_(None), AlarmRow.told_at), else_=None),
        "told_over_at": None,
        "over_at": None,
    }
    db.execute(statement.on_conflict_do_update(index_elements=["name"], set_=kept))


def note_over(
    db: Session, *, besides: Collection[str], now: datetime, unseen_since: datetime | None = None
) -> None:  # fmt: skip
    """Whatever is on, and is not among these, is over; with `unseen_since` only what nobody has seen since then."""
    on = update(AlarmRow).where(AlarmRow.over_at.is_(None), AlarmRow.name.not_in(besides))
    if unseen_since is not None:
        ahead = now + (now - unseen_since)  # of a clock that was wrong; clocks of two machines differ by less
        on = on.where(or_(AlarmRow.seen_at <= unseen_since, AlarmRow.seen_at > ahead))
    db.execute(on.values(over_at=now))


def claim_telling(db: Session, *, on_before: datetime, again_before: datetime, lease: timedelta) -> list[AlarmRow]:
    """Those that somebody is to be told of now, each given to one caller: on since before that moment and not told, or
    last told before the other, or by a clock that was ahead. Whoever does not say `note_told` within the lease has
    died, and another may tell."""
    due = (
        AlarmRow.over_at.is_(None),
        AlarmRow.since <= on_before,
        or_(AlarmRow.told_at.is_(None), AlarmRow.told_at < again_before, AlarmRow.told_at > on_before + lease),
    )
    claimed = update(AlarmRow).where(*due).values(told_at=again_before + lease).returning(AlarmRow.name)
    return _read(db, list(db.scalars(claimed)))


def claim_telling_over(db: Session, *, now: datetime) -> list[AlarmRow]:
    """Those that are over, and were told of while they lasted."""
    over = (AlarmRow.over_at.is_not(None), AlarmRow.told_at.is_not(None), AlarmRow.told_over_at.is_(None))
    claimed = update(AlarmRow).where(*over).values(told_over_at=now).returning(AlarmRow.name)
    return _read(db, list(db.scalars(claimed)))


def note_told(db: Session, names: Collection[str], *, now: datetime) -> None:
    """What was claimed has been told."""
    db.execute(update(AlarmRow).where(AlarmRow.name.in_(names), AlarmRow.told_at.is_not(None)).values(told_at=now))


def give_back(db: Session, names: Collection[str]) -> None:
    """Nobody could be told."""
    db.execute(update(AlarmRow).where(AlarmRow.name.in_(names), AlarmRow.over_at.is_(None)).values(told_at=None))


def forget(db: Session, *, over_before: datetime) -> int:
    gone = delete(AlarmRow).where(AlarmRow.over_at < over_before).returning(AlarmRow.name)
    return len(db.execute(gone).all())


def _read(db: Session, names: Collection[str]) -> list[AlarmRow]:
    fresh = select(AlarmRow).where(AlarmRow.name.in_(names)).order_by(AlarmRow.since, AlarmRow.name)
    return list(db.scalars(fresh.execution_options(populate_existing=True)))
