"""What LINE does with messages once the body of their request is in order."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

from bot.simulator import identifiers
from bot.simulator.crowds import Everyone, PackedIds, Recipients
from bot.simulator.events import NO_USER_ID
from bot.simulator.ledger import Way
from bot.simulator.limits import SAME_USER_MESSAGE
from bot.simulator.refusals import ApiRefusal
from bot.simulator.retry_keys import AcceptedBefore
from bot.simulator.rules.placement import check_placement
from bot.simulator.state import State

Messages = list[dict[str, Any]]
QUOTABLE = frozenset({"text", "textV2", "sticker", "image", "video", "template", "flex", "imagemap"})


@dataclass(frozen=True, slots=True)
class Accepted:
    sent_messages: Messages
    user_ids: tuple[str, ...] | PackedIds
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
                self._check(messages, known.chat_id)
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
        sent = _sent_messages(messages)
        self._show(reached, messages, sent)
        return Accepted(sent, (used.chat_id,), len(reached))

    def push(self, *, to: str, messages: Messages, retry_key: str | None, request_id: str) -> Accepted:
        self._check(messages, to)
        group = self.state.people.find_group(to)
        if self.state.people.find(to) is None and (group is None or not group.has_bot):
            raise ApiRefusal(400, "Failed to send messages", "push-recipient-known")
        now = self.state.clock.now()
        if not self.state.limits.admit(to, len(messages), now):
            raise ApiRefusal(429, SAME_USER_MESSAGE, "rate-limit-same-user")
        accepted = self._bill(
            "push", self._reached([to], now), messages, retry_key=retry_key, request_id=request_id, now=now
        )
        return Accepted(accepted.sent_messages, (to,), accepted.delivered)

    def multicast(self, *, to: list[str], messages: Messages, retry_key: str | None, request_id: str) -> Accepted:
        self._check(messages, None)
        now = self.state.clock.now()
        reached, addressed = PackedIds(self.state.people.list_reached(to, now)), PackedIds(to)
        accepted = self._bill("multicast", reached, messages, retry_key=retry_key, request_id=request_id, now=now)
        return Accepted(accepted.sent_messages, addressed, accepted.delivered)

    def to_all(
        self, way: Way, friends: Everyone | PackedIds, messages: Messages, *, retry_key: str | None, request_id: str
    ) -> Accepted:
        """A broadcast, or a narrowcast whose recipients are chosen."""
        self._check(messages, None)
        now = self.state.clock.now()
        return self._bill(way, friends, messages, retry_key=retry_key, request_id=request_id, now=now)

    def _check(self, messages: Messages, chat_id: str | None) -> None:
        """Raises LINE's refusals that depend on the chat, or, where many are addressed, on there being none."""
        group = self.state.people.find_group(chat_id) if chat_id is not None else None
        check_placement(messages, chat_id or "U", members=group.members if group is not None else None)
        self.state.quote_tokens.check(messages, chat_id)
        self.state.coupons.check(messages, now=self.state.clock.now())

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

    def _bill(
        self, way: Way, reached: list[str] | Recipients, messages: Messages, *,
        retry_key: str | None, request_id: str, now: float,
    ) -> Accepted:  # fmt: skip
        with self._lock:
            self.refuse_repeated(retry_key)
            if not self.state.quota.take(self._billed(reached), now):
                raise ApiRefusal(429, "You have reached your monthly limit.", "quota")
            sent = _sent_messages(messages)
            if retry_key is not None:
                accepted = AcceptedBefore(request_id, now, sent if way == "push" else None)
                self.state.retry_keys.remember(retry_key, accepted)
            self.state.ledger.add(at=now, way=way, user_ids=reached, messages=messages, retry_key=retry_key)
        self._show(reached, messages, sent)
        return Accepted(sent, (), len(reached))

    def _reached(self, to: list[str], now: float) -> list[str]:
        groups = (self.state.people.find_group(chat_id) for chat_id in to)
        others = [group.group_id for group in groups if group is not None and group.has_bot]
        return [*self.state.people.list_reached(to, now), *others, *(each for each in to if each == NO_USER_ID)]

    def _billed(self, reached: list[str] | Recipients) -> int:
        """Every member of a group is a recipient."""
        if not isinstance(reached, list):
            return len(reached)
        groups = (self.state.people.find_group(chat_id) for chat_id in reached)
        return sum(max(len(group.members), 1) if group is not None else 1 for group in groups)

    def _show(self, reached: list[str] | Recipients, messages: Messages, sent: Messages) -> None:
        for message, receipt in zip(messages, sent, strict=True):
            if not isinstance(reached, list):
                self.state.chats.say_to_many(reached, message, receipt["id"])
                continue
            self.state.chats.say(reached, "bot", message, receipt["id"])
            for chat_id in reached:
                if "quoteToken" in receipt:
                    self.state.quote_tokens.issue(receipt["quoteToken"], chat_id)


def _sent_messages(messages: Messages) -> Messages:
    sent = []
    for message in messages:
        receipt = {"id": identifiers.new_message_id()}
        if message.get("type") in QUOTABLE:
            receipt["quoteToken"] = identifiers.new_quote_token()
        sent.append(receipt)
    return sent
