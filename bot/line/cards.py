"""A card as LINE can have it: its words cleaned, its buttons and its picture made fit, ready to be drawn."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot import logs
from bot.line import bubbles, limits
from bot.line.actions import write_actions
from bot.line.bubbles import Json
from bot.line.cutting import clean, clean_line, opening, shorten
from bot.line.links import fit_picture
from bot.messages import Card

log = logs.get(__name__)

WORDLESS = "🖼"
"""What a notification shows of a picture without any words: LINE wants something."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What of a card can be sent. Something always can."""

    title: str
    text: str
    facts: tuple[tuple[str, str], ...]
    actions: tuple[Json, ...]
    as_rows: bool
    hero: Json | None
    leads: bool = True

    def draw(self) -> Json:
        """The whole in one bubble, however large."""
        paragraphs = re.split(r"\n\s*\n", self.text) if self.text else ()
        return bubbles.draw(
            self.title,
            paragraphs,
            self.actions,
            as_rows=self.as_rows,
            facts=self.facts,
            hero=self.hero,
            leads=self.leads,
        )

    def words(self) -> str:
        """All of them, for a text message."""
        facts = "\n".join(": ".join(filter(None, fact)) for fact in self.facts)
        return "\n\n".join(filter(None, (self.title, self.text, facts)))

    def alternative(self, own: str) -> str:
        """What a notification and the list of chats show: the handler's own words for it, else the title and how the
        text begins, else what the buttons say.
        """
        own, text = clean(own), self.text or ", ".join(" ".join(filter(None, fact)) for fact in self.facts)
        if own and own != self.text:
            words = opening(own)
        elif self.title or text:
            words = "\n".join(filter(None, (" ".join(self.title.split()), opening(text))))
        else:
            words = ", ".join(action["label"] for action in self.actions) or WORDLESS
        return shorten_alternative(words)


def shorten_alternative(words: str) -> str:
    return shorten(words, units=min(limits.NOTIFICATION_UNITS, limits.ALT_TEXT_UNITS))


def prepare(card: Card) -> Sheet | None:
    """None when nothing of it can be sent."""
    as_rows = len(card.actions) > bubbles.MOST_BUTTONS
    most = limits.FLEX_LABEL_GRAPHEMES if as_rows else limits.LABEL_GRAPHEMES
    facts = ((clean_line(label), clean(value)) for label, value in card.facts)
    sheet = Sheet(
        title=clean(card.title),
        text=clean(card.text),
        facts=tuple(fact for fact in facts if any(fact)),
        actions=tuple(write_actions(card.actions, label_graphemes=most)),
        as_rows=as_rows,
        hero=_hero(card),
        leads=card.leads,
    )
    return sheet if sheet.title or sheet.text or sheet.facts or sheet.actions or sheet.hero else None


def _hero(card: Card) -> Json | None:
    if card.picture is None:
        return None
    address = fit_picture(card.picture)
    if address is None:
        log.warning("line.left_out", part="picture", why="LINE fetches no such address")
        return None
    return bubbles.picture(address, card.picture_shape)
