"""กิจกรรมของฉัน: one's places, their tickets, another size of the party, and giving a place back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.conversation.turn import Reply, Turn
from bot.events import mine, refusals, registration
from bot.events.mine import Mine
from bot.messages import Action, Card, Carousel, Text
from bot.storage.registrations import CONFIRMED, OFFERED, OPEN, PENDING, WAITING
from handlers import place_now, ticket_card
from handlers.desk import Desk

WORDS = frozenset(
    {
        "กิจกรรมของฉัน",
        "บัตรของฉัน",
        "การลงทะเบียนของฉัน",
        "งานของฉัน",
        "ดูบัตร",
        "ขอดูบัตร",
        "my events",
        "my tickets",
        "my ticket",
    }
)
LEAVE_WORDS = frozenset({"ยกเลิกการลงทะเบียน", "ยกเลิกลงทะเบียน", "cancel registration", "cancel my registration"})
CARDS = 10
"""And one more that leads on."""


def show_mine(turn: Turn, desk: Desk) -> Reply:
    """The next event first."""
    offset = place_now.argument(turn, "o") or 0
    found = mine.list_open(
        turn.db, person_id=turn.speaker.person_id, now=turn.now, limit=CARDS + 1, offset=offset
    )  # fmt: skip
    if not found:
        choices = (desk.button(turn, "action.list_events", "events"), *desk.short_buttons(turn))
        return Reply((Text(desk.say(turn, "events.nothing_booked"), choices),), turn.memory)
    cards = [_short_card(turn, desk, place) for place in found[:CARDS]]
    if len(found) > CARDS:
        more = desk.button(turn, "button.mine_more", "mine", o=str(offset + CARDS))
        cards.append(Card(title="", text=desk.say(turn, "mine.more"), actions=(more,)))
    alt = desk.say(turn, "mine.list_alt", number=str(min(len(found), CARDS)))
    return Reply((Carousel(tuple(cards), alt, desk.short_buttons(turn)),), turn.memory)


def choose_to_leave(turn: Turn, desk: Desk) -> Reply:
    """`ยกเลิกการลงทะเบียน`: with one place it is clear which."""
    found = mine.list_open(turn.db, person_id=turn.speaker.person_id, now=turn.now, limit=2)
    if len(found) == 1:
        return _ask_to_leave(turn, desk, found[0])
    shown = show_mine(turn, desk)
    if not found:
        return shown
    return replace(shown, messages=(Text(desk.say(turn, "mine.which_to_leave")), *shown.messages))


def show_ticket(turn: Turn, desk: Desk) -> Reply:
    place = place_now.find_mine(turn)
    return place_now.stands_now(turn, desk, place) if place else place_now.not_there(turn, desk)


def ask_to_leave(turn: Turn, desk: Desk) -> Reply:
    place = place_now.find_mine(turn)
    return _ask_to_leave(turn, desk, place) if place else place_now.not_there(turn, desk)


def left(turn: Turn, desk: Desk) -> Reply:
    """The yes to it. Twice, it has happened before; the button works as long as the place is there."""
    try:
        place = mine.get_locked(
            turn.db, registration_id=place_now.argument(turn, "r") or 0, person_id=turn.speaker.person_id
        )  # fmt: skip
        others_wait = place.registration.state == CONFIRMED and mine.has_a_line(turn.db, place.event)
        outcome = registration.cancel(
            turn.db, registration_id=place.registration.id, by="person", now=turn.now,
            person_id=turn.speaker.person_id,
        )  # fmt: skip
    except refusals.NoSuchRegistration:
        return place_now.not_there(turn, desk)
    except refusals.EventOver:
        return place_now.too_late(turn, desk, place)
    if not outcome.new:
        return place_now.stands_now(turn, desk, place)
    key = "mine.left_to_others" if others_wait else "mine.left"
    said = desk.say(turn, key, title=place.event.title, who=ticket_card.who(turn, desk, place.registration))
    return place_now.say(turn, desk, said, place_now.mine_button(turn, desk), place_now.event_button(turn, desk, place))


def said_coming(turn: Turn, desk: Desk) -> Reply:
    place = place_now.find_mine(turn)
    if place is None:
        return place_now.not_there(turn, desk)
    if place.registration.state != CONFIRMED or place.event.ends_at <= turn.now:
        return place_now.stands_now(turn, desk, place)
    registration.say_coming(turn.db, registration_id=place.registration.id, person_id=turn.speaker.person_id)
    said = desk.say(turn, "mine.coming", title=place.event.title, when=ticket_card.when(turn, desk, place.event))
    return place_now.say(turn, desk, said, place_now.ticket_button(turn, desk, place.registration))


def said_not_coming(turn: Turn, desk: Desk) -> Reply:
    """Asked once: the seat goes to somebody else."""
    place = place_now.find_mine(turn)
    if place is None:
        return place_now.not_there(turn, desk)
    if place.registration.state != CONFIRMED:
        return place_now.stands_now(turn, desk, place)
    if place.event.starts_at <= turn.now:
        return place_now.too_late(turn, desk, place)
    others_wait = mine.has_a_line(turn.db, place.event)
    said = desk.say(
        turn, "mine.give_to_line" if others_wait else "mine.give_back", title=place.event.title,
        who=ticket_card.who(turn, desk, place.registration),
        people=ticket_card.people(turn, desk, place.registration.party_size),
    )  # fmt: skip
    number = str(place.registration.id)
    choices = (
        desk.button(turn, "button.mine_give_back", "leave_yes", r=number),
        desk.button(turn, "button.mine_still_coming", "coming", r=number),
    )
    return Reply((Text(said, choices),), turn.memory)


def _short_card(turn: Turn, desk: Desk, place: Mine) -> Card:
    event, row = place.event, place.registration
    if row.state == OFFERED:
        return place_now.offer_card(turn, desk, place)
    facts = list(ticket_card.event_facts(turn, desk, event))
    if row.kind != "self":
        facts.append((desk.say(turn, "mine.fact_name"), ticket_card.name_of(turn, desk, row)))
    facts.append((desk.say(turn, "mine.fact_party"), ticket_card.people(turn, desk, row.party_size)))
    actions: list[Action] = [place_now.ticket_button(turn, desk, row)]
    if event.starts_at > turn.now:
        actions.append(desk.button(turn, "button.mine_leave", "leave_event", r=str(row.id)))
    state = ticket_card.state_words(turn, desk, event, row)
    return Card(title=event.title, text=state, facts=tuple(facts), actions=tuple(actions))


def _ask_to_leave(turn: Turn, desk: Desk, place: Mine) -> Reply:
    """Names the event, and says what becomes of the seat."""
    event, row = place.event, place.registration
    if row.state not in OPEN:
        return place_now.stands_now(turn, desk, place)
    if event.starts_at <= turn.now:
        return place_now.too_late(turn, desk, place)
    number = str(row.id)
    lines = [
        desk.say(
            turn, "mine.ask_leave", title=event.title, when=ticket_card.when(turn, desk, event),
            who=ticket_card.who(turn, desk, row),
        ),
        _what_becomes(turn, desk, place),
    ]  # fmt: skip
    choices = (
        desk.button(turn, "button.mine_leave_yes", "leave_yes", r=number),
        desk.button(turn, "button.mine_keep", "booked", r=number),
    )
    return Reply((Text("\n".join(lines), choices),), turn.memory)


def _what_becomes(turn: Turn, desk: Desk, place: Mine) -> str:
    row = place.registration
    if row.state == WAITING:
        place_in_line = ticket_card.state_words(turn, desk, place.event, row)
        return desk.say(turn, "mine.line_is_lost", state=place_in_line)
    if row.state == PENDING:
        return desk.say(turn, "mine.request_is_lost")
    key = "mine.seat_to_line" if mine.has_a_line(turn.db, place.event) else "mine.seat_to_others"
    return desk.say(turn, key, people=ticket_card.people(turn, desk, row.seats))


BUTTONS: Mapping[str, Callable[[Turn, Desk], Reply]] = {
    "mine": show_mine,
    "booked": show_ticket,
    "leave_event": ask_to_leave,
    "leave_yes": left,
    "coming": said_coming,
    "not_coming": said_not_coming,
}
