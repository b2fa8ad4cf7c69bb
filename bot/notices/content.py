"""What a notice says: one to three bubbles, as they are kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

import regex

from bot.notices.refusals import Refused

Kind = Literal["text", "card"]
KINDS: tuple[Kind, ...] = get_args(Kind)
NAME = "{ชื่อ}"
"""Stands for the reader's name, in texts and titles."""
MOST_KEPT = 20
"""More bubbles than anybody makes by hand: such content is not looked at any further."""

_GRAPHEME = regex.compile(r"\X")
_NO_TEXT = regex.compile(r"[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_FIELDS = ("text", "title", "picture", "link", "label")


@dataclass(eq=False)
class ContentRefused(Refused):
    """What is kept, or was sent to us, is no content."""

    why: str


@dataclass(frozen=True, slots=True)
class Bubble:
    """A `text` has its text, and may have a link; a `card` may have a title and a picture, too. `label` is the words on
    the button that opens the link."""

    kind: Kind
    text: str
    title: str = ""
    picture: str = ""
    link: str = ""
    label: str = ""

    @property
    def is_personal(self) -> bool:
        return NAME in self.text or NAME in self.title


@dataclass(frozen=True, slots=True)
class Content:
    """`event_button`: a button that leads to the event, where the notice is about one."""

    bubbles: tuple[Bubble, ...]
    event_button: bool = True

    @property
    def is_personal(self) -> bool:
        """Whether each person is sent something of their own."""
        return any(bubble.is_personal for bubble in self.bubbles)

    def to_json(self) -> dict[str, Any]:
        bubbles = [{name: _lines(value) for name, value in asdict(bubble).items()} for bubble in self.bubbles]
        return {"bubbles": bubbles, "event_button": self.event_button}


def from_json(kept: Mapping[str, Any]) -> Content:
    """What is missing is empty, what is unknown is left out. Raises ContentRefused."""
    if not isinstance(kept, Mapping):
        raise ContentRefused("no mapping")
    bubbles, event_button = kept.get("bubbles", ()), kept.get("event_button", True)
    if not isinstance(bubbles, list | tuple) or len(bubbles) > MOST_KEPT:
        raise ContentRefused("bubbles")
    if not isinstance(event_button, bool):
        raise ContentRefused("event_button")
    return Content(tuple(map(_bubble, bubbles)), event_button)


def hash_of(content: Content, audience: Mapping[str, Any]) -> str:
    """SHA-256 of both, hexadecimal: what an approval is bound to. The order of keys is of no matter."""
    both = {"content": content.to_json(), "audience": audience}
    written = json.dumps(both, ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(written.encode()).hexdigest()


def graphemes(text: str) -> int:
    """Letters as people count them: a consonant with its vowel and tone mark is one."""
    return len(_GRAPHEME.findall(text))


def one_line(text: str) -> str:
    """Without line breaks and other control characters, those that turn the direction of writing among them."""
    return " ".join(_NO_TEXT.sub(" ", text).split())


def shorten(text: str, most: int) -> str:
    """To so many letters at most, at a blank where one is near, with an ellipsis for what is gone."""
    letters = _GRAPHEME.findall(text)
    if len(letters) <= most:
        return text
    kept = "".join(letters[: most - 1])
    blank = kept.rfind(" ")
    return (kept[:blank] if blank > len(kept) // 2 else kept).rstrip() + "…"


def _bubble(kept: object) -> Bubble:
    if not isinstance(kept, Mapping):
        raise ContentRefused("a bubble")
    values = {name: kept.get(name, "") for name in _FIELDS}
    if not all(isinstance(value, str) for value in values.values()):
        raise ContentRefused("no text")
    kind = next((kind for kind in KINDS if kind == kept.get("kind", "text")), None)
    if kind is None:
        raise ContentRefused("kind")
    return Bubble(kind, **{name: _lines(value) for name, value in values.items()})


def _lines(text: str) -> str:
    """Lines end as ours do, whatever form they came by."""
    return text.replace("\r\n", "\n")
