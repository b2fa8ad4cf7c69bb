"""What people send besides words: stickers, pictures, voice, video, files, places. The bot cannot read most of it, and
says what helps instead, each time in other words and then no more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.conversation.turn import Reply, Turn
from bot.events.search import Wanted
from bot.incoming import SharedPlace
from bot.messages import Action, Text
from handlers import browse_events, case_pass_on, case_thread, event_filters, fallback
from handlers.desk import Desk
from handlers.event_reading import names_events
from knowledge.geography import Point

SILENT = "silent"
LONGEST_NAME = 40
PASSED_ON = frozenset({"image", "video", "audio", "file", "media"})
VOICE_WITH_PHONE = "shared.audio_phone"


def received(turn: Turn, desk: Desk) -> Reply:
    """To staff who wait for an answer, what the bot cannot read is passed on. Else a second one of its kind in a row is
    answered differently, the next ones not at all; of several pictures sent at once only the first is answered."""
    kind = turn.incoming.kind
    case = case_thread.find_awaiting(turn) if kind in PASSED_ON else None
    if case is not None:
        passed = case_pass_on.pass_on(turn, desk, case)
        return passed if turn.incoming.position_in_set == 1 else replace(passed, messages=())
    said = turn.memory.said
    if turn.memory.quiet and kind in PASSED_ON:
        fallback.hear_quietly(turn, desk)
    if turn.memory.quiet or turn.incoming.position_in_set > 1 or said in {SILENT, f"shared.{kind}.again"}:
        return Reply((), replace(turn.memory, said=said if turn.memory.quiet else SILENT))
    key = desk.vary(turn, f"shared.{kind}")
    lines = [desk.say(turn, key)]
    if kind == "audio" and "contact_phone" in desk.facts:
        lines.append(desk.say(turn, VOICE_WITH_PHONE, phone=desk.facts["contact_phone"]))
    choices: tuple[Action, ...] = desk.short_buttons(turn) if kind in {"image", "video", "file"} else ()
    return Reply((Text("\n".join(lines), choices or desk.menu_buttons(turn)),), replace(turn.memory, said=key))


def place_received(turn: Turn, desk: Desk) -> Reply:
    """A place: its district, which is kept for this conversation only; after a list of events, those nearest to it."""
    place = turn.incoming.place
    if place is None:
        return received(turn, desk)
    case = case_thread.find_awaiting(turn)
    if case is not None and case.urgent:  # where somebody is who may be in danger
        return case_pass_on.pass_on(turn, desk, case)
    if browse_events.waits_for_a_place(turn.memory.said):
        return browse_events.place_shared(turn, desk, place)
    if case is not None:
        return case_pass_on.pass_on(turn, desk, case)
    found = turn.catalogue.places.recognise(
        ", ".join(filter(None, (place.address, place.title))), place.latitude, place.longitude
    )
    if found.district is None:
        key = desk.vary(turn, "place.outside" if found.outside else "place.unclear")
        text = desk.say(turn, key, province=_named(turn, turn.catalogue.pack.province))
        return Reply((Text(text, desk.menu_buttons(turn)),), replace(turn.memory, said=key))
    key = desk.vary(turn, "place.sure" if found.sure else "place.likely")
    return _in_district(turn, desk, found.district, key, near=_near(place))


def corrects_district(turn: Turn) -> bool:
    """True for the name of a district, written after the bot had asked for it; not for a question about what is on."""
    said = turn.memory.said
    asked = said is not None and (said.startswith("place.") or browse_events.asked_for_a_place(said))
    text = turn.incoming.text.strip()
    return (
        asked
        and turn.incoming.kind == "text"
        and len(text) <= LONGEST_NAME
        and not names_events(text)
        and len(turn.catalogue.places.named_in(text)) == 1
    )


def district_corrected(turn: Turn, desk: Desk) -> Reply:
    (district,) = turn.catalogue.places.named_in(turn.incoming.text.strip())
    if browse_events.asked_for_a_place(turn.memory.said):
        return browse_events.district_named(turn, desk, district)
    return _in_district(turn, desk, district, desk.vary(turn, "place.sure"))


def _near(place: SharedPlace) -> Point:
    return event_filters.rounded(place.latitude, place.longitude)


def _in_district(turn: Turn, desk: Desk, district_id: str, key: str, *, near: Point | None = None) -> Reply:
    """With the events around: the nearest first where there is a point on the map, else those of the district."""
    (district,) = (known for known in turn.catalogue.pack.districts if known.id == district_id)
    around = Wanted(near=near) if near is not None else Wanted(districts=(district_id,))
    choices = (
        desk.button(turn, "button.events_near", "events", **event_filters.written(around)),
        desk.button(turn, "button.centre_map", "do", a="send_location"),
        *desk.short_buttons(turn),
    )
    memory = replace(turn.memory, district=district_id, said=key, misses=0, quiet=False)
    return Reply((Text(desk.say(turn, key, district=_named(turn, district.name)), choices),), memory)


def _named(turn: Turn, names: Mapping[str, str]) -> str:
    return names.get(turn.language) or names["th"]
