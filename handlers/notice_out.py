"""The way out that every notice carries: one tap, at once, whenever it is pressed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.conversation.turn import Reply, Turn
from bot.messages import Card
from bot.outreach import preferences
from handlers.desk import Desk


def leave(turn: Turn, desk: Desk) -> Reply:
    """Whichever notice it stands under: whoever is on their way to somebody is looked at again when they are sent."""
    was_on = preferences.withdraw(turn.db, person_id=turn.speaker.person_id, now=turn.now)
    some = desk.button(turn, "button.prefer_only_some", "prefer_some")
    back = desk.button(turn, "button.prefer_undo" if was_on else "button.prefer_on", "prefer_on")
    card = Card(
        title="",
        text=desk.say(turn, "preferences.withdrawn" if was_on else "preferences.off_already"),
        actions=(some, back) if was_on else (back,),
        choices=desk.short_buttons(turn),
    )
    return Reply((card,), turn.memory)


BUTTONS: Mapping[str, Callable[[Turn, Desk], Reply]] = {"notice_off": leave}
