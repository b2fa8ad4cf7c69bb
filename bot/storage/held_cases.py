"""What somebody and staff said to one another, for showing it to them."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.storage.case_messages import CaseMessageRow
from bot.storage.case_pictures import KEPT, CasePictureRow
from bot.storage.cases import CaseRow
from bot.storage.questions import QuestionRow
from bot.storage.staff import StaffRow


def list_of_person(db: Session, person_id: int, *, limit: int) -> list[tuple[CaseRow, str | None]]:
    """The latest first, with the masked question that led to each."""
    wanted = select(CaseRow, QuestionRow.text).outerjoin(QuestionRow, QuestionRow.id == CaseRow.question_id)
    wanted = wanted.where(CaseRow.person_id == person_id).order_by(CaseRow.id.desc()).limit(limit)
    return [(case, words) for case, words in db.execute(wanted)]


def count_of_person(db: Session, person_id: int) -> int:
    return db.scalar(select(func.count()).select_from(CaseRow).where(CaseRow.person_id == person_id)) or 0


def list_messages(db: Session, case_ids: Collection[int], *, limit: int) -> list[CaseMessageRow]:
    """The latest, the oldest of them first."""
    wanted = select(CaseMessageRow).where(CaseMessageRow.case_id.in_(case_ids))
    return list(db.scalars(wanted.order_by(CaseMessageRow.id.desc()).limit(limit)))[::-1]


def list_pictures(db: Session, case_ids: Collection[int], *, limit: int) -> list[CasePictureRow]:
    wanted = select(CasePictureRow).where(CasePictureRow.case_id.in_(case_ids))
    return list(db.scalars(wanted.order_by(CasePictureRow.id.desc()).limit(limit)))[::-1]


def find_picture(db: Session, *, picture_id: int, person_id: int) -> CasePictureRow | None:
    """One of this person's own that is here."""
    wanted = select(CasePictureRow).join(CaseRow, CaseRow.id == CasePictureRow.case_id)
    mine = (CasePictureRow.id == picture_id, CaseRow.person_id == person_id, CasePictureRow.state == KEPT)
    return db.scalar(wanted.where(*mine))


def list_staff_names(db: Session, staff_ids: Collection[int]) -> dict[int, str]:
    wanted = select(StaffRow.id, StaffRow.name).where(StaffRow.id.in_(staff_ids))
    return {number: name for number, name in db.execute(wanted)}  # noqa: C416 - typed rows
