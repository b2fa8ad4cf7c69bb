"""Rich menus, their aliases, and requests that link them to many people."""

from __future__ import annotations

import re
from typing import Any

from bot.simulator.refusals import ApiRefusal, Problem
from bot.simulator.rules.actions import RICH_MENU, check_action
from bot.simulator.rules.counting import graphemes
from bot.simulator.rules.messages import refuse_if_wrong
from bot.simulator.rules.node import Node
from bot.simulator.rules.pictures import LEAST_HEIGHT, LEAST_RATIO, WIDTHS
from bot.simulator.rules.requests import USER_ID

AREAS = 20
PEOPLE = 500
OPERATIONS = 1_000
ALIAS = re.compile(r"[a-z0-9_-]{1,32}")
_RESUME_KEY = re.compile(r"[0-9A-Za-z_-]{1,100}")


def check_rich_menu(body: dict[str, Any]) -> None:
    problems: list[Problem] = []
    menu = Node(body, "", problems)
    size = menu.child("size", required=True)
    if size is not None:
        width = size.whole("width", "menu-size", least=WIDTHS[0], most=WIDTHS[1], required=True)
        height = size.whole("height", "menu-size", least=LEAST_HEIGHT, required=True)
        if width and height and width / height < LEAST_RATIO:
            size.refuse("menu-size", "The aspect ratio (width / height) must be at least 1.45", "height")
    menu.get("selected", bool, required=True)
    menu.text("name", "menu-name", most=300, unit=graphemes)
    menu.text("chatBarText", "menu-bar-text", most=14, unit=graphemes)
    for area in menu.children("areas", "menu-areas", least=0, most=AREAS):
        _check_area(area, size)
    refuse_if_wrong(problems)


def _check_area(area: Node, size: Node | None) -> None:
    check_action(area.child("action", required=True), RICH_MENU)
    bounds = area.child("bounds", required=True)
    if bounds is None:
        return
    for corner, length, whole in (("x", "width", "width"), ("y", "height", "height")):
        start = bounds.whole(corner, "menu-bounds", least=0, required=True)
        extent = bounds.whole(length, "menu-bounds", least=1, required=True)
        most = size.data.get(whole) if size is not None else None
        if start is not None and extent is not None and isinstance(most, int) and start + extent > most:
            bounds.refuse("menu-bounds", "The area reaches beyond the rich menu", length)


def check_alias(body: dict[str, Any], *, with_name: bool) -> None:
    problems: list[Problem] = []
    request = Node(body, "", problems)
    if with_name:
        request.matching("richMenuAliasId", "menu-alias-id", ALIAS, required=True)
    request.get("richMenuId", str, required=True)
    refuse_if_wrong(problems)


def check_bulk(body: dict[str, Any], *, with_menu: bool) -> None:
    problems: list[Problem] = []
    request = Node(body, "", problems)
    if with_menu:
        request.get("richMenuId", str, required=True)
    people = request.get("userIds", list, required=True)
    if people is not None and not 1 <= len(people) <= PEOPLE:
        request.refuse("menu-bulk", f"Size must be between 1 and {PEOPLE}", "userIds")
    for position, user_id in enumerate(people or ()):
        if not isinstance(user_id, str) or not USER_ID.fullmatch(user_id):
            words = f"The property, userIds[{position}], in the request body is invalid (line: -, column: -)"
            raise ApiRefusal(400, words, "recipient-format")
    refuse_if_wrong(problems)


def check_batch(body: dict[str, Any]) -> None:
    problems: list[Problem] = []
    request = Node(body, "", problems)
    operations = request.children("operations", "menu-batch", least=1, most=OPERATIONS)
    for operation in operations:
        kind = operation.choice("type", "menu-batch", {"link", "unlink", "unlinkAll"}, required=True)
        if kind in {"link", "unlink"}:
            operation.get("from", str, required=True)
        if kind == "link":
            operation.get("to", str, required=True)
    kinds = [operation.data.get("type") for operation in operations]
    if "unlinkAll" in kinds and len(kinds) > 1:
        request.refuse("menu-batch-alone", "unlinkAll can't be combined with other operations", "operations")
    sources = [operation.data["from"] for operation in operations if isinstance(operation.data.get("from"), str)]
    if len(sources) != len(set(sources)):
        request.refuse("menu-batch-once", "The same richMenuId is specified more than once", "operations")
    request.matching("resumeRequestKey", "menu-batch", _RESUME_KEY)
    refuse_if_wrong(problems)
