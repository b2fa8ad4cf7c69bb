"""Handing over to a person: a case with a number, and how to reach the centre meanwhile."""

from __future__ import annotations

from dataclasses import replace

from bot.conversation.turn import Reply, Turn
from bot.messages import Text
from bot.outreach import cases
from bot.outreach.cases import CaseKind
from handlers.desk import Desk

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
    asked = pressed.get("q") or ""
    question_id = int(asked) if asked.isdigit() else turn.memory.question_id
    number, new = cases.open_once(
        turn.db, kind, now=turn.now, person_id=turn.speaker.person_id, question_id=question_id,
        detail=pressed.get("e", ""),
    )  # fmt: skip
    key = "staff.told" if new else "staff.told_before"
    if kind is CaseKind.PRIVACY:
        key = "privacy.told"
    lines = [desk.say(turn, key, number=str(number)), *_ways_to_reach(turn, desk)]
    return Reply((Text("\n".join(lines), (desk.button(turn, "button.menu", "menu"),)),), turn.memory.without_step())


def _ways_to_reach(turn: Turn, desk: Desk) -> list[str]:
    ways = [
        desk.say(turn, key, **{placeholder: desk.facts[setting]})
        for setting, key, placeholder in (
            ("contact_phone", "staff.phone", "phone"),
            ("contact_email", "staff.email", "email"),
            ("contact_url", "staff.page", "url"),
        )
        if setting in desk.facts
    ]
    return ["", desk.say(turn, "staff.contact"), *ways] if ways else []


def ask_for_word(turn: Turn, desk: Desk, action: str) -> Reply:
    """Waits for one message that is passed on to staff."""
    key, _ = LEAVABLE[action]
    memory = replace(turn.memory, step=LEAVE_STEP, data={"action": action})
    return Reply((Text(desk.say(turn, key), (desk.button(turn, "button.cancel", "leave"),)),), memory)


def word_left(turn: Turn, desk: Desk) -> Reply:
    """The message that was waited for."""
    _, kind = LEAVABLE[turn.memory.data["action"]]
    masked = turn.understanding.masked if turn.understanding else ""
    number = cases.open_case(
        turn.db,
        kind,
        now=turn.now,
        person_id=turn.speaker.person_id,
        incoming_id=turn.incoming_id,
        message_id=turn.incoming.message_id,
        detail=masked,
    )
    text = desk.say(turn, "leave.kept", number=str(number))
    return Reply((Text(text, desk.short_buttons(turn)),), turn.memory.without_step())
