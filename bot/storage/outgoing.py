"""Answers on their way: written in the transaction of the turn that made them, before anything is sent."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Table, bindparam, func, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, BigId, UtcTime


class Delivery(StrEnum):
    TRYING = "trying"
    SENT = "sent"
    """LINE took it, by the free reply or by a push. That proves nothing about it being read."""
    UNKNOWN = "unknown"
    """LINE may have taken the reply, and nobody can find out. Shown to staff, never sent again by itself."""
    UNDELIVERABLE = "undeliverable"
    CANCELLED = "cancelled"
    """The person left before it went out."""


class OutgoingRow(Base):
    __tablename__ = "outgoing"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    incoming_id: Mapped[int] = mapped_column(BigId, unique=True)
    person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id", ondelete="CASCADE"), index=True)
    status: Mapped[str] = mapped_column(String(16), default=Delivery.TRYING)
    messages: Mapped[bytes | None] = mapped_column(LargeBinary)
    reply_token: Mapped[bytes | None] = mapped_column(LargeBinary)
    token_from: Mapped[datetime]
    """When the reply token reached us: its short life counts from here."""
    token_doubtful: Mapped[bool] = mapped_column(default=False)
    """The token was, or may have been, tried before, and nobody knows whether LINE took it."""
    retry_key: Mapped[str] = mapped_column(String(36))
    """Stored before the first push, so that every later try carries the same one."""
    push_doubtful: Mapped[bool] = mapped_column(default=False)
    may_push: Mapped[bool] = mapped_column(default=True)
    """False: worth the free reply, and nothing more. When that is no longer possible it is dropped without a word."""
    good_until: Mapped[datetime | None]
    """After that it is of no use any more; None: after the usual few minutes."""
    capped: Mapped[bool] = mapped_column(default=True)
    """Counts against the daily number of answers that go out as billed pushes."""
    pushed: Mapped[bool] = mapped_column(default=False)
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    request_id: Mapped[str | None] = mapped_column(String(64))
    last_error: Mapped[str | None] = mapped_column(String(200))

    __table_args__ = (Index("ix_outgoing_pushed", "pushed", "settled_at"),)


_outgoing = cast(Table, OutgoingRow.__table__)
# Statements of the hot path are built once: building them costs more than running them.
_ADD = insert(_outgoing).returning(_outgoing.c.id)
_SETTLE = (
    update(_outgoing)
    .where(_outgoing.c.id == bindparam("outgoing_id"), _outgoing.c.status == Delivery.TRYING.value)
    .values(
        status=bindparam("how"),
        settled_at=bindparam("now", type_=UtcTime()),
        request_id=bindparam("request"),
        pushed=bindparam("was_pushed"),
        messages=None,
        reply_token=None,
        last_error=func.coalesce(bindparam("error"), _outgoing.c.last_error),
    )
)


def add(db: Session, **values: Any) -> int:  # noqa: ANN401 - the columns of an answer
    """Writes an answer down, to be tried, and returns its id."""
    return int(db.execute(_ADD, {**values, "status": Delivery.TRYING.value, "pushed": False}).scalar_one())


def find_for_incoming(db: Session, incoming_id: int) -> OutgoingRow | None:
    return db.scalar(select(OutgoingRow).where(OutgoingRow.incoming_id == incoming_id))


def note_try(db: Session, outgoing_id: int, **doubts: bool) -> None:
    """Says, before a request is made, that it may be made."""
    db.execute(update(OutgoingRow).where(OutgoingRow.id == outgoing_id).values(tries=OutgoingRow.tries + 1, **doubts))


def note_failure(
    db: Session, outgoing_id: int, *, error: str | None, token_doubtful: bool, token_dead: bool, push_doubtful: bool
) -> None:
    values: dict[str, Any] = {"token_doubtful": token_doubtful, "push_doubtful": push_doubtful}
    if token_dead:
        values["reply_token"] = None
    if error:
        values["last_error"] = error[:200]
    db.execute(update(OutgoingRow).where(OutgoingRow.id == outgoing_id).values(**values))


def settle(
    db: Session,
    outgoing_id: int,
    *,
    status: Delivery,
    now: datetime,
    request_id: str | None = None,
    pushed: bool = False,
    error: str | None = None,
) -> None:
    """Ends the delivery. What was written and the token go; the outcome stays."""
    db.execute(
        _SETTLE,
        {
            "outgoing_id": outgoing_id,
            "how": status.value,
            "now": now,
            "request": request_id,
            "was_pushed": pushed,
            "error": error[:200] if error else None,
        },
    )


def cancel_for_person(db: Session, *, person_id: int, now: datetime) -> int:
    result = db.execute(
        update(OutgoingRow)
        .where(OutgoingRow.person_id == person_id, OutgoingRow.status == Delivery.TRYING)
        .values(status=Delivery.CANCELLED, settled_at=now, messages=None, reply_token=None)
        .returning(OutgoingRow.id)
    )
    return len(result.all())


def cancel_for_incoming(db: Session, incoming_ids: Collection[int], *, now: datetime) -> list[int]:
    """Those of them whose message is still under way: it is not tried again."""
    cancelled = (
        update(OutgoingRow)
        .where(OutgoingRow.incoming_id.in_(incoming_ids), OutgoingRow.status == Delivery.TRYING)
        .values(status=Delivery.CANCELLED, settled_at=now, messages=None, reply_token=None)
        .returning(OutgoingRow.incoming_id)
    )
    return list(db.scalars(cancelled))


def was_answered(db: Session, *, person_id: int, since: datetime) -> bool:
    """Whether anything was written to them since then that is not known to have failed."""
    statement = select(OutgoingRow.id).where(
        OutgoingRow.person_id == person_id, OutgoingRow.created_at >= since,
        OutgoingRow.status.in_((Delivery.TRYING, Delivery.SENT, Delivery.UNKNOWN)),
    )  # fmt: skip
    return db.scalar(statement.limit(1)) is not None


def count_pushed_since(db: Session, *, since: datetime) -> int:
    return (
        db.scalar(
            select(func.count())
            .select_from(OutgoingRow)
            .where(OutgoingRow.pushed.is_(True), OutgoingRow.capped.is_(True), OutgoingRow.settled_at >= since)
        )
        or 0
    )


def count_by_status(db: Session) -> dict[str, int]:
    rows = db.execute(select(OutgoingRow.status, func.count()).group_by(OutgoingRow.status))
    return dict(rows.all())
