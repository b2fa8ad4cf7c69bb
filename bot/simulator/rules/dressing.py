"""What every message may carry: quick replies, and another name and face for its sender."""

from __future__ import annotations

import re

from bot.simulator.rules.actions import QUICK_REPLY, check_action
from bot.simulator.rules.counting import graphemes
from bot.simulator.rules.node import Node

QUICK_REPLIES = 13
QUOTING = frozenset({"text", "textV2", "sticker"})
_RESERVED = re.compile(r"(?<![A-Za-z])LINE(?![A-Za-z])", re.IGNORECASE)


def check_dressing(message: Node, kind: str) -> None:
    _check_quick_reply(message.child("quickReply"))
    _check_sender(message.child("sender"))
    if kind not in QUOTING and message.data.get("quoteToken") is not None:
        message.refuse_value("quote-token-place", "quoteToken")


def _check_quick_reply(quick_reply: Node | None) -> None:
    if quick_reply is None:
        return
    for item in quick_reply.children("items", "quick-reply-count", least=1, most=QUICK_REPLIES):
        item.choice("type", "quick-reply-type", {"action"})
        item.url("imageUrl", required=False, of_picture=True)
        check_action(item.child("action", required=True), QUICK_REPLY)


def _check_sender(sender: Node | None) -> None:
    if sender is None:
        return
    name = sender.text("name", "sender-name", most=20, unit=graphemes, required=False)
    if name is not None and _RESERVED.search(name):
        sender.refuse_value("sender-name-reserved", "name")
    sender.url("iconUrl", required=False)
