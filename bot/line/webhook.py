"""LINE's webhook JSON, read with suspicion: what is well-formed is passed on, what is not is named.

LINE may add event types and fields without notice. The SDK's own models lose such events, or raise for the whole
batch, so they are not used here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.incoming import Incoming, Kind

LONGEST_ID = 64
LATEST_TIMESTAMP_MS = 4_102_444_800_000  # the year 2100
OURS = {
    "message": "text",
    "postback": "postback",
    "follow": "follow",
    "unfollow": "unfollow",
    "unsend": "unsend",
}


@dataclass(frozen=True, slots=True)
class WireEvent:
    """One well-formed event as LINE sent it, with what is needed to store it."""

    event_id: str
    kind: str
    occurred_at: datetime
    standby: bool
    user_id: str | None
    group_id: str | None
    mentions_us: bool
    raw: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Malformed:
    reason: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Webhook:
    events: tuple[WireEvent, ...] = ()
    malformed: tuple[Malformed, ...] = ()


class _Odd(Exception):
    pass


def read_webhook(body: bytes, *, bot_user_id: str | None) -> Webhook:
    """Splits a signed body into events and what makes no sense. Never raises.

    `bot_user_id` is our own id where it is known: a webhook meant for another channel is not ours to act on.
    """
    try:
        data = json.loads(body, parse_constant=_refuse_constant)
        events = _event_list(data, bot_user_id)
    except RecursionError:
        return Webhook(malformed=(Malformed("nested too deeply", body),))
    except (ValueError, _Odd) as error:
        reason = str(error) if isinstance(error, _Odd) else "not JSON"
        return Webhook(malformed=(Malformed(reason, body),))
    good, bad = [], []
    for raw in events:
        try:
            good.append(_wire_event(raw))
        except _Odd as error:
            bad.append(Malformed(str(error), _dump(raw)))
    return Webhook(tuple(good), tuple(bad))


def _refuse_constant(name: str) -> float:
    raise _Odd(f"{name} is not JSON")


def _dump(raw: object) -> bytes:
    return json.dumps(raw, ensure_ascii=True, separators=(",", ":")).encode()


def dump_event(event: WireEvent) -> bytes:
    """The event for keeping, until its turn has been run."""
    return _dump(event.raw)


def _event_list(data: object, bot_user_id: str | None) -> list[Any]:
    if not isinstance(data, dict):
        raise _Odd("not an object")
    events = data.get("events")
    if not isinstance(events, list):
        raise _Odd("no list of events")
    destination = data.get("destination")
    if events and bot_user_id is not None and destination != bot_user_id:
        raise _Odd("meant for another channel")
    return events


def _text_of(raw: dict[str, Any], key: str, *, longest: int = LONGEST_ID) -> str | None:
    value = raw.get(key)
    if isinstance(value, str) and 0 < len(value) <= longest and "\0" not in value:
        return value
    return None


def _wire_event(raw: object) -> WireEvent:
    if not isinstance(raw, dict):
        raise _Odd("an event that is not an object")
    kind = _text_of(raw, "type", longest=40)
    if kind is None:
        raise _Odd("an event without a type")
    event_id = _text_of(raw, "webhookEventId")
    if event_id is None:
        raise _Odd("an event without an id")
    stamp = raw.get("timestamp")
    if isinstance(stamp, bool) or not isinstance(stamp, int) or not 0 < stamp < LATEST_TIMESTAMP_MS:
        raise _Odd("an event without a time")
    raw_source = raw.get("source")
    source = raw_source if isinstance(raw_source, dict) else {}
    return WireEvent(
        event_id=event_id,
        kind=kind,
        occurred_at=datetime.fromtimestamp(stamp / 1000, tz=UTC),
        standby=raw.get("mode") == "standby",
        user_id=_text_of(source, "userId", longest=80),
        group_id=_text_of(source, "groupId", longest=80) or _text_of(source, "roomId", longest=80),
        mentions_us=_mentions_us(raw),
        raw=raw,
    )


def _mentions_us(raw: dict[str, Any]) -> bool:
    message = raw.get("message")
    mention = message.get("mention") if isinstance(message, dict) else None
    mentionees = mention.get("mentionees") if isinstance(mention, dict) else None
    return isinstance(mentionees, list) and any(
        isinstance(mentionee, dict) and mentionee.get("isSelf") is True for mentionee in mentionees
    )


def to_incoming(raw: dict[str, Any]) -> Incoming:
    """A stored event in our own words. What is missing is empty; an unknown kind is `other`."""
    event = _wire_event(raw)
    kind, text, message_id = _contents(event)
    return Incoming(
        event_id=event.event_id,
        kind=kind,
        occurred_at=event.occurred_at,
        standby=event.standby,
        user_id=event.user_id,
        group_id=event.group_id,
        reply_token=_text_of(raw, "replyToken", longest=200),
        text=text,
        message_id=message_id,
    )


def load_event(payload: bytes) -> Incoming:
    return to_incoming(json.loads(payload))


def _contents(event: WireEvent) -> tuple[Kind, str, str | None]:
    part = event.raw.get(event.kind)
    details = part if isinstance(part, dict) else {}
    if event.kind == "message":
        message_id = _text_of(details, "id")
        if details.get("type") == "text" and isinstance(details.get("text"), str):
            return "text", details["text"], message_id
        return "media", str(details.get("type", ""))[:40], message_id
    if event.kind == "postback":
        return "postback", _text_of(details, "data", longest=300) or "", None
    if event.kind == "unsend":
        return "unsend", "", _text_of(details, "messageId")
    if event.kind in {"follow", "unfollow"}:
        return ("follow", "", None) if event.kind == "follow" else ("unfollow", "", None)
    return "other", event.kind, None
