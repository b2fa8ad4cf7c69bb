"""A turn: one thing that a person did, from understanding it to the answer's delivery.

Three transactions: the claim; the effects together with the answer that is about to be sent; the end. In between, LINE.
Whatever dies on the way is found by the next claim, which sees how far it got and never has an effect twice.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from bot.cases import hearing, opening, taking_back
from bot.cases.opening import CaseKind
from bot.conversation import memory, pace
from bot.conversation.dispatcher import dispatch
from bot.conversation.pace import Verdict
from bot.conversation.postback import NotOurs
from bot.conversation.turn import Reply, Speaker, Turn
from bot.incoming import SHARED
from bot.line.render import render
from bot.messages import DeliveryFailed
from bot.notices import riding
from bot.outreach import audience, unsending
from bot.privacy import tombstones
from bot.queue import jobs
from bot.queue.jobs import Job
from bot.storage import incoming as inbox_table
from bot.storage.people import PersonRow
from bot.tasks import delivering, group_turn, rides
from bot.tasks.case import Case, open_case, understood, wait_for_more_until
from bot.tasks.delivering import Sending
from bot.tasks.tools import Tools

PACED = SHARED | {"text", "postback", "media"}
"""What counts against a person's pace: all that one can send at will."""
ENDINGS = frozenset({"unfollow", "unsend"})


def run_turn(tools: Tools, job: Job) -> None:
    """May be run again at any point. Raises LeaseLost when somebody else has taken the job over."""
    incoming_id = job.subject_id or 0
    sending: Sending | None = None
    with tools.database.reading() as db:
        row = inbox_table.get_for_turn(db, incoming_id)
        if row.settled or row.payload is None:
            sending = delivering.find_unfinished(db, tools, incoming_id)
        else:
            case = open_case(db, tools, job, row, row.payload)
    if row.settled or row.payload is None:
        _finish(tools, job, sending)
        return
    recipient = case.incoming.user_id if case.in_private and case.incoming.reply_token else None
    with delivering.loading_shown_when_slow(tools, recipient):
        case = understood(case)
        if _waits_for_more(tools, job, case):
            return
        sending = _take_effect(tools, job, case)
        if sending is not None:
            delivering.deliver(tools, job, sending)
            _mark_as_read(tools, case)


def _finish(tools: Tools, job: Job, sending: Sending | None) -> None:
    """An earlier claim had the effects: what may be left is the delivery."""
    if sending is not None:
        delivering.deliver(tools, job, sending)
        return
    with tools.database.transaction() as db:
        jobs.finish(db, job)


def _waits_for_more(tools: Tools, job: Job, case: Case) -> bool:
    """Puts back for a moment what may be only the beginning of a message."""
    until = None if tools.is_command(case.incoming.text) else wait_for_more_until(case)
    if until is None or until <= tools.now():
        return False
    with tools.database.transaction() as db:
        jobs.try_later(db, job, at=until, why="the rest may follow")
    return True


def _mark_as_read(tools: Tools, case: Case) -> None:
    if case.marks_read and case.incoming.read_token is not None:
        with suppress(DeliveryFailed):  # an ornament: the answer is out already
            tools.messenger.mark_as_read(case.incoming.read_token)


def _take_effect(tools: Tools, job: Job, case: Case) -> Sending | None:
    """Runs the handlers, and stores all that they did and the answer in one transaction. With nothing to send, that
    transaction ends the job too, and None is returned."""
    with tools.database.transaction() as db:
        now = tools.now()
        jobs.renew(db, job, now=now)
        jobs.absorb(db, job, [part.job_id for part in case.parts])
        outcome, sending = _run(tools, db, case, now)
        for part in case.parts:
            inbox_table.settle(db, part.incoming_id, outcome="read together", now=now)
        inbox_table.settle(db, case.incoming_id, outcome=outcome[:24], now=now)
        if sending is None:
            jobs.finish(db, job)
        return sending


def _run(tools: Tools, db: Session, case: Case, now: datetime) -> tuple[str, Sending | None]:
    """The outcome's name, and the answer when there is one to send."""
    incoming = case.incoming
    if incoming.kind in {"suspended", "resumed"}:
        opening.open_case(db, CaseKind.CHANNEL, now=now, incoming_id=case.incoming_id, detail=incoming.kind)
        return incoming.kind, None
    if incoming.standby:
        return "kept", None
    if not case.in_private:
        return group_turn.run(tools, db, case, now)
    if incoming.user_id is None:
        return "kept", None
    return _take_in(tools, db, case, incoming.user_id, now)


def _take_in(tools: Tools, db: Session, case: Case, user_id: str, now: datetime) -> tuple[str, Sending | None]:
    """Of somebody in a chat of two."""
    known = audience.find(db, line_user_id=user_id)
    if (known is None or case.incoming.occurred_at < known.first_seen_at) and _is_over(tools, db, case, user_id):
        return "erased", None
    person = known or audience.meet(db, line_user_id=user_id, now=now)
    quietly = _settle_quietly(tools, db, case, person, now)
    if quietly is not None:
        return quietly, None
    return _answer(tools, db, case, person, now)


def _is_over(tools: Tools, db: Session, case: Case, user_id: str) -> bool:
    """Somebody did this who was erased since; or it ends what is over, and is no reason to know them again."""
    erased_at = tombstones.find_erased_at(db, tools.vault, line_user_id=user_id)
    return erased_at is not None and (case.incoming.occurred_at <= erased_at or case.incoming.kind in ENDINGS)


def _settle_quietly(tools: Tools, db: Session, case: Case, person: PersonRow, now: datetime) -> str | None:
    """The outcome of what is acted upon, or ignored, without a word; None for what the handlers answer."""
    incoming = case.incoming
    match incoming.kind:
        case "unfollow":
            audience.note_unfollow(db, person_id=person.id, at=incoming.occurred_at, now=now)
            return "unfollowed"
        case "unsend":
            message_id = incoming.message_id or ""
            unsending.take_back(db, tools.vault, person_id=person.id, message_id=message_id, now=now)
            taking_back.take_back_answers(db, tools.vault, person_id=person.id, message_id=message_id, now=now)
            return "unsent"
        case "follow":
            return None
    if unsending.was_withdrawn(db, incoming.message_id, worded_at=incoming.occurred_at):
        return "taken back"
    return None if audience.listens(db, person, at=incoming.occurred_at) else "left"


def _answer(tools: Tools, db: Session, case: Case, person: PersonRow, now: datetime) -> tuple[str, Sending | None]:
    incoming, understanding = case.incoming, case.understanding
    urgent = understanding is not None and understanding.decision.urgent
    verdict = Verdict.FINE
    remembered = case.memory
    if incoming.kind in PACED:
        kept_pace, verdict = pace.take(
            remembered.pace, now=case.received_at, per_minute=tools.person_pace, messages=1 + len(case.parts),
            urgent=urgent,
        )  # fmt: skip
        remembered = replace(remembered, pace=kept_pace)
    remembered = replace(remembered, wrote_at=None)  # whoever answers a question says so anew
    name, reply = "braked", Reply((), remembered)
    case = replace(case, memory=remembered)
    if verdict is not Verdict.BRAKED or (not urgent and _is_for_staff(tools, db, case, person, now)):
        turn = _turn(tools, db, case, person, now)
        name, reply = dispatch(tools.routes, replace(turn, braking=verdict is not Verdict.FINE))
    if person not in db:  # the handler has erased them: nothing of this turn is kept, only the last words go out
        return name, _last_words(tools, db, case, reply)
    unsending.note_joined(db, case.message_ids, lead_id=incoming.message_id, now=now)
    memory.save(db, tools.vault, reply.memory, person_id=person.id, now=now)
    rendered = render(reply.messages)
    if not rendered:
        return name, None
    rider, sent = rides.take_along(db, tools, rendered, person_id=person.id, urgent=urgent, now=now)
    begun = delivering.begin(
        db, tools, sent, incoming_id=case.incoming_id, person_id=person.id, recipient=incoming.user_id,
        token=incoming.reply_token, received_at=case.received_at, may_push=reply.worth_a_push,
    )  # fmt: skip
    if rider is not None:
        riding.note_answer(db, rider, person_id=person.id, outgoing_id=begun.outgoing_id)
    return name, begun


def _is_for_staff(tools: Tools, db: Session, case: Case, person: PersonRow, now: datetime) -> bool:
    """What somebody says to a person on the line is heard up to twice the pace: nobody would tell them that it is
    lost."""
    kept = case.memory
    meant = case.incoming.kind != "postback" and kept.step is None and kept.pace.level < 2 * tools.person_pace
    return meant and hearing.find_live(db, person.id, now=now) is not None


def _last_words(tools: Tools, db: Session, case: Case, reply: Reply) -> Sending | None:
    """By the free reply or not at all: nobody is there any more to be written to."""
    rendered = render(reply.messages)
    if not rendered:
        return None
    return delivering.begin(
        db, tools, rendered, incoming_id=case.incoming_id, person_id=None, recipient=None,
        token=case.incoming.reply_token, received_at=case.received_at, may_push=False,
    )  # fmt: skip


def _turn(tools: Tools, db: Session, case: Case, person: PersonRow, now: datetime) -> Turn:
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
