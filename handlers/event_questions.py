"""A question about what is on: answered with the events themselves, and with what was understood."""

from __future__ import annotations

from dataclasses import replace

from bot import clock
from bot.conversation.turn import Reply, Turn, Understanding
from bot.messages import Action, Card
from bot.outreach import questions
from handlers import browse_events
from handlers.desk import Desk
from handlers.event_reading import Asked, names_events, read_question
from knowledge.decision import Decision

TOPIC = "event.list"
OTHER_QUESTIONS = frozenset(
    {"event.cancel", "event.cost", "event.full", "event.group", "event.mine", "event.notices", "event.ticket"}
)
"""Of somebody's own place, or of one event: a list would be no answer."""


def asks(turn: Turn) -> bool:
    """True where the matcher says so, and for a text that names a time or a place and asks for nothing but events."""
    understanding = turn.understanding
    if turn.incoming.kind != "text" or understanding is None:
        return False
    decision = understanding.decision
    if decision.urgent or decision.refusal is not None:
        return False
    if decision.kind == "answer" and (decision.entry == TOPIC or decision.entry in OTHER_QUESTIONS):
        return decision.entry == TOPIC
    return names_events(turn.incoming.text) and _read(turn).only_that


def answer(turn: Turn, desk: Desk) -> Reply:
    """Logged like any question, as answered with the events."""
    understanding = turn.understanding
    if understanding is None:
        raise ValueError("a text reached the events without having been understood first")
    asked = _read(turn)
    question_id = _log(turn, desk, understanding)
    memory = replace(
        turn.memory.without_step().heard(understanding.masked), subject=TOPIC, question_id=question_id, misses=0,
        quiet=False, said=None, wrote_at=turn.incoming.occurred_at,
    )  # fmt: skip
    turn = replace(turn, memory=memory)
    reply = _found(turn, desk, asked, question_id)
    also = [entry for entry in understanding.decision.also if entry in turn.catalogue.entries and entry != TOPIC]
    if not also:
        return reply
    ways_on = tuple(desk.topic_button(turn, entry) for entry in also)
    *before, last = reply.messages
    card = Card(title="", text=desk.say(turn, "answer.also"), actions=ways_on, choices=last.choices)
    return replace(reply, messages=(*before, last, card))


def _found(turn: Turn, desk: Desk, asked: Asked, question_id: int) -> Reply:
    wanted = asked.wanted
    if asked.near and not wanted.districts:
        if turn.memory.district is None:
            return browse_events.ask_where(turn, desk, wanted)
        wanted = replace(wanted, districts=(turn.memory.district,))
    misses: Action = desk.button(turn, "button.misses", "fits", v="no", q=str(question_id), e=TOPIC)
    return browse_events.show(turn, desk, wanted, extra=(misses,))


def _read(turn: Turn) -> Asked:
    return read_question(turn.incoming.text, turn.catalogue, today=clock.bangkok_date(turn.now))


def _log(turn: Turn, desk: Desk, understanding: Understanding) -> int:
    """What the matcher made of it stands aside: the events were the answer."""
    found = understanding.decision
    decision = Decision("answer", TOPIC, found.candidates, also=found.also, words=found.words)
    return questions.log_question(
        turn.db, desk.vault, incoming_id=turn.incoming_id, person_id=turn.speaker.person_id,
        message_id=turn.incoming.message_id, masked=understanding.masked, words=understanding.words,
        decision=decision, knowledge_version=turn.knowledge_version,
        milliseconds=understanding.milliseconds, now=turn.now,
    )  # fmt: skip
