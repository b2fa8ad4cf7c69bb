"""Questions: the answer, a question back, or an honest "I don't know"; and what people say about the answer."""

from __future__ import annotations

from dataclasses import replace

from bot.conversation.postback import read_number
from bot.conversation.turn import Reply, Turn, Understanding
from bot.messages import Card, Message, Text
from bot.outreach import questions
from handlers import case_thread, crisis, fallback
from handlers.buttons import entry_buttons, feedback_buttons
from handlers.desk import Desk
from knowledge.entries import SMALL_TALK, Entry

MOST_CHOICES = 3


def question_asked(turn: Turn, desk: Desk) -> Reply:
    """A text that no dialogue waited for."""
    understanding = _understanding_of(turn)
    question_id = _log(turn, desk, understanding)
    memory = replace(turn.memory.without_step().heard(understanding.masked), question_id=question_id)
    turn = replace(turn, memory=memory)
    decision = understanding.decision
    if decision.urgent:
        return crisis.answer_urgently(turn, desk, question_id)
    if decision.kind == "answer" and decision.entry is not None:
        also = [entry_id for entry_id in decision.also if entry_id in turn.catalogue.entries]
        return answer(turn, desk, turn.catalogue.entries[decision.entry], question_id, also=also)
    if decision.kind == "clarify":
        return _ask_back(turn, desk, question_id)
    return fallback.not_understood(turn, desk)


def continued(turn: Turn, desk: Desk) -> Reply:  # noqa: ARG001 - a handler like the others
    """The rest of a message whose beginning was answered a moment ago, and that changes nothing about it."""
    return Reply((), replace(turn.memory, wrote_at=turn.incoming.occurred_at))


def topic_pressed(turn: Turn, desk: Desk) -> Reply:
    """A button that names a topic: from the menu, a related question, or one of the choices of a question back."""
    arguments = turn.pressed.arguments if turn.pressed else {}
    entry = turn.catalogue.entries.get(arguments.get("e", ""))
    if entry is None:
        return fallback.stale_button(turn, desk)
    question_id = read_number(arguments.get("q"))
    if question_id is not None:
        questions.choose(turn.db, question_id=question_id, entry=entry.id)
    if entry.id == crisis.TOPIC:
        return crisis.answer_urgently(turn, desk, question_id)
    return answer(turn, desk, entry, question_id)


def answer(turn: Turn, desk: Desk, entry: Entry, question_id: int | None, *, also: list[str] | None = None) -> Reply:
    """The entry's answer with its buttons, then the question whether it fits, with the neighbours to go on to."""
    thanks = entry.id in SMALL_TALK and case_thread.goes_on(turn.memory)
    memory = replace(
        turn.memory.without_step(), subject=entry.id, question_id=question_id, misses=0, quiet=False,
        said=turn.memory.said if thanks else None,
        wrote_at=turn.incoming.occurred_at if turn.incoming.kind == "text" else None,
    )  # fmt: skip
    text = desk.answer(turn, entry)
    if entry.id in SMALL_TALK:
        return Reply((Text(text, desk.menu_buttons(turn)),), memory)
    messages: list[Message] = []
    actions = entry_buttons(turn, desk, entry, question_id)
    if actions:
        messages.append(Card(title="", text=text, actions=actions))
    else:
        messages.append(Text(text))
    if also:
        ways_on = tuple(desk.topic_button(turn, entry_id) for entry_id in also)
        messages.append(Card(title="", text=desk.say(turn, "answer.also"), actions=ways_on))
    choices = feedback_buttons(turn, desk, entry, question_id)
    messages.append(Text(desk.say(turn, "answer.fits"), choices))
    return Reply(tuple(messages), memory)


def _ask_back(turn: Turn, desk: Desk, question_id: int) -> Reply:
    candidates = _understanding_of(turn).decision.candidates[:MOST_CHOICES]
    known = [candidate.entry for candidate in candidates if candidate.entry in turn.catalogue.entries]
    if not known:
        return fallback.not_understood(turn, desk)
    number = str(question_id)
    key = desk.vary(turn, "clarify.text")
    card = Card(
        title=desk.say(turn, "clarify.title"),
        text=desk.say(turn, key),
        actions=(
            *(desk.topic_button(turn, entry_id, q=number) for entry_id in known),
            desk.button(turn, "button.none", "none", q=number),
        ),
        alt=desk.say(turn, "clarify.alt"),
        choices=desk.short_buttons(turn),
    )
    return Reply((card,), replace(turn.memory, said=key, quiet=False))


def none_of_these(turn: Turn, desk: Desk) -> Reply:
    question_id = read_number(turn.pressed.arguments.get("q") if turn.pressed else None)
    if question_id is not None:
        questions.choose(turn.db, question_id=question_id, entry="none")
    memory = replace(turn.memory, question_id=question_id or turn.memory.question_id)
    return fallback.one_rung_on(replace(turn, memory=memory), desk)


def feedback_given(turn: Turn, desk: Desk) -> Reply:
    """`Did it fit?` Yes is thanked for; no gets the neighbours and a person."""
    arguments = turn.pressed.arguments if turn.pressed else {}
    question_id = read_number(arguments.get("q"))
    fits = arguments.get("v") == "yes"
    kept = question_id is not None and questions.give_feedback(
        turn.db, question_id=question_id, feedback="yes" if fits else "no", now=turn.now
    )
    memory = turn.memory.without_step()
    if not kept:
        return Reply((Text(desk.say(turn, "feedback.gone"), desk.menu_buttons(turn)),), memory)
    if fits:
        return Reply((Text(desk.say(turn, "feedback.thanks"), desk.short_buttons(turn)),), memory)
    entry = turn.catalogue.entries.get(arguments.get("e", ""))
    neighbours = entry.related if entry else ()
    choices = (
        *(desk.topic_button(turn, entry_id) for entry_id in neighbours if entry_id in turn.catalogue.entries),
        *desk.short_buttons(turn),
    )
    return Reply((Text(desk.say(turn, "feedback.sorry"), choices),), memory)


def _understanding_of(turn: Turn) -> Understanding:
    if turn.understanding is None:
        raise ValueError("a text reached the FAQ without having been understood first")
    return turn.understanding


def _log(turn: Turn, desk: Desk, understanding: Understanding) -> int:
    return questions.log_question(
        turn.db, desk.vault, incoming_id=turn.incoming_id, person_id=turn.speaker.person_id,
        message_id=turn.incoming.message_id, masked=understanding.masked, words=understanding.words,
        decision=understanding.decision, knowledge_version=turn.knowledge_version,
        milliseconds=understanding.milliseconds, now=turn.now,
    )  # fmt: skip
