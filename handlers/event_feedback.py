"""Stars for an event, and a sentence about it for whoever likes to write one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.conversation.turn import Reply, Turn
from bot.events import certificates, feedback, mine, refusals
from bot.events.certificates import Attended
from bot.messages import Action, Link, Text
from handlers import dialogue, fallback, place_now, ticket_card
from handlers.desk import Desk
from handlers.dialogue import Step
from handlers.typed import plain_words

WORD_STEP = "stars:word"
SKIP_WORDS = frozenset({"ข้าม", "ไม่มี", "ไม่มีค่ะ", "ไม่มีครับ", "skip", "no"})


def star_buttons(turn: Turn, desk: Desk, registration_id: int) -> tuple[Action, ...]:
    """The most first: what is easiest to reach is what most people mean."""
    return tuple(
        desk.press(turn, "⭐" * stars, "stars", r=str(registration_id), n=str(stars))
        for stars in range(feedback.MOST_STARS, 0, -1)
    )


def stars_given(turn: Turn, desk: Desk) -> Reply:
    """Pressed again, they are other stars. While another dialogue waits, no word is asked for."""
    number, stars = place_now.argument(turn, "r"), place_now.argument(turn, "n")
    try:
        event = feedback.give_stars(
            turn.db, registration_id=number or 0, person_id=turn.speaker.person_id, stars=stars or 0, now=turn.now
        )
    except feedback.NotOverYet:
        return place_now.say(turn, desk, desk.say(turn, "told.not_over_yet"))
    except refusals.NotInThatState:
        return place_now.say(turn, desk, desk.say(turn, "told.only_with_seat"))
    except refusals.NoSuchRegistration:
        return place_now.not_there(turn, desk)
    if turn.memory.step not in {None, WORD_STEP}:
        return place_now.say(turn, desk, desk.say(turn, "told.thanks"))
    memory = dialogue.begin(turn, WORD_STEP, r=str(number))
    turn = replace(turn, memory=memory)
    said = desk.say(turn, "told.ask_word", stars=str(stars), title=event.title)
    return Reply((Text(said, (_skip_button(turn, desk),)),), memory)


def word_given(turn: Turn, desk: Desk) -> Reply:
    if plain_words(turn.incoming.text) in SKIP_WORDS:
        return _thank(turn, desk)
    return _keep(turn, desk, turn.incoming.text, message_id=turn.incoming.message_id)


def held_word_given(turn: Turn, desk: Desk) -> Reply:
    """What was taken for a question in between was the word."""
    held = turn.memory.data.get("held")
    if turn.memory.step != WORD_STEP or not held:
        return fallback.stale_button(turn, desk)
    return _keep(turn, desk, held, message_id=turn.memory.data.get("held_id") or None)


def skipped(turn: Turn, desk: Desk) -> Reply:
    return _thank(turn, desk) if turn.memory.step == WORD_STEP else fallback.stale_button(turn, desk)


def _keep(turn: Turn, desk: Desk, word: str, *, message_id: str | None) -> Reply:
    """Masked by the service before it is kept."""
    try:
        feedback.add_word(
            turn.db, registration_id=int(turn.memory.data["r"]), person_id=turn.speaker.person_id, word=word,
            message_id=message_id, now=turn.now,
        )  # fmt: skip
    except refusals.NoSuchRegistration:
        return replace(place_now.not_there(turn, desk), memory=turn.memory.without_step())
    return _thank(turn, desk)


def _thank(turn: Turn, desk: Desk) -> Reply:
    certificate = _certificate(turn, desk, turn.memory.data.get("r", ""))
    text = Text(desk.say(turn, "told.thanks"), (*certificate, *desk.short_buttons(turn)))
    return Reply((text,), turn.memory.without_step())


def _certificate(turn: Turn, desk: Desk, number: str) -> tuple[Action, ...]:
    """For those who have earned one."""
    place = mine.find(turn.db, registration_id=int(number or 0), person_id=turn.speaker.person_id)
    if place is None:
        return ()
    earned = certificates.attendance(turn.db, place.event, place.registration, now=turn.now)
    if not isinstance(earned, Attended):
        return ()
    address = f"{ticket_card.ticket_address(desk, place.registration)}/certificate.pdf"
    return (Link(desk.say(turn, "button.told_certificate"), address),)


def _ask_again(turn: Turn, desk: Desk) -> Text:
    choices = (_skip_button(turn, desk),)
    if turn.memory.data.get("held"):
        held = dialogue.button(turn, desk, "button.told_send_held", "word_held")
        return Text(desk.say(turn, "told.word_held"), (held, *choices))
    return Text(desk.say(turn, "told.word_waiting"), choices)


def _hold(turn: Turn) -> Mapping[str, str]:
    masked = turn.understanding.masked if turn.understanding else ""
    return {"held": masked, "held_id": turn.incoming.message_id or ""}


def _skip_button(turn: Turn, desk: Desk) -> Action:
    return dialogue.button(turn, desk, "button.told_skip", "word_skip")


STEPS = (Step(WORD_STEP, take=word_given, ask_again=_ask_again, hold=_hold),)
BUTTONS: Mapping[str, Callable[[Turn, Desk], Reply]] = {
    "stars": stars_given,
    "word_held": held_word_given,
    "word_skip": skipped,
}
