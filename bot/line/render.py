"""Our messages as LINE JSON, within LINE's limits.

Whoever writes content is told about lengths by `civicbot faq check`; here they are made to fit, so that a citizen never
loses an answer to a limit. How cards look is in `bubbles`, what becomes of buttons in `actions`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from bot import logs
from bot.line import bubbles, limits
from bot.line.actions import write_actions
from bot.line.bubbles import Json
from bot.line.cards import prepare
from bot.line.carousels import draw_carousel
from bot.line.cutting import ELLIPSIS, clean, clean_line, shorten, split_text
from bot.messages import Card, Carousel, Message, Place, Rendered, Text

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
    items = write_actions(choices, label_graphemes=limits.LABEL_GRAPHEMES, as_quick_replies=True)
    items = items[: limits.QUICK_REPLIES]
    if rendered and items:
        rendered[-1]["quickReply"] = {"items": [{"type": "action", "action": item} for item in items]}
    return rendered


def _parts(message: Message) -> Rendered:
    match message:
        case Text():
            return _texts(clean(message.text))
        case Card():
            return _card(message)
        case Carousel():
            return draw_carousel(message)
        case Place():
            return _place(message)


def _texts(text: str) -> Rendered:
    return [{"type": "text", "text": piece} for piece in split_text(text, limits.TEXT_UNITS)]


def _card(card: Card) -> Rendered:
    """One bubble. Where it would be too large, its words go ahead as texts, which hold more, and its buttons follow in
    as many bubbles as they need.
    """
    sheet = prepare(card)
    if sheet is None:
        return []
    alt = sheet.alternative(card.alt)
    whole = sheet.draw()
    if bubbles.fits(whole):
        return [_flex(alt, whole)]
    shorter = shorten(sheet.title, units=REPEATED_TITLE_UNITS)
    dealt = bubbles.deal(shorter, sheet.actions, as_rows=sheet.as_rows, hero=sheet.hero)
    return [*_texts(sheet.words()), *(_flex(alt, bubble) for bubble in dealt)]


def _flex(alt: str, bubble: Json) -> Json:
    return {"type": "flex", "altText": alt, "contents": bubble}


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
