"""An event as a card for leafing through, and with all that is known of it."""

from __future__ import annotations

from bot import clock, thai_dates
from bot.conversation.turn import Turn
from bot.events import search
from bot.events.search import Door, Seats
from bot.messages import Action, Card, Link, Place
from bot.storage import events, registrations
from bot.storage.events import EventRow
from bot.storage.registrations import RegistrationRow
from handlers import ticket_card
from handlers.desk import Desk

Facts = tuple[tuple[str, str], ...]
SIGN_UP = {Door.OPEN: "button.event_sign_up", Door.ASK: "button.event_sign_up", Door.LINE: "button.event_wait"}
STANDING = {
    Door.OPEN: "seats.unlimited",
    Door.ASK: "seats.ask",
    Door.LINE: "seats.line",
    Door.FULL: "seats.full",
    Door.CLOSED: "seats.closed",
    Door.BEGUN: "seats.begun",
}
A_KILOMETRE = 1.0


def event_card(
    turn: Turn, desk: Desk, event: EventRow, *, seats: Seats | None = None, own: RegistrationRow | None = None,
    km: float | None = None,
) -> Card:  # fmt: skip
    """As it stands in a carousel. `seats` are looked up where they are not given; `own` is the reader's own place at
    it, `km` how far it is from them."""
    seats = seats or search.seats_of(turn.db, [event], now=turn.now)[event.id]
    facts = [
        (desk.say(turn, "events.fact_when"), ticket_card.in_lines(ticket_card.when(turn, desk, event))),
        (desk.say(turn, "events.fact_where"), place_words(turn, desk, event)),
        (desk.say(turn, "events.fact_seats"), standing(turn, desk, event, seats, own)),
    ]
    if km is not None:
        facts.insert(2, (desk.say(turn, "events.fact_far"), far_words(turn, desk, km)))
    details = desk.button(turn, "button.event_details", "event", i=str(event.id))
    return Card(
        title=event.title, text="", facts=tuple(facts),
        actions=(details, *_way_in(turn, desk, event, seats, own)),
    )  # fmt: skip


def details_card(turn: Turn, desk: Desk, event: EventRow, *, seats: Seats, own: RegistrationRow | None) -> Card:
    """Everything that somebody may want to know before registering."""
    return Card(
        title=event.title, text=event.summary, alt=event.title,
        facts=(*_about(turn, desk, event), *_about_registering(turn, desk, event, seats, own)),
        actions=(
            *_way_in(turn, desk, event, seats, own),
            *ticket_card.map_link(turn, desk, event),
            Link(desk.say(turn, "button.event_page"), f"{desk.base_url}/e/{event.public_id}"),
            ticket_card.calendar_link(turn, desk, event),
        ),
    )  # fmt: skip


def map_of(event: EventRow) -> tuple[Place, ...]:
    if event.latitude is None or event.longitude is None:
        return ()
    name = event.place_name or event.title
    return (Place(name, event.place_address or event.title, event.latitude, event.longitude),)


def standing(turn: Turn, desk: Desk, event: EventRow, seats: Seats, own: RegistrationRow | None) -> str:
    """Seats left, in words; to somebody who has a place, that they have."""
    if own is not None:
        return ticket_card.state_words(turn, desk, event, own)
    if seats.door is Door.NOT_YET:
        return desk.say(turn, "seats.opens", date=_opens(turn, event))
    if seats.door is Door.OPEN and seats.left is not None:
        return desk.say(turn, "seats.left", count=f"{seats.left:,}")
    return desk.say(turn, STANDING[seats.door])


def place_words(turn: Turn, desk: Desk, event: EventRow) -> str:
    """The place and its district, where the place's name does not say so; or that it is online."""
    district = next((known for known in turn.catalogue.pack.districts if known.id == event.district), None)
    parts = [event.place_name] if event.place_name else []
    if district is not None and district.name["th"] not in event.place_name:
        name = district.name.get(turn.language) or district.name["th"]
        parts.append(desk.say(turn, "events.district", district=name))
    if event.online_link:
        parts.append(desk.say(turn, "events.online_too" if parts else "events.online"))
    return " ".join(parts) or desk.say(turn, "events.place_open")


def far_words(turn: Turn, desk: Desk, km: float) -> str:
    if km < A_KILOMETRE:
        return desk.say(turn, "events.far_little")
    return desk.say(turn, "events.far", km=f"{km:,.0f}")


def _way_in(
    turn: Turn, desk: Desk, event: EventRow, seats: Seats, own: RegistrationRow | None
) -> tuple[Action, ...]:  # fmt: skip
    if own is not None:
        return (desk.button(turn, "button.event_ticket", "booked", r=str(own.id)),)
    key = SIGN_UP.get(seats.door)
    whom = {} if event.for_classes else {"k": "self"}  # where a class may come, it is asked who does
    return (desk.button(turn, key, "sign_up", i=str(event.id), **whom),) if key else ()


def _opens(turn: Turn, event: EventRow) -> str:
    """The day; today's or tomorrow's hour."""
    opens_at = event.opens_at or event.starts_at
    day, today = clock.bangkok_date(opens_at), clock.bangkok_date(turn.now)
    if (day - today).days <= 1:
        return ticket_card.until(turn, opens_at)
    return thai_dates.short_date(day, english=turn.language == "en")


def _about(turn: Turn, desk: Desk, event: EventRow) -> Facts:
    """When, where, what to bring, whom to ask."""
    facts = [(desk.say(turn, "events.fact_when"), ticket_card.in_lines(ticket_card.when(turn, desk, event)))]
    for number, part in enumerate(events.list_sessions(turn.db, event.id), start=1):
        label = part.title or desk.say(turn, "events.fact_part", number=str(number))
        said = thai_dates.span(part.starts_at, part.ends_at, english=turn.language == "en")
        facts.append((label, ticket_card.in_lines(said)))
    if event.place_name or event.district or not event.online_link:
        facts.append((desk.say(turn, "events.fact_where"), ticket_card.where(turn, desk, event)))
    if event.online_link:
        facts.append((desk.say(turn, "events.fact_online"), desk.say(turn, "events.link_comes")))
    if event.bring:
        facts.append((desk.say(turn, "events.fact_bring"), event.bring))
    if event.contact:
        facts.append((desk.say(turn, "events.fact_contact"), event.contact))
    return tuple(facts)


def _about_registering(
    turn: Turn, desk: Desk, event: EventRow, seats: Seats, own: RegistrationRow | None
) -> Facts:  # fmt: skip
    """Seats, until when, for whom, and what will be asked: nobody begins without knowing."""
    facts = [(desk.say(turn, "events.fact_seats"), standing(turn, desk, event, seats, own))]
    if seats.door in {Door.BEGUN, Door.CLOSED}:
        return tuple(facts)
    until = ticket_card.until(turn, event.closes_at) if event.closes_at else desk.say(turn, "events.until_begin")
    facts.append((desk.say(turn, "events.fact_until"), until))
    if event.party_most > 1:
        facts.append((desk.say(turn, "events.fact_party"), desk.say(turn, "events.party", most=str(event.party_most))))
    if event.minors == "adults":
        facts.append((desk.say(turn, "events.fact_who"), desk.say(turn, "events.adults")))
    elif event.minors == "guardian":
        facts.append((desk.say(turn, "events.fact_who"), desk.say(turn, "events.guardian")))
    if own is None or own.state not in registrations.OPEN:
        facts.append((desk.say(turn, "events.fact_asked"), _asked(turn, desk, event)))
    return tuple(facts)


def _asked(turn: Turn, desk: Desk, event: EventRow) -> str:
    parts = [desk.say(turn, "events.asks_name")]
    if event.phone_rule == "required":
        parts.append(desk.say(turn, "events.asks_phone"))
    elif event.phone_rule == "optional":
        parts.append(desk.say(turn, "events.asks_phone_maybe"))
    if event.asks_district:
        parts.append(desk.say(turn, "events.asks_district"))
    if event.asks_companions:
        parts.append(desk.say(turn, "events.asks_companions"))
    own = len(events.list_questions(turn.db, event.id))
    if own:
        parts.append(desk.say(turn, "events.asks_more", count=str(own)))
    return ", ".join(part.replace(" ", "\u00a0") for part in parts)  # lines end between them
