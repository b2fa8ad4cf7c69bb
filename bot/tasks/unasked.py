"""Saying something to a person who has not asked for it just now: as if they had pressed a button, once, and by a push,
unless a message of theirs has left a reply token that is still young.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.conversation.dispatcher import dispatch
from bot.conversation.memory import Memory
from bot.conversation.postback import Pressed
from bot.conversation.turn import Speaker, Turn
from bot.incoming import Incoming
from bot.line.render import render
from bot.queue import jobs
from bot.queue.jobs import Job
from bot.storage import incoming as inbox_table
from bot.storage import outgoing, people
from bot.storage.outgoing import OutgoingRow
from bot.tasks import delivering
from bot.tasks.delivering import Sending
from bot.tasks.tools import Tools

Token = tuple[str, datetime]
"""A reply token, and since when it lives."""


def _no_token(_db: Session, _now: datetime) -> Token | None:
    return None


@dataclass(frozen=True, slots=True)
class Unasked:
    """What the sealed payload of the incoming row stands for. `service_until` is set for what concerns the person's own
    registration or case. `take_token` gives a reply token out, once, in the transaction that writes the message down.
    """

    line_user_id: str
    action: str
    arguments: dict[str, str]
    service_until: datetime | None = None
    take_token: Callable[[Session, datetime], Token | None] = _no_token


def say(tools: Tools, job: Job, read: Callable[[bytes], Unasked]) -> OutgoingRow | None:
    """May be run again at any point, like a turn. What became of it so far, or None where there was nothing to say.
    Raises LeaseLost."""
    incoming_id = job.subject_id or 0
    with tools.database.reading() as db:
        row = inbox_table.get_for_turn(db, incoming_id)
        sending = delivering.find_unfinished(db, tools, incoming_id) if row.settled else None
    if row.payload is not None and not row.settled:
        sending = _take_effect(tools, job, read(tools.vault.open(row.payload)))
    elif sending is None:
        with tools.database.transaction() as db:
            jobs.finish(db, job)
    if sending is not None:
        delivering.deliver(tools, job, sending)
    with tools.database.reading() as db:
        return outgoing.find_for_incoming(db, incoming_id)


def _take_effect(tools: Tools, job: Job, unasked: Unasked) -> Sending | None:
    """The message written down in the transaction of its effects. None: nothing was left to say, and the job is
    done."""
    incoming_id = job.subject_id or 0
    knowledge = tools.library.current()
    with tools.database.transaction() as db:
        now = tools.now()
        jobs.renew(db, job, now=now)
        person = people.find(db, line_user_id=unasked.line_user_id)
        rendered = []
        if person is not None and person.following:
            turn = Turn(
                db=db, now=now, incoming=Incoming(str(incoming_id), "postback", now, standby=False),
                incoming_id=incoming_id,
                speaker=Speaker(person.id, person.language, person.following, person.notice_version),
                memory=Memory(), catalogue=knowledge.catalogue, knowledge_version=knowledge.version,
                pressed=Pressed(unasked.action, unasked.arguments, now),
            )  # fmt: skip
            rendered = render(dispatch(tools.routes, turn)[1].messages)
        inbox_table.settle(db, incoming_id, outcome="told" if rendered else "nothing to tell", now=now)
        if person is None or not rendered:
            jobs.finish(db, job)
            return None
        token, lives_since = unasked.take_token(db, now) or (None, now)
        return delivering.begin(
            db, tools, rendered, incoming_id=incoming_id, person_id=person.id, recipient=person.line_user_id,
            token=token, received_at=lives_since, service_until=unasked.service_until,
        )  # fmt: skip
