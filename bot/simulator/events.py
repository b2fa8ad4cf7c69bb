"""Webhook events with every field that LINE sends, made from what people do."""

from __future__ import annotations

from typing import Any

from bot.simulator import identifiers
from bot.simulator.state import State

WITHOUT_REPLY_TOKEN = frozenset({"unsend", "unfollow", "leave", "memberLeft", "delivery", "module", "activated",
                                 "deactivated", "botSuspended", "botResumed"})  # fmt: skip
NO_USER_ID = "U-not-told"
"""The chat of a person who never agreed to show an id: it can be answered, and nothing else."""
QUOTABLE = frozenset({"text", "sticker", "image", "video"})


def from_person(user_id: str, kind: str, **parts: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {"type": kind, "source": {"type": "user", "userId": user_id}, **parts}


def received_message(content: dict[str, Any]) -> dict[str, Any]:
    """The message object of an event, with an id and the tokens that its type carries."""
    filled = {"id": identifiers.new_message_id(), **content}
    if content.get("type") in QUOTABLE:
        filled.setdefault("quoteToken", identifiers.new_quote_token())
    filled.setdefault("markAsReadToken", identifiers.new_read_token())
    return filled


def complete(event: dict[str, Any], state: State) -> dict[str, Any]:
    """The event with whatever was missing filled in. Its reply token is good, and its sender known, from now on."""
    now = state.clock.now()
    whole = dict(event)
    whole.setdefault("type", "message")
    whole.setdefault("mode", "active")
    whole.setdefault("timestamp", int(now * 1000))
    whole.setdefault("webhookEventId", identifiers.new_webhook_event_id(now))
    whole.setdefault("deliveryContext", {"isRedelivery": False})
    if whole["type"] == "message" and isinstance(whole.get("message"), dict):
        whole["message"] = received_message(whole["message"])
    if whole["mode"] == "active" and whole["type"] not in WITHOUT_REPLY_TOKEN and "source" in whole:
        whole.setdefault("replyToken", identifiers.new_reply_token())
    _note(whole, state, now)
    return whole


def _note(event: dict[str, Any], state: State, now: float) -> None:
    source = event.get("source")
    if not isinstance(source, dict):
        return
    kind, user_id = event["type"], source.get("userId")
    state.people.note_source(source, wrote_at=now if kind == "message" else None)
    if isinstance(user_id, str) and state.people.find(user_id) is not None:
        if kind == "follow":
            state.people.follow(user_id)
        elif kind == "unfollow":
            state.people.block(user_id)
    chat_id = find_chat_id(source)
    if isinstance(event.get("message"), dict) and chat_id is not None:
        _note_tokens(event["message"], chat_id, state)
    token, event_id = event.get("replyToken"), event.get("webhookEventId")
    if isinstance(token, str) and chat_id is not None:
        state.tokens.issue(
            token, chat_id=chat_id, webhook_event_id=event_id if isinstance(event_id, str) else None, now=now
        )


def _note_tokens(message: dict[str, Any], chat_id: str, state: State) -> None:
    quote, read = message.get("quoteToken"), message.get("markAsReadToken")
    if isinstance(quote, str):
        state.quote_tokens.issue(quote, chat_id)
    if isinstance(read, str):
        state.read_marks.issue(read, chat_id=chat_id, message_id=str(message.get("id")))
        if state.mark_as_read_mode == "auto":
            state.read_marks.mark(read)


def find_chat_id(source: dict[str, Any]) -> str | None:
    """Where an answer to an event from this source goes: the group or room, else the person."""
    chat_id = source.get("groupId") or source.get("roomId") or source.get("userId")
    if isinstance(chat_id, str):
        return chat_id
    return NO_USER_ID if source.get("type") == "user" else None


def as_redelivered(event: dict[str, Any]) -> dict[str, Any]:
    return {**event, "deliveryContext": {"isRedelivery": True}}
