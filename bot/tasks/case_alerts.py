"""Urgent cases: linked staff are told at once, by night too, and once more where nobody has taken one in time."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot import logs
from bot.cases import hearing, rights
from bot.cases.kinds import CaseKind
from bot.outreach import permissions
from bot.outreach.permissions import Permission, Role
from bot.queue import jobs
from bot.queue.jobs import Job
from bot.queue.kinds import JobKind
from bot.storage import case_alerts, cases
from bot.storage import incoming as inbox_table
from bot.storage.case_alerts import Linked
from bot.storage.cases import CLOSED, CaseRow
from bot.storage.outgoing import Delivery
from bot.tasks import case_saying, unasked
from bot.tasks.tools import Tools
from bot.tasks.unasked import Unasked

log = logs.get(__name__)

A_BATCH = 50
MOST_TOLD = 200
OF_USE_FOR = timedelta(hours=12)
TELL = "case_alert"
"""The handlers' name for it, as if the person had pressed a button."""


def run_case_alert(tools: Tools, job: Job) -> None:
    """One message to each of the linked staff. Doing it twice tells nobody twice."""
    with tools.database.transaction() as db:
        now = tools.now()
        jobs.renew(db, job, now=now)
        case = cases.lock(db, job.subject_id or 0)
        told = _tell_staff(db, tools, case, now) if case is not None and _is_to_be_told(db, case, now) else None
        jobs.finish(db, job)
    if told == 0:
        log.warning("case.nobody_to_alert", case=job.subject_id)


def _is_to_be_told(db: Session, case: CaseRow, now: datetime) -> bool:
    """The first time also when somebody has taken it meanwhile: they are told that it is in hand."""
    return case.state != CLOSED and (not _is_overdue(case, now) or rights.holder(db, case) is None)


def _is_overdue(case: CaseRow, now: datetime) -> bool:
    return case.due_at is not None and case.due_at <= now


def _tell_staff(db: Session, tools: Tools, case: CaseRow, now: datetime) -> int:
    """How many there are to be told."""
    linked = [one for one in case_alerts.list_linked(db, limit=MOST_TOLD) if _may_answer(one.role)]
    new = inbox_table.insert_new(db, [_event(tools, case.id, one, _occasion(case, now), now) for one in linked])
    jobs.enqueue(db, JobKind.CASE_TELL, now=now, subject_ids=[(row_id, None) for row_id in new.values()])
    cases.note_alerted(db, case.id, now=now)
    return len(linked)


def _occasion(case: CaseRow, now: datetime) -> str:
    """Each promise is told of once when it is given, and once when it was not kept."""
    promised = int(case.due_at.timestamp()) if case.due_at is not None else 0
    return f"{promised}{'o' if _is_overdue(case, now) else ''}"


def _may_answer(role: str) -> bool:
    return permissions.may(Role(role), Permission.ANSWER_CASES)


def _event(tools: Tools, case_id: int, to: Linked, occasion: str, now: datetime) -> dict[str, object]:
    payload = {"user": to.line_user_id, "case": case_id, "until": (now + OF_USE_FOR).isoformat()}
    return {
        "webhook_event_id": f"case-alert/{case_id}/{to.staff_id}/{occasion}", "kind": "case_alert", "lane": None,
        "occurred_at": now, "received_at": now, "payload": tools.vault.seal(json.dumps(payload).encode()),
        "settled_at": None, "outcome": None,
    }  # fmt: skip


def run_case_tell(tools: Tools, job: Job) -> None:
    """One push. May be run again at any point, like a turn. Raises LeaseLost."""
    row = unasked.say(tools, job, _read)
    if row is not None and row.status in {Delivery.UNDELIVERABLE, Delivery.UNKNOWN}:
        log.error("case.alert_not_told", outcome=row.status, why=row.last_error)


def _read(payload: bytes) -> Unasked:
    read = json.loads(payload)
    return Unasked(
        read["user"], TELL, {"c": str(read["case"])}, service_until=datetime.fromisoformat(read["until"])
    )  # fmt: skip


def run_cases_due(tools: Tools, job: Job) -> None:
    """What time alone brings about in cases. Doing it twice changes nothing more."""
    with tools.database.transaction() as db:
        now = tools.now()
        jobs.renew(db, job, now=now)
        untaken = cases.list_untaken_urgent(db, now=now, limit=A_BATCH)
        jobs.enqueue(db, JobKind.CASE_ALERT, now=now, subject_ids=[(case_id, None) for case_id in untaken])
        cut = case_alerts.mark_overdue(
            db, cases.list_lines_cut(db, now=now, kinds_but=(CaseKind.PRIVACY,), limit=A_BATCH), now=now
        )  # what the law allows for a request about data is not shortened
        cases.end_old_lines(db, before=now - hearing.OVER_IS_TOLD_WITHIN, limit=A_BATCH)
    left_over = case_saying.account_for_left_over(tools)
    with tools.database.transaction() as db:
        jobs.finish(db, job)
    if untaken or cut or left_over:
        log.info("cases.due", untaken=len(untaken), cut=cut, left_over=left_over)
