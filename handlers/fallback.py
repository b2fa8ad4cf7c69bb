"""When the bot does not know, may not say, or cannot see what was sent."""

from __future__ import annotations

from dataclasses import replace

from bot.conversation.turn import Reply, Turn
from bot.messages import Text
from handlers.desk import Desk

LADDER = ("fallback.first", "fallback.second", "fallback.third")


def not_understood(turn: Turn, desk: Desk) -> Reply:
    """Each miss in a row is answered with other words; the last of them points to a person."""
    refusal = turn.understanding.decision.refusal if turn.understanding else None
    if refusal is not None:
        return Reply((Text(desk.say(turn, f"fallback.{refusal}"), desk.menu_buttons(turn)),), turn.memory)
    rung = LADDER[min(turn.memory.misses, len(LADDER) - 1)]
    memory = replace(turn.memory.without_step(), misses=turn.memory.misses + 1)
    return Reply((Text(desk.say(turn, rung), desk.menu_buttons(turn)),), memory)


def not_text(turn: Turn, desk: Desk) -> Reply:
    """A picture, a sticker, a voice message and the like."""
    return Reply((Text(desk.say(turn, "fallback.media"), desk.menu_buttons(turn)),), turn.memory)


def stale_button(turn: Turn, desk: Desk) -> Reply:
    """A button whose data is not ours, or names what is no longer there."""
    return Reply((Text(desk.say(turn, "stale.button"), desk.menu_buttons(turn)),), turn.memory)


def keep_quiet(turn: Turn, desk: Desk) -> Reply:  # noqa: ARG001 - a handler like the others
    return Reply((), turn.memory)
