"""What LINE does with a reply, a push or a multicast once its body is in order."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.simulator import identifiers
from bot.simulator.events import NO_USER_ID
from bot.simulator.ledger import Way
from bot.simulator.refusals import ApiRefusal
from bot.simulator.retry_keys import AcceptedBefore
from bot.simulator.rules.placement import check_placement
from bot.simulator.state import State

Messages = list[dict[str, Any]]
QUOTABLE = frozenset({"text", "textV2", "sticker", "image", "video", "template", "flex", "imagemap"})


@dataclass(frozen=True, slots=True)
class Accepted:
    sent_messages: Messages
    user_ids: tuple[str, ...]
    delivered: int
    """Recipients whom the messages reached."""


@dataclass(slots=True)
class Sending:
    """One at a time, so that a token, a retry key and the quota are looked at and used up in one step."""

    state: State
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def reply(self, *, token: str, messages: Messages) -> Accepted:
        now = self.state.clock.now()
        with self._lock:
            known = self.state.tokens.find(token)
            if known is not None:
                check_placement(messages, known.chat_id)
            used = self.state.tokens.use(token, now=now)
            if used is None:
                rule = (
                    "reply-token-known" if known is None else "reply-token-once" if known.used else "reply-token-life"
                )
                raise ApiRefusal(400, "Invalid reply token", rule)
            reached = self._reached([used.chat_id], now)
            self.state.ledger.add(
                at=now, way="reply", user_ids=reached, messages=messages,
                reply_token=token, webhook_event_id=used.webhook_event_id,
            )  # fmt: skip
        return Accepted(self._show(reached, messages), (used.chat_id,), len(reached))

    def push(self, *, to: str, messages: Messages, retry_key: str | None, request_id: str) -> Accepted:
        check_placement(messages, to)
        if self.state.people.find(to) is None and self.state.people.find_group(to) is None:
            raise ApiRefusal(400, "Failed to send messages", "push-recipient-known")
        return self._bill("push", [to], messages, retry_key=retry_key, request_id=request_id)

    def multicast(self, *, to: Sequence[str], messages: Messages, retry_key: str | None, request_id: str) -> Accepted:
        check_placement(messages, "U")
        return self._bill("multicast", list(to), messages, retry_key=retry_key, request_id=request_id)

    def refuse_repeated(self, retry_key: str | None) -> None:
        """Raises LINE's 409 when the key was accepted within the day."""
        before = self.state.retry_keys.find(retry_key, now=self.state.clock.now()) if retry_key else None
        if before is not None:
            raise ApiRefusal(
                409,
                "The retry key is already accepted",
                "retry-key-remembered",
                headers={"x-line-accepted-request-id": before.request_id},
                more={} if before.sent_messages is None else {"sentMessages": before.sent_messages},
            )

    def _bill(self, way: Way, to: list[str], messages: Messages, *, retry_key: str | None, request_id: str) -> Accepted:
        now = self.state.clock.now()
        with self._lock:
            self.refuse_repeated(retry_key)
            reached = self._reached(to, now)
            if not self.state.quota.take(self._billed(reached), now):
                raise ApiRefusal(429, "You have reached your monthly limit.", "quota")
            sent = _sent_messages(messages)
            if retry_key is not None:
                accepted = AcceptedBefore(request_id, now, sent if way == "push" else None)
                self.state.retry_keys.remember(retry_key, accepted)
            self.state.ledger.add(at=now, way=way, user_ids=reached, messages=messages, retry_key=retry_key)
        self._show(reached, messages, sent)
        return Accepted(sent, self.state.people.own_ids(to), len(reached))

    def _reached(self, to: list[str], now: float) -> list[str]:
        others = [
            chat_id for chat_id in to if chat_id == NO_USER_ID or self.state.people.find_group(chat_id) is not None
        ]
        return [*self.state.people.list_reached(to, now), *others]

    def _billed(self, reached: list[str]) -> int:
        """Every member of a group is a recipient."""
        groups = (self.state.people.find_group(chat_id) for chat_id in reached)
        return sum(max(len(group.members), 1) if group is not None else 1 for group in groups)

    def _show(self, reached: list[str], messages: Messages, sent: Messages | None = None) -> Messages:
        sent = sent if sent is not None else _sent_messages(messages)
        for message, receipt in zip(messages, sent, strict=True):
            self.state.chats.say(reached, "bot", message, receipt["id"])
        return sent


def _sent_messages(messages: Messages) -> Messages:
    sent = []
    for message in messages:
        receipt = {"id": identifiers.new_message_id()}
        if message.get("type") in QUOTABLE:
            receipt["quoteToken"] = identifiers.new_quote_token()
        sent.append(receipt)
    return sent
