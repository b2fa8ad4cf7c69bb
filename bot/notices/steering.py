"""Pausing, going on and stopping while a notice is on its way. At most the requests that are being made right now still
go out after a pause."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot.notices import approval, audience, drafting, sending
from bot.notices.refusals import NotInThatState
from bot.notices.rules import Rules
from bot.notices.starting import CONFIRMED
from bot.storage import notice_chunks, notices
from bot.storage.notices import APPROVED, HELD, PAUSED, PLANNING, SENDING, STOPPED


def pause(db: Session, notice_id: int, *, now: datetime) -> None:
    """Raises NotInThatState, NoSuchNotice."""
    if not notices.move(db, notice_id, states=(SENDING,), to=PAUSED, now=now, why=sending.BY_STAFF):
        raise NotInThatState(drafting.get(db, notice_id).state)


def go_on(db: Session, notice_id: int, *, by: int, rules: Rules, now: datetime) -> str:
    """After a pause, and where something was held and somebody has looked: it is `by` who answers for it from then on.
    The state it is in then: `approved` where it had not begun yet. Raises NeedsSomebodyElse, NotInThatState,
    NoSuchNotice."""
    row = notices.lock(db, notice_id) or drafting.get(db, notice_id)
    if row.state not in (PAUSED, HELD):
        raise NotInThatState(row.state)
    if row.began_at is None:
        reach = audience.count(db, drafting.plan_of(row).audience, event_id=row.event_id, rules=rules, now=now)
        approval.check_approver(row, reach, approver_id=by, rules=rules)
        notices.move(
            db, notice_id, states=(HELD,), to=APPROVED, now=now, why=CONFIRMED, approved_hash=drafting.hash_of(row),
            begins_at=rules.next_day_begins(now + rules.cooling), approver_id=by, approved_count=reach.reached,
        )  # fmt: skip
        return APPROVED
    to = SENDING if row.rendered is not None else PLANNING
    notices.move(db, notice_id, states=(PAUSED, HELD), to=to, now=now, why=CONFIRMED, touched_at=now)
    notice_chunks.try_anew(db, notice_id)
    return to


def stop(db: Session, notice_id: int, *, now: datetime) -> None:
    """For good: what has not been sent is not sent any more. Raises NotInThatState, NoSuchNotice."""
    states = (APPROVED, PLANNING, SENDING, PAUSED, HELD)
    if not notices.move(db, notice_id, states=states, to=STOPPED, now=now, why=sending.BY_STAFF, finished_at=now):
        raise NotInThatState(drafting.get(db, notice_id).state)
    notice_chunks.stop_open(db, notice_id, now=now)


def hold_all(db: Session, *, why: str, now: datetime) -> int:
    """After a restore nothing goes out before a person has looked. Returns how many notices are held."""
    return notices.hold_all(db, why=why, now=now)
