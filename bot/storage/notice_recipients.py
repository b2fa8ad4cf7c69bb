"""The ledger of a notice: one line for each person it is for, written before anything is sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    String,
    and_,
    case,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, BigId
from bot.storage.notices import NoticeRow
from bot.storage.outgoing import Delivery, OutgoingRow
from bot.storage.people import PersonRow
from bot.storage.preferences import PreferenceRow
from bot.storage.registrations import RegistrationRow

RIDING = -1
"""The portion of those who wait for a free answer to ride along with."""
OPTED_OUT, BLOCKED, PAUSED, RODE = "opted_out", "blocked", "paused", "rode"
UNREACHABLE = "unreachable"
"""LINE does not take this person's id."""


class RecipientRow(Base):
    """What became of it is said by the chunk that the person is in: the one of their portion whose range they fall
    into. `left_out` is why a person of the ledger is not sent it after all, or how they got it otherwise."""

    __tablename__ = "notice_recipients"

    notice_id: Mapped[int] = mapped_column(BigId, ForeignKey("notices.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    portion: Mapped[int] = mapped_column(default=0)
    left_out: Mapped[str | None] = mapped_column(String(12))
    outgoing_id: Mapped[int | None] = mapped_column(BigId)
    """The answer that it rode along with."""

    __table_args__ = (
        Index("ix_notice_recipients_person_id", "person_id"),
        Index(
            "ix_notice_recipients_left_out", "notice_id", "left_out",
            sqlite_where=left_out.is_not(None), postgresql_where=left_out.is_not(None),
        ),
    )  # fmt: skip


_mine = RecipientRow


def add_selected(db: Session, *, notice_id: int, portion: int, people: Any) -> None:  # noqa: ANN401 - a select
    """Writes a line for each person id that the statement selects."""
    columns = ["notice_id", "person_id", "portion"]
    chosen = people.subquery()
    rows = select(literal(notice_id), chosen.c[0], literal(portion))
    db.execute(insert(RecipientRow).from_select(columns, rows))


def list_ids(db: Session, *, notice_id: int, portion: int, after: int, limit: int) -> list[int]:
    """Person ids of those still in, in order."""
    statement = select(_mine.person_id).where(
        _mine.notice_id == notice_id, _mine.portion == portion, _mine.person_id > after, _mine.left_out.is_(None)
    )
    return list(db.scalars(statement.order_by(_mine.person_id).limit(limit)))


def list_addresses(
    db: Session, *, notice_id: int, portion: int, first: int, last: int
) -> list[tuple[int, str]]:  # fmt: skip
    """Person ids and LINE's ids of those in the range who are still in."""
    statement = (
        select(_mine.person_id, PersonRow.line_user_id)
        .join(PersonRow, PersonRow.id == _mine.person_id)
        .where(*_in_range(notice_id, portion, first, last), _mine.left_out.is_(None))
        .order_by(_mine.person_id)
    )
    return [(person_id, user_id) for person_id, user_id in db.execute(statement)]


def leave_out_who_left(
    db: Session, *, notice_id: int, portion: int, first: int, last: int, now: datetime,
    day: tuple[int, int],
) -> dict[str, int]:  # fmt: skip
    """Those of the range who have said no, blocked us, asked for a pause or were refused by LINE since the ledger was
    written; and those whose own quiet hours are all of the `day`, in minutes after midnight."""
    person = select(PersonRow.id).where(PersonRow.id == _mine.person_id)
    wishes = select(PreferenceRow.person_id).where(PreferenceRow.person_id == _mine.person_id)
    never = _covers(PreferenceRow.quiet_from, PreferenceRow.quiet_to, *day)
    reasons = (
        (person.where(PersonRow.following.is_(False)).exists(), BLOCKED),
        (person.where(PersonRow.unreachable_at.is_not(None)).exists(), UNREACHABLE),
        (~wishes.where(PreferenceRow.wants_notices.is_(True)).exists(), OPTED_OUT),
        (wishes.where(or_(PreferenceRow.paused_until > now, never)).exists(), PAUSED),
        (person.where(PersonRow.restricted_at.is_not(None)).exists(), PAUSED),
    )
    left = update(_mine).where(
        *_in_range(notice_id, portion, first, last), _mine.left_out.is_(None), or_(*(holds for holds, _ in reasons))
    )
    left = left.values(left_out=case(*reasons)).execution_options(synchronize_session=False)
    return dict(Counter(db.scalars(left.returning(_mine.left_out))))


def list_quiet(
    db: Session, *, notice_id: int, portion: int, first: int, last: int, minute: int
) -> list[tuple[int, int]]:  # fmt: skip
    """Ids of those of the range whose own quiet hours include this minute of the day, and the minute they end."""
    begins, ends = PreferenceRow.quiet_from, PreferenceRow.quiet_to
    within = and_(begins < ends, begins <= minute, ends > minute)
    over_midnight = and_(begins > ends, or_(begins <= minute, ends > minute))
    statement = (
        select(_mine.person_id, ends)
        .join(PreferenceRow, PreferenceRow.person_id == _mine.person_id)
        .where(
            *_in_range(notice_id, portion, first, last), _mine.left_out.is_(None), begins.is_not(None),
            or_(within, over_midnight),
        )
    )  # fmt: skip
    return [(person_id, until or 0) for person_id, until in db.execute(statement)]


def set_portion(db: Session, notice_id: int, person_ids: Collection[int], *, portion: int) -> None:
    moved = update(_mine).where(_mine.notice_id == notice_id, _mine.person_id.in_(person_ids))
    db.execute(moved.values(portion=portion))


def set_left_out(db: Session, notice_id: int, person_ids: Collection[int], *, why: str | None, **values: Any) -> int:  # noqa: ANN401
    """How many were still in, or are again where `why` is None."""
    states = _mine.left_out.is_(None) if why is not None else _mine.left_out.is_not(None)
    left = update(_mine).where(_mine.notice_id == notice_id, _mine.person_id.in_(person_ids), states)
    return len(db.execute(left.values(left_out=why, **values).returning(_mine.person_id)).all())


def take_ride(db: Session, *, notice_id: int, person_id: int) -> bool:
    """True for the one answer that takes it along."""
    riding = (_mine.notice_id == notice_id, _mine.person_id == person_id, _mine.portion == RIDING)
    rode = update(_mine).where(*riding, _mine.left_out.is_(None)).values(left_out=RODE, outgoing_id=None)
    return db.execute(rode.returning(_mine.person_id)).first() is not None


def note_ride(db: Session, *, notice_id: int, person_id: int, outgoing_id: int) -> None:
    rode = update(_mine).where(_mine.notice_id == notice_id, _mine.person_id == person_id, _mine.left_out == RODE)
    db.execute(rode.values(outgoing_id=outgoing_id))


def take_back_rides(db: Session, *, notice_id: int, limit: int) -> int:
    """Those whose answer was certainly not delivered ride again. Returns how many."""
    failed = (
        select(_mine.person_id)
        .join(OutgoingRow, OutgoingRow.id == _mine.outgoing_id)
        .where(
            _mine.notice_id == notice_id, _mine.left_out == RODE,
            OutgoingRow.status.in_((Delivery.UNDELIVERABLE, Delivery.CANCELLED)),
        )
        .limit(limit)
    )  # fmt: skip
    ids = list(db.scalars(failed))
    return set_left_out(db, notice_id, ids, why=None, outgoing_id=None) if ids else 0


def has_open_rides(db: Session, notice_id: int) -> bool:
    """Somebody still rides, or rode with an answer that is not delivered yet, or was not."""
    rides = (_mine.notice_id == notice_id, _mine.portion == RIDING, _mine.left_out.is_(None))
    if db.scalar(select(_mine.person_id).where(*rides).limit(1)) is not None:
        return True
    unsettled = (Delivery.TRYING, Delivery.UNDELIVERABLE, Delivery.CANCELLED)
    rode = select(_mine.person_id).join(OutgoingRow, OutgoingRow.id == _mine.outgoing_id)
    rode = rode.where(_mine.notice_id == notice_id, _mine.left_out == RODE, OutgoingRow.status.in_(unsettled))
    return db.scalar(rode.limit(1)) is not None


def count_rides(db: Session, notice_id: int) -> dict[str, int]:
    """How the answers ended with which it rode, by their status."""
    statement = (
        select(OutgoingRow.status, func.count())
        .join(RecipientRow, RecipientRow.outgoing_id == OutgoingRow.id)
        .where(_mine.notice_id == notice_id, _mine.left_out == RODE)
        .group_by(OutgoingRow.status)
    )
    return dict(db.execute(statement).all())


def count_left_out(db: Session, notice_id: int) -> dict[str, int]:
    statement = select(_mine.left_out, func.count()).where(_mine.notice_id == notice_id, _mine.left_out.is_not(None))
    return {str(why): number for why, number in db.execute(statement.group_by(_mine.left_out))}


def count(db: Session, notice_id: int, *, portion: int | None = None) -> int:
    """All lines, left out or not."""
    statement = select(func.count()).select_from(_mine).where(_mine.notice_id == notice_id)
    return db.scalar(statement if portion is None else statement.where(_mine.portion == portion)) or 0


def count_in(db: Session, notice_id: int, *, portion: int) -> int:
    """Of the portion, those who are not left out."""
    mine = (_mine.notice_id == notice_id, _mine.portion == portion, _mine.left_out.is_(None))
    return db.scalar(select(func.count()).select_from(_mine).where(*mine)) or 0


def rides(db: Session, notice_id: int, person_id: int) -> bool:
    mine = (_mine.notice_id == notice_id, _mine.person_id == person_id, _mine.portion == RIDING)
    return db.scalar(select(_mine.person_id).where(*mine, _mine.left_out.is_(None))) is not None


def count_registered(db: Session, *, notice_id: int, event_id: int, since: datetime, until: datetime) -> int:
    statement = (
        select(func.count(RegistrationRow.person_id.distinct()))
        .join(_mine, and_(_mine.person_id == RegistrationRow.person_id, _mine.notice_id == notice_id))
        .where(
            RegistrationRow.event_id == event_id, RegistrationRow.created_at >= since,
            RegistrationRow.created_at < until, or_(_mine.left_out.is_(None), _mine.left_out == RODE),
        )
    )  # fmt: skip
    return db.scalar(statement) or 0


def find_to_forget(db: Session, *, finished_before: datetime) -> int | None:
    """A notice that was finished before then and still has lines: the oldest."""
    has_lines = select(_mine.person_id).where(_mine.notice_id == NoticeRow.id).exists()
    over = select(NoticeRow.id).where(NoticeRow.finished_at < finished_before, has_lines)
    return db.scalar(over.order_by(NoticeRow.finished_at, NoticeRow.id).limit(1))


def forget(db: Session, notice_id: int, *, limit: int) -> int:
    """That many of its lines. Returns how many went."""
    ids = select(_mine.person_id).where(_mine.notice_id == notice_id).order_by(_mine.person_id).limit(limit)
    last = db.scalar(select(func.max(ids.subquery().c.person_id)))
    if last is None:
        return 0
    gone = delete(_mine).where(_mine.notice_id == notice_id, _mine.person_id <= last)
    result: Any = db.execute(gone)
    return int(result.rowcount)


def _covers(begins: Any, ends: Any, first: int, last: int) -> ColumnElement[bool]:  # noqa: ANN401 - columns
    """Whether hours that may go over midnight include all from the one to the other."""
    by_day = and_(begins < ends, begins <= first, ends >= last)
    return or_(by_day, and_(begins > ends, or_(begins <= first, ends >= last)))


def _in_range(notice_id: int, portion: int, first: int, last: int) -> tuple[Any, ...]:
    return (
        _mine.notice_id == notice_id, _mine.portion == portion, _mine.person_id >= first, _mine.person_id <= last
    )  # fmt: skip
