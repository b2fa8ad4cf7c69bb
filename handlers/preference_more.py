"""ตั้งค่า, all but the notices: reminders, being told later, the language, how to be addressed. Every press is answered
with the whole as it is now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.conversation.turn import Reply, Turn
from bot.outreach import audience, hear_back, preferences
from bot.storage import hear_back as awaited
from handlers import preference_card, preference_steps
from handlers.desk import Desk
from handlers.preference_steps import show_whole
from handlers.typed import plain_words
from handlers.wording import LANGUAGES

THAI_WORDS = frozenset({"ภาษาไทย", "พูดไทย", "พูดภาษาไทย", "ขอภาษาไทย", "thai"})
ENGLISH_WORDS = frozenset({"ภาษาอังกฤษ", "พูดภาษาอังกฤษ", "ขอภาษาอังกฤษ", "english", "in english"})
LANGUAGE_WORDS = THAI_WORDS | ENGLISH_WORDS


def show(turn: Turn, desk: Desk) -> Reply:
    return show_whole(turn, desk)


def remind_pressed(turn: Turn, desk: Desk) -> Reply:
    """What the row sets is written in it."""
    wanted = _argument(turn, "v") == "1"
    preferences.set_reminders(turn.db, person_id=turn.speaker.person_id, wanted=wanted)
    return show_whole(turn, desk, "preferences.reminders_on" if wanted else "preferences.reminders_off")


def show_awaited(turn: Turn, desk: Desk) -> Reply:
    count = awaited.count_open(turn.db, person_id=turn.speaker.person_id)
    return Reply((preference_card.draw_awaited(turn, desk, count),), turn.memory)


def end_awaited(turn: Turn, desk: Desk) -> Reply:
    """Of every question, at once."""
    count = hear_back.withdraw(turn.db, person_id=turn.speaker.person_id, now=turn.now)
    return show_whole(turn, desk, "preferences.hear_ended" if count else "preferences.hear_none")


def language_pressed(turn: Turn, desk: Desk) -> Reply:
    language = _argument(turn, "v")
    return speak(turn, desk, language) if language in LANGUAGES else show(turn, desk)


def names_language(turn: Turn) -> bool:
    return turn.incoming.kind == "text" and plain_words(turn.incoming.text) in LANGUAGE_WORDS


def language_typed(turn: Turn, desk: Desk) -> Reply:
    return speak(turn, desk, "th" if plain_words(turn.incoming.text) in THAI_WORDS else "en")


def speak(turn: Turn, desk: Desk, language: str) -> Reply:
    """From this answer on."""
    audience.set_language(turn.db, person_id=turn.speaker.person_id, language=language)
    turn = replace(turn, speaker=replace(turn.speaker, language=language))
    return show_whole(turn, desk, "preferences.language_now")


def forget_called(turn: Turn, desk: Desk) -> Reply:
    audience.forget_called(turn.db, person_id=turn.speaker.person_id)
    return show_whole(turn, desk, "preferences.called_gone")


def _argument(turn: Turn, name: str) -> str:
    return turn.pressed.arguments.get(name, "") if turn.pressed else ""


BUTTONS: Mapping[str, Callable[[Turn, Desk], Reply]] = {
    "prefer": show,
    "prefer_remind": remind_pressed,
    "prefer_hear": show_awaited,
    "prefer_hear_end": end_awaited,
    "prefer_language": language_pressed,
    "prefer_called": preference_steps.ask_called,
    "prefer_called_no": forget_called,
}
