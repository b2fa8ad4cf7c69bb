"""The buttons of messages: found by their label, and turned into what a thumb does to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.simulator.rules.actions import ALL_TYPES

MESSAGES_BACK = 10


def find_button(messages: Sequence[Mapping[str, Any]], label: str) -> dict[str, Any] | None:
    """The action under that label: of the latest message that has one, a few messages back at most."""
    for message in list(messages)[: -MESSAGES_BACK - 1 : -1]:
        for action in _list_actions(message):
            if action.get("label") == label:
                return action
    return None


def _list_actions(part: object) -> Iterator[dict[str, Any]]:
    if isinstance(part, Mapping):
        if part.get("type") in ALL_TYPES and "label" in part:
            yield dict(part)
        for value in part.values():
            yield from _list_actions(value)
    elif isinstance(part, list):
        for value in part:
            yield from _list_actions(value)


def gesture_of(action: Mapping[str, Any], picks: Mapping[str, str]) -> tuple[str, dict[str, Any]] | None:
    """The gesture of the control API, with its body; None for a button of which the bot hears nothing."""
    match action["type"]:
        case "message":
            gesture = "text", {"text": action["text"]}
        case "postback":
            shown = action.get("displayText") or action.get("text")
            gesture = "postback", {"data": action["data"], **({"displayText": shown} if shown else {})}
        case "datetimepicker":
            mode = action["mode"]
            gesture = "postback", {"data": action["data"], "params": {mode: picks.get(mode, action.get("initial", ""))}}
        case "richmenuswitch":
            gesture = "switch-menu", {"richMenuAliasId": action["richMenuAliasId"], "data": action["data"]}
        case "camera" | "cameraRoll":
            gesture = "image", {}
        case "location":
            gesture = "location", {"latitude": 19.9072, "longitude": 99.8326, "title": "เชียงราย"}
        case _:
            return None
    return gesture
