"""A stored event of LINE's in our own words. What is missing is empty; what we do not know is `media` or `other`."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from typing import Any, cast

from bot.incoming import SHARED, Incoming, Shared, SharedPlace
from bot.line.webhook import WireEvent, mentions_of_us, read_event, text_of

LONGEST_TEXT = 10_000
LONGEST_TOKEN = 1000
_PICKED = {
    "date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "time": re.compile(r"[0-9]{2}:[0-9]{2}"),
    "datetime": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}"),
}


def load_event(payload: bytes) -> Incoming:
    return to_incoming(json.loads(payload))


def to_incoming(raw: dict[str, Any]) -> Incoming:
    event = read_event(raw)
    bare = Incoming(
        event_id=event.event_id,
        kind="other",
        occurred_at=event.occurred_at,
        standby=event.standby,
        user_id=event.user_id,
        group_id=event.group_id,
        reply_token=text_of(raw, "replyToken", longest=200),
        mentions_us=event.mentions_us,
    )
    return _filled(bare, event, _object(raw, event.kind))


def _filled(bare: Incoming, event: WireEvent, details: dict[str, Any]) -> Incoming:
    filled = replace(bare, text=event.kind)
    match event.kind:
        case "message":
            filled = _message(bare, event, details)
        case "messageEdited":
            filled = replace(_message(bare, event, _object(event.raw, "message")), edited=True)
        case "postback":
            data = text_of(details, "data", longest=300) or ""
            filled = replace(bare, kind="postback", text=data, picked=_picked(_object(details, "params")))
        case "unsend":
            filled = replace(bare, kind="unsend", message_id=text_of(details, "messageId"))
        case "memberJoined":
            members = _object(event.raw, "joined").get("members")
            filled = replace(bare, kind="member_joined", members=len(members) if isinstance(members, list) else 0)
        case "accountLink":
            filled = replace(bare, kind="link", text=text_of(_object(event.raw, "link"), "result") or "failed")
        case "follow" | "unfollow" | "join" | "leave":
            filled = replace(bare, kind=event.kind)
        case "botSuspended":
            filled = replace(bare, kind="suspended")
        case "botResumed":
            filled = replace(bare, kind="resumed")
    return filled


def _message(bare: Incoming, event: WireEvent, details: dict[str, Any]) -> Incoming:
    kind = text_of(details, "type", longest=40) or ""
    read = text_of(details, "markAsReadToken", longest=LONGEST_TOKEN)
    message = replace(bare, kind="media", text=kind, message_id=text_of(details, "id"), read_token=read)
    place = _place(details)
    if kind == "text" and isinstance(details.get("text"), str):
        message = replace(message, kind="text", text=_without_our_name(details["text"], mentions_of_us(event.raw)))
    elif kind == "sticker":
        message = replace(message, kind="sticker", text=text_of(details, "text", longest=100) or "")
    elif kind == "image":
        message = replace(message, kind="image", text="", position_in_set=_position_in_set(details))
    elif kind in SHARED and (kind != "location" or place is not None):
        shared = cast(Shared, kind)
        message = replace(message, kind=shared, text="", place=place if kind == "location" else None)
    return message


def _position_in_set(details: dict[str, Any]) -> int:
    index = _object(details, "imageSet").get("index")
    return index if isinstance(index, int) and not isinstance(index, bool) and index > 0 else 1


def _picked(params: dict[str, Any]) -> str | None:
    """What a picker gave, in its shape; that such a day exists, and can be chosen, is for whoever asked to see."""
    for name, pattern in _PICKED.items():
        value = text_of(params, name)
        if value is not None and pattern.fullmatch(value):
            return value
    return None


def _place(details: dict[str, Any]) -> SharedPlace | None:
    latitude, longitude = (_degrees(details.get(key)) for key in ("latitude", "longitude"))
    if latitude is None or longitude is None:
        return None
    title, address = (text_of(details, key, longest=LONGEST_TEXT) or "" for key in ("title", "address"))
    return SharedPlace(title, address, latitude, longitude)


def _degrees(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


def _object(raw: dict[str, Any], key: str) -> dict[str, Any]:
    value = raw.get(key)
    return value if isinstance(value, dict) else {}


def _without_our_name(text: str, mentions: list[tuple[int, int]]) -> str:
    """Takes the bot's own name out, wherever it is called: positions are UTF-16 units, not Python's characters."""
    if not mentions:
        return text
    units = text.encode("utf-16-le", errors="surrogatepass")
    for start, length in sorted(mentions, reverse=True):
        units = units[: start * 2] + units[(start + length) * 2 :]
    return units.decode("utf-16-le", errors="replace").strip()
