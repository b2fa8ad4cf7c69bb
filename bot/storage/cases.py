"""What a person of the centre has to look at."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, BigId
from bot.storage.questions import QuestionRow


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


def open_case(db: Session, row: CaseRow) -> int:
    db.add(row)
    db.flush()
    return row.id


def find_open_case(
    db: Session, *, person_id: int | None, kind: str, question_id: int | None, since: datetime,
    detail: str | None = None,
) -> int | None:  # fmt: skip
    """The person's latest open case of this kind about this question, or about no question; nobody's for None."""
    same = () if detail is None else (CaseRow.detail == detail,)
    return db.scalar(
        select(CaseRow.id)
        .where(
            CaseRow.person_id.is_not_distinct_from(person_id),
            CaseRow.kind == kind,
            CaseRow.state == "open",
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
            CaseRow.state == "open",
            CaseRow.opened_at >= since,
        )
        .order_by(CaseRow.id.desc())
        .limit(1)
    )


def forget_words(db: Session, *, message_id: str) -> int:
    """Takes the words of one message back, and returns how many cases held them."""
    result = db.execute(update(CaseRow).where(CaseRow.message_id == message_id).values(detail="").returning(CaseRow.id))
    return len(result.all())


def list_cases(db: Session, *, state: str | None, limit: int) -> list[tuple[CaseRow, str | None]]:
    """Cases with the masked words that led to them, the urgent ones first, the newest of them first."""
    statement = select(CaseRow, QuestionRow.text).outerjoin(QuestionRow, QuestionRow.id == CaseRow.question_id)
    if state is not None:
        statement = statement.where(CaseRow.state == state)
    statement = statement.order_by(CaseRow.urgent.desc(), CaseRow.id.desc()).limit(limit)
    return [(case, words) for case, words in db.execute(statement)]


def list_open_details(db: Session, *, kind: str) -> dict[str, int]:
    """The number of each open case of the kind, by its detail."""
    statement = select(CaseRow.detail, CaseRow.id).where(CaseRow.kind == kind, CaseRow.state == "open")
    return {detail: number for detail, number in db.execute(statement)}  # noqa: C416 - typed rows


def close(db: Session, case_id: int) -> None:
    db.execute(update(CaseRow).where(CaseRow.id == case_id).values(state="closed"))
