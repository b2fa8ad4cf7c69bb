"""How somebody wants to be addressed, where they said so: in a greeting, and in what staff write to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.conversation.turn import Reply, Turn
from bot.messages import Text
from bot.outreach import audience
from handlers.desk import Desk

GREETING = "general.greeting"
_HELLO = {"th": "สวัสดีค่ะ", "en": "Hello"}


def name_of(turn: Turn, desk: Desk) -> str:
    """In their own words; empty where they did not say."""
    return audience.called_of(turn.db, desk.vault, turn.speaker.person_id)


def greeting(handler: Callable[[Turn, Desk], Reply]) -> Callable[[Turn, Desk], Reply]:
    """The same, and whoever said hello, and how they want to be addressed, is greeted so."""

    def answer(turn: Turn, desk: Desk) -> Reply:
        reply = handler(turn, desk)
        if not reply.messages or reply.memory.subject != GREETING or reply.memory.wrote_at is None:
            return reply
        first, *others = reply.messages
        hello, name = _HELLO.get(turn.language, _HELLO["th"]), name_of(turn, desk)
        if not name or not isinstance(first, Text) or not first.text.startswith(hello):
            return reply
        greeted = replace(first, text=f"{hello} {name}{first.text.removeprefix(hello)}")
        return replace(reply, messages=(greeted, *others))

    return answer
