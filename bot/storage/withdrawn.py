"""Wordings that their senders withdrew, by unsending or editing a message: ids and times alone, so that one that
arrives late is not read any more; and which message of several read together stands for the others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import String, Table, bindparam, delete, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, insert_into


class WithdrawnRow(Base):
    __tablename__ = "withdrawn"

    message_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    noted_at: Mapped[datetime] = mapped_column(index=True)
    edited_at: Mapped[datetime | None]
    """What was worded before this moment no longer counts. None: the message was unsent, and no wording counts."""


class JoinedMessageRow(Base):
    """A message that was read together with a later one, under whose id all that we keep of them is found."""

    __tablename__ = "joined_messages"

    message_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    lead_id: Mapped[str] = mapped_column(String(64))
    joined_at: Mapped[datetime] = mapped_column(index=True)


_withdrawn = cast(Table, WithdrawnRow.__table__)
_joined = cast(Table, JoinedMessageRow.__table__)
# Built once: it is on the hot path.
_FIND = select(_withdrawn.c.message_id).where(
    _withdrawn.c.message_id == bindparam("wanted"),
    or_(_withdrawn.c.edited_at.is_(None), _withdrawn.c.edited_at > bindparam("worded_at")),
)


def note_unsent(db: Session, *, message_id: str, now: datetime) -> None:
    statement = insert_into(db, WithdrawnRow).values(message_id=message_id, noted_at=now, edited_at=None)
    db.execute(statement.on_conflict_do_update(index_elements=["message_id"], set_={"edited_at": None}))


def note_edited(db: Session, *, message_id: str, edited_at: datetime, now: datetime) -> bool:
    """False: the message was unsent, or a later edit is known already."""
    statement = insert_into(db, WithdrawnRow).values(message_id=message_id, noted_at=now, edited_at=edited_at)
    known = statement.on_conflict_do_update(
        index_elements=["message_id"],
        set_={"edited_at": statement.excluded.edited_at},
        where=_withdrawn.c.edited_at < statement.excluded.edited_at,
    )
    return db.execute(known.returning(_withdrawn.c.message_id)).first() is not None


def is_withdrawn(db: Session, message_id: str, *, worded_at: datetime) -> bool:
    return db.execute(_FIND, {"wanted": message_id, "worded_at": worded_at}).first() is not None


def note_joined(db: Session, message_ids: Sequence[str], *, lead_id: str, now: datetime) -> None:
    if message_ids:
        rows = [{"message_id": one, "lead_id": lead_id, "joined_at": now} for one in message_ids]
        db.execute(insert_into(db, JoinedMessageRow).on_conflict_do_nothing(), rows)


def lead_of(db: Session, message_id: str) -> str:
    """The id under which we keep what this message said: its own, unless it was read together with others."""
    return db.scalar(select(_joined.c.lead_id).where(_joined.c.message_id == message_id)) or message_id


def forget(db: Session, *, before: datetime) -> int:
    db.execute(delete(_joined).where(_joined.c.joined_at < before))
    gone = db.execute(delete(_withdrawn).where(_withdrawn.c.noted_at < before).returning(_withdrawn.c.message_id))
    return len(gone.all())
