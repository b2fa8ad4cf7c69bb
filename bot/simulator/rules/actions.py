"""What a button does, and where it may do so."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from bot.simulator.rules.counting import graphemes
from bot.simulator.rules.node import Node, is_uri

EVERYWHERE = frozenset({"postback", "message", "uri", "datetimepicker", "clipboard"})
QUICK_REPLY_ONLY = frozenset({"camera", "cameraRoll", "location"})
ALL_TYPES = EVERYWHERE | QUICK_REPLY_ONLY | {"richmenuswitch"}
INPUT_OPTIONS = frozenset({"closeRichMenu", "openRichMenu", "openKeyboard", "openVoice"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where the action is: what its label may be, and which types may stand there."""

    label_rule: str
    most_label: int
    label_required: bool
    types: frozenset[str] = EVERYWHERE
    in_flex: bool = False


TEMPLATE = Place("label-template", 20, label_required=True)
TEMPLATE_TAP = Place("label-template", 20, label_required=False)
IMAGE_CAROUSEL = Place("label-image-carousel", 12, label_required=False)
QUICK_REPLY = Place("label-quick-reply", 20, label_required=True, types=EVERYWHERE | QUICK_REPLY_ONLY)
RICH_MENU = Place("label-rich-menu", 20, label_required=False, types=EVERYWHERE | {"richmenuswitch"})
FLEX_BUTTON = Place("label-flex-button", 40, label_required=True, in_flex=True)
FLEX = Place("label-flex", 40, label_required=False, in_flex=True)


def check_action(action: Node | None, place: Place) -> None:
    if action is None:
        return
    kind = action.choice("type", "action-type", ALL_TYPES, required=True)
    if kind is None:
        return
    if kind not in place.types:
        action.refuse_value("action-place", "type")
        return
    action.text(
        "label", place.label_rule, most=place.most_label, unit=graphemes, required=place.label_required,
        least=1 if place.label_required else 0,
    )  # fmt: skip
    check = {
        "postback": _check_postback,
        "message": _check_message,
        "uri": _check_uri,
        "datetimepicker": _check_datetimepicker,
        "clipboard": _check_clipboard,
        "richmenuswitch": _check_switch,
    }.get(kind)
    if check is not None:
        check(action)
    if place.in_flex:
        action.refuse_unknown("flex-unknown-field", _PROPERTIES[kind])


_PROPERTIES = {
    "postback": {"type", "label", "data", "displayText", "text", "inputOption", "fillInText"},
    "message": {"type", "label", "text"},
    "uri": {"type", "label", "uri", "altUri"},
    "datetimepicker": {"type", "label", "data", "mode", "initial", "max", "min"},
    "clipboard": {"type", "label", "clipboardText"},
}


def _check_postback(action: Node) -> None:
    action.text("data", "postback-data", most=300, least=0)
    action.text("displayText", "postback-shown", most=300, least=0, unit=graphemes, required=False)
    action.text("text", "postback-shown", most=300, least=0, unit=graphemes, required=False)
    if action.data.get("displayText") is not None and action.data.get("text") is not None:
        action.refuse_value("postback-shown-once", "text")
    option = action.choice("inputOption", "postback-input", INPUT_OPTIONS)
    filled = action.text("fillInText", "postback-fill-in", most=300, least=0, unit=graphemes, required=False)
    if filled and option != "openKeyboard":
        action.refuse_value("postback-fill-in", "fillInText")


def _check_message(action: Node) -> None:
    action.text("text", "message-action-text", most=300, unit=graphemes)


def _check_uri(action: Node) -> None:
    uri = action.text("uri", "uri-length", most=1000)
    if uri is not None and not is_uri(uri, ("http", "https", "line", "tel")):
        action.refuse("uri-scheme", "invalid uri" if action.pointer else "invalid uri scheme", "uri")
    other = action.child("altUri")
    desktop = other.text("desktop", "uri-length", most=1000, required=False) if other is not None else None
    if other is not None and desktop is not None and not is_uri(desktop, ("http", "https", "line", "tel")):
        other.refuse("uri-scheme", "invalid uri", "desktop")


def _check_clipboard(action: Node) -> None:
    action.text("clipboardText", "clipboard-text", most=1000)


def _check_switch(action: Node) -> None:
    action.text("richMenuAliasId", "switch-alias", most=32)
    action.text("data", "postback-data", most=300, least=0)


_MOMENTS = {
    "date": (re.compile(r"\d{4}-\d\d-\d\d"), ("%Y-%m-%d",)),
    "time": (re.compile(r"\d\d:\d\d"), ("%H:%M",)),
    "datetime": (re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d"), ("%Y-%m-%dT%H:%M", "%Y-%m-%dt%H:%M")),
}


def _check_datetimepicker(action: Node) -> None:
    action.text("data", "postback-data", most=300, least=0)
    mode = action.choice("mode", "picker-mode", _MOMENTS, required=True)
    if mode is None:
        return
    moments = {name: _read_moment(action, name, mode) for name in ("min", "initial", "max")}
    in_order = [moment for moment in moments.values() if moment is not None]
    if in_order != sorted(in_order) or (moments["min"] is not None and moments["min"] == moments["max"]):
        action.refuse_value("picker-order", "min")


def _read_moment(action: Node, name: str, mode: str) -> datetime | None:
    pattern, formats = _MOMENTS[mode]
    value = action.matching(name, "picker-moment", pattern)
    if value is None:
        return None
    for form in formats:
        try:
            moment = datetime.strptime(value, form)  # noqa: DTZ007 - LINE's pickers have no time zone
        except ValueError:
            continue
        if mode == "time" or 1900 <= moment.year <= 2100:
            return moment
    action.refuse_value("picker-moment", name)
    return None
