"""Cards side by side: as many as LINE takes, all of one width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot import logs
from bot.line import bubbles, limits
from bot.line.bubbles import Json
from bot.line.cards import Sheet, prepare, shorten_alternative
from bot.line.cutting import clean, opening, shorten
from bot.messages import Carousel, Rendered

log = logs.get(__name__)

SHORT_TITLE_UNITS, SHORT_TEXT_UNITS, SHORT_FACT_UNITS = 120, 400, 120
"""What a card keeps of its words where it would be too large for a bubble: here nothing can go ahead of it."""


def draw_carousel(carousel: Carousel) -> Rendered:
    """One message, or none of nothing. One card alone is a bubble like any other."""
    sheets = [sheet for card in carousel.cards if (sheet := prepare(card)) is not None]
    drawn = _draw_fitting(sheets[: limits.CAROUSEL_BUBBLES])
    _say_left_out(len(sheets) - limits.CAROUSEL_BUBBLES, "a carousel holds no more of them")
    if not drawn:
        return []
    contents = drawn[0] if len(drawn) == 1 else {"type": "carousel", "contents": drawn}
    return [{"type": "flex", "altText": _alternative(carousel, sheets), "contents": contents}]


def _draw_fitting(sheets: Sequence[Sheet]) -> list[Json]:
    """The first ones that are small enough together, without those that are too large however short their words."""
    each = [_draw_short(sheet) for sheet in sheets]
    small = [bubble for bubble in each if bubble is not None]
    kept = len(small)
    while bubbles.size({"type": "carousel", "contents": small[:kept]}) > limits.FLEX_CAROUSEL_BYTES:
        kept -= 1
    _say_left_out(len(each) - len(small), "it is too large for a bubble")
    _say_left_out(len(small) - kept, "together they are too large for a carousel")
    return small[:kept]


def _draw_short(sheet: Sheet) -> Json | None:
    whole = sheet.draw()
    if bubbles.fits(whole):
        return whole
    shorter = replace(
        sheet,
        title=shorten(sheet.title, units=SHORT_TITLE_UNITS),
        text=shorten(sheet.text, units=SHORT_TEXT_UNITS),
        facts=tuple(
            (shorten(label, units=SHORT_FACT_UNITS), shorten(value, units=SHORT_FACT_UNITS))
            for label, value in sheet.facts
        ),
    ).draw()
    if not bubbles.fits(shorter):
        return None
    log.warning("line.left_out", part="words", why="its card is too large for a bubble")
    return shorter


def _say_left_out(cards: int, why: str) -> None:
    if cards > 0:
        log.warning("line.left_out", part="card", why=why, cards=cards)


def _alternative(carousel: Carousel, sheets: Sequence[Sheet]) -> str:
    """The handler's own words; without any, the titles; without those, what the first card says."""
    own = clean(carousel.alt)
    titles = ", ".join(" ".join(sheet.title.split()) for sheet in sheets if sheet.title)
    return shorten_alternative(opening(own) if own else titles) or sheets[0].alternative("")
