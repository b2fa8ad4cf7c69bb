"""What every handler may reach for: the words, the facts, the buttons. Built once by the wiring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bot import clock, thai_dates
from bot.cases.rules import CaseRules
from bot.conversation.postback import Buttons
from bot.conversation.turn import Scene, Turn
from bot.messages import Action, Card, Press
from bot.notices.rules import Rules
from bot.vault import Vault
from handlers import wording
from knowledge.answers import compose
from knowledge.care import Standing
from knowledge.entries import Entry

OUTSIDE: Mapping[Standing, str] = {
    "withheld": "answer.withheld",
    "not yet": "answer.not_yet",
    "over": "answer.over",
}
"""What is said in place of an answer that is not to be said today."""


@dataclass(frozen=True, slots=True)
class Desk:
    buttons: Buttons
    vault: Vault
    facts: Mapping[str, str]
    """The settings that answers may state, those that are filled in."""
    base_url: str = "http://127.0.0.1:8000"
    """Where people reach our pages: tickets, and events that anybody may see."""
    storm_misses: int = 3000
    """From how many questions without an answer in ten minutes on they are a storm."""
    notice_rules: Rules = field(default_factory=Rules)
    case_rules: CaseRules = field(default_factory=CaseRules)
    backup_days: int = 30
    """How long backups are kept: in them, what was erased lives on for so long."""

    def say(self, turn: Scene, key: str, **facts: str) -> str:
        """A sentence in the turn's language."""
        return wording.load(turn.language).say(key, centre=self.centre(turn), **facts)

    def vary(self, turn: Turn, key: str) -> str:
        """The key of this sentence, or of its other wording when it was the last thing said: nobody is told the same
        thing twice running. Whoever says it keeps the key as `said`."""
        return f"{key}.again" if turn.memory.said == key else key

    def centre(self, turn: Scene) -> str:
        names = turn.catalogue.pack.centre
        return names.get(turn.language) or names["th"]

    def press(self, turn: Scene, label: str, action: str, **arguments: str) -> Press:
        """A button that shows its own label as what the person said."""
        return Press(label, self.buttons.encode(action, now=turn.now, **arguments), label)

    def button(self, turn: Scene, key: str, action: str, **arguments: str) -> Press:
        return self.press(turn, self.say(turn, key), action, **arguments)

    def answer(self, turn: Scene, entry: Entry) -> str:
        """The entry's whole answer, with today's figures and this centre's facts.

        An old one says from when it is, or is withheld where the entry asks for that.
        """
        today = clock.bangkok_date(turn.now)
        standing = entry.care.standing(today)
        if standing in OUTSIDE:
            return self.say(turn, OUTSIDE[standing], title=self.title(turn, entry))
        text = compose(entry, language=turn.language, facts=self.facts, today=today)
        if standing == "fresh" or not entry.care.confirmed:
            return text
        confirmed = date.fromisoformat(entry.care.confirmed)
        said_on = thai_dates.long_date(confirmed) if turn.language == "th" else f"{confirmed:%-d %B %Y}"
        return f"{text}\n\n{self.say(turn, 'answer.confirmed', date=said_on)}"

    def title(self, turn: Scene, entry: Entry) -> str:
        return entry.title.get(turn.language) or entry.title["th"]

    def topic_button(self, turn: Scene, entry_id: str, **arguments: str) -> Press:
        return self.press(turn, self.title(turn, turn.catalogue.entries[entry_id]), "topic", e=entry_id, **arguments)

    def menu_card(self, turn: Scene, key: str) -> Card:
        """The main menu as a card, which stays in the chat and is there on every device, under this sentence."""
        text = self.say(turn, key)
        return Card(title=self.say(turn, "menu.title"), text=text, actions=self.menu_buttons(turn))

    def menu_buttons(self, turn: Scene) -> tuple[Action, ...]:
        """The main menu as quick replies: at most thirteen, as LINE allows."""
        topics = [
            ("button.centre", "center.what"),
            ("button.forum", "forum.what"),
            ("button.school", "school.what"),
            ("button.ethnic", "ethnic.what"),
            ("button.media", "media.what"),
            ("button.poverty", "poverty.what"),
            ("button.contact", "center.contact"),
        ]
        known = [self.button(turn, key, "topic", e=topic) for key, topic in topics if topic in turn.catalogue.entries]
        return (
            *known[:1],
            self.button(turn, "button.activities", "events"),
            *known[1:],
            self.button(turn, "button.staff", "staff"),
            self.button(turn, "button.help", "help"),
        )

    def short_buttons(self, turn: Scene) -> tuple[Action, ...]:
        """The two ways on that are always open."""
        return (self.button(turn, "button.menu", "menu"), self.button(turn, "button.staff", "staff"))
