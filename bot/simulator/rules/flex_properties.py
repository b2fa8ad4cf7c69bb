"""Which properties each Flex component has, and what may stand in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from bot.simulator.rules.node import Node

Check = Callable[[Node, str], None]

_STEPS = ("none", "xs", "sm", "md", "lg", "xl", "xxl")
_SIZES = ("xxs", "xs", "sm", "md", "lg", "xl", "xxl", "3xl", "4xl", "5xl")
_PX = r"(?:0|[1-9]\d*)(?:\.\d+)?px"
_PERCENT = r"(?:0|[1-9]\d*)(?:\.\d+)?%"


def _measure(*words: str, pixels: bool = True, percent: bool = False, negative: bool = False) -> Check:
    number = "|".join(form for form, allowed in ((_PX, pixels), (_PERCENT, percent)) if allowed)
    sign = "-?" if negative else ""
    pattern = re.compile("|".join([*map(re.escape, words), f"{sign}(?:{number})"]))
    return lambda node, name: _ignore(node.matching(name, "flex-measure", pattern))


def _ignore(_value: object) -> None:
    """The value is not wanted, only whether it is in order."""


def _one_of(*values: str) -> Check:
    return lambda node, name: _ignore(node.choice(name, "flex-choice", values))


def _colour(node: Node, name: str) -> None:
    node.matching(name, "flex-colour", re.compile(r"#[0-9a-fA-F]{6}(?:[0-9a-fA-F]{2})?"))


def _flag(node: Node, name: str) -> None:
    node.flag(name)


def _count(node: Node, name: str) -> None:
    node.whole(name, "flex-number", least=0)


def _ratio(node: Node, name: str) -> None:
    value = node.matching(name, "flex-aspect-ratio", re.compile(r"\d{1,6}(?:\.\d+)?:\d{1,6}(?:\.\d+)?"))
    if value is None:
        return
    width, height = (float(part) for part in value.split(":"))
    if not (1 <= width <= 100_000 and 1 <= height <= 100_000 and height <= 3 * width):
        node.refuse_value("flex-aspect-ratio", name)


def _elsewhere(_node: Node, _name: str) -> None:
    """Looked at by the component's own check."""


_MARGIN = _measure(*_STEPS)
_LENGTH = _measure(percent=True)
_OFFSET = _measure(*_STEPS, percent=True, negative=True)
_PADDING = _measure(*_STEPS, percent=True)

_PLACED: Mapping[str, Check] = {
    "type": _elsewhere,
    "margin": _MARGIN,
    "position": _one_of("relative", "absolute"),
    "offsetTop": _OFFSET,
    "offsetBottom": _OFFSET,
    "offsetStart": _OFFSET,
    "offsetEnd": _OFFSET,
}
_LETTERS: Mapping[str, Check] = {
    "text": _elsewhere,
    "size": _measure(*_SIZES),
    "color": _colour,
    "weight": _one_of("regular", "bold"),
    "style": _one_of("normal", "italic"),
    "decoration": _one_of("none", "underline", "line-through"),
}
_GRAVITY = _one_of("top", "bottom", "center")
_ALIGN = _one_of("start", "end", "center")

PROPERTIES: Mapping[str, Mapping[str, Check]] = {
    "box": {
        **_PLACED,
        "layout": _elsewhere, "contents": _elsewhere, "action": _elsewhere, "background": _elsewhere,
        "flex": _count, "spacing": _MARGIN, "backgroundColor": _colour, "borderColor": _colour,
        "borderWidth": _measure("none", "light", "normal", "medium", "semi-bold", "bold"),
        "cornerRadius": _measure(*_STEPS),
        "width": _LENGTH, "maxWidth": _LENGTH, "height": _LENGTH, "maxHeight": _LENGTH,
        "paddingAll": _PADDING, "paddingTop": _PADDING, "paddingBottom": _PADDING,
        "paddingStart": _PADDING, "paddingEnd": _PADDING,
        "justifyContent": _one_of("center", "flex-start", "flex-end", "space-between", "space-around", "space-evenly"),
        "alignItems": _one_of("center", "flex-start", "flex-end"),
    },
    "button": {
        **_PLACED,
        "action": _elsewhere, "flex": _count, "color": _colour, "gravity": _GRAVITY, "scaling": _flag,
        "style": _one_of("primary", "secondary", "link"), "height": _one_of("md", "sm"),
        "adjustMode": _one_of("shrink-to-fit"),
    },
    "image": {
        **_PLACED,
        "url": _elsewhere, "action": _elsewhere, "flex": _count, "align": _ALIGN, "gravity": _GRAVITY,
        "size": _measure(*_SIZES, "full", percent=True), "aspectRatio": _ratio, "aspectMode": _one_of("fit", "cover"),
        "backgroundColor": _colour, "animated": _flag,
    },
    "video": {
        "type": _elsewhere, "url": _elsewhere, "previewUrl": _elsewhere, "altContent": _elsewhere,
        "action": _elsewhere, "aspectRatio": _ratio,
    },
    "icon": {**_PLACED, "url": _elsewhere, "size": _measure(*_SIZES), "aspectRatio": _ratio, "scaling": _flag},
    "text": {
        **_PLACED,
        **_LETTERS,
        "action": _elsewhere, "contents": _elsewhere, "flex": _count, "align": _ALIGN, "gravity": _GRAVITY,
        "wrap": _flag, "lineSpacing": _measure(), "maxLines": _count, "adjustMode": _one_of("shrink-to-fit"),
        "scaling": _flag,
    },
    "span": {"type": _elsewhere, **_LETTERS},
    "separator": {"type": _elsewhere, "margin": _MARGIN, "color": _colour},
    "filler": {"type": _elsewhere, "flex": _count},
    "linearGradient": {
        "type": _elsewhere, "startColor": _colour, "endColor": _colour, "centerColor": _colour,
        "angle": lambda node, name: _ignore(
            node.matching(name, "flex-gradient", re.compile(r"\d{1,3}(?:\.\d+)?deg"), required=True)
        ),
        "centerPosition": _measure(pixels=False, percent=True),
    },
    "block style": {"backgroundColor": _colour, "separator": _flag, "separatorColor": _colour},
}  # fmt: skip


def check_properties(node: Node, kind: str) -> None:
    """Every property of the component: known, and with a value that it may have."""
    known = PROPERTIES[kind]
    for name in node.data:
        check = known.get(name)
        if check is None:
            node.refuse("flex-unknown-field", "unknown field", name)
        else:
            check(node, name)
