"""LINE's webhook JSON, read with suspicion: what is well-formed is passed on, what is not is named.

LINE may add event types and fields without notice. The SDK's own models lose such events, or raise for the whole
batch, so they are not used here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

LONGEST_ID = 64
LATEST_TIMESTAMP_MS = 4_102_444_800_000  # the year 2100


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


class OddEvent(Exception):
    """Signed, and makes no sense. The text says why, for an operator."""


def read_webhook(body: bytes, *, bot_user_id: str | None) -> Webhook:
    """Splits a signed body into events and what makes no sense. Never raises.

    `bot_user_id` is our own id where it is known: a webhook meant for another channel is not ours to act on.
    """
    try:
        data = json.loads(body, parse_constant=_refuse_constant)
        events = _event_list(data, bot_user_id)
    except RecursionError:
        return Webhook(malformed=(Malformed("nested too deeply", body),))
    except (ValueError, OddEvent) as error:
        reason = str(error) if isinstance(error, OddEvent) else "not JSON"
        return Webhook(malformed=(Malformed(reason, body),))
    good, bad = [], []
    for raw in events:
        try:
            good.append(read_event(raw))
        except OddEvent as error:
            bad.append(Malformed(str(error), _dump(raw)))
    return Webhook(tuple(good), tuple(bad))


def _refuse_constant(name: str) -> float:
    raise OddEvent(f"{name} is not JSON")


def _dump(raw: object) -> bytes:
    return json.dumps(raw, ensure_ascii=True, separators=(",", ":")).encode()


def dump_event(event: WireEvent, *, without_words: bool = False) -> bytes:
    """The event for keeping, until its turn has been run; `without_words` leaves out what was said, and keeps ids."""
    if not without_words:
        return _dump(event.raw)
    message = event.raw.get("message")
    kept = {"id": message["id"]} if isinstance(message, dict) and "id" in message else {}
    return _dump({key: value for key, value in event.raw.items() if key != "message"} | {"message": kept})


def _event_list(data: object, bot_user_id: str | None) -> list[Any]:
    if not isinstance(data, dict):
        raise OddEvent("not an object")
    events = data.get("events")
    if not isinstance(events, list):
        raise OddEvent("no list of events")
    destination = data.get("destination")
    if events and bot_user_id is not None and destination != bot_user_id:
        raise OddEvent("meant for another channel")
    return events


def text_of(raw: dict[str, Any], key: str, *, longest: int = LONGEST_ID) -> str | None:
    """A string of 1 to `longest` characters, or None."""
    value = raw.get(key)
    if isinstance(value, str) and 0 < len(value) <= longest and "\0" not in value:
        return value
    return None


def read_event(raw: object) -> WireEvent:
    """Raises OddEvent."""
    if not isinstance(raw, dict):
        raise OddEvent("an event that is not an object")
    kind = text_of(raw, "type", longest=40)
    if kind is None:
        raise OddEvent("an event without a type")
    event_id = text_of(raw, "webhookEventId")
    if event_id is None:
        raise OddEvent("an event without an id")
    stamp = raw.get("timestamp")
    if isinstance(stamp, bool) or not isinstance(stamp, int) or not 0 < stamp < LATEST_TIMESTAMP_MS:
        raise OddEvent("an event without a time")
    raw_source = raw.get("source")
    source = raw_source if isinstance(raw_source, dict) else {}
    return WireEvent(
        event_id=event_id,
        kind=kind,
        occurred_at=datetime.fromtimestamp(stamp / 1000, tz=UTC),
        standby=raw.get("mode") == "standby",
        user_id=text_of(source, "userId", longest=80),
        group_id=text_of(source, "groupId", longest=80) or text_of(source, "roomId", longest=80),
        mentions_us=bool(mentions_of_us(raw)),
        raw=raw,
    )


def mentions_of_us(raw: dict[str, Any]) -> list[tuple[int, int]]:
    """Where a message calls us by name: start and length, in UTF-16 units as LINE counts."""
    message = raw.get("message")
    mention = message.get("mention") if isinstance(message, dict) else None
    mentionees = mention.get("mentionees") if isinstance(mention, dict) else None
    if not isinstance(mentionees, list):
        return []
    ours = [one for one in mentionees if isinstance(one, dict) and one.get("isSelf") is True]
    return [(_number(one.get("index")), _number(one.get("length"))) for one in ours]


def _number(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
