"""Who may work on a case. The table of who may do what is another room's; a test holds these two lines against it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.cases.kinds import CaseKind
from bot.cases.refusals import MayNotAnswer, Why
from bot.storage import staff
from bot.storage.cases import CaseRow
from bot.storage.staff import StaffRow

ANSWERING = frozenset({"volunteer", "staff", "administrator"})
"""The roles that may answer cases."""
SEEING_PEOPLE = frozenset({"staff", "administrator"})
"""The roles that may see people, and with them what is about somebody's data."""


def require(db: Session, case: CaseRow, *, staff_id: int) -> StaffRow:
    """The account, if it may see and answer this case now. Raises MayNotAnswer."""
    account = staff.find(db, staff_id)
    if account is None or account.disabled_at is not None:
        raise MayNotAnswer(staff_id, Why.DISABLED)
    if account.role not in ANSWERING:
        raise MayNotAnswer(staff_id, Why.ROLE)
    if case.kind == CaseKind.PRIVACY and account.role not in SEEING_PEOPLE:
        raise MayNotAnswer(staff_id, Why.PRIVACY)
    return account


def holder(db: Session, case: CaseRow) -> int | None:
    """The account that has the case. None: nobody, or one that cannot come in any more."""
    account = staff.find(db, case.taken_by) if case.taken_by is not None else None
    return account.id if account is not None and account.disabled_at is None else None


def may_move(db: Session, *, staff_id: int) -> bool:
    """Whether this account may take a case from the colleague who has it. Volunteers may not."""
    account = staff.find(db, staff_id)
    return account is not None and account.role in SEEING_PEOPLE
