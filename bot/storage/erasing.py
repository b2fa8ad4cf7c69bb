"""Taking one person out of the database: deletes and updates by person, each of few rows, and none that commits."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from bot.storage.base import Base
from bot.storage.case_messages import CaseMessageRow
from bot.storage.case_pictures import CasePictureRow
from bot.storage.cases import CLOSED, CaseRow
from bot.storage.consents import ConsentRow
from bot.storage.data_links import DataLinkRow
from bot.storage.dialogues import DialogueRow
from bot.storage.event_feedback import EventFeedbackRow
from bot.storage.hear_back import HearBackRow
from bot.storage.notice_recipients import RecipientRow
from bot.storage.notice_trials import TrialRow
from bot.storage.outgoing import OutgoingRow
from bot.storage.people import PersonRow
from bot.storage.preferences import InterestRow, PreferenceRow
from bot.storage.questions import QuestionRow
from bot.storage.staff import StaffRow
from bot.storage.withdrawn import JoinedMessageRow, WithdrawnRow

OWN: tuple[tuple[str, type[Base]], ...] = (
    ("hear_back", HearBackRow),
    ("consents", ConsentRow),
    ("preferences", PreferenceRow),
    ("interests", InterestRow),
    ("dialogues", DialogueRow),
    ("data_links", DataLinkRow),
    ("notices", RecipientRow),
    ("notice_trials", TrialRow),
    ("answers", OutgoingRow),
)
"""What goes with the person altogether, by the name under which the receipt counts it."""
A_BATCH = 500
"""So many values go into one statement."""


def lock_person(db: Session, person_id: int) -> PersonRow | None:
    """As they are now. Nothing that names them is written by anybody else before this transaction ends."""
    statement = select(PersonRow).where(PersonRow.id == person_id).with_for_update()
    return db.scalar(statement.execution_options(populate_existing=True))


def delete_own(db: Session, person_id: int) -> dict[str, int]:
    """How many rows of which kind went."""
    counts = {}
    for name, table in OWN:
        whose = cast(Any, table).person_id == person_id
        counts[name] = _count(db.execute(delete(table).where(whose).execution_options(synchronize_session=False)))
    return counts


def delete_person(db: Session, person_id: int) -> bool:
    """Whoever holds the row in this session finds it gone there too. Last of all: what still names the person goes, or
    loses the name, with it."""
    return _count(db.execute(delete(PersonRow).where(PersonRow.id == person_id))) == 1


def is_staff(db: Session, person_id: int) -> bool:
    return db.scalar(select(StaffRow.id).where(StaffRow.person_id == person_id)) is not None


def unlink_staff(db: Session, person_id: int) -> bool:
    """The account of the staff stays, without its link to LINE."""
    unlinked = update(StaffRow).where(StaffRow.person_id == person_id).values(person_id=None, linked_at=None)
    return db.execute(unlinked.returning(StaffRow.id)).first() is not None


def empty_beside_registration(db: Session, registration_id: int) -> None:
    """What was agreed to with it, and the words of what was said of the event afterwards."""
    db.execute(delete(ConsentRow).where(ConsentRow.registration_id == registration_id))
    said = update(EventFeedbackRow).where(EventFeedbackRow.registration_id == registration_id)
    db.execute(said.values(word="", message_id=None))


def list_cases(db: Session, person_id: int) -> list[int]:
    """Ids, locked in their order."""
    statement = select(CaseRow.id).where(CaseRow.person_id == person_id).order_by(CaseRow.id)
    return list(db.scalars(statement.with_for_update()))


def count_open_cases(db: Session, person_id: int) -> int:
    wanted = (CaseRow.person_id == person_id, CaseRow.state != CLOSED)
    return db.scalar(select(func.count()).select_from(CaseRow).where(*wanted)) or 0


def list_old_cases(db: Session, *, closed_before: datetime, after: int, limit: int) -> list[int]:
    """Closed before then, with something in them that is not a number; by id, those after `after`."""
    said = exists().where(CaseMessageRow.case_id == CaseRow.id)
    full = (
        CaseRow.detail != "", CaseRow.form.is_not(None), CaseRow.person_id.is_not(None),
        CaseRow.reply_token.is_not(None), CaseRow.message_id.is_not(None), said,
    )  # fmt: skip
    ended_at = func.coalesce(CaseRow.closed_at, CaseRow.changed_at)
    statement = select(CaseRow.id).where(
        CaseRow.state == CLOSED, ended_at < closed_before, CaseRow.id > after, or_(*full)
    )
    return list(db.scalars(statement.order_by(CaseRow.id).limit(limit)))


def empty_cases(db: Session, case_ids: Collection[int], *, now: datetime) -> dict[str, int]:
    """Closes them; what is left are kind, topic and times. How many were open, and how much was said in them."""
    if not case_ids:
        return {"cases": 0, "case_messages": 0, "case_pictures": 0}
    pictures = _count(db.execute(delete(CasePictureRow).where(CasePictureRow.case_id.in_(case_ids))))
    messages = _count(db.execute(delete(CaseMessageRow).where(CaseMessageRow.case_id.in_(case_ids))))
    emptied = (
        update(CaseRow)
        .where(CaseRow.id.in_(case_ids))
        .values(
            state=CLOSED, closed_at=func.coalesce(CaseRow.closed_at, now), person_id=None, detail="", form=None,
            message_id=None, reply_token=None, token_from=None, live_until=None, due_at=None, incoming_id=None,
            version=CaseRow.version + 1,
        )
    )  # fmt: skip
    cases = _count(db.execute(emptied.execution_options(synchronize_session="fetch")))
    return {"cases": cases, "case_messages": messages, "case_pictures": pictures}


def empty_questions(db: Session, askers: Collection[str]) -> int:
    """What is left of a question is a number; what staff made of its words stands with the FAQ, without a name."""
    if not askers:
        return 0
    found = list(db.execute(select(QuestionRow.id, QuestionRow.message_id).where(QuestionRow.asker.in_(askers))))
    _forget_message_ids(db, [message_id for _, message_id in found if message_id is not None])
    return empty_questions_by_id(db, [question_id for question_id, _ in found])


def list_questions(db: Session, askers: Collection[str]) -> list[int]:
    return list(db.scalars(select(QuestionRow.id).where(QuestionRow.asker.in_(askers)).order_by(QuestionRow.id)))


def list_old_questions(db: Session, *, asked_before: datetime, after: int, limit: int) -> list[int]:
    """With words, or somebody who asked; by id, those after `after`."""
    full = or_(QuestionRow.text.is_not(None), QuestionRow.asker.is_not(None), QuestionRow.message_id.is_not(None))
    statement = select(QuestionRow.id).where(QuestionRow.id > after, QuestionRow.asked_at < asked_before, full)
    return list(db.scalars(statement.order_by(QuestionRow.id).limit(limit)))


def empty_questions_by_id(db: Session, question_ids: Sequence[int]) -> int:
    count = 0
    for start in range(0, len(question_ids), A_BATCH):
        some = question_ids[start : start + A_BATCH]
        emptied = update(QuestionRow).where(QuestionRow.id.in_(some))
        count += _count(db.execute(emptied.values(text=None, words=[], asker=None, message_id=None)))
    return count


def _forget_message_ids(db: Session, message_ids: Sequence[str]) -> None:
    for start in range(0, len(message_ids), A_BATCH):
        some = message_ids[start : start + A_BATCH]
        parts = delete(JoinedMessageRow).where(JoinedMessageRow.lead_id.in_(some))
        joined = list(db.scalars(parts.returning(JoinedMessageRow.message_id)))
        db.execute(delete(WithdrawnRow).where(WithdrawnRow.message_id.in_([*some, *joined])))


def list_gone(db: Session, *, gone_before: datetime, limit: int) -> list[int]:
    """Who blocked the account before then, and has not asked that what is held of them be kept."""
    statement = select(PersonRow.id).where(
        PersonRow.following.is_(False), PersonRow.following_changed_at < gone_before, PersonRow.restricted_at.is_(None)
    )
    return list(db.scalars(statement.order_by(PersonRow.id).limit(limit)))


def set_restricted(db: Session, person_id: int, *, at: datetime | None) -> bool:
    """False: it was so already."""
    other = PersonRow.restricted_at.is_(None) if at is not None else PersonRow.restricted_at.is_not(None)
    changed = update(PersonRow).where(PersonRow.id == person_id, other).values(restricted_at=at)
    return db.execute(changed.returning(PersonRow.id)).first() is not None


def _count(result: Any) -> int:  # noqa: ANN401 - SQLAlchemy types the row count on a subclass of what execute returns
    return int(cast(CursorResult[Any], result).rowcount)
