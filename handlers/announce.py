"""Announcing inside LINE, for those of the staff whose LINE account is linked: `ประกาศ`, an event, the notice as people
will see it, for whom, and into the same approval as from the console. To everybody else these words mean nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.conversation.memory import Memory
from bot.conversation.turn import Reply, Turn
from bot.messages import Card, Press, Text
from handlers import announce_acts, announce_cards, dialogue, fallback, faq
from handlers.announce_acts import ACTS, SENT, ask_again
from handlers.announce_cards import ACTION
from handlers.announce_steps import (
    CHOOSE_STEP,
    EVENTS,
    PREVIEW,
    WORDS_STEP,
    Making,
    argument,
    find_author,
    find_making,
)
from handlers.desk import Desk
from handlers.dialogue import Step

WORDS = frozenset({"ประกาศ", "ส่งประกาศ", "announce"})
OWN_STEPS = frozenset({CHOOSE_STEP, WORDS_STEP})


def start(turn: Turn, desk: Desk) -> Reply:
    """`ประกาศ`, typed by somebody who may."""
    if find_author(turn) is None:
        return _means_nothing(turn, desk)
    memory = replace(dialogue.begin(turn, CHOOSE_STEP, at=EVENTS), misses=0, quiet=False, said=None)
    return announce_acts.list_events(replace(turn, memory=memory), desk, Making(memory.data["mark"]))


def pressed(turn: Turn, desk: Desk) -> Reply:
    """A button of this dialogue. One of an earlier announcement changes nothing."""
    if find_author(turn) is None:
        return _means_nothing(turn, desk)
    what, making = argument(turn, "d"), find_making(turn.memory)
    if what == "begin":
        return start(turn, desk)
    if making is None or making.mark != argument(turn, "m"):
        return _stale(turn, desk, making)
    return ACTS.get(what, announce_acts.again)(turn, desk, making)


def told(turn: Turn, desk: Desk) -> Reply:
    """Typed, where a button was expected: its words, perhaps."""
    making = find_making(turn.memory)
    if making is None or find_author(turn) is None:
        return _as_anybody(turn, desk)
    shown = ask_again(turn, desk)
    named = _button_named(turn, desk, shown)
    if named is not None:
        return pressed(named, desk)
    if turn.understanding is not None and turn.understanding.decision.kind == "answer":
        return dialogue.answer_in_between(turn, desk, CHOOSE)
    return Reply((Text(desk.say(turn, "announce.press")), shown), turn.memory)


def words_told(turn: Turn, desk: Desk) -> Reply:
    """The text that people will read. In whatever language it is, the rest of the dialogue stays in its own."""
    making = find_making(turn.memory)
    if making is None or find_author(turn) is None:
        return _as_anybody(turn, desk)
    making = replace(making, text=turn.incoming.text.strip(), at=PREVIEW)
    return announce_acts.use_words(replace(turn, incoming=replace(turn.incoming, text="")), desk, making)


def _stale(turn: Turn, desk: Desk, making: Making | None) -> Reply:
    """A button of an announcement that is over: the one that was just handed in is shown, not handed in again."""
    said = turn.memory.said or ""
    mark, _, number = said.removeprefix(SENT).partition("&")
    if said.startswith(SENT) and mark == argument(turn, "m") and number.isdigit():
        card = announce_cards.draw_submitted(turn, desk, int(number), key="announce.submitted_before")
        return Reply((card,), turn.memory)
    if making is not None:
        return Reply((Text(desk.say(turn, "announce.of_another")), ask_again(turn, desk)), turn.memory)
    anew = desk.button(turn, "button.announce_anew", ACTION, d="begin")
    return Reply((Text(desk.say(turn, "announce.over"), (anew, *desk.short_buttons(turn))),), turn.memory)


def _means_nothing(turn: Turn, desk: Desk) -> Reply:
    return fallback.stale_button(replace(turn, memory=_without_own_step(turn.memory)), desk)


def _as_anybody(turn: Turn, desk: Desk) -> Reply:
    """Somebody who is not of the staff any more wrote a text like everybody's."""
    return faq.question_asked(replace(turn, memory=_without_own_step(turn.memory)), desk)


def _without_own_step(memory: Memory) -> Memory:
    return memory.without_step() if memory.step in OWN_STEPS else memory


def _button_named(turn: Turn, desk: Desk, shown: Text | Card) -> Turn | None:
    """The turn as if the button with these words had been pressed."""
    words = turn.incoming.text.strip()
    buttons = (*(shown.actions if isinstance(shown, Card) else ()), *shown.choices)
    for button in buttons:
        if isinstance(button, Press) and button.label == words:
            found = desk.buttons.decode(button.data)
            return replace(turn, pressed=found) if found.action == ACTION else None
    return None


BUTTONS: Mapping[str, Callable[[Turn, Desk], Reply]] = {ACTION: pressed}
CHOOSE = Step(CHOOSE_STEP, take=told, ask_again=ask_again, hold=lambda turn: {})  # noqa: ARG005 - holds nothing
OWN_WORDS = Step(WORDS_STEP, take=words_told, ask_again=ask_again, hold=lambda turn: {})  # noqa: ARG005
STEPS = (CHOOSE, OWN_WORDS)
