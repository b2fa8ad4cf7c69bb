"""The bodies of whole requests."""

from __future__ import annotations

import re
from typing import Any

from bot.simulator.refusals import ApiRefusal, Problem
from bot.simulator.rules.messages import check_messages, refuse_if_wrong
from bot.simulator.rules.node import Node

RECIPIENTS = 500
LOADING_SECONDS = (5, 60)
USER_ID = re.compile(r"U[0-9a-f]{32}")
_CHAT_ID = re.compile(r"[UCR][0-9a-f]{32}")
_UNIT = re.compile(r"[A-Za-z0-9_]{1,30}")


def check_reply(body: dict[str, Any], *, loopback: bool = False) -> None:
    problems: list[Problem] = []
    request = Node(body, "", problems, loopback=loopback)
    request.text("replyToken", "reply-token-given", most=1000)
    _check_sending(request)
    refuse_if_wrong(problems)


def check_push(body: dict[str, Any], *, loopback: bool = False) -> None:
    problems: list[Problem] = []
    request = Node(body, "", problems, loopback=loopback)
    to = request.get("to", str, required=True)
    if to is not None and not _CHAT_ID.fullmatch(to):
        raise _invalid("recipient-format", "to")
    _check_sending(request)
    _check_units(request)
    refuse_if_wrong(problems)


def check_multicast(body: dict[str, Any], *, loopback: bool = False) -> None:
    problems: list[Problem] = []
    request = Node(body, "", problems, loopback=loopback)
    to = request.get("to", list, required=True)
    if to is not None and not 1 <= len(to) <= RECIPIENTS:
        request.refuse("multicast-recipients", f"Size must be between 1 and {RECIPIENTS}", "to")
    for position, user_id in enumerate(to or ()):
        if not isinstance(user_id, str) or not USER_ID.fullmatch(user_id):
            raise _invalid("recipient-format", f"to[{position}]")
    _check_sending(request)
    _check_units(request)
    refuse_if_wrong(problems)


def check_broadcast(body: dict[str, Any], *, loopback: bool = False) -> None:
    problems: list[Problem] = []
    _check_sending(Node(body, "", problems, loopback=loopback))
    refuse_if_wrong(problems)


def check_mark_as_read(body: dict[str, Any]) -> None:
    problems: list[Problem] = []
    Node(body, "", problems).text("markAsReadToken", "read-token-given", most=1000)
    refuse_if_wrong(problems)


def check_messages_only(body: dict[str, Any], *, loopback: bool = False) -> None:
    problems: list[Problem] = []
    check_messages(Node(body, "", problems, loopback=loopback))
    refuse_if_wrong(problems)


def check_loading(body: dict[str, Any]) -> None:
    problems: list[Problem] = []
    request = Node(body, "", problems)
    chat_id = request.get("chatId", str, required=True)
    if chat_id is not None and not USER_ID.fullmatch(chat_id):
        words = "Only user id is acceptable, please confirm if there are any group/room ids or illegal ids."
        request.refuse("loading-one-to-one", words, "chatId")
    least, most = LOADING_SECONDS
    seconds = request.whole("loadingSeconds", "loading-seconds", least=least, most=most)
    if seconds is not None and seconds % 5:
        request.refuse("loading-seconds", "must be a multiple of five", "loadingSeconds")
    refuse_if_wrong(problems)


def _check_sending(request: Node) -> None:
    request.flag("notificationDisabled")
    check_messages(request)


def _check_units(request: Node) -> None:
    units = request.get("customAggregationUnits", list)
    if units is None:
        return
    if len(units) != 1:
        request.refuse("aggregation-units", "Size must be between 1 and 1", "customAggregationUnits")
    for unit in units:
        if not isinstance(unit, str) or not _UNIT.fullmatch(unit):
            request.refuse_value("aggregation-units", "customAggregationUnits")


def _invalid(rule: str, place: str) -> ApiRefusal:
    return ApiRefusal(400, f"The property, {place}, in the request body is invalid (line: -, column: -)", rule)
