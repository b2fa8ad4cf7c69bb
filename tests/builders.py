"""Plain things to test with. No surprises."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from bot.bench.events import ulid
from bot.line.signature import sign

SECRET = "channel secret for tests"
US = "U" + "f" * 32
SOMCHAI = "U" + "1" * 32
MALEE = "U" + "2" * 32
GROUP = "C" + "3" * 32
IN_GROUP = {"type": "group", "groupId": GROUP, "userId": SOMCHAI}
NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)


def an_event(kind: str = "message", *, user_id: str | None = SOMCHAI, **more: Any) -> dict[str, Any]:
    """An event as LINE sends it; pass a value to replace a field, None to leave one out."""
    event: dict[str, Any] = {
        "type": kind,
        "mode": "active",
        "timestamp": int(NOON.timestamp() * 1000),
        "source": {"type": "user", **({"userId": user_id} if user_id else {})},
        "webhookEventId": ulid(int(NOON.timestamp() * 1000)),
        "deliveryContext": {"isRedelivery": False},
    }
    if kind not in {"unfollow", "unsend", "leave"}:
        event["replyToken"] = ulid(0).lower()
    event.update(more)
    return {key: value for key, value in event.items() if value is not None}


def a_text(text: str, *, user_id: str = SOMCHAI, message_id: str = "1", **more: Any) -> dict[str, Any]:
    message = {"type": "text", "id": message_id, "quoteToken": "q", "text": text}
    return an_event("message", user_id=user_id, message=message, **more)


def a_press(data: str, *, user_id: str = SOMCHAI, **more: Any) -> dict[str, Any]:
    return an_event("postback", user_id=user_id, postback={"data": data}, **more)


def a_follow(*, user_id: str = SOMCHAI, **more: Any) -> dict[str, Any]:
    return an_event("follow", user_id=user_id, follow={"isUnblocked": False}, **more)


def in_group(kind: str, **more: Any) -> dict[str, Any]:
    return an_event(kind, source=IN_GROUP, **more)


def called(text: str, *, message_id: str = "1", kind: str = "message", **more: Any) -> dict[str, Any]:
    """A text in the group, for us: it names us."""
    name = "@ศูนย์"
    mention = {"mentionees": [{"type": "user", "isSelf": True, "index": 0, "length": len(name)}]}
    message = {"type": "text", "id": message_id, "quoteToken": "q", "text": f"{name} {text}", "mention": mention}
    return in_group(kind, message=message, **more)


def apart(*events: dict[str, Any], seconds: float = 5) -> tuple[dict[str, Any], ...]:
    """The same events, each so long after the one before; the last one now. Closer together they would be read as
    parts of one message."""
    latest = int(NOON.timestamp() * 1000)
    return tuple(
        event | {"timestamp": int(latest - 1 - seconds * 1000 * (len(events) - 1 - number))}
        for number, event in enumerate(events)
    )


def a_body(events: Sequence[Any], *, destination: str = US) -> bytes:
    return json.dumps({"destination": destination, "events": list(events)}, ensure_ascii=False).encode()


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    return {"X-Line-Signature": sign(body, secret), "Content-Type": "application/json; charset=utf-8"}
