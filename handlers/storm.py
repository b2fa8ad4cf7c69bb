"""Somebody writes faster than anybody can read."""

from __future__ import annotations

from bot.cases import storms
from bot.conversation.turn import Reply, Turn
from bot.messages import Text
from handlers import case_line
from handlers.desk import Desk


def ask_for_pause(turn: Turn, desk: Desk) -> Reply:
    """Said once; what follows meets silence until it has calmed down. Staff see it. It is not worth a billed push. What
    is meant for a person on the line is heard all the same."""
    if case_line.is_on(turn):
        return case_line.heard(turn, desk)
    storms.note_flood(turn.db, person_id=turn.speaker.person_id, now=turn.now)
    return Reply((Text(desk.say(turn, "storm.pause")),), turn.memory, worth_a_push=False)
