"""Flex components: what may stand in what."""

from __future__ import annotations

from bot.simulator.rules.actions import FLEX, FLEX_BUTTON, check_action
from bot.simulator.rules.flex_properties import PROPERTIES, check_properties
from bot.simulator.rules.node import Node

ANIMATED = 10
TEXT_UNITS = 5000
"""LINE gives no figure of its own for a text component: this is a text message's."""
COMPONENTS = frozenset({"box", "button", "image", "video", "icon", "text", "span", "separator", "filler"})
ALLOWED = {
    "vertical": frozenset({"box", "button", "image", "text", "separator", "filler"}),
    "horizontal": frozenset({"box", "button", "image", "text", "separator", "filler"}),
    "baseline": frozenset({"icon", "text", "filler"}),
}


def check_component(node: Node, allowed: frozenset[str]) -> None:
    kind = node.choice("type", "flex-component", COMPONENTS, required=True)
    if kind is None:
        return
    if kind not in allowed:
        node.refuse("flex-component-place", "invalid property")
        return
    check_properties(node, kind)
    if kind == "box":
        _check_box(node)
    elif kind == "button":
        check_action(node.child("action", required=True), FLEX_BUTTON)
    elif kind == "text":
        _check_text(node)
    elif kind in {"image", "icon"}:
        node.url("url", of_picture=True)
        check_action(node.child("action"), FLEX)
    elif kind == "video":
        _check_video(node)


def _check_box(box: Node) -> None:
    layout = box.choice("layout", "flex-layout", ALLOWED, required=True)
    check_action(box.child("action"), FLEX)
    _check_background(box.child("background"))
    for child in box.children("contents", "required-property", least=0, most=None):
        if layout is not None:
            check_component(child, ALLOWED[layout])


def count_animated(value: object) -> int:
    """Pictures that move, anywhere inside."""
    if isinstance(value, dict):
        here = value.get("type") == "image" and value.get("animated") is True
        return int(here) + sum(count_animated(part) for part in value.values() if isinstance(part, dict | list))
    if isinstance(value, list):
        return sum(count_animated(part) for part in value)
    return 0


def _check_text(node: Node) -> None:
    check_action(node.child("action"), FLEX)
    spans = node.children("contents", "flex-text", least=0, most=None, required=False)
    for span in spans:
        if span.choice("type", "flex-component", COMPONENTS, required=True) == "span":
            check_properties(span, "span")
            span.text("text", "flex-text", most=TEXT_UNITS, required=False)
        else:
            span.refuse("flex-component-place", "invalid property")
    node.text("text", "flex-text", most=TEXT_UNITS, required=not spans)


def _check_video(node: Node) -> None:
    node.url("url")
    node.url("previewUrl")
    check_action(node.child("action"), FLEX)
    instead = node.child("altContent", required=True)
    if instead is not None:
        check_component(instead, frozenset({"box", "image"}))


def _check_background(background: Node | None) -> None:
    if background is None:
        return
    if background.choice("type", "flex-gradient", {"linearGradient"}, required=True):
        check_properties(background, "linearGradient")
        for name in ("angle", "startColor", "endColor"):
            background.get(name, str, required=True)


assert PROPERTIES.keys() >= COMPONENTS  # noqa: S101 - a component without properties would pass unread
