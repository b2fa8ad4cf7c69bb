"""Telling people what they agreed to hear: finding out what has an answer now, and the one push for those who have not
written meanwhile."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot import clock, logs
from bot.outreach import hear_back
from bot.queue import jobs
from bot.queue.jobs import Job
from bot.queue.kinds import BACKGROUND, JobKind
from bot.storage import holds, outgoing
from bot.storage import incoming as inbox_table
from bot.storage.hear_back import Due
from bot.storage.outgoing import Delivery
from bot.tasks import unasked
from bot.tasks.tools import Tools
from bot.tasks.unasked import Unasked

log = logs.get(__name__)

A_BATCH = 50
SHARE_OF_THE_CAP = 0.5
"""Of the day's pushes: the rest is left for answers that people wait for now."""
TELL = "tell"
"""The handlers' name for it, as if the person had pressed a button."""
UNTOLD = frozenset({Delivery.UNDELIVERABLE, Delivery.CANCELLED})


def run_hear_back(tools: Tools, job: Job) -> None:
    """One batch a claim of questions that the version in force was not yet asked; at the end, who is due a push.
    Doing it twice changes nothing more."""
    with tools.database.transaction() as db:
        if holds.is_sending_held(db):
            jobs.finish(db, job)
            return
    knowledge = tools.library.current()
    with tools.database.reading() as db:
        asked = hear_back.list_unanswered(db, version=knowledge.version, limit=A_BATCH)
    found = {one.id: hear_back.answer_in(one, knowledge.matcher.decide(one.text)) for one in asked}
    answers = {row_id: entry for row_id, entry in found.items() if entry is not None}
    with tools.database.transaction() as db:
        now = tools.now()
        jobs.renew(db, job, now=now)
        answered = hear_back.note_checked(db, asked, answers, version=knowledge.version, now=now)
        if len(asked) == A_BATCH:
            jobs.try_later(db, job, at=now, why="there are more to look at")
            return
        tidied = hear_back.tidy(db, now=now)
        pushes = _begin_pushes(db, tools, now)
        jobs.finish(db, job)
    if asked or pushes:
        log.info("hear_back.done", asked=len(asked), answered=answered, pushes=pushes, expired=tidied.expired)


def _begin_pushes(db: Session, tools: Tools, now: datetime) -> int:
    """Each agreement leads to one push at the most: what was begun once is an event that was seen before."""
    midnight = clock.in_bangkok(now).replace(hour=0, minute=0, second=0, microsecond=0)
    room = int(tools.push_daily_cap * SHARE_OF_THE_CAP) - outgoing.count_pushed_since(db, since=midnight)
    due = {one.line_user_id: one for one in hear_back.list_due(db, now=now, limit=min(room, A_BATCH))}
    new = inbox_table.insert_new(db, [_event(tools, one, now) for one in due.values()])
    turns: list[tuple[int | None, str | None]] = [(row_id, None) for row_id in new.values()]
    jobs.enqueue(db, JobKind.TELL, now=now, subject_ids=turns, priority=BACKGROUND)
    return len(turns)


def _event(tools: Tools, due: Due, now: datetime) -> dict[str, object]:
    return {
        "webhook_event_id": f"hear-back/{due.id}/{due.consented_at.timestamp():.0f}", "kind": "hear_back", "lane": None,
        "occurred_at": now, "received_at": now, "payload": tools.vault.seal(due.line_user_id.encode()),
        "settled_at": None, "outcome": None,
    }  # fmt: skip


def run_tell(tools: Tools, job: Job) -> None:
    """One push. May be run again at any point, like a turn. Raises LeaseLost."""
    row = unasked.say(tools, job, lambda payload: Unasked(payload.decode(), TELL, {}))
    maybe_out = row is not None and row.status == Delivery.CANCELLED and row.push_doubtful
    if row is not None and row.status in UNTOLD and not maybe_out:  # the next free reply may still tell it
        with tools.database.transaction() as db:
            hear_back.note_not_told(db, told_in=row.incoming_id)
