"""What every handler may reach for: the words, the facts, the buttons. Built once by the wiring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot import clock
from bot.conversation.postback import Buttons
from bot.conversation.turn import Turn
from bot.messages import Action, Press
from bot.vault import Vault
from handlers import wording
from knowledge.answers import compose
from knowledge.entries import Entry


@dataclass(frozen=True, slots=True)
class Desk:
    buttons: Buttons
    vault: Vault
    facts: Mapping[str, str]
    """The settings that answers may state, those that are filled in."""

    def say(self, turn: Turn, key: str, **facts: str) -> str:
        """A sentence in the turn's language."""
        return wording.load(turn.language).say(key, centre=self.centre(turn), **facts)

    def centre(self, turn: Turn) -> str:
        names = turn.catalogue.pack.centre
        return names.get(turn.language) or names["th"]

    def press(self, turn: Turn, label: str, action: str, **arguments: str) -> Press:
        """A button that shows its own label as what the person said."""
        return Press(label, self.buttons.encode(action, now=turn.now, **arguments), label)

    def button(self, turn: Turn, key: str, action: str, **arguments: str) -> Press:
        return self.press(turn, self.say(turn, key), action, **arguments)

    def answer(self, turn: Turn, entry: Entry) -> str:
        """The entry's whole answer, with today's figures and this centre's facts."""
        return compose(entry, language=turn.language, facts=self.facts, today=clock.bangkok_date(turn.now))

    def title(self, turn: Turn, entry: Entry) -> str:
        return entry.title.get(turn.language) or entry.title["th"]

    def topic_button(self, turn: Turn, entry_id: str, **arguments: str) -> Press:
        return self.press(turn, self.title(turn, turn.catalogue.entries[entry_id]), "topic", e=entry_id, **arguments)

    def menu_buttons(self, turn: Turn) -> tuple[Action, ...]:
        """The main menu as quick replies: at most thirteen, as LINE allows."""
        topics = [
            ("button.centre", "center.what"),
            ("button.activities", "event.list"),
            ("button.forum", "forum.what"),
            ("button.school", "school.what"),
            ("button.ethnic", "ethnic.what"),
            ("button.media", "media.what"),
            ("button.poverty", "poverty.what"),
            ("button.contact", "center.contact"),
        ]
        known = [(key, topic) for key, topic in topics if topic in turn.catalogue.entries]
        return (
            *(self.button(turn, key, "topic", e=topic) for key, topic in known),
            self.button(turn, "button.staff", "staff"),
            self.button(turn, "button.help", "help"),
        )

    def short_buttons(self, turn: Turn) -> tuple[Action, ...]:
        """The two ways on that are always open."""
        return (self.button(turn, "button.menu", "menu"), self.button(turn, "button.staff", "staff"))
