"""In which district somebody lives: pressed, typed, or shown on the map; and nothing changed where they leave it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.conversation.turn import Reply, Turn
from bot.events import answers
from bot.messages import Action, Text
from bot.outreach import preferences
from bot.outreach.preferences import NotAgreed, Wishes
from handlers import dialogue, preference_card
from handlers.desk import Desk
from handlers.dialogue import Step

DISTRICT_STEP = "preferences:district"
NOWHERE_WORDS = frozenset({"ไม่ระบุ", "ทุกอำเภอ", "ไม่บอก", "no district", "not given", "any district"})


def ask_district(turn: Turn, desk: Desk) -> Reply:
    """While another dialogue waits, a district can be pressed, not typed: what is typed is for that one."""
    if turn.memory.step is not None:
        return Reply((preference_card.draw_districts(turn, desk),), turn.memory)
    memory = replace(dialogue.begin(turn, DISTRICT_STEP), said=None)
    turn = replace(turn, memory=memory)
    return Reply((preference_card.draw_districts(turn, desk, choices=_choices(turn, desk)),), memory)


def district_typed(turn: Turn, desk: Desk) -> Reply:
    if answers.bare(turn.incoming.text) in NOWHERE_WORDS:
        return keep_district(turn, desk, None)
    found = turn.catalogue.places.named_in(turn.incoming.text.strip())
    if len(found) == 1:
        (district,) = found
        return keep_district(turn, desk, district)
    if not found and turn.understanding is not None and turn.understanding.decision.kind == "answer":
        return dialogue.answer_in_between(turn, desk, DISTRICT)
    return _ask_once_more(turn, desk, "preferences.district_several" if found else "preferences.district_unread")


def is_shown_a_place(turn: Turn) -> bool:
    return turn.memory.step == DISTRICT_STEP and turn.incoming.place is not None


def district_shown(turn: Turn, desk: Desk) -> Reply:
    """The district alone is kept, not the place."""
    place = turn.incoming.place
    address = ", ".join(filter(None, (place.address, place.title))) if place else ""
    found = turn.catalogue.places.recognise(
        address, place.latitude if place else None, place.longitude if place else None
    )
    if found.district is None:
        return _ask_once_more(turn, desk, "preferences.district_unseen")
    return keep_district(turn, desk, found.district)


def keep_district(turn: Turn, desk: Desk, district: str | None) -> Reply:
    outcome = preferences.set_district(turn.db, person_id=turn.speaker.person_id, district=district)
    return changed(replace(turn, memory=turn.memory.without_step()), desk, outcome, "preferences.changed")


def changed(turn: Turn, desk: Desk, outcome: Wishes | NotAgreed, key: str) -> Reply:
    """The card as it is now. Whoever has not said yes sees that nothing is sent to them."""
    if isinstance(outcome, NotAgreed):
        return Reply((preference_card.draw(turn, desk, Wishes()),), turn.memory)
    return Reply((preference_card.draw(turn, desk, outcome, said=desk.say(turn, key)),), turn.memory)


def keeping(leave: Callable[[Turn, Desk], Reply]) -> Callable[[Turn, Desk], Reply]:
    """Leaving this dialogue changes nothing, and says so: nobody shall think that they are sent no more notices."""

    def answer(turn: Turn, desk: Desk) -> Reply:
        if turn.memory.step != DISTRICT_STEP:
            return leave(turn, desk)
        wishes = preferences.state_of(turn.db, turn.speaker.person_id)
        card = preference_card.draw(turn, desk, wishes, said=desk.say(turn, "preferences.kept"))
        return Reply((card,), turn.memory.without_step())

    return answer


def _ask_again(turn: Turn, desk: Desk) -> Text:
    return Text(desk.say(turn, "preferences.district_waiting"), _choices(turn, desk))


def _ask_once_more(turn: Turn, desk: Desk, key: str) -> Reply:
    province = turn.catalogue.pack.province
    words = desk.say(turn, key, province=province.get(turn.language) or province["th"])
    return Reply((Text(words, _choices(turn, desk)),), turn.memory)


def _choices(turn: Turn, desk: Desk) -> tuple[Action, ...]:
    return preference_card.district_choices(turn, desk, dialogue.cancel_button(turn, desk))


DISTRICT = Step(DISTRICT_STEP, take=district_typed, ask_again=_ask_again, hold=lambda turn: {})  # noqa: ARG005 - holds nothing
STEPS = (DISTRICT,)
