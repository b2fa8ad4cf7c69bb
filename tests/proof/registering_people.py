"""People with phones: what they press on what the bot has sent them. Only buttons that came out of a message are
pressed, at any moment, some twice."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.storage.registrations import CONFIRMED, WAITING
from tests.proof.registering_stand import Delivered
from tests.proof.registering_words import NO_PLACE, Told, buttons_of, read

TAPPED_TWICE = 0.25
Buttons = Mapping[str, Sequence[tuple[str, Mapping[str, str]]]]
Event = dict[str, Any]


@dataclass
class Phone:
    """`patience` is how often its owner will press something yet. A `walker` goes through the whole dialogue."""

    user_id: str
    person_id: int
    name: str
    party: int
    box: list[Delivered]
    walker: bool = False
    patience: int = 6
    seen: int = 0
    confirm: str = ""
    """The data of the button under the summary, once it is there."""
    blocked: bool = False
    presses: int = 0

    def unseen(self) -> list[Delivered]:
        new, self.seen = self.box[self.seen :], len(self.box)
        return new

    def press(self, data: str) -> Event:
        self.presses += 1
        return {"type": "postback", "source": self._source, "postback": {"data": data}}

    def write(self, text: str) -> Event:
        return {"type": "message", "source": self._source, "message": {"type": "text", "text": text}}

    def block(self) -> Event:
        self.blocked = True
        return {"type": "unfollow", "source": self._source}

    @property
    def _source(self) -> dict[str, str]:
        return {"type": "user", "userId": self.user_id}


def twice_at_times(presses: Sequence[Event], chance: random.Random) -> list[Event]:
    """Some are tapped twice: two events of their own."""
    tapped = [press for press in presses for _ in range(1 + (chance.random() < TAPPED_TWICE))]
    return [dict(press) for press in tapped]


def walk(phone: Phone) -> list[Event]:
    """The next step of the dialogue, whatever it asks, up to the summary, which waits for its button to be pressed."""
    steps: list[Event] = []
    for delivered in phone.unseen():
        buttons = buttons_of(delivered)
        if "sign_up_yes" in buttons:
            phone.confirm = buttons["sign_up_yes"][0][0]
        else:
            steps += fill_in(phone, delivered, buttons)
    return steps


def fill_in(phone: Phone, delivered: Delivered, buttons: Buttons) -> list[Event]:
    sizes = [data for data, arguments in buttons.get("sign_up_is", ()) if arguments.get("f") == "party"]
    own = [data for data, arguments in buttons.get("sign_up", ()) if arguments.get("k") == "self"]
    for found in (buttons.get("sign_up_ok"), buttons.get("sign_up_same")):
        if found:
            return [phone.press(found[0][0])]
    if sizes:
        return [phone.press(sizes[min(phone.party, len(sizes)) - 1])]
    if own:
        return [phone.press(own[0])]
    return [phone.write(phone.name)] if delivered[-1]["type"] == "text" else []  # it asks for the name


def react(phone: Phone, chance: random.Random, *, title: str) -> list[Event]:
    """What is pressed on all that has come since."""
    presses: list[Event] = []
    for delivered in phone.unseen():
        data = None if phone.patience <= 0 else _choose(phone, delivered, chance, title)
        if data is not None:
            phone.patience -= 1
            presses.append(phone.press(data))
    return presses


def _choose(phone: Phone, delivered: Delivered, chance: random.Random, title: str) -> str | None:
    buttons = buttons_of(delivered)
    for action in ("leave_yes", "sign_up_yes", "sign_up_same", "sign_up_ok", "party_is"):
        if action in buttons:
            return chance.choice(buttons[action])[0]
    sizes = [data for data, arguments in buttons.get("sign_up_is", ()) if arguments.get("f") == "party"]
    if sizes:  # fewer seats are left than were asked for, and nobody may wait
        return sizes[0]
    own = [data for data, arguments in buttons.get("sign_up", ()) if arguments.get("k") == "self"]
    if own:
        return own[0]
    told = read(delivered[-1], title=title)
    return _pick(buttons, _wishes(phone, told, buttons), chance)


def _wishes(phone: Phone, told: Told | None, buttons: Buttons) -> Mapping[str, float]:
    """How likely which button is pressed; nothing otherwise."""
    if "offer_yes" in buttons:
        return {"offer_yes": 0.5, "offer_no": 0.2, "offer_wait": 0.15}
    wishes: dict[str, Mapping[str, float]] = {
        CONFIRMED: {"leave_event": 0.2, "party": 0.2, "not_coming": 0.1},
        WAITING: {"leave_event": 0.1, "party": 0.15},
        NO_PLACE: {"event": 0.5 if phone.walker else 0.0},
    }
    return wishes.get(told.state, {}) if told is not None else {}


def _pick(buttons: Buttons, wishes: Mapping[str, float], chance: random.Random) -> str | None:
    drawn = chance.random()
    for action, share in wishes.items():
        if action in buttons:
            drawn -= share
            if drawn < 0:
                return chance.choice(list(buttons[action]))[0]
    return None
