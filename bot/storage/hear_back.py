"""Who asked what the bot could not answer, and agreed to be told once there is an answer. No words are kept here: those
of the question stand with the question, and of the wording that was agreed to only its hash."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ForeignKey, Index, String, Table, bindparam, delete, exists, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, BigId, insert_into
from bot.storage.cases import CaseRow
from bot.storage.incoming import IncomingRow
from bot.storage.people import PersonRow
from bot.storage.questions import QuestionRow

WAITING, ANSWERED, TOLD, WITHDRAWN, EXPIRED = "waiting", "answered", "told", "withdrawn", "expired"
OPEN = (WAITING, ANSWERED)
UNASKED = "hear_back"
"""The kind of what stands in the queue for a push that tells somebody."""


class HearBackRow(Base):
    __tablename__ = "hear_back"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id", ondelete="CASCADE"))
    question_id: Mapped[int] = mapped_column(BigId, ForeignKey("questions.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(String(24))
    wording_hash: Mapped[str] = mapped_column(String(64))
    """Of the very words that the person saw when they agreed."""
    wording_version: Mapped[int]
    way: Mapped[str] = mapped_column(String(12))
    """How they agreed."""
    consented_at: Mapped[datetime]
    deadline: Mapped[datetime] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(String(10), default=WAITING)
    checked_version: Mapped[str] = mapped_column(String(64))
    """The FAQ that was last asked, in vain."""
    entry: Mapped[str | None] = mapped_column(String(80))
    answered_at: Mapped[datetime | None]
    told_in: Mapped[int | None] = mapped_column(BigId)
    """The turn in whose answer the person was told."""
    closed_at: Mapped[datetime | None]

    __table_args__ = (
        Index("uq_hear_back_person_id", "person_id", "question_id", unique=True),
        Index("ix_hear_back_state", "state", "checked_version"),
    )


_rows = cast(Table, HearBackRow.__table__)
_people, _questions = cast(Table, PersonRow.__table__), cast(Table, QuestionRow.__table__)
_incoming = cast(Table, IncomingRow.__table__)
_follows = exists().where(_people.c.id == _rows.c.person_id, _people.c.following.is_(True))
_may_be_told = exists().where(
    _people.c.id == _rows.c.person_id, _people.c.following.is_(True), _people.c.restricted_at.is_(None)
)
_has_words = exists().where(_questions.c.id == _rows.c.question_id, _questions.c.text.isnot(None))


@dataclass(frozen=True, slots=True)
class News:
    """An answer that somebody waits for. `text` is their question, masked."""

    id: int
    question_id: int
    text: str
    entry: str


@dataclass(frozen=True, slots=True)
class Unchecked:
    id: int
    question_id: int
    text: str


@dataclass(frozen=True, slots=True)
class Due:
    id: int
    line_user_id: str
    consented_at: datetime


# Built once: it is on the hot path.
_NEWS = (
    select(_rows.c.id, _rows.c.question_id, _questions.c.text, _rows.c.entry)
    .join(_questions, _questions.c.id == _rows.c.question_id)
    .where(_rows.c.person_id == bindparam("whose"), _rows.c.state == ANSWERED, _questions.c.text.isnot(None))
    .order_by(_rows.c.id)
    .limit(bindparam("most"))
)


def find(db: Session, *, person_id: int, question_id: int) -> HearBackRow | None:
    wanted = (HearBackRow.person_id == person_id, HearBackRow.question_id == question_id)
    return db.scalar(select(HearBackRow).where(*wanted).execution_options(populate_existing=True))


def agree(db: Session, **values: Any) -> bool:  # noqa: ANN401 - the columns of an agreement
    """Also anew, after it was withdrawn or had run out. False: it stands already, or has been kept."""
    fresh = values | {"state": WAITING, "entry": None, "answered_at": None, "told_in": None, "closed_at": None}
    statement = insert_into(db, HearBackRow).values(**fresh)
    anew = statement.on_conflict_do_update(
        index_elements=["person_id", "question_id"],
        set_={name: value for name, value in fresh.items() if name not in ("person_id", "question_id")},
        where=_rows.c.state.in_((WITHDRAWN, EXPIRED)),
    )
    return db.execute(anew.returning(_rows.c.id)).first() is not None


def count_open(db: Session, *, person_id: int) -> int:
    wanted = select(func.count()).select_from(_rows).where(_rows.c.person_id == person_id, _rows.c.state.in_(OPEN))
    return db.scalar(wanted) or 0


def withdraw(db: Session, *, person_id: int, question_id: int | None, now: datetime) -> int:
    """One question's, or all of the person's."""
    wanted = update(_rows).where(_rows.c.person_id == person_id, _rows.c.state.in_(OPEN))
    if question_id is not None:
        wanted = wanted.where(_rows.c.question_id == question_id)
    return _count(db, wanted.values(state=WITHDRAWN, closed_at=now))


def list_told_in(db: Session, *, person_id: int, question_id: int | None, since: datetime) -> list[int]:
    """The pushes in which they were told since then, or are being told; of one question, or of all."""
    unasked = exists().where(_incoming.c.id == _rows.c.told_in, _incoming.c.kind == UNASKED)
    told = select(_rows.c.told_in).where(
        _rows.c.person_id == person_id, _rows.c.state == TOLD, _rows.c.closed_at > since, unasked
    )
    if question_id is not None:
        told = told.where(_rows.c.question_id == question_id)
    return list(db.scalars(told.distinct()))


def withdraw_told(
    db: Session, *, person_id: int, question_id: int | None, told_in: Collection[int], now: datetime
) -> int:
    """Of what was to be told in those pushes, which were called off."""
    wanted = update(_rows).where(_rows.c.person_id == person_id, _rows.c.state == TOLD, _rows.c.told_in.in_(told_in))
    if question_id is not None:
        wanted = wanted.where(_rows.c.question_id == question_id)
    return _count(db, wanted.values(state=WITHDRAWN, closed_at=now))


def withdraw_for_those_who_left(db: Session, *, now: datetime) -> int:
    """Who blocked us is told nothing any more, also after coming back."""
    left = update(_rows).where(_rows.c.state.in_(OPEN), ~_follows)
    return _count(db, left.values(state=WITHDRAWN, closed_at=now))


def list_news(db: Session, *, person_id: int, limit: int) -> list[News]:
    return [News(*row) for row in db.execute(_NEWS, {"whose": person_id, "most": limit})]


def mark_told(db: Session, row_id: int, *, told_in: int, now: datetime) -> bool:
    """True for exactly one caller, whoever else tries at the same moment, and for nobody once the person has left,
    changed their mind or taken the question back."""
    told = update(_rows).where(_rows.c.id == row_id, _rows.c.state == ANSWERED, _may_be_told, _has_words)
    return _count(db, told.values(state=TOLD, told_in=told_in, closed_at=now)) == 1


def unmark_told(db: Session, *, told_in: int) -> int:
    """It certainly never reached the person."""
    untold = update(_rows).where(_rows.c.told_in == told_in, _rows.c.state == TOLD)
    return _count(db, untold.values(state=ANSWERED, told_in=None, closed_at=None))


def list_unchecked(db: Session, *, version: str, limit: int) -> list[Unchecked]:
    """Waiting for an answer, and not yet looked at with this version of the FAQ."""
    statement = (
        select(_rows.c.id, _rows.c.question_id, _questions.c.text)
        .join(_questions, _questions.c.id == _rows.c.question_id)
        .where(
            _rows.c.state == WAITING,
            _rows.c.checked_version != version,
            _questions.c.text.isnot(None),
            _questions.c.withheld.is_(False),
        )
        .order_by(_rows.c.id)
        .limit(limit)
    )
    return [Unchecked(*row) for row in db.execute(statement)]


def note_unanswered(db: Session, row_ids: Collection[int], *, version: str) -> None:
    looked_at = update(_rows).where(_rows.c.id.in_(row_ids), _rows.c.state == WAITING)
    db.execute(looked_at.values(checked_version=version))


def note_answered(db: Session, row_id: int, *, version: str, entry: str, now: datetime) -> bool:
    answered = update(_rows).where(_rows.c.id == row_id, _rows.c.state == WAITING)
    values = {"state": ANSWERED, "checked_version": version, "entry": entry, "answered_at": now}
    return _count(db, answered.values(**values)) == 1


def take_answer_back(db: Session, row_id: int) -> None:
    """The FAQ has the entry no longer: what is in force next is asked again."""
    again = update(_rows).where(_rows.c.id == row_id, _rows.c.state == ANSWERED)
    db.execute(again.values(state=WAITING, entry=None, answered_at=None))


def list_due(
    db: Session, *, answered_before: datetime, deadline_before: datetime, now: datetime, limit: int
) -> list[Due]:
    """Answers for which a free occasion has not come, the first deadline first. Nobody's with whom a person is on the
    line just then: the bot keeps quiet."""
    due = (_rows.c.answered_at <= answered_before) | (_rows.c.deadline <= deadline_before)
    statement = (
        select(_rows.c.id, _people.c.line_user_id, _rows.c.consented_at)
        .join(_people, _people.c.id == _rows.c.person_id)
        .where(
            _rows.c.state == ANSWERED,
            due,
            _people.c.following.is_(True),
            _people.c.restricted_at.is_(None),
            _has_words,
            ~exists().where(CaseRow.person_id == _rows.c.person_id, CaseRow.live_until > now),
        )
        .order_by(_rows.c.deadline, _rows.c.id)
        .limit(limit)
    )
    return [Due(*row) for row in db.execute(statement)]


def expire(db: Session, *, now: datetime) -> int:
    late = update(_rows).where(_rows.c.deadline <= now, _rows.c.state.in_(OPEN))
    return _count(db, late.values(state=EXPIRED, closed_at=now))


def forget_wordless(db: Session) -> int:
    """Those whose questions were taken back."""
    return _count(db, delete(_rows).where(_rows.c.state.in_(OPEN), ~_has_words))


def forget(db: Session, *, deadline_before: datetime) -> int:
    return _count(db, delete(_rows).where(_rows.c.deadline < deadline_before))


def _count(db: Session, statement: Any) -> int:  # noqa: ANN401 - an update or a delete
    return len(db.execute(statement.returning(_rows.c.id)).all())
