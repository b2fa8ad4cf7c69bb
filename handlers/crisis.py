"""Somebody may be in danger: the hotlines first, at once, and staff are told."""

from __future__ import annotations

from bot.cases import opening
from bot.cases.opening import CaseKind
from bot.conversation.turn import Reply, Turn
from bot.messages import Card, Link, Text
from handlers.desk import Desk

TOPIC = "general.crisis"
HOTLINES = ("191", "1669", "1323", "1300")
"""Police, ambulance, mental health, social help. They are in the entry's answer too; here they can be pressed."""


def answer_urgently(turn: Turn, desk: Desk, question_id: int | None) -> Reply:
    """Hotlines that can be dialled from the chat, then the number of the case that staff now see as urgent."""
    number, _ = opening.open_once(
        turn.db, CaseKind.URGENT, now=turn.now, person_id=turn.speaker.person_id, question_id=question_id
    )
    text = desk.answer(turn, turn.catalogue.entries[TOPIC])
    calls = tuple(Link(desk.say(turn, "button.call", number=line), f"tel:{line}") for line in HOTLINES)
    told = Text(desk.say(turn, "crisis.told", number=str(number)), (desk.button(turn, "button.menu", "menu"),))
    return Reply(
        (Card(title="", text=text, actions=calls, alt=desk.say(turn, "crisis.alt")), told), turn.memory.without_step()
    )
