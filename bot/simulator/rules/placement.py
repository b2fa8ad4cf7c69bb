"""Rules that depend on the chat to which a message goes."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from bot.simulator.refusals import ApiRefusal

ALL = "all"


def check_placement(messages: list[dict[str, Any]], chat_id: str, *, members: Collection[str] | None = None) -> None:
    """Raises LINE's refusal of mentions outside groups or of who does not sit there, and of tracking ids inside.

    `members` are the people of the group or room, where it is known; the bot is none of them.
    """
    one_to_one = chat_id.startswith("U")
    for position, message in enumerate(messages):
        mentioned = _list_mentioned(message)
        if one_to_one and mentioned:
            raise _refusal(position, "text-v2-mention-place")
        if members is not None and any(user_id not in members for user_id in mentioned if user_id != ALL):
            raise _refusal(position, "text-v2-mention-member")
        if not one_to_one and message.get("type") == "video" and message.get("trackingId"):
            raise _refusal(position, "video-tracking-place")


def _list_mentioned(message: dict[str, Any]) -> list[str]:
    if message.get("type") != "textV2":
        return []
    parts = (message.get("substitution") or {}).values()
    return [part["mentionee"].get("userId", ALL) for part in parts if part.get("type") == "mention"]


def _refusal(position: int, rule: str) -> ApiRefusal:
    return ApiRefusal(400, f"A message (messages[{position}]) in the request body is invalid", rule)
