"""What a person of the centre has to look at: what it is about, who has it, and until when it is to be answered."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Select,
    String,
    Text,
    bindparam,
    exists,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, BigId, UtcTime
from bot.storage.case_messages import BOT as BY_BOT
from bot.storage.case_messages import STAFF as BY_STAFF
from bot.storage.case_messages import CaseMessageRow
from bot.storage.questions import QuestionRow
from bot.storage.staff import StaffRow

OPEN, TAKEN, CLOSED = "open", "taken", "closed"
STAFF, CITIZEN = "staff", "citizen"
"""Whom a case waits for."""
NOT_CLOSED = (OPEN, TAKEN)


class CaseRow(Base):
    __tablename__ = "cases"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(24))
    urgent: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(12), default="open", index=True)
    person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id", ondelete="SET NULL"), index=True)
    question_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("questions.id", ondelete="SET NULL"))
    incoming_id: Mapped[int | None] = mapped_column(BigId)
    message_id: Mapped[str | None] = mapped_column(String(64), index=True)
    """The message that `detail` repeats, so that its sender can take it back."""
    detail: Mapped[str] = mapped_column(Text, default="")
    opened_at: Mapped[datetime] = mapped_column(index=True)
    topic: Mapped[str | None] = mapped_column(String(80))
    """The FAQ's topic that it is about, where one was recognised."""
    form: Mapped[bytes | None] = mapped_column(LargeBinary)
    """What was asked for when it was opened, sealed: the answers of a proposal or a story, as JSON."""
    taken_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("staff.id", ondelete="SET NULL"), index=True)
    taken_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    """Until when an answer was promised. None: nobody was promised one."""
    waits_for: Mapped[str] = mapped_column(String(8), default=STAFF, server_default=STAFF)
    answered_at: Mapped[datetime | None]
    """When staff wrote to the citizen for the first time."""
    changed_at: Mapped[datetime]
    live_until: Mapped[datetime | None] = mapped_column()
    """Until when a person is on the line, and the bot keeps quiet for this citizen."""
    reply_token: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Of the citizen's last message, sealed: as long as it lives, an answer costs nothing."""
    token_from: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("staff.id", ondelete="SET NULL"))
    satisfied: Mapped[str | None] = mapped_column(String(8))
    """`yes` or `no`, as the citizen said when it was closed."""
    alerted_at: Mapped[datetime | None]
    """When linked staff were told by themselves."""
    version: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    """Raised with every change: whoever decides says which one was seen."""

    __table_args__ = (
        Index("ix_cases_inbox", "state", "urgent", "due_at", "id"),
        Index(
            "ix_cases_live", "person_id", "live_until",
            sqlite_where=live_until.isnot(None), postgresql_where=live_until.isnot(None),
        ),
    )  # fmt: skip


_LIVE = (
    select(CaseRow)
    .where(CaseRow.person_id == bindparam("person"), CaseRow.live_until > bindparam("now", type_=UtcTime()))
    .order_by(CaseRow.live_until.desc(), CaseRow.id.desc())
    .limit(1)
)
_OVER = (
    select(CaseRow)
    .where(
        CaseRow.person_id == bindparam("person"),
        CaseRow.live_until > bindparam("since", type_=UtcTime()),
        CaseRow.live_until <= bindparam("now", type_=UtcTime()),
    )
    .order_by(CaseRow.live_until.desc(), CaseRow.id.desc())
    .limit(1)
)
# Built once: they are on every turn's path.


def open_case(db: Session, row: CaseRow) -> int:
    db.add(row)
    db.flush()
    return row.id


def find_open_case(
    db: Session, *, person_id: int | None, kind: str, question_id: int | None, since: datetime,
    detail: str | None = None,
) -> int | None:  # fmt: skip
    """The person's latest case of this kind about this question, or about no question, that is not closed; nobody's
    for None."""
    same = () if detail is None else (CaseRow.detail == detail,)
    return db.scalar(
        select(CaseRow.id)
        .where(
            CaseRow.person_id.is_not_distinct_from(person_id),
            CaseRow.kind == kind,
            CaseRow.state.in_(NOT_CLOSED),
            CaseRow.opened_at >= since,
            CaseRow.question_id.is_not_distinct_from(question_id),
            *same,
        )
        .order_by(CaseRow.id.desc())
        .limit(1)
    )


def find_open_urgent(db: Session, *, person_id: int, since: datetime) -> int | None:
    return db.scalar(
        select(CaseRow.id)
        .where(
            CaseRow.person_id == person_id,
            CaseRow.urgent.is_(True),
            CaseRow.state.in_(NOT_CLOSED),
            CaseRow.opened_at >= since,
        )
        .order_by(CaseRow.id.desc())
        .limit(1)
    )


def forget_words(db: Session, *, message_id: str) -> int:
    """Takes the words of one message back, and returns how many cases held them."""
    result = db.execute(update(CaseRow).where(CaseRow.message_id == message_id).values(detail="").returning(CaseRow.id))
    return len(result.all())


def lock_with_forms(db: Session, person_id: int, *, limit: int) -> list[CaseRow]:
    """The latest cases of this person in which something was filled in, in the order in which they are locked."""
    latest = select(CaseRow.id).where(CaseRow.person_id == person_id, CaseRow.form.is_not(None))
    ids = db.scalars(latest.order_by(CaseRow.id.desc()).limit(limit)).all()
    if not ids:
        return []
    statement = select(CaseRow).where(CaseRow.id.in_(ids)).order_by(CaseRow.id).with_for_update()
    return list(db.scalars(_fresh(statement)))


def set_form(db: Session, case_id: int, form: bytes) -> None:
    """Nothing that staff decide about: the version stays."""
    db.execute(update(CaseRow).where(CaseRow.id == case_id).values(form=form))


def list_cases(db: Session, *, state: str | None, limit: int) -> list[tuple[CaseRow, str | None]]:
    """Cases with the masked words that led to them, the urgent ones first, the newest of them first."""
    statement = select(CaseRow, QuestionRow.text).outerjoin(QuestionRow, QuestionRow.id == CaseRow.question_id)
    if state is not None:
        statement = statement.where(CaseRow.state == state)
    statement = statement.order_by(CaseRow.urgent.desc(), CaseRow.id.desc()).limit(limit)
    return [(case, words) for case, words in db.execute(statement)]


def list_open_details(db: Session, *, kind: str) -> dict[str, int]:
    """The number of each case of the kind that is not closed, by its detail."""
    statement = select(CaseRow.detail, CaseRow.id).where(CaseRow.kind == kind, CaseRow.state.in_(NOT_CLOSED))
    return {detail: number for detail, number in db.execute(statement)}  # noqa: C416 - typed rows


def close(db: Session, case_id: int, *, now: datetime) -> None:
    """By nobody: it has settled itself."""
    change(db, case_id, now=now, state=CLOSED, closed_at=now, due_at=None, live_until=None)


def find(db: Session, case_id: int) -> CaseRow | None:
    return db.get(CaseRow, case_id, populate_existing=True)


def lock(db: Session, case_id: int) -> CaseRow | None:
    """The case as it is now, and nobody else's to change before this transaction ends. Whoever decides anything about a
    case calls this first. On SQLite a writing transaction already is the only one."""
    statement = select(CaseRow).where(CaseRow.id == case_id).with_for_update()
    return db.scalar(statement.execution_options(populate_existing=True))


def change(db: Session, case_id: int, *, now: datetime, **values: Any) -> CaseRow:  # noqa: ANN401 - the columns
    """Under its lock. The case as it is afterwards."""
    statement = (
        update(CaseRow)
        .where(CaseRow.id == case_id)
        .values(changed_at=now, version=CaseRow.version + 1, **values)
        .returning(CaseRow)
    )
    return db.scalars(statement, execution_options={"populate_existing": True}).one()


def find_live(db: Session, *, person_id: int, now: datetime) -> CaseRow | None:
    return db.scalar(_LIVE, {"person": person_id, "now": now})


def find_over(db: Session, *, person_id: int, since: datetime, now: datetime) -> CaseRow | None:
    """The one whose line ended last, by time, since then."""
    return db.scalar(_OVER, {"person": person_id, "since": since, "now": now})


def end_lines(db: Session, *, person_id: int) -> int:
    """Of this citizen. Nothing that staff decide about: the version stays."""
    ended = (
        update(CaseRow)
        .where(CaseRow.person_id == person_id, CaseRow.live_until.isnot(None))
        .values(live_until=None)
        .returning(CaseRow.id)
    )
    return len(db.execute(ended).all())


def end_old_lines(db: Session, *, before: datetime, limit: int) -> int:
    """Those that ended before that moment, and whose citizens have not written since to be told."""
    old = select(CaseRow.id).where(CaseRow.live_until < before).limit(limit)
    ended = update(CaseRow).where(CaseRow.id.in_(old)).values(live_until=None).returning(CaseRow.id)
    return len(db.execute(ended, execution_options={"synchronize_session": False}).all())


def take_token(db: Session, case_id: int) -> tuple[bytes, datetime] | None:
    """Gives the sealed reply token out, once."""
    row = lock(db, case_id)
    if row is None or row.reply_token is None or row.token_from is None:
        return None
    found = row.reply_token, row.token_from
    db.execute(update(CaseRow).where(CaseRow.id == case_id).values(reply_token=None, token_from=None))
    return found


def list_of_person(db: Session, *, person_id: int, kinds: Collection[str], limit: int) -> list[CaseRow]:
    """Of these kinds, or answered by staff: the latest first."""
    statement = (
        select(CaseRow)
        .where(CaseRow.person_id == person_id, or_(CaseRow.kind.in_(kinds), CaseRow.answered_at.isnot(None)))
        .order_by(CaseRow.id.desc())
        .limit(limit)
    )
    return list(db.scalars(_fresh(statement)))


def find_waiting(db: Session, *, person_id: int, since: datetime) -> CaseRow | None:
    """The person's latest case that waits for their answer: not closed, and they were written to in it since then."""
    spoken = exists().where(CaseMessageRow.case_id == CaseRow.id, CaseMessageRow.author.in_((BY_STAFF, BY_BOT)))
    statement = (
        select(CaseRow)
        .where(
            CaseRow.person_id == person_id,
            CaseRow.waits_for == CITIZEN,
            CaseRow.state.in_(NOT_CLOSED),
            spoken.where(CaseMessageRow.at >= since),
        )
        .order_by(CaseRow.changed_at.desc(), CaseRow.id.desc())
        .limit(1)
    )
    return db.scalar(_fresh(statement))


def find_open_of_person(db: Session, *, person_id: int, kinds: Collection[str]) -> CaseRow | None:
    """The latest that is not closed."""
    statement = (
        select(CaseRow)
        .where(CaseRow.person_id == person_id, CaseRow.state.in_(NOT_CLOSED), CaseRow.kind.in_(kinds))
        .order_by(CaseRow.id.desc())
        .limit(1)
    )
    return db.scalar(_fresh(statement))


def list_untaken_urgent(db: Session, *, now: datetime, limit: int) -> list[int]:
    """Overdue, taken by nobody who could still come in, and not told of since they became so."""
    gone = select(StaffRow.id).where(StaffRow.disabled_at.isnot(None))
    statement = (
        select(CaseRow.id)
        .where(
            CaseRow.state.in_(NOT_CLOSED),
            or_(CaseRow.taken_by.is_(None), CaseRow.taken_by.in_(gone)),
            CaseRow.urgent.is_(True),
            CaseRow.due_at < now,
            or_(CaseRow.alerted_at.is_(None), CaseRow.alerted_at < CaseRow.due_at),
        )
        .order_by(CaseRow.due_at, CaseRow.id)
        .limit(limit)
    )
    return list(db.scalars(statement))


def note_alerted(db: Session, case_id: int, *, now: datetime) -> None:
    db.execute(update(CaseRow).where(CaseRow.id == case_id).values(alerted_at=now))


def list_lines_cut(db: Session, *, now: datetime, kinds_but: Collection[str], limit: int) -> list[int]:
    """Whose line ended by time while the citizen waited for an answer, and that are not overdue for it yet. Not those
    of kinds for which an answer on the line was never promised."""
    statement = (
        select(CaseRow.id)
        .where(
            CaseRow.live_until <= now,
            CaseRow.state.in_(NOT_CLOSED),
            CaseRow.kind.not_in(kinds_but),
            CaseRow.waits_for == STAFF,
            or_(CaseRow.due_at.is_(None), CaseRow.due_at > CaseRow.live_until),
        )
        .order_by(CaseRow.id)
        .limit(limit)
    )
    return list(db.scalars(statement))


def _fresh(statement: Select[CaseRow]) -> Select[CaseRow]:
    """Read anew also where the session has read it before."""
    return statement.execution_options(populate_existing=True)
