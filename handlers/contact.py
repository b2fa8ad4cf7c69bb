"""How to reach the centre without the bot."""

from __future__ import annotations

from bot.conversation.turn import Scene
from handlers.desk import Desk


def ways(turn: Scene, desk: Desk) -> list[str]:
    """Lines under a blank one, with those ways that the deployer has filled in; no lines where there are none."""
    known = [
        desk.say(turn, key, **{placeholder: desk.facts[setting]})
        for setting, key, placeholder in (
            ("contact_phone", "staff.phone", "phone"),
            ("contact_email", "staff.email", "email"),
            ("contact_url", "staff.page", "url"),
        )
        if setting in desk.facts
    ]
    return ["", desk.say(turn, "staff.contact"), *known] if known else []
