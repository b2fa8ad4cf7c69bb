"""Our messages as LINE JSON, within LINE's limits.

Whoever writes content is told about lengths by `civicbot faq check`; here they are made to fit, so that a citizen never
loses an answer to a limit. How cards look is in `bubbles`, what becomes of buttons in `actions`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from bot import logs
from bot.line import bubbles, limits
from bot.line.actions import write_actions
from bot.line.bubbles import Json
from bot.line.cutting import ELLIPSIS, clean, clean_line, opening, shorten, split_text
from bot.messages import Card, Message, Place, Rendered, Text

log = logs.get(__name__)

REPEATED_TITLE_UNITS = 120


def render(messages: Sequence[Message]) -> Rendered:
    """At most five messages; quick replies ride on the last one, the only place where LINE shows them.

    Nothing to say becomes nothing to send: a text of blanks, a card with neither words nor buttons. What is too much
    for one message becomes several; what is too much for five loses the end of its words before any button, and the log
    says so. What cannot be made right is left out (see `actions`).
    """
    rendered = _at_most_five([part for message in messages for part in _parts(message)])
    choices = next((message.choices for message in reversed(messages) if message.choices), ())
    items = write_actions(choices, label_graphemes=limits.LABEL_GRAPHEMES)[: limits.QUICK_REPLIES]
    if rendered and items:
        rendered[-1]["quickReply"] = {"items": [{"type": "action", "action": item} for item in items]}
    return rendered


def _parts(message: Message) -> Rendered:
    match message:
        case Text():
            return _texts(clean(message.text))
        case Card():
            return _card(message)
        case Place():
            return _place(message)


def _texts(text: str) -> Rendered:
    return [{"type": "text", "text": piece} for piece in split_text(text, limits.TEXT_UNITS)]


def _card(card: Card) -> Rendered:
    """One bubble. Where it would be too large, its words go ahead as texts, which hold more, and its buttons follow in
    as many bubbles as they need.
    """
    title, text = clean(card.title), clean(card.text)
    as_rows = len(card.actions) > bubbles.MOST_BUTTONS
    most = limits.FLEX_LABEL_GRAPHEMES if as_rows else limits.LABEL_GRAPHEMES
    actions = write_actions(card.actions, label_graphemes=most)
    if not (title or text or actions):
        return []
    alt = _alt(title, text, clean(card.alt), actions)
    whole = bubbles.draw(title, re.split(r"\n\s*\n", text) if text else (), actions, as_rows=as_rows)
    if bubbles.fits(whole):
        return [_flex(alt, whole)]
    words = _texts("\n\n".join(filter(None, (title, text))))
    shorter = shorten(title, units=REPEATED_TITLE_UNITS)
    return [*words, *(_flex(alt, bubble) for bubble in bubbles.deal(shorter, actions, as_rows=as_rows))]


def _flex(alt: str, bubble: Json) -> Json:
    return {"type": "flex", "altText": alt, "contents": bubble}


def _alt(title: str, text: str, own: str, actions: Sequence[Json]) -> str:
    """What a notification and the list of chats show: the handler's own words for it, else the title and how the text
    begins, else what the buttons say.
    """
    if own and own != text:
        words = opening(own)
    elif title or text:
        words = "\n".join(filter(None, (" ".join(title.split()), opening(text))))
    else:
        words = ", ".join(action["label"] for action in actions)
    return shorten(words, units=min(limits.NOTIFICATION_UNITS, limits.ALT_TEXT_UNITS))


def _place(place: Place) -> Rendered:
    """Without a name, or an address, the other stands in, or else the figures: LINE wants both. A position that is not
    on the globe leaves the words.
    """
    names = [name for name in (clean_line(place.title), clean_line(place.address)) if name]
    if not _on_the_globe(place.latitude, 90) or not _on_the_globe(place.longitude, 180):
        log.warning("line.left_out", part="place", why="its position is not on the globe")
        return _texts("\n".join(names))
    names = names or [f"{place.latitude:.5f}, {place.longitude:.5f}"]
    title, address = (shorten(name, units=limits.PLACE_CHARACTERS) for name in (names[0], names[-1]))
    return [
        {
            "type": "location", "title": title, "address": address,
            "latitude": place.latitude, "longitude": place.longitude,
        }
    ]  # fmt: skip


def _on_the_globe(degrees: float, most: int) -> bool:
    return abs(degrees) <= most  # no number is not, either


def _at_most_five(parts: Rendered) -> Rendered:
    """Joins neighbouring texts first; then the last texts give way, and then whatever comes last."""
    most = limits.MESSAGES_A_REQUEST
    while len(parts) > most:
        joined = _join_two(parts)
        if joined is None:
            break
        parts = joined
    if len(parts) <= most:
        return parts
    log.warning("line.left_out", part="message", why="there are more than a request may hold")
    texts = [position for position, part in enumerate(parts) if part["type"] == "text"]
    gone = texts[most - len(parts) :]
    kept = [part for position, part in enumerate(parts) if position not in gone][:most]
    last = next((part for part in reversed(kept) if part["type"] == "text"), None)
    if last is not None and gone:
        last["text"] = shorten(f"{last['text']}\n{ELLIPSIS}", units=limits.TEXT_UNITS)
    return kept


def _join_two(parts: Rendered) -> Rendered | None:
    """The first two neighbouring texts that fit into one; None when none do."""
    for position, (one, other) in enumerate(pairwise(parts)):
        if one["type"] == other["type"] == "text":
            text = f"{one['text']}\n\n{other['text']}"
            if limits.utf16_units(text) <= limits.TEXT_UNITS:
                return [*parts[:position], {"type": "text", "text": text}, *parts[position + 2 :]]
    return None
