"""Texts beside a form: those that only look like a question, and those of somebody who went away from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.conversation.turn import Reply, Turn
from bot.events import answers
from bot.events.answers import Fault
from bot.events.asking import Kind
from bot.events.refusals import Refused
from bot.messages import Card
from bot.storage import events
from bot.storage.events import EventRow
from handlers import fallback, sign_up_steps
from handlers.desk import Desk
from handlers.sign_up_form import DIALOGUE, Filling, find_filling, find_unfinished, lay_out
from handlers.sign_up_steps import ANSWER_STEP

IN_ONES_OWN_WORDS = frozenset({Kind.TEXT, Kind.SCHOOL, Kind.LEVEL})
LEFT_LYING = "signup.left_lying"


def hold(turn: Turn) -> Mapping[str, str]:
    """Only an answer in one's own words can look like a question; a name or a number never does."""
    filling = find_filling(turn.memory)
    own_words = filling is not None and filling.asked.startswith("q")
    return {"held": turn.incoming.text} if own_words else {}


def is_meant(turn: Turn) -> bool:
    """True for a text that is just what was asked for, whatever else it may be taken for."""
    filling = find_filling(turn.memory)
    if filling is None or turn.incoming.kind != "text" or turn.memory.step != ANSWER_STEP:
        return False
    try:
        sheet = lay_out(turn, filling)
    except Refused:
        return False
    field = sheet.asked
    if field is None or field.kind in IN_ONES_OWN_WORDS:
        return False
    named_in = turn.catalogue.places.named_in
    found = answers.read(field, turn.incoming.text, named_in=named_in, so_far=filling.names)
    return not isinstance(found, Fault)


def meant(turn: Turn, desk: Desk) -> Reply:
    filling = find_filling(turn.memory)
    return sign_up_steps.answered(turn, desk, filling) if filling is not None else fallback.stale_button(turn, desk)


def is_left_lying(turn: Turn) -> bool:
    """True for a text that nobody understands, of somebody who went away from a form: perhaps they still answer it."""
    kept = turn.memory.unfinished
    if kept is None or not kept.about.startswith(DIALOGUE) or turn.memory.step is not None:
        return False
    if turn.incoming.kind != "text" or turn.understanding is None or turn.memory.said == LEFT_LYING:
        return False
    decision = turn.understanding.decision
    return decision.kind == "fallback" and decision.refusal is None


def offer_what_lies(turn: Turn, desk: Desk) -> Reply:
    """Said once. The text is neither taken as an answer nor kept as a question."""
    kept = turn.memory.unfinished
    number = kept.about.removeprefix(DIALOGUE) if kept is not None else ""
    event = events.find(turn.db, int(number)) if number.isdigit() else None
    unfinished = find_unfinished(turn.memory, event.id) if event is not None else None
    if event is None or unfinished is None:
        return fallback.not_understood(turn, desk)
    card = offer_to_go_on(turn, desk, event, unfinished)
    text = desk.say(turn, "signup.left_lying", title=event.title)
    return Reply((replace(card, text=text),), replace(turn.memory, said=LEFT_LYING))


def offer_to_go_on(turn: Turn, desk: Desk, event: EventRow, unfinished: Filling) -> Card:
    number = str(event.id)
    return Card(
        title="",
        text=desk.say(turn, "signup.unfinished", title=event.title),
        actions=(
            desk.button(turn, "button.signup_go_on", "sign_up_on", i=number),
            desk.button(turn, "button.signup_anew", "sign_up_anew", i=number, k=unfinished.kind),
        ),
        choices=desk.short_buttons(turn),
    )
