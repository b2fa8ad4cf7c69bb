"""Our messages as LINE JSON: one look for everything, within LINE's limits.

Whoever writes content is told about lengths by `civicbot faq check`; here they are made to fit, so that a citizen never
loses an answer to a limit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.line import limits
from bot.messages import Action, Card, Link, Message, Place, Press, Rendered, Say, Text

INK, FADED, ACCENT, PAPER = "#1F2A37", "#4B5563", "#0B6E4F", "#FFFFFF"


def render(messages: Sequence[Message]) -> Rendered:
    """At most five messages; quick replies ride on the last one, the only place where LINE shows them."""
    parts: list[Message] = []
    for message in messages:
        parts.extend(_split(message))
    parts = parts[: limits.MESSAGES_A_REQUEST]
    rendered = [_one(message) for message in parts]
    choices = next((message.choices for message in reversed(parts) if message.choices), ())
    if rendered and choices:
        rendered[-1]["quickReply"] = {
            "items": [{"type": "action", "action": _action(choice)} for choice in choices[: limits.QUICK_REPLIES]]
        }
    return rendered


def _split(message: Message) -> list[Message]:
    if not isinstance(message, Text):
        return [message]
    pieces = [piece for piece in limits.split_text(message.text) if piece]
    return [
        Text(piece, message.choices if position == len(pieces) - 1 else ()) for position, piece in enumerate(pieces)
    ]


def _one(message: Message) -> dict[str, Any]:
    if isinstance(message, Text):
        return {"type": "text", "text": message.text}
    if isinstance(message, Place):
        return {
            "type": "location",
            "title": message.title[: limits.PLACE_CHARACTERS],
            "address": message.address[: limits.PLACE_CHARACTERS],
            "latitude": message.latitude,
            "longitude": message.longitude,
        }
    return {"type": "flex", "altText": _alt(message.alt), "contents": _bubble(message)}


def _alt(text: str) -> str:
    return limits.split_text(text, 400)[0]


def _bubble(card: Card) -> dict[str, Any]:
    contents: list[dict[str, Any]] = []
    if card.title:
        contents.append(
            {"type": "text", "text": card.title, "weight": "bold", "size": "lg", "color": ACCENT, "wrap": True}
        )
    for paragraph in card.text.split("\n\n"):
        if paragraph.strip():
            contents.append(
                {
                    "type": "text",
                    "text": paragraph.strip(),
                    "size": "md",
                    "color": INK,
                    "wrap": True,
                    "lineSpacing": "6px",
                }
            )
    bubble: dict[str, Any] = {
        "type": "bubble",
        "size": "mega",
        "body": {
            "type": "box", "layout": "vertical", "spacing": "md", "paddingAll": "18px", "backgroundColor": PAPER,
            "contents": contents,
        },
    }  # fmt: skip
    if card.actions:
        bubble["footer"] = {
            "type": "box", "layout": "vertical", "spacing": "sm", "paddingAll": "12px",
            "contents": [_button(action, first=position == 0) for position, action in enumerate(card.actions)],
        }  # fmt: skip
    return bubble


def _button(action: Action, *, first: bool) -> dict[str, Any]:
    button = {"type": "button", "height": "sm", "action": _action(action)}
    return {**button, "style": "primary", "color": ACCENT} if first else {**button, "style": "secondary"}


def _action(action: Action) -> dict[str, Any]:
    label = limits.shorten_label(action.label)
    match action:
        case Say():
            return {"type": "message", "label": label, "text": limits.shorten_label(action.text, 300)}
        case Press():
            return {
                "type": "postback",
                "label": label,
                "data": action.data,
                "displayText": limits.shorten_label(action.shown, limits.SHOWN_TEXT_GRAPHEMES),
            }
        case Link():
            return {"type": "uri", "label": label, "uri": action.uri}
