"""What the buttons under an answer do."""

from __future__ import annotations

from collections.abc import Callable

from bot.cases.kinds import CaseKind
from bot.conversation.turn import Reply, Turn
from bot.messages import Place, Text
from handlers import ask_staff, browse_events, fallback, intake, my_data, my_events, preferences, sign_up
from handlers.desk import Desk


def offer_taken(turn: Turn, desk: Desk) -> Reply:
    name = turn.pressed.arguments.get("a", "") if turn.pressed else ""
    offer = OFFERS.get(name)
    return offer(turn, desk) if offer else fallback.stale_button(turn, desk)


def send_place(turn: Turn, desk: Desk) -> Reply:
    """The centre on a map, where the deployer has filled it in."""
    latitude, longitude = desk.facts.get("contact_latitude"), desk.facts.get("contact_longitude")
    if latitude is None or longitude is None:
        return Reply((Text(desk.say(turn, "place.missing"), desk.short_buttons(turn)),), turn.memory)
    centre = desk.centre(turn)
    place = Place(
        centre, desk.facts.get("contact_address", centre), float(latitude), float(longitude), desk.short_buttons(turn)
    )
    return Reply((place,), turn.memory)


def start_registration(turn: Turn, desk: Desk) -> Reply:
    return browse_events.start_registration(turn, desk, sign_up=sign_up.opened)


def _hand_over(kind: CaseKind) -> Callable[[Turn, Desk], Reply]:
    return lambda turn, desk: ask_staff.hand_over(turn, desk, kind)


def _hand_over_by_topic(turn: Turn, desk: Desk) -> Reply:
    topic = turn.pressed.arguments.get("e", "") if turn.pressed else ""
    kind = CaseKind.COMPLAINT if topic == "general.complaint" else CaseKind.WANTS_PERSON
    return ask_staff.hand_over(turn, desk, kind)


OFFERS: dict[str, Callable[[Turn, Desk], Reply]] = {
    "offer_person": _hand_over(CaseKind.WANTS_PERSON),
    "handover": _hand_over_by_topic,
    "handover_urgent": _hand_over(CaseKind.URGENT),
    "privacy": my_data.show,
    "collect_proposal": intake.propose,
    "collect_story": intake.tell_story,
    "send_location": send_place,
    "list_events": browse_events.list_offered,
    "start_registration": start_registration,
    "my_registrations": my_events.show_mine,
    "cancel_registration": my_events.choose_to_leave,
    "preferences": preferences.show,
}
"""Every action that content may name. A test compares this table with what `faq check` allows."""
SHOWING = frozenset({"list_events", "my_registrations", "preferences", "privacy", "send_location"})
"""Those that begin nothing."""
