"""Why somebody cannot be registered, in words that help on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot import thai_dates
from bot.conversation.memory import Memory
from bot.conversation.turn import Reply, Scene, Turn
from bot.events import refusals
from bot.events.refusals import Refused
from bot.messages import Action, Text
from handlers.desk import Desk

_SENTENCES: Mapping[type[Refused], str] = {
    refusals.NotOpenYet: "signup.not_yet",
    refusals.RegistrationClosed: "signup.closed",
    refusals.EventOver: "signup.begun",
    refusals.CalledOff: "signup.called_off",
    refusals.EventFull: "signup.full",
    refusals.PartyTooLarge: "signup.party_most",
    refusals.TooManyByPerson: "signup.many_by_person",
    refusals.TooManyByPhone: "signup.many_by_phone",
    refusals.AdultsOnly: "signup.adults_only",
    refusals.NeedsGuardian: "signup.needs_guardian",
}


def sentence(turn: Scene, desk: Desk, refused: Refused) -> str:
    """With the facts that the refusal holds."""
    key = _SENTENCES.get(type(refused), "signup.no_event")
    if isinstance(refused, refusals.CalledOff) and refused.why:
        key = "signup.called_off_why"
    if isinstance(refused, refusals.EventFull) and refused.left:
        key = "signup.too_few_left"
    facts = {
        name: _moment(turn, value) if isinstance(value, datetime) else str(value)
        for name, value in vars(refused).items()
    }
    return desk.say(turn, key, **facts)


def end(turn: Turn, desk: Desk, refused: Refused, memory: Memory) -> Reply:
    """The dialogue is over; what else there is to go to."""
    return Reply((Text(sentence(turn, desk, refused), ways_on(turn, desk)),), memory)


def ways_on(turn: Scene, desk: Desk) -> tuple[Action, ...]:
    return (desk.button(turn, "button.signup_events", "events"), *desk.short_buttons(turn))


def _moment(turn: Scene, moment: datetime) -> str:
    return thai_dates.date_and_time(moment, english=turn.language == "en")
