"""Somebody may be in danger: the hotlines first, at once, and staff are told."""

from __future__ import annotations

from dataclasses import replace

from bot.cases import hearing, opening
from bot.cases.kinds import CaseKind
from bot.conversation.turn import Reply, Turn
from bot.messages import Card, Link, Text
from handlers import case_opening, case_thread
from handlers.desk import Desk

TOPIC = "general.crisis"
HOTLINES = ("191", "1669", "1323", "1300")
"""Police, ambulance, mental health, social help. They are in the entry's answer too; here they can be pressed."""


def answer_urgently(turn: Turn, desk: Desk, question_id: int | None) -> Reply:
    """Hotlines that can be dialled from the chat, then the number of the case that staff now see as urgent. The words
    are kept there as they are: where somebody is, and under which number, may matter most."""
    number, new = opening.open_once(
        turn.db, CaseKind.URGENT, now=turn.now, person_id=turn.speaker.person_id, question_id=question_id,
        topic=TOPIC, rules=desk.case_rules,
    )  # fmt: skip
    _hear(turn, desk, number, question_id, new=new)
    text = desk.answer(turn, turn.catalogue.entries[TOPIC])
    calls = tuple(Link(desk.say(turn, "button.call", number=line), f"tel:{line}") for line in HOTLINES)
    told = Text(desk.say(turn, "crisis.told", number=str(number)), (desk.button(turn, "button.menu", "menu"),))
    card = Card(title="", text=text, actions=calls, alt=desk.say(turn, "crisis.alt"))
    return Reply((card, told), replace(turn.memory.without_step(), said=None))  # what follows is about this


def _hear(turn: Turn, desk: Desk, number: int, question_id: int | None, *, new: bool) -> None:
    """Also by whoever is on the line just now, about whatever it is. A new case has the question that opened it: a
    button adds nothing to that."""
    pressed = turn.incoming.kind != "text"
    words = desk.title(turn, turn.catalogue.entries[TOPIC]) if pressed else turn.incoming.text
    case = case_opening.get(turn, number)
    if not pressed:
        case_thread.hear(turn, desk, case, words)
    elif not new:
        case_opening.add_cry(turn, desk, case, question_id, words)
    live = hearing.find_live(turn.db, turn.speaker.person_id, now=turn.now)
    if live is not None and live.id != number:
        case_thread.hear(turn, desk, live, words)
