"""Template messages: buttons, confirm, carousel and image carousel."""

from __future__ import annotations

import re

from bot.simulator.rules.actions import IMAGE_CAROUSEL, TEMPLATE, TEMPLATE_TAP, check_action
from bot.simulator.rules.counting import graphemes
from bot.simulator.rules.node import Node

ALT_TEXT_UNITS = 1500
COLUMNS = 10
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def check_template(message: Node) -> None:
    message.text("altText", "alt-text", most=ALT_TEXT_UNITS)
    template = message.child("template", required=True)
    if template is None:
        return
    checks = {
        "buttons": _check_buttons,
        "confirm": _check_confirm,
        "carousel": _check_carousel,
        "image_carousel": _check_image_carousel,
    }
    kind = template.choice("type", "template-type", checks, required=True)
    if kind is not None:
        checks[kind](template)


def _check_buttons(template: Node) -> None:
    _check_pane(template, rule="buttons-text", most=160)
    _check_picture_form(template)
    for action in template.children("actions", "buttons-actions", least=1, most=4):
        check_action(action, TEMPLATE)


def _check_confirm(template: Node) -> None:
    template.text("text", "confirm-text", most=240, unit=graphemes)
    for action in template.children("actions", "confirm-actions", least=2, most=2):
        check_action(action, TEMPLATE)


def _check_carousel(template: Node) -> None:
    _check_picture_form(template)
    columns = template.children("columns", "carousel-columns", least=1, most=COLUMNS)
    for column in columns:
        _check_pane(column, rule="carousel-text", most=120)
        for action in column.children("actions", "carousel-actions", least=1, most=3):
            check_action(action, TEMPLATE)
    if len({_shape(column) for column in columns}) > 1:
        template.refuse_value("carousel-alike", "columns")


def _shape(column: Node) -> tuple[int, bool, bool]:
    actions = column.data.get("actions")
    return (
        len(actions) if isinstance(actions, list) else 0,
        bool(column.data.get("thumbnailImageUrl")),
        bool(column.data.get("title")),
    )


def _check_image_carousel(template: Node) -> None:
    for column in template.children("columns", "carousel-columns", least=1, most=COLUMNS):
        column.url("imageUrl", of_picture=True)
        check_action(column.child("action", required=True), IMAGE_CAROUSEL)


def _check_pane(pane: Node, *, rule: str, most: int) -> None:
    """A picture, a title and a text: beside either of the first two, the text is short."""
    pane.url("thumbnailImageUrl", required=False, of_picture=True)
    pane.matching("imageBackgroundColor", "template-picture-form", _COLOUR)
    pane.text("title", "template-title", most=40, least=0, unit=graphemes, required=False)
    short = pane.data.get("thumbnailImageUrl") or pane.data.get("title")
    pane.text("text", rule, most=60 if short else most, unit=graphemes)
    check_action(pane.child("defaultAction"), TEMPLATE_TAP)


def _check_picture_form(template: Node) -> None:
    template.choice("imageAspectRatio", "template-picture-form", {"rectangle", "square"})
    template.choice("imageSize", "template-picture-form", {"cover", "contain"})
