"""Handing over to a person: a case with a number, and how to reach the centre meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.cases import opening
from bot.cases.opening import CaseKind
from bot.conversation.postback import read_number
from bot.conversation.turn import Reply, Turn
from bot.messages import Text
from handlers import contact, dialogue, fallback
from handlers.desk import Desk
from handlers.dialogue import Step

LEAVE_STEP = "leave:word"
LEAVABLE = {
    "collect_proposal": ("leave.proposal", CaseKind.PROPOSAL),
    "collect_story": ("leave.story", CaseKind.STORY),
    "offer_person": ("leave.person", CaseKind.WANTS_PERSON),
}


def talk_to_staff(turn: Turn, desk: Desk) -> Reply:
    """From the menu: with a question at hand it is handed over, without one the person is asked what to say."""
    if turn.memory.question_id is None:
        return ask_for_word(turn, desk, "offer_person")
    return hand_over(turn, desk)


def hand_over(turn: Turn, desk: Desk, kind: CaseKind = CaseKind.WANTS_PERSON) -> Reply:
    """Opens a case for the question at hand, or names the one that is open for it already."""
    pressed = turn.pressed.arguments if turn.pressed else {}
    asked = read_number(pressed.get("q"))
    question_id = asked if asked is not None else turn.memory.question_id
    number, new = opening.open_once(
        turn.db, kind, now=turn.now, person_id=turn.speaker.person_id, question_id=question_id,
        detail=pressed.get("e", ""),
    )  # fmt: skip
    key = "staff.told" if new else "staff.told_before"
    if kind is CaseKind.PRIVACY:
        key = "privacy.told"
    lines = [desk.say(turn, key, number=str(number)), *contact.ways(turn, desk)]
    return Reply((Text("\n".join(lines), (desk.button(turn, "button.menu", "menu"),)),), turn.memory.without_step())


def ask_for_word(turn: Turn, desk: Desk, action: str) -> Reply:
    """Waits for one message that is passed on to staff."""
    memory = dialogue.begin(turn, LEAVE_STEP, action=action)
    turn = replace(turn, memory=memory)
    return Reply((Text(desk.say(turn, LEAVABLE[action][0]), (dialogue.cancel_button(turn, desk),)),), memory)


def ask_again(turn: Turn, desk: Desk) -> Text:
    """After an answer in between: what was waited for, and a way to pass on what may have been just that."""
    choices = [dialogue.cancel_button(turn, desk)]
    if turn.memory.data.get("held"):
        choices.insert(0, dialogue.button(turn, desk, "button.send_held", "send_held"))
        return Text(desk.say(turn, "leave.held"), tuple(choices))
    return Text(desk.say(turn, "leave.waiting"), tuple(choices))


def hold(turn: Turn) -> Mapping[str, str]:
    """What a text in the middle of the dialogue leaves behind, should it have been what was waited for."""
    masked = turn.understanding.masked if turn.understanding else ""
    return {"held": masked, "held_id": turn.incoming.message_id or ""}


def word_left(turn: Turn, desk: Desk) -> Reply:
    """The message that was waited for."""
    masked = turn.understanding.masked if turn.understanding else ""
    return _keep(turn, desk, masked, turn.incoming.message_id)


def held_word_left(turn: Turn, desk: Desk) -> Reply:
    """The message that was taken for a question in between is what was waited for."""
    held = turn.memory.data.get("held")
    if not held:
        return fallback.stale_button(turn, desk)
    return _keep(turn, desk, held, turn.memory.data.get("held_id") or None)


def _keep(turn: Turn, desk: Desk, masked: str, message_id: str | None) -> Reply:
    _, kind = LEAVABLE[turn.memory.data["action"]]
    number = opening.open_case(
        turn.db,
        kind,
        now=turn.now,
        person_id=turn.speaker.person_id,
        incoming_id=turn.incoming_id,
        message_id=message_id,
        detail=masked,
    )
    text = desk.say(turn, "leave.kept", number=str(number))
    return Reply((Text(text, desk.short_buttons(turn)),), turn.memory.without_step())


STEPS = (Step(LEAVE_STEP, take=word_left, ask_again=ask_again, hold=hold),)
