"""Somebody writes while staff wait for their answer, and nobody is on the line: is it for staff, or for the bot?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.conversation.memory import Memory
from bot.conversation.postback import read_number
from bot.conversation.turn import Reply, Turn
from bot.messages import Press, Text
from bot.storage import cases
from bot.storage.cases import CaseRow
from handlers import case_promise, case_thread, faq
from handlers.desk import Desk
from knowledge.entries import SMALL_TALK

Handler = Callable[[Turn, Desk], Reply]
MOST_MESSAGES = 5
OFFERED = "case.pass_on_offer"
HELD, HELD_ID = "for_staff", "for_staff_id"


def offering(handler: Handler) -> Handler:
    """The same for everybody else. What the bot cannot answer is for staff; to what it can, it adds the offer, unless
    staff have said nothing yet that it might answer."""

    def answer(turn: Turn, desk: Desk) -> Reply:
        case = case_thread.find_awaiting(turn)
        if case is None or turn.understanding is None:
            return handler(turn, desk)
        decision = turn.understanding.decision
        if decision.kind == "fallback" and decision.refusal is None:
            return pass_on(turn, desk, case)
        if case.waits_for == cases.STAFF and not case.urgent:
            return handler(turn, desk)
        return _offer(turn, desk, faq.question_asked(turn, desk), case)

    return answer


def pass_on(turn: Turn, desk: Desk, case: CaseRow) -> Reply:
    """What was just sent, whatever it is."""
    case_thread.hear(turn, desk, case, turn.incoming.text)
    return _passed_on(turn, desk, case)


def pressed(turn: Turn, desk: Desk) -> Reply:
    """The message is what was written just before; it is remembered no longer than the conversation."""
    arguments = turn.pressed.arguments if turn.pressed else {}
    held = turn.memory.data.get(HELD)
    case = case_thread.find_awaiting(turn)
    same = case is not None and case.id == read_number(arguments.get("c"))
    if case is None or not same or not held or arguments.get("m") != turn.memory.data.get(HELD_ID):
        return Reply((Text(desk.say(turn, "case.pass_on_gone"), desk.short_buttons(turn)),), turn.memory)
    case_thread.hear(turn, desk, case, held, message_id=arguments["m"] or None)
    return _passed_on(turn, desk, case)


def _passed_on(turn: Turn, desk: Desk, case: CaseRow) -> Reply:
    words = [desk.say(turn, "case.passed_on", number=str(case.id)), *case_promise.of_case(turn, desk, case)]
    return Reply((Text("\n".join(words), desk.short_buttons(turn)),), case_thread.going_on(turn.memory, case))


def _offer(turn: Turn, desk: Desk, reply: Reply, case: CaseRow) -> Reply:
    """Under a greeting or thanks, and where it was just offered, there is a button only."""
    if not reply.messages or reply.memory.step is not None:
        return reply
    button = _button(turn, desk, case)
    memory = _holding(turn, reply.memory)
    *before, last = reply.messages
    subject = turn.understanding.decision.entry if turn.understanding else None
    if subject in SMALL_TALK or turn.memory.said == OFFERED or len(reply.messages) == MOST_MESSAGES:
        last = replace(last, choices=(button, *last.choices))
        return replace(reply, messages=(*before, last), memory=memory)
    words = Text(desk.say(turn, "case.pass_on_offer", number=str(case.id)), (button, *last.choices))
    return replace(reply, messages=(*before, replace(last, choices=()), words), memory=memory)


def _button(turn: Turn, desk: Desk, case: CaseRow) -> Press:
    message_id = turn.incoming.message_id or ""
    return desk.button(turn, "button.case_pass_on", "case_pass_on", c=str(case.id), m=message_id)


def _holding(turn: Turn, memory: Memory) -> Memory:
    return replace(memory, said=OFFERED, data={HELD: turn.incoming.text, HELD_ID: turn.incoming.message_id or ""})


BUTTONS = {"case_pass_on": pressed}
