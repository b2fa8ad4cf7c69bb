"""Getting a stored answer to LINE, and accounting for what came of it."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from bot import clock, logs
from bot.cases import opening
from bot.cases.opening import CaseKind
from bot.conversation import delivery
from bot.conversation.delivery import Attempt, Step
from bot.messages import DeliveryFailed, Rendered
from bot.queue import jobs
from bot.queue.jobs import Job
from bot.queue.kinds import SERVICE, JobKind
from bot.storage import holds, outgoing, people
from bot.storage.outgoing import Delivery, OutgoingRow
from bot.tasks.tools import Tools

log = logs.get(__name__)

LOADING_AFTER_SECONDS = 1.5
LOADING_SHOWN_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Sending:
    """An answer on its way: the row that accounts for it, and what is known of earlier tries."""

    outgoing_id: int
    incoming_id: int
    person_id: int | None
    attempt: Attempt
    may_push: bool = True
    is_service: bool = False
    """About people's own registration: outside the daily number of pushes, and accounted for by who booked it."""


def begin(
    db: Session, tools: Tools, messages: Rendered, *, incoming_id: int, person_id: int | None, recipient: str | None,
    token: str | None, received_at: datetime, may_push: bool = True, service_until: datetime | None = None,
) -> Sending:  # fmt: skip
    """Writes the answer down, in the transaction that made it, as already being tried: the try follows at once.

    The returned sending knows that nothing was tried before; whoever finds the row later does not. `service_until` is
    set for what concerns people's own registration, and says until when it is of use.
    """
    now = tools.now()
    attempt = Attempt(
        messages=messages, recipient=recipient, reply_token=token, token_from=received_at, token_doubtful=False,
        retry_key=str(uuid.uuid4()), push_doubtful=False, tries=0, push_allowed=may_push, good_until=service_until,
    )  # fmt: skip
    replies = delivery.will_reply(attempt, now)
    outgoing_id = outgoing.add(
        db,
        incoming_id=incoming_id,
        person_id=person_id,
        messages=tools.vault.seal(json.dumps(messages, ensure_ascii=False).encode()),
        reply_token=tools.vault.seal(token.encode()) if token else None,
        token_from=received_at,
        token_doubtful=replies,
        retry_key=attempt.retry_key,
        push_doubtful=may_push and not replies,
        may_push=may_push,
        good_until=service_until,
        capped=service_until is None,
        tries=1,
        created_at=now,
    )
    return Sending(
        outgoing_id, incoming_id, person_id, attempt, may_push=may_push, is_service=service_until is not None
    )


def find_unfinished(db: Session, tools: Tools, incoming_id: int) -> Sending | None:
    """The answer of an earlier claim that did not come to an end, or None."""
    row = outgoing.find_for_incoming(db, incoming_id)
    if row is None or row.status != Delivery.TRYING:
        return None
    recipient = people.get(db, row.person_id).line_user_id if row.person_id is not None else None
    return _sending(tools, row, recipient)


def _sending(tools: Tools, row: OutgoingRow, recipient: str | None) -> Sending:
    messages: Rendered = json.loads(tools.vault.open(row.messages or b""))
    attempt = Attempt(
        messages=messages,
        recipient=recipient,
        reply_token=tools.vault.open(row.reply_token).decode() if row.reply_token else None,
        token_from=row.token_from,
        token_doubtful=row.token_doubtful,
        retry_key=row.retry_key,
        push_doubtful=row.push_doubtful,
        tries=row.tries,
        push_allowed=row.may_push,
        good_until=row.good_until,
    )
    return Sending(row.id, row.incoming_id, row.person_id, attempt, may_push=row.may_push, is_service=not row.capped)


def deliver(tools: Tools, job: Job, sending: Sending) -> None:
    """Steps until the delivery has ended, or has to wait: then the job is put back. Raises LeaseLost."""
    while True:
        now = tools.now()
        attempt = _note_try(tools, job, sending, now)
        if attempt is None:
            return
        step = delivery.take_step(tools.messenger, attempt, now=now)
        with tools.database.transaction() as db:
            again = _account_for(db, tools, job, sending, step)
        if not again:
            return
        sending = replace(
            sending,
            attempt=replace(
                attempt,
                reply_token=None if step.token_dead else attempt.reply_token,
                token_doubtful=step.token_doubtful,
                push_doubtful=step.push_doubtful,
                tries=attempt.tries + 1,
            ),
        )


def _note_try(tools: Tools, job: Job, sending: Sending, now: datetime) -> Attempt | None:
    """Says in the database that a request may be made, unless the row was written saying so. None: it must not be made
    any more, and the job is done."""
    attempt = sending.attempt
    replies = delivery.will_reply(attempt, now)
    if attempt.tries == 0:
        if replies:
            return attempt
        with tools.database.reading() as db:
            if not _is_called_off(db, sending):
                return replace(attempt, push_allowed=_push_allowed(db, tools, sending, now))
    with tools.database.transaction() as db:
        jobs.renew(db, job, now=now)
        if _is_called_off(db, sending):
            jobs.finish(db, job)
            return None
        outgoing.note_try(db, sending.outgoing_id, **{"token_doubtful" if replies else "push_doubtful": True})
        return replace(attempt, push_allowed=_push_allowed(db, tools, sending, now))


def _is_called_off(db: Session, sending: Sending) -> bool:
    """Its person left meanwhile, or was erased: then there is no row any more."""
    row = outgoing.find_for_incoming(db, sending.incoming_id)
    return row is None or row.status == Delivery.CANCELLED


def _push_allowed(db: Session, tools: Tools, sending: Sending, now: datetime) -> bool:
    """Answers as billed pushes have a daily number in Bangkok's day. One that may be out already may be repeated."""
    if not sending.may_push:
        return False
    if sending.attempt.push_doubtful or sending.is_service:
        return True
    if holds.is_sending_held(db):
        return False
    midnight = clock.in_bangkok(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return outgoing.count_pushed_since(db, since=midnight) < tools.push_daily_cap


def _account_for(db: Session, tools: Tools, job: Job, sending: Sending, step: Step) -> bool:
    """Writes down what came of a step. True: go on at once."""
    now = tools.now()
    if outgoing.find_for_incoming(db, sending.incoming_id) is None:  # erased while LINE was asked
        jobs.finish(db, job)
        return False
    if step.status is Delivery.TRYING:
        outgoing.note_failure(
            db, sending.outgoing_id, error=step.error, token_doubtful=step.token_doubtful, token_dead=step.token_dead,
            push_doubtful=step.push_doubtful,
        )  # fmt: skip
        again_at = step.again_at or now
        if again_at <= now:
            jobs.renew(db, job, now=now)
            return True
        if sending.is_service and job.lane and now - sending.attempt.token_from > delivery.STALE_AFTER:
            # Tried for hours, if need be; what its person writes meanwhile is not kept waiting behind it.
            jobs.finish(db, job)
            alone = [(sending.incoming_id, None)]
            jobs.enqueue(db, JobKind(job.kind), now=again_at, subject_ids=alone, priority=SERVICE)
            return False
        jobs.try_later(db, job, at=again_at, why=step.error or "")
        return False
    outgoing.settle(
        db, sending.outgoing_id, status=step.status, now=now, pushed=step.pushed, error=step.error,
        request_id=step.receipt.request_id if step.receipt else None,
    )  # fmt: skip
    _tell_staff(db, sending, step, now)
    jobs.finish(db, job)
    return False


def _tell_staff(db: Session, sending: Sending, step: Step, now: datetime) -> None:
    kinds = {Delivery.UNDELIVERABLE: CaseKind.UNDELIVERABLE, Delivery.UNKNOWN: CaseKind.UNKNOWN_DELIVERY}
    kind = kinds.get(step.status) if sending.may_push and not sending.is_service else None
    if kind is not None:
        log.warning("answer.not_delivered", outcome=step.status.value, why=step.error)
        opening.open_case(
            db, kind, now=now, person_id=sending.person_id, incoming_id=sending.incoming_id, detail=step.error or ""
        )


@contextmanager
def loading_shown_when_slow(tools: Tools, recipient: str | None) -> Iterator[None]:
    """LINE's loading animation, should the work inside take longer than people like to wait."""
    if recipient is None:
        yield
        return

    def show() -> None:
        with suppress(DeliveryFailed):  # an ornament: the answer does not depend on it
            tools.messenger.show_loading(recipient, seconds=LOADING_SHOWN_SECONDS)

    timer = threading.Timer(LOADING_AFTER_SECONDS, show)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
