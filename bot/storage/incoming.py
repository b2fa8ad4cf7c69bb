"""What reached us: one row an event, unique on LINE's own id, and what could not be understood.

The id, the kind and the times stay, so that a repeated event is recognised for months; the payload is sealed and
removed as soon as its turn is settled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Index, LargeBinary, String, Table, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, BigId, UtcTime

FORGOTTEN = "forgotten"
"""The outcome of what nobody settled in time."""


class IncomingRow(Base):
    __tablename__ = "incoming"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    webhook_event_id: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    lane: Mapped[str | None] = mapped_column(String(64))
    occurred_at: Mapped[datetime]
    received_at: Mapped[datetime] = mapped_column(index=True)
    payload: Mapped[bytes | None] = mapped_column(LargeBinary)
    settled_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(24))

    __table_args__ = (
        Index(
            "ix_incoming_payload_kept",
            "received_at",
            sqlite_where=payload.isnot(None),
            postgresql_where=payload.isnot(None),
        ),
    )


class QuarantinedRow(Base):
    """A signed request, or a part of one, that makes no sense to us. For an operator's eyes."""

    __tablename__ = "quarantine"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    received_at: Mapped[datetime] = mapped_column(index=True)
    reason: Mapped[str] = mapped_column(String(80))
    size: Mapped[int]
    body: Mapped[bytes | None] = mapped_column(LargeBinary)


_incoming = cast(Table, IncomingRow.__table__)
# Statements of the hot path are built once: building them costs more than running them.
_FOR_TURN = select(
    _incoming.c.settled_at, _incoming.c.payload, _incoming.c.received_at, _incoming.c.outcome
).where(_incoming.c.id == bindparam("incoming_id"))  # fmt: skip
_SETTLE = (
    update(_incoming)
    .where(_incoming.c.id == bindparam("incoming_id"))
    .values(settled_at=bindparam("now", type_=UtcTime()), outcome=bindparam("how"), payload=None)
)


_INSERT_NEW = {
    name: dialect.insert(_incoming)
    .on_conflict_do_nothing(index_elements=["webhook_event_id"])
    .returning(_incoming.c.webhook_event_id, _incoming.c.id)
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}


def insert_new(db: Session, rows: Sequence[dict[str, Any]]) -> dict[str, int]:
    """Stores the events not seen before, leaving the others as they are. Returns the new rows' ids by event id."""
    if not rows:
        return {}
    unseen = {row["webhook_event_id"]: row for row in reversed(rows)}
    found = db.execute(_INSERT_NEW[db.get_bind().dialect.name], list(reversed(unseen.values())))
    return dict(found.all())


@dataclass(frozen=True, slots=True)
class ForTurn:
    """What a turn needs of its event. No payload: it is settled, or was forgotten."""

    settled: bool
    payload: bytes | None
    received_at: datetime
    forgotten: bool = False
    """It was never come to."""


def get_for_turn(db: Session, incoming_id: int) -> ForTurn:
    settled_at, payload, received_at, outcome = db.execute(_FOR_TURN, {"incoming_id": incoming_id}).one()
    return ForTurn(settled_at is not None, payload, received_at, outcome == FORGOTTEN)


def settle(db: Session, incoming_id: int, *, outcome: str, now: datetime) -> None:
    """The event has had its effect: the payload goes, once and for all."""
    db.execute(_SETTLE, {"incoming_id": incoming_id, "now": now, "how": outcome})


def quarantine(db: Session, *, reason: str, size: int, body: bytes | None, now: datetime) -> None:
    db.execute(insert(QuarantinedRow).values(received_at=now, reason=reason, size=size, body=body))


def list_quarantined(db: Session, *, limit: int) -> list[QuarantinedRow]:
    return list(db.scalars(select(QuarantinedRow).order_by(QuarantinedRow.id.desc()).limit(limit)))


def forget_payloads(db: Session, *, received_before: datetime, now: datetime) -> int:
    """Removes payloads that nobody settled in time, and returns how many. They have no effect any more."""
    result = db.execute(
        update(IncomingRow)
        .where(IncomingRow.payload.isnot(None), IncomingRow.received_at < received_before)
        .values(
            payload=None, settled_at=func.coalesce(IncomingRow.settled_at, now),
            outcome=func.coalesce(IncomingRow.outcome, FORGOTTEN),
        )
    )  # fmt: skip
    return _count(result)


def forget_events(db: Session, *, received_before: datetime) -> int:
    """The newest stays, without its lane: SQLite gives the number after the highest, and an empty table would begin
    anew with numbers that questions and answers keep."""
    newest = select(func.max(IncomingRow.id)).scalar_subquery()
    over = or_(IncomingRow.settled_at.isnot(None), IncomingRow.payload.is_(None))
    old = (IncomingRow.received_at < received_before, over)
    db.execute(update(IncomingRow).where(*old, IncomingRow.id == newest).values(lane=None, payload=None))
    return _count(db.execute(delete(IncomingRow).where(*old, IncomingRow.id != newest)))


def forget_quarantined(db: Session, *, received_before: datetime) -> int:
    return _count(db.execute(delete(QuarantinedRow).where(QuarantinedRow.received_at < received_before)))


def _count(result: Any) -> int:  # noqa: ANN401 - SQLAlchemy types the row count on a subclass of what execute returns
    return int(result.rowcount)
