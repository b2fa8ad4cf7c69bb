"""What a turn begins with: the event opened, the conversation so far, and what a text is taken to mean.

Everything here is read before the turn's transaction. Nobody else touches this chat meanwhile: its lane is ours.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot import masking
from bot.conversation import memory
from bot.conversation.memory import Memory
from bot.conversation.turn import Understanding
from bot.faq.library import Knowledge
from bot.incoming import Incoming
from bot.line import events
from bot.outreach import audience, unsending
from bot.queue import jobs
from bot.queue.jobs import Job
from bot.storage import channel
from bot.storage import incoming as inbox_table
from bot.storage.incoming import ForTurn
from bot.tasks.tools import Tools
from knowledge.matcher import Decision

LONGEST_MESSAGE = 5000
ONE_BREATH = timedelta(seconds=1)
"""Messages that follow each other this closely are parts of one."""
MOST_PARTS = 10
OPENINGS = "general."
"""The entries with which conversations begin: greetings, asking for help or for a person."""
LONGEST_HOLD = timedelta(seconds=3)


@dataclass(frozen=True, slots=True)
class Part:
    """A message that is read together with the one before it."""

    job_id: int
    incoming_id: int
    incoming: Incoming
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Case:
    """`incoming` has the words of all parts, and the ids and tokens of the last one; `received_at` is the last one's,
    `first_received_at` the first one's."""

    incoming: Incoming
    incoming_id: int
    received_at: datetime
    first_received_at: datetime
    memory: Memory
    knowledge: Knowledge
    parts: tuple[Part, ...] = ()
    message_ids: tuple[str | None, ...] = ()
    marks_read: bool = False
    understanding: Understanding | None = None

    @property
    def in_private(self) -> bool:
        return self.incoming.group_id is None


def open_case(db: Session, tools: Tools, job: Job, row: ForTurn, payload: bytes) -> Case:
    incoming = events.load_event(tools.vault.open(payload))
    case = Case(
        incoming=incoming,
        incoming_id=job.subject_id or 0,
        received_at=row.received_at,
        first_received_at=row.received_at,
        memory=_remembered(db, tools, incoming),
        knowledge=tools.library.current(),
        message_ids=(incoming.message_id,),
        marks_read=incoming.read_token is not None and channel.reads_by_hand(db),
    )
    if incoming.kind != "text" or not case.in_private:
        return case
    parts = _parts_behind(db, tools, job, incoming)
    if not parts or unsending.was_withdrawn(db, incoming.message_id, worded_at=incoming.occurred_at):
        return case
    return _joined(case, parts)


def _remembered(db: Session, tools: Tools, incoming: Incoming) -> Memory:
    if incoming.user_id is None or incoming.group_id is not None:
        return Memory()
    person = audience.find(db, line_user_id=incoming.user_id)
    return memory.load(db, tools.vault, person_id=person.id, now=tools.now()) if person else Memory()


def _parts_behind(db: Session, tools: Tools, job: Job, first: Incoming) -> list[Part]:
    """The texts that followed in the same breath, as far as they have reached us."""
    parts: list[Part] = []
    last = first
    for job_id, incoming_id in jobs.list_behind(db, job, limit=MOST_PARTS - 1):
        row = inbox_table.get_for_turn(db, incoming_id or 0)
        if row.settled or row.payload is None:
            break
        incoming = events.load_event(tools.vault.open(row.payload))
        if incoming.kind != "text" or not timedelta(0) <= incoming.occurred_at - last.occurred_at <= ONE_BREATH:
            break
        if unsending.was_withdrawn(db, incoming.message_id, worded_at=incoming.occurred_at):
            break  # it gets a turn of its own, which ends without a word
        parts.append(Part(job_id, incoming_id or 0, incoming, row.received_at))
        last = incoming
    return parts


def _joined(case: Case, parts: Sequence[Part]) -> Case:
    messages = [case.incoming, *(part.incoming for part in parts)]
    last = messages[-1]
    text = "\n".join(message.text for message in messages)
    return replace(
        case,
        incoming=replace(last, event_id=case.incoming.event_id, text=text),
        received_at=parts[-1].received_at,
        parts=tuple(parts),
        message_ids=tuple(message.message_id for message in messages),
    )


def understood(case: Case) -> Case:
    """Works out what a text means. Slow beside everything else here, so nobody waits for it in a transaction."""
    if case.incoming.kind != "text":
        return case
    matcher, text = case.knowledge.matcher, case.incoming.text[:LONGEST_MESSAGE]
    started = time.perf_counter()
    decision = matcher.decide(text, earlier=case.memory.earlier)
    continues = False
    if not is_final(decision) and _follows_in_one_breath(case):
        *before, last = case.memory.earlier
        whole = matcher.decide(f"{last}\n{text}", earlier=before)
        if is_final(whole):
            decision, continues = whole, whole.entry == case.memory.subject
    milliseconds = round((time.perf_counter() - started) * 1000, 2)
    masked = masking.mask(text)
    words = decision.words if masked == text else matcher.words(masked)
    return replace(case, understanding=Understanding(decision, masked, words, milliseconds, continues=continues))


def is_final(decision: Decision) -> bool:
    """Nothing that may still follow would change the answer. A greeting, or `May I ask something?`, may be followed by
    the question itself."""
    return decision.urgent or (
        decision.kind == "answer" and decision.entry is not None and not decision.entry.startswith(OPENINGS)
    )


def _follows_in_one_breath(case: Case) -> bool:
    wrote_at = case.memory.wrote_at
    if wrote_at is None or not case.memory.earlier:
        return False
    return timedelta(0) <= case.incoming.occurred_at - wrote_at <= ONE_BREATH


def wait_for_more_until(case: Case) -> datetime | None:
    """Until when to wait for the rest of a message that may be only its beginning. None: answer now."""
    if case.understanding is None or not case.in_private or case.incoming.edited:
        return None
    if is_final(case.understanding.decision) and case.memory.step is None and not case.parts:
        return None  # whoever has begun to write in parts is likely to go on
    if case.understanding.decision.urgent or len(case.parts) + 1 >= MOST_PARTS:
        return None
    return min(case.received_at + ONE_BREATH, case.first_received_at + LONGEST_HOLD)
