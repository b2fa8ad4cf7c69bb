"""What staff write to a citizen, what the bot says about a case, what it costs, and what became of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.cases import handling, rights, saying
from bot.cases.kinds import CaseKind
from bot.cases.refusals import CaseClosed, NobodyToTell, NoSuchCase, TakenBySomebodyElse
from bot.cases.rules import PRIVACY_WITHIN, CaseRules
from bot.cases.thread import words_of
from bot.storage import case_messages, cases
from bot.storage.case_messages import FAILED, QUEUED, SENT, UNKNOWN, CaseMessageRow
from bot.storage.case_messages import STAFF as BY_STAFF
from bot.storage.cases import CITIZEN, CLOSED, STAFF, TAKEN, CaseRow
from bot.vault import Vault

TOKEN_LIFE = timedelta(seconds=50)
"""LINE gives a reply token a minute. Ten seconds are left for the call itself."""


def answer(
    db: Session, vault: Vault, case_id: int, *, by: int, text: str, rules: CaseRules, now: datetime,
    version: int | None = None, key: str | None = None,
) -> CaseMessageRow:  # fmt: skip
    """To the citizen, who is on the line with staff from now on. Takes the case if nobody has it. The same words
    with the same `key` are one message, however often they are sent. Raises CaseRefused."""
    case = handling.lock(db, case_id, by=by)
    text = saying.checked(text)
    written = saying.find_same(db, vault, case_id, key, author=BY_STAFF, text=text)
    if written is not None:
        return written
    if case.state == CLOSED:
        raise CaseClosed(case.closed_by)
    has_it = rights.holder(db, case)
    if has_it not in {by, None}:
        raise TakenBySomebodyElse(has_it)
    handling.require_version(case, version)
    person = saying.require_somebody(db, case)
    row = case_messages.add(
        db, case_id=case_id, at=now, author=BY_STAFF, staff_id=by, text=vault.seal(text.encode()), kind="text",
        message_id=saying.key_of(key), delivery=QUEUED,
    )  # fmt: skip
    saying.dispatch(db, vault, row, person, now=now)
    cases.change(
        db, case_id, now=now, state=TAKEN, taken_by=by, taken_at=case.taken_at if has_it == by else now,
        answered_at=case.answered_at or now, waits_for=CITIZEN, due_at=None, live_until=now + rules.quiet_for,
    )  # fmt: skip
    return row


def free_until(case: CaseRow, *, now: datetime) -> datetime | None:
    """Until when an answer goes out by the citizen's reply token. None: it does not any more."""
    if case.reply_token is None or case.token_from is None:
        return None
    until = case.token_from + TOKEN_LIFE
    return until if until > now else None


def costs(case: CaseRow, *, now: datetime) -> bool:
    """Whether an answer that is sent now counts against the quota."""
    return free_until(case, now=now) is None


def can_be_told(db: Session, case: CaseRow) -> bool:
    """Whether there is somebody in LINE whom an answer would reach."""
    try:
        saying.require_somebody(db, case)
    except NobodyToTell:
        return False
    return True


def note_said(db: Session, message_id: int, *, status: str, pushed: bool) -> bool:
    """What became of a message: `sent`, `failed` or `unknown`. One that did not arrive, or may not have, makes the case
    wait for staff again, and opens it again if it was closed meanwhile: nobody looks into a closed one. Of one that did
    not the case is overdue, if there is somebody to be told. False: it was written down before. Raises ValueError."""
    if status not in {SENT, FAILED, UNKNOWN}:
        raise ValueError(status)
    row = case_messages.find(db, message_id)
    case = cases.lock(db, row.case_id) if row is not None else None
    if row is None or case is None or not case_messages.set_delivery(db, message_id, delivery=status, pushed=pushed):
        return False
    if status != SENT and row.author == BY_STAFF:
        _wait_for_staff(db, case, row, failed=status == FAILED)
    return True


def _wait_for_staff(db: Session, case: CaseRow, row: CaseMessageRow, *, failed: bool) -> None:
    now = max(case.changed_at, row.at)
    if case.state == CLOSED:
        if case.person_id is None:
            return  # erased: there is nobody to be answered any more
        handling.opened_again(db, case, now=now, rules=CaseRules())
        cases.change(db, case.id, now=now, due_at=None)  # nothing new was asked, nothing new is promised
    values: dict[str, datetime | None] = {"live_until": None} if failed else {}
    if failed and case.due_at is None and can_be_told(db, case):
        values["due_at"] = _late_from(case, row)  # the citizen knows of no answer, and waits
    cases.change(db, case.id, now=now, waits_for=STAFF, **values)


def _late_from(case: CaseRow, row: CaseMessageRow) -> datetime:
    """At once; what the law allows for a request about data stays."""
    return max(row.at, case.opened_at + PRIVACY_WITHIN) if case.kind == CaseKind.PRIVACY else row.at


def get_message(db: Session, vault: Vault, message_id: int) -> tuple[CaseMessageRow, str]:
    """A message on its way, and its words: none of what the bot says. Raises NoSuchCase."""
    row = case_messages.find(db, message_id)
    if row is None:
        raise NoSuchCase
    return row, words_of(vault, row) or ""
