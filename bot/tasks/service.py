"""What registrants are told without having written: who is due, the one message to each, and what came of it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot import logs
from bot.cases import opening
from bot.cases.opening import CaseKind
from bot.conversation import delivery
from bot.events import booking, by_hand, waiting_list
from bot.messages import Failure
from bot.queue import jobs
from bot.queue.jobs import Job
from bot.queue.kinds import SERVICE, JobKind
from bot.storage import events, holds, locks, outgoing, registrations, service_messages
from bot.storage import incoming as inbox_table
from bot.storage.events import EventRow
from bot.storage.outgoing import Delivery, OutgoingRow
from bot.storage.registrations import RegistrationRow
from bot.storage.service_messages import BOOKED, DROPPED, FAILED, HELD, QUEUED, SENT, ServiceMessageRow, WithEvent
from bot.tasks import unasked
from bot.tasks.tools import Tools
from bot.tasks.unasked import Unasked

log = logs.get(__name__)

A_BATCH = 50
LATE_AFTER = timedelta(hours=2)
"""What is later than that is not told by itself: nobody knows whether it still makes sense."""
TRIED_FOR = timedelta(hours=23)
"""LINE remembers a retry key for 24 hours: after that a second try could be a second message."""
TELL = "service"
"""The handlers' name for it, as if the person had pressed a button."""
ON_TIME = (booking.REMINDER, booking.FEEDBACK)
"""Kinds that are of use at their time only."""
QUOTA_ASKED_EVERY = timedelta(hours=1)
WRITTEN_DOWN_WITHIN = timedelta(minutes=5)
LEFT, LATE, NOT_TRUE, UNWANTED = booking.LEFT, booking.LATE, "not true any more", "unwanted"


def run_service_due(tools: Tools, job: Job) -> None:
    """One batch a claim. What was put into its person's lane before is not put there again."""
    with tools.database.transaction() as db:
        now = tools.now()
        jobs.renew(db, job, now=now)
        if holds.is_sending_held(db):
            jobs.finish(db, job)
            return
        _account_for_left_over(db, now)
        due = service_messages.list_due(db, now=now, limit=A_BATCH)
        late = [row.id for row in due if row.due_at < now - LATE_AFTER]
        service_messages.move(db, late, states=(BOOKED,), to=HELD, now=now, why=LATE)
        _queue(db, tools, [row for row in due if row.id not in late], now)
        if len(due) == A_BATCH:
            jobs.try_later(db, job, at=now, why="there are more to look at")
        else:
            jobs.finish(db, job)
    if due:
        log.info("service.due", due=len(due), held=len(late))


def _is_held(tools: Tools, job: Job) -> bool:
    with tools.database.transaction() as db:
        held = holds.is_sending_held(db)
        if held:
            jobs.finish(db, job)
        return held


def _queue(db: Session, tools: Tools, rows: list[ServiceMessageRow], now: datetime) -> None:
    recipients = service_messages.find_recipients(db, [row.registration_id for row in rows])
    lanes = {
        registration: tools.vault.keyed_hash("lane", user_id, length=32) for registration, user_id in recipients.items()
    }
    about = service_messages.list_with_events(db, [row.id for row in rows])
    no_quota = _is_quota_gone(db, now)
    locks.hold(db, lanes.values())  # as the webhook does: numbers in a lane are given in the order of commits
    for row in rows:
        user_id = recipients.get(row.registration_id)
        if not booking.is_wanted(db, row.kind, person_id=about[row.id][1].person_id):
            service_messages.move(db, [row.id], states=(BOOKED,), to=DROPPED, now=now, why=UNWANTED)
            continue
        if user_id is None or no_quota:
            _give_up(db, row, LEFT if user_id is None else Failure.QUOTA_SPENT.value, now)
            continue
        new = inbox_table.insert_new(db, [_event(tools, about[row.id], user_id, now)])
        if not new:  # it stood in a lane at this very time before, and nobody knows what came of it
            service_messages.move(db, [row.id], states=(BOOKED,), to=HELD, now=now, why=LATE)
        for incoming_id in new.values():
            service_messages.move(db, [row.id], states=(BOOKED,), to=QUEUED, now=now, incoming_id=incoming_id)
            lane = lanes[row.registration_id]
            jobs.enqueue(db, JobKind.SERVICE_TELL, now=now, subject_ids=[(incoming_id, lane)], priority=SERVICE)


def _give_up(db: Session, row: ServiceMessageRow, why: str, now: datetime) -> None:
    """LINE is not even asked: somebody has to telephone."""
    unwanted = why == LEFT and row.kind.startswith(ON_TIME)  # a reminder that nobody wanted is not worth a call
    state = DROPPED if unwanted else FAILED
    if service_messages.move(db, [row.id], states=(BOOKED, QUEUED), to=state, now=now, why=why) and state == FAILED:
        _tell_staff(db, row, now)


def _tell_staff(db: Session, row: ServiceMessageRow, now: datetime) -> None:
    """Once for each event."""
    opening.open_once(
        db, CaseKind.TELEPHONE, now=now, person_id=None, detail=str(row.event_id), of_that_detail=True
    )  # fmt: skip


def _is_quota_gone(db: Session, now: datetime) -> bool:
    """LINE has said so within the hour: it is asked again after that, and not by each of thousands."""
    return service_messages.has_failed_since(db, why=Failure.QUOTA_SPENT.value, since=now - QUOTA_ASKED_EVERY)


def _event(tools: Tools, about: WithEvent, user_id: str, now: datetime) -> dict[str, object]:
    row = about[0]
    payload = {"user": user_id, "message": row.id, "until": _until(*about).isoformat()}
    return {
        "webhook_event_id": f"service/{row.id}/{row.due_at.timestamp():.0f}", "kind": "service", "lane": None,
        "occurred_at": now, "received_at": now, "payload": tools.vault.seal(json.dumps(payload).encode()),
        "settled_at": None, "outcome": None,
    }  # fmt: skip


def _until(row: ServiceMessageRow, registration: RegistrationRow, event: EventRow) -> datetime:
    """Until when it may be tried: while it is of use, and while a second try cannot be a second message."""
    until = row.due_at + (LATE_AFTER if row.kind.startswith(ON_TIME) else TRIED_FOR)
    if row.kind == booking.FEEDBACK:
        return until
    if row.kind == booking.OFFER and registration.offer_until is not None:
        until = min(until, registration.offer_until)
    return min(until, event.ends_at if row.kind == booking.CALLED_OFF else event.starts_at)


def run_service_tell(tools: Tools, job: Job) -> None:
    """One message. May be run again at any point, like a turn. Raises LeaseLost."""
    incoming_id = job.subject_id or 0
    _look_again(tools, job, incoming_id)
    row = unasked.say(tools, job, _read)
    if row is not None and row.status == Delivery.TRYING:
        return
    with tools.database.transaction() as db:
        _account_for(db, incoming_id, tools.now())


def _look_again(tools: Tools, job: Job, incoming_id: int) -> None:
    """What is certainly not out yet is not tried when it is not true any more, nor without quota; what was held
    meanwhile, or is not wanted any more, is not tried at all."""
    with tools.database.reading() as db:
        told, row = service_messages.find_by_incoming(db, incoming_id), outgoing.find_for_incoming(db, incoming_id)
        if told is None or not _is_to_be_stopped(db, told, row, tools.now()):
            return
    with tools.database.transaction() as db:
        now = tools.now()
        jobs.renew(db, job, now=now)
        if row is None:
            _give_up(db, told, Failure.QUOTA_SPENT.value, now)
        else:
            why = NOT_TRUE if _is_wanted(db, told) else UNWANTED
            outgoing.settle(db, row.id, status=Delivery.CANCELLED, now=now, error=why)


def _is_to_be_stopped(db: Session, told: ServiceMessageRow, row: OutgoingRow | None, now: datetime) -> bool:
    if row is None:
        return told.state == QUEUED and _is_quota_gone(db, now) and _is_wanted(db, told)
    if row.status != Delivery.TRYING or told.state not in {QUEUED, HELD}:
        return False
    if told.state == HELD or not _is_wanted(db, told):
        return True
    return not (row.push_doubtful or _is_true(db, told, now))


def _is_wanted(db: Session, told: ServiceMessageRow) -> bool:
    found = service_messages.find_with_event(db, told.id)
    return found is not None and booking.is_wanted(db, told.kind, person_id=found[1].person_id)


def _account_for(db: Session, incoming_id: int, now: datetime) -> None:
    told = service_messages.find_by_incoming(db, incoming_id)
    if told is None or told.state != QUEUED:
        return
    row = outgoing.find_for_incoming(db, incoming_id)
    state, why = _outcome(row) if row is not None else _unsaid(db, told, now)
    if state is None:
        return
    if why == LEFT and told.kind.startswith(ON_TIME):
        state = DROPPED
    moved = service_messages.move(db, [told.id], states=(QUEUED,), to=state, now=now, why=why)
    if moved and state == FAILED:
        _tell_staff(db, told, now)


def _account_for_left_over(db: Session, now: datetime) -> None:
    """Those whose end was not written down: a process died just then, or a job was given up."""
    left_over = service_messages.list_left_over(
        db, settled_before=now - WRITTEN_DOWN_WITHIN, queued_before=now - LATE_AFTER, limit=A_BATCH
    )
    for incoming_id in left_over:
        _account_for(db, incoming_id, now)


def _read(payload: bytes) -> Unasked:
    read = json.loads(payload)
    until = datetime.fromisoformat(read["until"])
    return Unasked(read["user"], TELL, {"m": str(read["message"])}, service_until=until)


def _unsaid(db: Session, told: ServiceMessageRow, now: datetime) -> tuple[str, str]:
    """There was nothing to say, or nobody to say it to, or it was never come to."""
    heard = inbox_table.get_for_turn(db, told.incoming_id or 0)
    if not heard.settled or heard.forgotten:
        return HELD, LATE
    reached = service_messages.find_recipients(db, [told.registration_id])
    missed = not told.kind.startswith(ON_TIME) and _is_true(db, told, now)
    return (FAILED, LEFT) if missed and not reached else (DROPPED, NOT_TRUE)


def _is_true(db: Session, told: ServiceMessageRow, now: datetime) -> bool:
    found = by_hand.find(db, told.id, now=now)
    return found is not None and found.true


def _outcome(row: OutgoingRow) -> tuple[str | None, str]:
    error = row.last_error or ""
    match row.status:
        case Delivery.SENT:
            return SENT, ""
        case Delivery.CANCELLED:
            return (DROPPED, error) if error in {NOT_TRUE, UNWANTED} else (FAILED, LEFT)
        case Delivery.TRYING:
            return None, ""
        case Delivery.UNDELIVERABLE if error == delivery.TOO_LATE:
            return FAILED, LATE
    why = Failure.QUOTA_SPENT.value if error.startswith(Failure.QUOTA_SPENT.value) else row.status
    return FAILED, str(why)


def run_waiting_lists(tools: Tools, job: Job) -> None:
    """Offers that ran out go on to the next; what became free at night, or by a lowered demand, is offered. Each event
    in a transaction of its own. Doing it twice changes nothing more."""
    if _is_held(tools, job):  # nobody could be told of an offer
        return
    with tools.database.reading() as db:
        over = registrations.list_run_out(db, now=tools.now(), limit=A_BATCH)
        lines = registrations.list_events_with_a_line(db, limit=waiting_list.MOST_LINES, now=tools.now())
    ended = 0
    for registration_id, event_id in over:
        with tools.database.transaction() as db:
            now = tools.now()
            events.lock(db, event_id)
            service_messages.hold_late(db, registration_id, due_before=now - LATE_AFTER, why=LATE, now=now)
            ended += waiting_list.run_out(db, registration_id=registration_id, event_id=event_id, now=now)
    given = 0
    for event_id in lines:
        with tools.database.transaction() as db:
            event = events.lock(db, event_id)
            given += len(waiting_list.fill(db, event, now=tools.now())) if event is not None else 0
    with tools.database.transaction() as db:
        if len(over) == A_BATCH:
            jobs.try_later(db, job, at=tools.now(), why="there are more to look at")
        else:
            jobs.finish(db, job)
    if ended or given:
        log.info("waiting_lists.done", ended=ended, given=given)
