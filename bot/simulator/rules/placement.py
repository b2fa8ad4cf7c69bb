"""Rules that depend on the chat to which a message goes."""

from __future__ import annotations

from typing import Any

from bot.simulator.refusals import ApiRefusal


def check_placement(messages: list[dict[str, Any]], chat_id: str) -> None:
    """Raises LINE's refusal of mentions outside groups, and of tracking ids inside them."""
    one_to_one = chat_id.startswith("U")
    for position, message in enumerate(messages):
        if one_to_one and _has_mention(message):
            raise _refusal(position, "text-v2-mention-place")
        if not one_to_one and message.get("type") == "video" and message.get("trackingId"):
            raise _refusal(position, "video-tracking-place")


def _has_mention(message: dict[str, Any]) -> bool:
    if message.get("type") != "textV2":
        return False
    return any(part.get("type") == "mention" for part in (message.get("substitution") or {}).values())


def _refusal(position: int, rule: str) -> ApiRefusal:
    return ApiRefusal(400, f"A message (messages[{position}]) in the request body is invalid", rule)
