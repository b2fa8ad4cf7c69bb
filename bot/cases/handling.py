"""What staff do with a case. Each function decides under the case's lock, so that of two at once one comes first; done
again, as by a second press, each changes nothing more.

`version` is the one that was seen: if the case has changed since, nothing is done.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot.cases import office_hours, rights, saying
from bot.cases.kinds import CaseKind
from bot.cases.refusals import CaseClosed, ChangedMeanwhile, NoSuchCase, TakenBySomebodyElse
from bot.cases.rules import CaseRules
from bot.queue import jobs
from bot.queue.kinds import JobKind
from bot.storage import case_messages, cases
from bot.storage.case_messages import NOTE
from bot.storage.cases import CLOSED, OPEN, STAFF, TAKEN, CaseRow
from bot.vault import Vault

CLOSED_MESSAGE = "closed"
"""The kind of what the bot says at the end, asking whether it helped."""


def take(db: Session, case_id: int, *, by: int, now: datetime, version: int | None = None) -> CaseRow:
    """Raises CaseRefused."""
    case = lock(db, case_id, by=by)
    has_it = rights.holder(db, case)
    if case.state == CLOSED:
        raise CaseClosed(case.closed_by)
    if has_it == by:
        return case
    if has_it is not None:
        raise TakenBySomebodyElse(has_it)
    require_version(case, version)
    return cases.change(db, case_id, now=now, state=TAKEN, taken_by=by, taken_at=now)


def give_back(db: Session, case_id: int, *, by: int, now: datetime, version: int | None = None) -> CaseRow:
    """Nobody is on the line with the citizen any more. Raises CaseRefused."""
    case = lock(db, case_id, by=by)
    if case.state == CLOSED:
        raise CaseClosed(case.closed_by)
    if case.taken_by is None:
        return case
    if rights.holder(db, case) not in {by, None}:
        raise TakenBySomebodyElse(case.taken_by)
    require_version(case, version)
    return cases.change(
        db, case_id, now=now, state=OPEN, taken_by=None, taken_at=None, **_line_over(case, now)
    )  # fmt: skip


def hand_over(db: Session, case_id: int, *, by: int, to: int, now: datetime, version: int | None = None) -> CaseRow:
    """To a colleague; staff may also move what somebody else has, to themselves too, since people fall ill. Raises
    CaseRefused: MayNotAnswer also where the colleague may not."""
    case = lock(db, case_id, by=by)
    if case.state == CLOSED:
        raise CaseClosed(case.closed_by)
    rights.require(db, case, staff_id=to)
    has_it = rights.holder(db, case)
    if has_it == to:
        return case
    if has_it not in {by, None} and not rights.may_move(db, staff_id=by):
        raise TakenBySomebodyElse(has_it)
    require_version(case, version)
    return cases.change(db, case_id, now=now, state=TAKEN, taken_by=to, taken_at=now)


def note(
    db: Session, vault: Vault, case_id: int, *, by: int, text: str, now: datetime, version: int | None = None,
    key: str | None = None,
) -> int:  # fmt: skip
    """For staff only; also in a closed case, and in one that somebody else has. Returns the message's id: the same
    words with the same `key` are one. Raises CaseRefused."""
    case = lock(db, case_id, by=by)
    text = saying.checked(text)
    written = saying.find_same(db, vault, case_id, key, author=NOTE, text=text)
    if written is not None:
        return written.id
    require_version(case, version)
    row = case_messages.add(
        db, case_id=case_id, at=now, author=NOTE, staff_id=by, text=vault.seal(text.encode()), kind="text",
        message_id=saying.key_of(key),
    )  # fmt: skip
    cases.change(db, case_id, now=now)
    return row.id


def close(
    db: Session, vault: Vault, case_id: int, *, by: int, tell: bool, now: datetime, version: int | None = None
) -> CaseRow:
    """`tell`: the citizen is told, and asked whether it helped. Raises CaseRefused: NobodyToTell only if `tell`."""
    case = lock(db, case_id, by=by)
    if case.state == CLOSED:
        if case.closed_by == by:
            return case
        raise CaseClosed(case.closed_by)
    has_it = rights.holder(db, case)
    if has_it not in {by, None} and not rights.may_move(db, staff_id=by):
        raise TakenBySomebodyElse(has_it)
    require_version(case, version)
    if tell:
        saying.send_bot(db, vault, case, kind=CLOSED_MESSAGE, now=now)
    values: dict[str, object] = {"live_until": None}
    if not tell:  # whoever was on the line is told by the bot, once, that it is back
        values = {"reply_token": None, "token_from": None, **_line_over(case, now)}
    return cases.change(
        db, case_id, now=now, state=CLOSED, closed_at=now, closed_by=by, due_at=None, waits_for=cases.CITIZEN,
        satisfied=None, **values,
    )  # fmt: skip


def was_told_of_its_end(db: Session, case: CaseRow) -> bool:
    """Whether the citizen is told, and asked whether it helped, because of the end that the case has now."""
    if case.closed_at is None:
        return False
    said = case_messages.find_said_by_bot(db, case_id=case.id, kind=CLOSED_MESSAGE, since=case.closed_at)
    return said is not None


def reopen(
    db: Session, case_id: int, *, by: int | None, now: datetime, version: int | None = None,
    rules: CaseRules | None = None,
) -> CaseRow:  # fmt: skip
    """It goes back to whoever had it, if they are still there. `by` None: the citizen wants it. Raises CaseRefused."""
    case = lock(db, case_id, by=by)
    if case.state != CLOSED:
        return case
    require_version(case, version)
    again = opened_again if by is not None else opened_by_citizen
    return again(db, case, now=now, rules=rules or CaseRules())


def opened_by_citizen(db: Session, case: CaseRow, *, now: datetime, rules: CaseRules) -> CaseRow:
    """Under its lock. Of an urgent one staff are told anew: whoever closed it thinks that all is well."""
    case = opened_again(db, case, now=now, rules=rules)
    if case.urgent:
        jobs.enqueue(db, JobKind.CASE_ALERT, now=now, subject_ids=[(case.id, None)])
    return case


def opened_again(db: Session, case: CaseRow, *, now: datetime, rules: CaseRules) -> CaseRow:
    """Under its lock."""
    has_it = rights.holder(db, case)
    due_at = office_hours.due_again(rules, CaseKind(case.kind), opened_at=case.opened_at, now=now)
    return cases.change(
        db, case.id, now=now, state=OPEN if has_it is None else TAKEN, taken_by=has_it,
        taken_at=None if has_it is None else case.taken_at, waits_for=STAFF, closed_at=None, closed_by=None,
        live_until=None, due_at=due_at if case.person_id is not None else None,
    )  # fmt: skip


def lock(db: Session, case_id: int, *, by: int | None) -> CaseRow:
    """Raises NoSuchCase, MayNotAnswer."""
    case = cases.lock(db, case_id)
    if case is None:
        raise NoSuchCase
    if by is not None:
        rights.require(db, case, staff_id=by)
    return case


def _line_over(case: CaseRow, now: datetime) -> dict[str, datetime]:
    """What ends the line now, where somebody is on it."""
    return {"live_until": now} if case.live_until is not None and case.live_until > now else {}


def require_version(case: CaseRow, version: int | None) -> None:
    """Raises ChangedMeanwhile."""
    if version is not None and version != case.version:
        raise ChangedMeanwhile(case.version)
