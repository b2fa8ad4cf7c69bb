"""A turn: one thing that a person did, from understanding it to the answer's delivery.

Three transactions: the claim; the effects together with the answer that is about to be sent; the end. In between, LINE.
Whatever dies on the way is found by the next claim, which sees how far it got and never has an effect twice.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from bot import masking
from bot.conversation import memory
from bot.conversation.dispatcher import dispatch
from bot.conversation.memory import Memory
from bot.conversation.postback import NotOurs
from bot.conversation.turn import Speaker, Turn, Understanding
from bot.faq.library import Knowledge
from bot.incoming import Incoming
from bot.line import webhook
from bot.line.render import render
from bot.outreach import audience, unsending
from bot.queue import jobs
from bot.queue.jobs import Job
from bot.storage import incoming as inbox_table
from bot.storage.people import PersonRow
from bot.tasks import delivering
from bot.tasks.delivering import Sending
from bot.tasks.tools import Tools

LONGEST_MESSAGE = 5000


@dataclass(frozen=True, slots=True)
class _Case:
    """What a turn begins with, read before its transaction. Nobody else touches this person's dialogue meanwhile: the
    lane is ours."""

    incoming: Incoming
    incoming_id: int
    received_at: datetime
    memory: Memory
    knowledge: Knowledge
    understanding: Understanding | None = None


def run_turn(tools: Tools, job: Job) -> None:
    """May be run again at any point. Raises LeaseLost when somebody else has taken the job over."""
    incoming_id = job.subject_id or 0
    with tools.database.reading() as db:
        row = inbox_table.get_for_turn(db, incoming_id)
        if row.settled or row.payload is None:
            sending = delivering.find_unfinished(db, tools, incoming_id)
        else:
            sending = None
            incoming = webhook.load_event(tools.vault.open(row.payload))
            remembered = _remember(db, tools, incoming)
            case = _Case(incoming, incoming_id, row.received_at, remembered, tools.library.current())
    if row.settled or row.payload is None:
        _finish(tools, job, sending)
        return
    with delivering.loading_shown_when_slow(tools, incoming.user_id if incoming.reply_token else None):
        sending = _take_effect(tools, job, _understood(case))
        if sending is not None:
            delivering.deliver(tools, job, sending)


def _finish(tools: Tools, job: Job, sending: Sending | None) -> None:
    """An earlier claim had the effects: what may be left is the delivery."""
    if sending is not None:
        delivering.deliver(tools, job, sending)
        return
    with tools.database.transaction() as db:
        jobs.finish(db, job)


def _remember(db: Session, tools: Tools, incoming: Incoming) -> Memory:
    person = audience.find(db, line_user_id=incoming.user_id) if incoming.user_id else None
    return memory.load(db, tools.vault, person_id=person.id, now=tools.now()) if person else Memory()


def _understood(case: _Case) -> _Case:
    """Outside the turn's transaction: nothing may wait for a matcher at work."""
    if case.incoming.kind != "text":
        return case
    matcher, text = case.knowledge.matcher, case.incoming.text[:LONGEST_MESSAGE]
    started = time.perf_counter()
    decision = matcher.decide(text, earlier=case.memory.earlier)
    milliseconds = round((time.perf_counter() - started) * 1000, 2)
    masked = masking.mask(text)
    words = decision.words if masked == text else matcher.words(masked)
    return replace(case, understanding=Understanding(decision, masked, words, milliseconds))


def _take_effect(tools: Tools, job: Job, case: _Case) -> Sending | None:
    """Runs the handlers, and stores all that they did and the answer in one transaction. With nothing to send, that
    transaction ends the job too, and None is returned."""
    with tools.database.transaction() as db:
        now = tools.now()
        jobs.renew(db, job, now=now)
        outcome, sending = _run_handlers(tools, db, case, now)
        inbox_table.settle(db, case.incoming_id, outcome=outcome, now=now)
        if sending is None:
            jobs.finish(db, job)
        return sending


def _run_handlers(tools: Tools, db: Session, case: _Case, now: datetime) -> tuple[str, Sending | None]:
    """The outcome's name, and the answer when there is one to send."""
    incoming = case.incoming
    if incoming.user_id is None or incoming.group_id is not None or incoming.standby:
        return "kept", None
    person = audience.meet(db, line_user_id=incoming.user_id, now=now)
    quietly = _settle_quietly(db, incoming, person, now)
    if quietly is not None:
        return quietly, None
    name, reply = dispatch(tools.routes, _turn(tools, db, case, person, now))
    memory.save(db, tools.vault, reply.memory, person_id=person.id, now=now)
    rendered = render(reply.messages)
    if not rendered:
        return name[:24], None
    sending = delivering.begin(
        db, tools, rendered, incoming_id=case.incoming_id, person_id=person.id, recipient=incoming.user_id,
        token=incoming.reply_token, received_at=case.received_at,
    )  # fmt: skip
    return name[:24], sending


def _settle_quietly(db: Session, incoming: Incoming, person: PersonRow, now: datetime) -> str | None:
    """The outcome of what is acted upon, or ignored, without a word; None for what the handlers answer."""
    match incoming.kind:
        case "unfollow":
            audience.note_unfollow(db, person_id=person.id, at=incoming.occurred_at, now=now)
            return "unfollowed"
        case "unsend":
            unsending.take_back(db, person_id=person.id, message_id=incoming.message_id or "", now=now)
            return "unsent"
        case "follow":
            return None
    if unsending.was_taken_back(db, incoming.message_id):
        return "taken back"
    return None if audience.listens(db, person, at=incoming.occurred_at) else "left"


def _turn(tools: Tools, db: Session, case: _Case, person: PersonRow, now: datetime) -> Turn:
    pressed = None
    if case.incoming.kind == "postback":
        with suppress(NotOurs):  # left without a pressed button, the turn is answered as a stale one
            pressed = tools.buttons.decode(case.incoming.text)
    return Turn(
        db=db,
        now=now,
        incoming=case.incoming,
        incoming_id=case.incoming_id,
        speaker=Speaker(person.id, person.language, person.following, person.notice_version),
        memory=case.memory,
        catalogue=case.knowledge.catalogue,
        knowledge_version=case.knowledge.version,
        understanding=case.understanding,
        pressed=pressed,
    )
