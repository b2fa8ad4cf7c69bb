"""A notice as it looks in LINE: what would be sent, put into bubbles for a page."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.line.render import render
from bot.messages import Press, Rendered
from bot.notices import links
from bot.notices.content import NAME, Content
from bot.notices.links import Reason
from bot.notices.messages import messages_of
from bot.notices.pictures import is_path

A_NAME = "มาลี"
"""Stands in the preview where each person's own name will stand."""
DATA = "preview"


@dataclass(frozen=True, slots=True)
class Button:
    """`address`: where it really leads; empty where the bot answers it. `is_first`: drawn as what most people want."""

    label: str
    address: str
    is_first: bool


@dataclass(frozen=True, slots=True)
class Line:
    words: str
    is_title: bool = False


@dataclass(frozen=True, slots=True)
class Bubble:
    """`picture` is an address as it was typed, `picture_shown` the same to be read; `is_ours`: it was put up
    here, so that a page may show it."""

    lines: tuple[Line, ...]
    buttons: tuple[Button, ...] = ()
    picture: str = ""
    picture_shown: str = ""
    is_ours: bool = False


@dataclass(frozen=True, slots=True)
class Linked:
    """An address that people can touch, and why they may not be led there."""

    text: str
    shown: str
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class Drawn:
    """`alternative` is what the notification shows."""

    bubbles: tuple[Bubble, ...]
    links: tuple[Linked, ...]
    alternative: str
    is_personal: bool


def draw(
    content: Content, *, notice_id: int, event_id: int | None, base_url: str, domains: Collection[str]
) -> Drawn:  # fmt: skip
    """Of any content, also one that is half written."""
    sent = render_for(content, notice_id=notice_id, event_id=event_id)
    bubbles = tuple(_bubble(message, base_url.rstrip("/") + "/") for message in sent)
    first = sent[0] if sent else {}
    return Drawn(
        bubbles, tuple(linked(content, domains)), first.get("altText") or first.get("text", ""), content.is_personal
    )


def render_for(content: Content, *, notice_id: int, event_id: int | None) -> Rendered:
    if not content.bubbles:
        return []
    said = messages_of(content, buttons=_button, notice_id=notice_id, event_id=event_id, name=A_NAME)
    return render(said)


def linked(content: Content, domains: Collection[str]) -> Iterator[Linked]:
    """Every address in words and behind buttons, once each."""
    seen: set[str] = set()
    for bubble in content.bubbles:
        typed = [(bubble.link, bubble.link, True)] if bubble.link else []
        typed += [
            (found.text, found.address, False)
            for words in (bubble.title, bubble.text, bubble.label)
            for found in links.find_links(words.replace(NAME, A_NAME))
        ]
        for text, address, may_dial in typed:
            if address not in seen:
                seen.add(address)
                yield Linked(text, links.shown(address), links.judge(address, domains, may_dial=may_dial).reason)


def _button(label: str, _action: str, _arguments: Mapping[str, str]) -> Press:
    return Press(label, DATA, label)


def _bubble(message: Mapping[str, Any], base_url: str) -> Bubble:
    if message["type"] != "flex":
        return Bubble((Line(message.get("text", "")),))
    contents = message["contents"]
    picture = contents.get("hero", {}).get("url", "")
    buttons = [_drawn_button(part) for part in _pressed(contents.get("footer", {}))]
    return Bubble(
        tuple(_lines(contents.get("body", {}))), tuple(buttons), picture, links.shown(picture) if picture else "",
        is_ours=picture.startswith(base_url) and is_path(picture.removeprefix(base_url.rstrip("/"))),
    )  # fmt: skip


def _lines(box: Mapping[str, Any]) -> Iterator[Line]:
    for part in box.get("contents", ()):
        if part["type"] == "text":
            yield Line(part["text"], is_title=part.get("weight") == "bold")
        else:
            yield from _lines(part)


def _pressed(box: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """What can be touched: a button, or a whole row."""
    for part in box.get("contents", ()):
        if "action" in part:
            yield part


def _drawn_button(part: Mapping[str, Any]) -> Button:
    action = part["action"]
    address = links.shown(action["uri"]) if action["type"] == "uri" else ""
    return Button(action.get("label", ""), address, is_first=part.get("style") == "primary")
