"""The messages of a request, each by the rules of its type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.simulator.refusals import ApiRefusal, Problem
from bot.simulator.rules import flex, imagemap, media, template, text
from bot.simulator.rules.dressing import check_dressing
from bot.simulator.rules.node import Node

MESSAGES = 5
TYPES: Mapping[str, Callable[[Node], None]] = {
    "text": text.check_text,
    "textV2": text.check_text_v2,
    "sticker": media.check_sticker,
    "image": media.check_image,
    "video": media.check_video,
    "audio": media.check_audio,
    "location": media.check_location,
    "imagemap": imagemap.check_imagemap,
    "template": template.check_template,
    "flex": flex.check_flex,
    "coupon": media.check_coupon,
}


def check_messages(request: Node) -> None:
    """Notes what is wrong with `messages`. Raises ApiRefusal at once for what is wrong inside a Flex container:
    LINE answers that in a form of its own, one message at a time.
    """
    for position, message in enumerate(request.children("messages", "messages-count", least=1, most=MESSAGES)):
        kind = message.choice("type", "message-type", TYPES, required=True)
        if kind is None:
            continue
        before = len(request.problems)
        check_dressing(message, kind)
        TYPES[kind](message)
        inside = [problem for problem in request.problems[before:] if problem.place.startswith("/")]
        if inside:
            words = f"A message (messages[{position}]) in the request body is invalid"
            raise ApiRefusal(400, words, inside[0].rule, inside)


def refuse_if_wrong(problems: list[Problem]) -> None:
    """Raises LINE's answer to all the problems together."""
    if not problems:
        return
    wrong_type = next((problem for problem in problems if problem.rule == "property-type"), None)
    if wrong_type is not None:
        words = f"The property, '{wrong_type.place}', in the request body is invalid (line: -, column: -)"
        raise ApiRefusal(400, words, wrong_type.rule)
    raise ApiRefusal(400, f"The request body has {len(problems)} error(s)", problems[0].rule, list(problems))


def find_problems(message: dict[str, Any]) -> list[Problem]:
    """What is wrong with a single message, for tools and tests."""
    problems: list[Problem] = []
    try:
        check_messages(Node({"messages": [message]}, "", problems))
    except ApiRefusal as refusal:
        return refusal.problems
    return problems
