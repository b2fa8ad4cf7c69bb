"""How our cards look: one visual language for everything, made for eyes that are not young any more.

Words are large and grow with the text size that a person has set in LINE (`scaling`); lines stand apart, so that Thai
vowels and tone marks of one do not touch the other; what can be pressed is at least 44 pixels high. As the simulator
draws it, `lg` is 19 pixels before it grows, `xl` is 22, and a button of height `md` is 52 high.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from bot.line import limits
from bot.messages import PictureShape

INK, ACCENT, SOFT, LINE_BETWEEN, PAPER = "#1F2A37", "#0B6E4F", "#4B5563", "#E5E7EB", "#FFFFFF"
"""On PAPER, all kinds of words have a contrast of more than 6 to 1; LINE's grey behind a second button, about 14."""
LOOKS_OF_PICTURES = {
    "wide": {"aspectRatio": "20:13", "aspectMode": "cover"},
    "square": {"aspectRatio": "1:1", "aspectMode": "fit"},
}
FACT_SHARES = (4, 9)
"""Of the width: "ที่นั่งว่าง" stays on one line in a bubble of 300 pixels."""
LONGEST_LABEL = 11
"""In graphemes. A longer one, such as a whole question, stands above its value: beside it, it would be a tower."""
MOST_BUTTONS = 4
"""More would be a wall of grey: they become rows."""

Json = dict[str, Any]
Facts = Sequence[tuple[str, str]]


def draw(
    title: str,
    paragraphs: Sequence[str],
    actions: Sequence[Json],
    *,
    as_rows: bool,
    facts: Facts = (),
    hero: Json | None = None,
    leads: bool = True,
) -> Json:
    """A bubble of what is given. Something has to be: LINE takes no bubble of nothing."""
    bubble: Json = {"type": "bubble", "size": "mega"}
    words = [_words(paragraph) for paragraph in paragraphs]
    if title:
        words.insert(0, _words(title, size="xl", weight="bold", color=ACCENT, lineSpacing="6px"))
    if facts:
        words.append(_facts(facts))
    if hero is not None:
        bubble["hero"] = hero
    if words:
        bubble["body"] = {
            "type": "box", "layout": "vertical", "spacing": "xl", "paddingAll": "18px", "backgroundColor": PAPER,
            "contents": words,
        }  # fmt: skip
    if actions:
        bubble["footer"] = _rows(actions) if as_rows else _buttons(actions, leads=leads)
    return bubble


def picture(address: str, shape: PictureShape) -> Json:
    """On top of a bubble, over its whole width. `animated` is what the SDK puts there in any case."""
    look = {**LOOKS_OF_PICTURES[shape], "backgroundColor": PAPER, "animated": False}
    return {"type": "image", "url": address, "size": "full", **look}


def fits(bubble: Json) -> bool:
    """Within LINE's size, as the SDK sends it."""
    return size(bubble) <= limits.FLEX_BUBBLE_BYTES and all(
        limits.utf16_units(text) <= limits.TEXT_UNITS for text in texts_in(bubble.get("body", {}))
    )


def size(part: Json) -> int:
    """In bytes, as the SDK sends it. There a Thai character is an escape of six bytes, where it has three in UTF-8:
    what fits so, fits in either.
    """
    return len(json.dumps(part))


def texts_in(box: Json) -> Iterator[str]:
    for part in box.get("contents", ()):
        if part["type"] == "text":
            yield part["text"]
        yield from texts_in(part)


def deal(title: str, actions: Sequence[Json], *, as_rows: bool, hero: Json | None = None) -> Iterator[Json]:
    """As few bubbles as hold all the actions, each under the same title, the first under the picture, too."""
    held: list[Json] = []
    for action in actions:
        if held and not fits(draw(title, (), [*held, action], as_rows=as_rows, hero=hero)):
            yield draw(title, (), held, as_rows=as_rows, hero=hero)
            held, hero = [], None
        held.append(action)
    if held or hero is not None:
        yield draw(title, (), held, as_rows=as_rows, hero=hero)


def _words(text: str, **look: Any) -> Json:  # noqa: ANN401 - properties of LINE's text component
    plain = {"size": "lg", "color": INK, "wrap": True, "lineSpacing": "8px", "scaling": True}
    return {"type": "text", "text": text, **plain, **look}


def _facts(facts: Facts) -> Json:
    """Two columns; what has no label, or is nothing but one, takes the whole width, and so does a long label."""
    plain = {"size": "md", "lineSpacing": "4px"}
    rows = []
    for label, value in facts:
        if not (label and value):
            rows.append(_words(label or value, **plain))
            continue
        if limits.graphemes(label) > LONGEST_LABEL:
            above = [_words(label, **plain, color=SOFT), _words(value, **plain)]
            rows.append({"type": "box", "layout": "vertical", "spacing": "xs", "contents": above})
            continue
        name = _words(label, **plain, color=SOFT, flex=FACT_SHARES[0])
        words = _words(value, **plain, flex=FACT_SHARES[1])
        rows.append({"type": "box", "layout": "horizontal", "spacing": "md", "contents": [name, words]})
    return {"type": "box", "layout": "vertical", "spacing": "lg", "contents": rows}


def _buttons(actions: Sequence[Json], *, leads: bool) -> Json:
    """The first is what most people want, where it `leads`. A label too wide is made to fit, not cut off."""
    plain = {"type": "button", "height": "md", "scaling": True, "adjustMode": "shrink-to-fit"}
    first = {"style": "primary", "color": ACCENT}
    contents = [
        {**plain, **(first if leads and position == 0 else {"style": "secondary"}), "action": action}
        for position, action in enumerate(actions)
    ]
    return {"type": "box", "layout": "vertical", "spacing": "md", "paddingAll": "14px", "contents": contents}


def _rows(actions: Sequence[Json]) -> Json:
    """Whole rows can be pressed; their words go on in a second line where one is too short."""
    contents: list[Json] = []
    for action in actions:
        if contents:
            contents.append({"type": "separator", "color": LINE_BETWEEN})
        label = _words(action["label"], color=ACCENT, flex=1, gravity="center")
        arrow = _words("›", color=ACCENT, flex=0, gravity="center")
        contents.append(
            {
                "type": "box", "layout": "horizontal", "spacing": "md", "paddingTop": "12px", "paddingBottom": "12px",
                "contents": [label, arrow], "action": action,
            }
        )  # fmt: skip
    return {
        "type": "box", "layout": "vertical", "paddingStart": "18px", "paddingEnd": "18px", "paddingBottom": "6px",
        "contents": contents,
    }  # fmt: skip
