"""The renderer with one thing broken at a time, and what must notice: a rule of the simulator's, or a check of ours.

Lives among the tests, so that no such switch exists in the product.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import regex

from bot.line import actions, bubbles, cards, carousels, cutting, limits, links, render

_draw, _split, _deal, _parts = bubbles.draw, render.split_text, bubbles.deal, render._parts
_NEVER = regex.compile(r"(?!)")
UNLIMITED = 10**6


@dataclass(frozen=True)
class Broken:
    what: str
    noticed_by: str
    """A rule's name; or `sdk`, `words`, `buttons` for our own checks."""
    changes: Mapping[str, Any]
    """By module and name."""


def _drawn(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    def draw(*given: Any, **more: Any) -> dict[str, Any]:
        bubble = _draw(*given, **more)
        change(bubble)
        return bubble

    return {"bubbles.draw": draw}


def _in_the_body(**look: Any) -> dict[str, Any]:
    """A property on every text of a card, but those in rows."""
    return _drawn(
        lambda bubble: [part.update(look) for part in bubble.get("body", {}).get("contents", ()) if "text" in part]
    )


def _on_the_picture(**look: Any) -> dict[str, Any]:
    return _drawn(lambda bubble: bubble.get("hero", {}).update(look) if "hero" in bubble else None)


def _on_the_body(**look: Any) -> dict[str, Any]:
    return _drawn(lambda bubble: bubble.get("body", {}).update(look))


def _a_place_without_names(place: Any) -> list[dict[str, Any]]:
    return [{"type": "location", "title": "", "address": "", "latitude": place.latitude, "longitude": place.longitude}]


def _small_enough(bubble: dict[str, Any]) -> bool:
    return len(json.dumps(bubble)) <= limits.FLEX_BUBBLE_BYTES


BROKEN = (
    Broken("more than five messages", "messages-count", {"limits.MESSAGES_A_REQUEST": 50}),
    Broken("texts of any length", "text-length", {"limits.TEXT_UNITS": UNLIMITED}),
    Broken("texts measured in code points", "text-length", {"limits.utf16_units": len}),
    Broken("a text of nothing", "text-length", {"render.split_text": lambda text, most: _split(text, most) or [""]}),
    Broken("half a surrogate pair", "json-body", {"cutting._HALF_A_PAIR": _NEVER}),
    Broken("a notification of any length", "alt-text",
           {"limits.NOTIFICATION_UNITS": UNLIMITED, "limits.ALT_TEXT_UNITS": UNLIMITED}),
    Broken("a notification of nothing", "alt-text", {"cards.shorten_alternative": lambda _words: ""}),
    Broken("twenty quick replies", "quick-reply-count", {"limits.QUICK_REPLIES": 20}),
    Broken("long quick replies", "label-quick-reply", {"limits.LABEL_GRAPHEMES": 30}),
    Broken("labels of nothing", "label-quick-reply", {"actions.shorten_label": lambda *_: ""}),
    Broken("long buttons", "label-flex-button", {"limits.LABEL_GRAPHEMES": 60}),
    Broken("buttons of nothing", "label-flex-button", {"actions.shorten_label": lambda *_: ""}),
    Broken("long rows", "label-flex", {"limits.FLEX_LABEL_GRAPHEMES": 60}),
    Broken("data of any length", "postback-data", {"limits.POSTBACK_DATA_UNITS": UNLIMITED}),
    Broken("long words of a person", "postback-shown",
           {"limits.SHOWN_TEXT_GRAPHEMES": 2_000, "limits.SHOWN_TEXT_UNITS": 2_000}),
    Broken("long words to type", "message-action-text",
           {"limits.SHOWN_TEXT_GRAPHEMES": 2_000, "limits.SHOWN_TEXT_UNITS": 2_000}),
    Broken("no words to type", "message-action-text", {"actions._shown": lambda _text: ""}),
    Broken("schemes that LINE refuses", "uri-scheme",
           {"limits.URI_SCHEMES": (*limits.URI_SCHEMES, "mailto", "javascript", "ftp", "file", "data", "intent")}),
    Broken("addresses as they were written", "uri-scheme", {"links._encode": lambda text: text}),
    Broken("addresses of any length", "uri-length", {"limits.URI_CHARACTERS": UNLIMITED}),
    Broken("addresses of nothing", "uri-length", {"actions._fit_address": lambda _address: ""}),
    Broken("long names of places", "location-title", {"limits.PLACE_CHARACTERS": 200}),
    Broken("long addresses of places", "location-address", {"limits.PLACE_CHARACTERS": 200}),
    Broken("places without a name", "location-title", {"render._place": _a_place_without_names}),
    Broken("places off the globe", "location-position", {"render._on_the_globe": lambda *_: True}),
    Broken("places that are no number", "json-body", {"render._on_the_globe": lambda *_: True}),
    Broken("bubbles of any size", "flex-bubble-bytes", {"limits.FLEX_BUBBLE_BYTES": UNLIMITED}),
    Broken("bubbles measured in UTF-8", "escapes",
           {"bubbles.fits": lambda bubble: len(json.dumps(bubble, ensure_ascii=False).encode()) <= 30_000}),
    Broken("cards with texts of any length", "flex-text", {"bubbles.fits": _small_enough}),
    Broken("cards with a text of nothing", "flex-text", _in_the_body(text="")),
    Broken("bubbles of nothing", "flex-blocks", {"bubbles.draw": lambda *_, **__: {"type": "bubble"}}),
    Broken("a box that scales", "flex-unknown-field", _on_the_body(scaling=True)),
    Broken("a box without a layout", "required-property",
           _drawn(lambda bubble: bubble.get("body", {}).pop("layout", 0))),
    Broken("a box in a circle", "flex-layout", _on_the_body(layout="circle")),
    Broken("a size by another name", "flex-bubble-size", _drawn(lambda bubble: bubble.update(size="large"))),
    Broken("a component by another name", "flex-component", _in_the_body(type="words")),
    Broken("a line's distance in words", "flex-measure", _in_the_body(lineSpacing="wide")),
    Broken("a colour in words", "flex-colour", _in_the_body(color="green")),
    Broken("a weight by another name", "flex-choice", _in_the_body(weight="heavy")),
    Broken("a negative share of the width", "flex-number", _in_the_body(flex=-1)),
    Broken("a text in the place of a flag", "property-type", _in_the_body(scaling="true")),
    Broken("carousels of any length", "flex-bubbles", {"limits.CAROUSEL_BUBBLES": 50}),
    Broken("carousels of any size", "flex-carousel-bytes", {"limits.FLEX_CAROUSEL_BYTES": UNLIMITED}),
    Broken("carousels measured in UTF-8", "escapes",
           {"bubbles.size": lambda part: len(json.dumps(part, ensure_ascii=False).encode())}),
    Broken("bubbles of several widths", "flex-same-size",
           _drawn(lambda bubble: bubble.update(size="kilo" if "hero" in bubble else "mega"))),
    Broken("pictures from anywhere", "url-https", {"cards.fit_picture": links.fit_address}),
    Broken("addresses of pictures of any length", "url-length", {"limits.PICTURE_ADDRESS_CHARACTERS": UNLIMITED}),
    Broken("pictures of any shape", "flex-aspect-ratio", _on_the_picture(aspectRatio="1:4")),
    Broken("copied words of any length", "clipboard-text", {"limits.COPY_UNITS": UNLIMITED}),
    Broken("days that do not exist", "picker-moment", {"actions._is_moment": lambda *_: True}),
    Broken("days of any year", "picker-moment", {"limits.PICKER_YEARS": (1, 9999)}),
    Broken("days in any order", "picker-order",
           {"actions._bounds": lambda action: {"min": "09:00", "max": "08:00"} if action.mode == "time" else {}}),
    Broken("a question for the place in a card", "action-place",
           {"actions._write": lambda *_: {"type": "location", "label": "ก"}}),
    Broken("a property that the SDK does not know", "sdk", _on_the_body(scaling=True)),
    Broken("only the first piece of a text", "words", {"render.split_text": lambda text, most: _split(text, most)[:1]}),
    Broken("only the first bubble of buttons", "buttons",
           {"bubbles.deal": lambda *given, **more: list(itertools.islice(_deal(*given, **more), 1))}),
)  # fmt: skip

_MODULES = {
    "actions": actions,
    "bubbles": bubbles,
    "cards": cards,
    "carousels": carousels,
    "cutting": cutting,
    "limits": limits,
    "links": links,
    "render": render,
}


@contextmanager
def broken(variant: Broken) -> Iterator[None]:
    with ExitStack() as stack:
        for place, value in variant.changes.items():
            module, name = place.split(".")
            stack.enter_context(patch.object(_MODULES[module], name, value))
        yield
