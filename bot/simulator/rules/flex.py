"""Flex messages: bubbles and carousels, and how large they may be."""

from __future__ import annotations

import json
from typing import Any

from bot.simulator.refusals import Problem
from bot.simulator.rules.actions import FLEX, check_action
from bot.simulator.rules.flex_components import ANIMATED, check_component, count_animated
from bot.simulator.rules.flex_properties import check_properties
from bot.simulator.rules.node import Node

ALT_TEXT_UNITS = 1500
BUBBLES = 12
BUBBLE_BYTES = 30_000
CAROUSEL_BYTES = 50_000
"""Of the JSON in UTF-8, without blanks. LINE says "30 KB" and "50 KB"."""
BLOCKS = ("header", "hero", "body", "footer")
BUBBLE_SIZES = frozenset({"nano", "micro", "deca", "hecto", "kilo", "mega", "giga"})
VIDEO_SIZES = frozenset({"kilo", "mega", "giga"})
BUBBLE_PROPERTIES = frozenset({"type", "size", "direction", "styles", "action", *BLOCKS})


def check_flex(message: Node) -> None:
    """Whatever is wrong inside the container is named from its root, the way LINE does."""
    message.text("altText", "alt-text", most=ALT_TEXT_UNITS)
    contents = message.get("contents", dict, required=True)
    if contents is None:
        return
    inside: list[Problem] = []
    container = Node(contents, "", inside, pointer=True, loopback=message.loopback)
    kind = container.choice("type", "flex-container", {"bubble", "carousel"}, required=True)
    if kind == "bubble":
        _check_bubble(container, in_carousel=False)
    elif kind == "carousel":
        _check_carousel(container)
    if count_animated(contents) > ANIMATED:
        container.refuse("flex-animated", f"size: must be less than or equal to {ANIMATED}")
    message.problems.extend(inside)


def _check_carousel(carousel: Node) -> None:
    carousel.refuse_unknown("flex-unknown-field", {"type", "contents"})
    bubbles = carousel.children("contents", "flex-bubbles", least=1, most=BUBBLES)
    for bubble in bubbles:
        if bubble.choice("type", "flex-container", {"bubble"}, required=True):
            _check_bubble(bubble, in_carousel=True)
    if len({str(bubble.data.get("size") or "mega") for bubble in bubbles}) > 1:
        carousel.refuse("flex-same-size", "invalid property", "contents")
    if _bytes(carousel.data) > CAROUSEL_BYTES:
        carousel.refuse("flex-carousel-bytes", f"size: must be less than or equal to {CAROUSEL_BYTES}")


def _check_bubble(bubble: Node, *, in_carousel: bool) -> None:
    bubble.refuse_unknown("flex-unknown-field", BUBBLE_PROPERTIES)
    size = bubble.choice("size", "flex-bubble-size", BUBBLE_SIZES)
    bubble.choice("direction", "flex-choice", {"ltr", "rtl"})
    check_action(bubble.child("action"), FLEX)
    _check_styles(bubble.child("styles"))
    if not any(bubble.data.get(block) for block in BLOCKS):
        bubble.refuse("flex-blocks", "At least one block must be specified")
    for block in ("header", "body", "footer"):
        _check_block(bubble.child(block))
    _check_hero(bubble.child("hero"), size=size or "mega", in_carousel=in_carousel)
    if _bytes(bubble.data) > BUBBLE_BYTES:
        bubble.refuse("flex-bubble-bytes", f"size: must be less than or equal to {BUBBLE_BYTES}")


def _check_block(block: Node | None) -> None:
    if block is not None:
        check_component(block, frozenset({"box"}))


def _check_hero(hero: Node | None, *, size: str, in_carousel: bool) -> None:
    if hero is None:
        return
    check_component(hero, frozenset({"box", "image", "video"}))
    if hero.data.get("type") == "video" and (in_carousel or size not in VIDEO_SIZES):
        hero.refuse("flex-video-place", "invalid property")


def _check_styles(styles: Node | None) -> None:
    if styles is None:
        return
    styles.refuse_unknown("flex-unknown-field", BLOCKS)
    for name in BLOCKS:
        style = styles.child(name)
        if style is not None:
            check_properties(style, "block style")


def _bytes(value: dict[str, Any]) -> int:
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(errors="surrogatepass"))
