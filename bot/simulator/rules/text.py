"""Text messages, of both versions."""

from __future__ import annotations

import re

from bot.simulator.rules.node import Node

TEXT_UNITS = 5000
EMOJIS = 20
MENTIONS = 20
SUBSTITUTIONS = 100
_KEY = re.compile(r"[0-9A-Za-z_]{1,20}")
_USER_ID = re.compile(r"U[0-9a-f]{32}")
_BRACES = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


def check_text(message: Node) -> None:
    text = message.text("text", "text-length", most=TEXT_UNITS)
    message.get("quoteToken", str)
    emojis = message.children("emojis", "emoji-count", least=0, most=EMOJIS, required=False)
    units = text.encode("utf-16-le", "surrogatepass") if emojis and text is not None else None
    for emoji in emojis:
        emoji.get("productId", str, required=True)
        emoji.get("emojiId", str, required=True)
        index = emoji.whole("index", "emoji-placeholder", least=0, required=True)
        if index is not None and units is not None and units[index * 2 : index * 2 + 2] != b"$\0":
            emoji.refuse_value("emoji-placeholder", "index")


def check_text_v2(message: Node) -> None:
    text = message.text("text", "text-v2-length", most=TEXT_UNITS)
    message.get("quoteToken", str)
    parts = message.child("substitution")
    keys = _check_parts(parts) if parts is not None else set()
    for found in _BRACES.finditer(text or ""):
        if found[0] in {"{", "}"} or (found[1] is not None and found[1] not in keys):
            message.refuse_value("text-v2-placeholder", "text")
            return


def _check_parts(parts: Node) -> set[str]:
    if len(parts.data) > SUBSTITUTIONS:
        parts.refuse("text-v2-substitution", f"Size must be between 0 and {SUBSTITUTIONS}")
    kinds = []
    for key in parts.data:
        if not _KEY.fullmatch(key):
            parts.refuse_value("text-v2-substitution", key)
        part = parts.child(key, required=True)
        if part is not None:
            kinds.append(_check_part(part))
    if kinds.count("mention") > MENTIONS or kinds.count("emoji") > EMOJIS:
        parts.refuse("text-v2-count", "Size must be between 0 and 20")
    return set(parts.data)


def _check_part(part: Node) -> str | None:
    kind = part.choice("type", "text-v2-part", {"mention", "emoji"}, required=True)
    if kind == "emoji":
        part.get("productId", str, required=True)
        part.get("emojiId", str, required=True)
    elif kind == "mention":
        mentionee = part.child("mentionee", required=True)
        target = mentionee.choice("type", "text-v2-part", {"user", "all"}, required=True) if mentionee else None
        if mentionee is not None and target == "user":
            mentionee.matching("userId", "text-v2-part", _USER_ID, required=True)
    return kind
