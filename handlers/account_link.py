"""What comes back from LINE's page for linking accounts."""

from __future__ import annotations

from bot.conversation.turn import Reply, Turn
from bot.messages import Text
from handlers.desk import Desk


def link_returned(turn: Turn, desk: Desk) -> Reply:
    """No link of ours waits for it: it is too old, or was never asked for."""
    return Reply((Text(desk.say(turn, "link.unknown"), desk.short_buttons(turn)),), turn.memory)
