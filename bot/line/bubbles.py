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

INK, ACCENT, LINE_BETWEEN, PAPER = "#1F2A37", "#0B6E4F", "#E5E7EB", "#FFFFFF"
"""On PAPER, both kinds of words have a contrast of more than 6 to 1; LINE's grey behind a second button, about 14."""
MOST_BUTTONS = 4
"""More would be a wall of grey: they become rows."""

Json = dict[str, Any]


def draw(title: str, paragraphs: Sequence[str], actions: Sequence[Json], *, as_rows: bool) -> Json:
    """A bubble of what is given. Something has to be: LINE takes no bubble of nothing."""
    bubble: Json = {"type": "bubble", "size": "mega"}
    words = [_words(paragraph) for paragraph in paragraphs]
    if title:
        words.insert(0, _words(title, size="xl", weight="bold", color=ACCENT, lineSpacing="6px"))
    if words:
        bubble["body"] = {
            "type": "box", "layout": "vertical", "spacing": "lg", "paddingAll": "18px", "backgroundColor": PAPER,
            "contents": words,
        }  # fmt: skip
    if actions:
        bubble["footer"] = _rows(actions) if as_rows else _buttons(actions)
    return bubble


def fits(bubble: Json) -> bool:
    """Within LINE's size, as the SDK sends it. There a Thai character is an escape of six bytes, where it has three in
    UTF-8: what fits so, fits in either.
    """
    words = bubble.get("body", {}).get("contents", ())
    return len(json.dumps(bubble)) <= limits.FLEX_BUBBLE_BYTES and all(
        limits.utf16_units(part["text"]) <= limits.TEXT_UNITS for part in words
    )


def deal(title: str, actions: Sequence[Json], *, as_rows: bool) -> Iterator[Json]:
    """As few bubbles as hold all the actions, each under the same title."""
    held: list[Json] = []
    for action in actions:
        if held and not fits(draw(title, (), [*held, action], as_rows=as_rows)):
            yield draw(title, (), held, as_rows=as_rows)
            held = []
        held.append(action)
    if held:
        yield draw(title, (), held, as_rows=as_rows)


def _words(text: str, **look: Any) -> Json:  # noqa: ANN401 - properties of LINE's text component
    plain = {"size": "lg", "color": INK, "wrap": True, "lineSpacing": "8px", "scaling": True}
    return {"type": "text", "text": text, **plain, **look}


def _buttons(actions: Sequence[Json]) -> Json:
    """The first is what most people want. A label that has grown too wide is made to fit, not cut off."""
    plain = {"type": "button", "height": "md", "scaling": True, "adjustMode": "shrink-to-fit"}
    first = {"style": "primary", "color": ACCENT}
    contents = [
        {**plain, **(first if position == 0 else {"style": "secondary"}), "action": action}
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
