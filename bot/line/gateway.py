"""The gateway: the one place that talks to LINE. How a call is made is in `calls`, rich menus are in `menus`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import regex
from linebot.v3.messaging import MarkMessagesAsReadByTokenRequest, MessagingApi, ShowLoadingAnimationRequest

from bot.line import cutting, limits
from bot.line.calls import Calls, list_of, number_of, text_of
from bot.line.failures import unreadable
from bot.line.menus import DATA_HOSTS, RichMenus
from bot.messages import DeliveryFailed, QuotaTold, Receipt, Rendered

MESSAGE = "/v2/bot/message"
WEBHOOK = "/v2/bot/channel/webhook/endpoint"
CONTENTS_AT_ONCE = 2
CONTENT_SECONDS = 30.0
"""Ours: for a whole picture."""
NOT_THERE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
ALWAYS_COUNTED = ("uniqueImpression", "uniqueClick")
_TURNS_THE_LINE = regex.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]")
"""Marks that set the words after them from right to left: in a name they would turn the rest of a message over."""


@dataclass(frozen=True, slots=True)
class BotInfo:
    """The account as LINE knows it. The modes are LINE's words: `chat` or `bot`, `manual` or `auto`."""

    user_id: str
    chat_mode: str
    mark_as_read_mode: str


class LineGateway:
    """Implements `bot.messages.Messenger`. Build one after forking; safe to share between threads.

    Every method raises DeliveryFailed, and nothing else, when it fails.
    """

    def __init__(self, *, token: str, host: str, connections: int = 16) -> None:
        self._calls = Calls(token=token, host=host, connections=connections)
        self._api = MessagingApi(self._calls.client)
        self._data = Calls(token=token, host=DATA_HOSTS.get(host, host), connections=CONTENTS_AT_ONCE)
        self.menus = RichMenus(self._calls, token=token, host=host)

    def reply(self, token: str, messages: Rendered) -> Receipt:
        return self._calls.post("reply", f"{MESSAGE}/reply", {"replyToken": token, "messages": messages})

    def push(self, recipient: str, messages: Rendered, *, retry_key: str, unit: str | None = None) -> Receipt:
        body = {"to": recipient, "messages": messages, **_counted_in(unit)}
        return self._calls.post("push", f"{MESSAGE}/push", body, retry_key=retry_key)

    def multicast(
        self, recipients: Sequence[str], messages: Rendered, *, retry_key: str, unit: str | None = None
    ) -> Receipt:
        body = {"to": list(recipients), "messages": messages, **_counted_in(unit)}
        return self._calls.post("multicast", f"{MESSAGE}/multicast", body, retry_key=retry_key)

    def validate(self, messages: Rendered) -> None:
        self._calls.post("validate", f"{MESSAGE}/validate/multicast", {"messages": messages})

    def quota(self) -> QuotaTold:
        allowed = self._calls.read("quota", f"{MESSAGE}/quota")
        used = number_of(self._calls.read("quota.used", f"{MESSAGE}/quota/consumption"), "totalUsage")
        return QuotaTold(None if text_of(allowed, "type") == "none" else number_of(allowed, "value"), used)

    def list_units(self) -> frozenset[str]:
        path = f"{MESSAGE}/aggregation/list"
        pages = self._pages("units", path, "customAggregationUnits", limit=limits.AGGREGATION_UNITS_A_PAGE)
        return frozenset(name for page in pages for name in page)

    def unit_statistics(self, unit: str, first_day: date, last_day: date) -> Mapping[str, int | None]:
        days = {"from": f"{first_day:%Y%m%d}", "to": f"{last_day:%Y%m%d}"}
        path = "/v2/bot/insight/message/event/aggregation"
        told = self._calls.read("statistics", path, customAggregationUnit=unit, **days).get("overview")
        counted = told if isinstance(told, dict) else {}
        numbers = {name: value for name, value in counted.items() if isinstance(value, int | None)}
        return {**dict.fromkeys(ALWAYS_COUNTED), **numbers}

    def display_name(self, user_id: str) -> str | None:
        found = self._calls.find("profile", f"/v2/bot/profile/{quote(user_id, safe='')}")
        return _name_of(text_of(found, "displayName")) if found is not None else None

    def content(self, message_id: str) -> bytes | None:
        path = f"{MESSAGE}/{quote(message_id, safe='')}/content"
        try:
            return self._data.fetch("content", path, most_bytes=limits.CONTENT_BYTES, seconds=CONTENT_SECONDS)
        except DeliveryFailed as failed:
            if failed.status in NOT_THERE:
                return None
            raise

    def follower_pages(self) -> Iterator[tuple[str, ...]]:
        return self._pages("followers", "/v2/bot/followers/ids", "userIds", limit=limits.FOLLOWERS_A_PAGE)

    def show_loading(self, recipient: str, *, seconds: int) -> None:
        request = ShowLoadingAnimationRequest(chatId=recipient, loadingSeconds=seconds)
        self._calls.send("loading", self._api.show_loading_animation_with_http_info, request)

    def mark_as_read(self, token: str) -> None:
        request = MarkMessagesAsReadByTokenRequest(markAsReadToken=token)
        self._calls.send("read", self._api.mark_messages_as_read_by_token_with_http_info, request)

    def bot_user_id(self) -> str:
        return self.bot_info().user_id

    def reads_by_hand(self) -> bool:
        """Asks LINE each time: the account's owner may change it at any moment."""
        return self.bot_info().mark_as_read_mode == "manual"

    def webhook(self) -> tuple[str, bool] | None:
        """Where LINE sends what people do, and whether it does; None where no address is set."""
        told = self._calls.find("webhook", WEBHOOK)
        return (text_of(told, "endpoint"), bool(told.get("active"))) if told is not None else None

    def bot_info(self) -> BotInfo:
        told = self._calls.read("info", "/v2/bot/info")
        return BotInfo(text_of(told, "userId"), str(told.get("chatMode")), str(told.get("markAsReadMode")))

    def _pages(self, name: str, path: str, what: str, *, limit: int) -> Iterator[tuple[str, ...]]:
        start: str | None = None
        while True:
            told = self._calls.read(name, path, limit=limit, start=start)
            yield tuple(list_of(told, what))
            following = told.get("next")
            if not following:
                return
            if not isinstance(following, str) or following == start:
                raise unreadable()  # the same page without end
            start = following


def _counted_in(unit: str | None) -> dict[str, Any]:
    return {} if unit is None else {"customAggregationUnits": [unit]}


def _name_of(given: str) -> str | None:
    """On one line, and short: whoever has it chose it, and it will stand in the middle of a sentence of ours."""
    return cutting.shorten_label(cutting.clean_line(_TURNS_THE_LINE.sub("", given))) or None
