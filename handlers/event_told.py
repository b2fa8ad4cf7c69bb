"""What registrants are told without having written, worded from how things are at that moment. What is not true any
more is not said: then there are no messages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from bot import clock, thai_dates
from bot.conversation.turn import Reply, Turn
from bot.events import booking, feedback, mine
from bot.events.mine import Mine
from bot.messages import Action, Card, Message, Text
from bot.storage import events, registrations, service_messages
from bot.storage.registrations import CANCELLED, CONFIRMED, OFFERED, OPEN, REFUSED, WAITING
from bot.storage.service_messages import BOOKED, QUEUED, ServiceMessageRow
from handlers import event_feedback, place_now, ticket_card
from handlers.desk import Desk

Teller = Callable[[Turn, Desk, Mine], Message | None]
HOURS_FROM = timedelta(minutes=90)
"""From so long before on, hours are counted, below it minutes."""


def told(turn: Turn, desk: Desk) -> Reply:
    """No button leads here: it is called when the time has come."""
    number = place_now.argument(turn, "m")
    row = service_messages.find(turn.db, number) if number is not None else None
    place = _place_of(turn, row) if row is not None else None
    message = _worded(turn, desk, row, place) if row is not None and place is not None else None
    if message is None:
        return Reply((), turn.memory)
    if not message.choices and not isinstance(message, Card):
        message = replace(message, choices=desk.short_buttons(turn))
    return Reply((message,), turn.memory)


def _place_of(turn: Turn, row: ServiceMessageRow) -> Mine | None:
    if row.state not in {BOOKED, QUEUED} or not booking.is_wanted(turn.db, row.kind, person_id=turn.speaker.person_id):
        return None
    return mine.find(turn.db, registration_id=row.registration_id, person_id=turn.speaker.person_id)


def _worded(turn: Turn, desk: Desk, row: ServiceMessageRow, place: Mine) -> Message | None:
    """None where it is not true any more. What changed is told as it is now, whichever edit it was booked for; every
    other message is of one schedule, or of one turn of the registration."""
    event, kind = place.event, row.kind
    if kind == booking.CALLED_OFF:
        return _called_off(turn, desk, place)
    if event.state != events.PUBLISHED:
        return None
    scheduled = row.occurrence == event.schedule_version
    if kind == booking.FEEDBACK:
        return _ask_for_stars(turn, desk, place) if scheduled else None
    if event.starts_at <= turn.now:
        return None
    if kind.startswith(booking.REMINDER):
        return _reminder(turn, desk, place) if scheduled and kind in booking.reminder_kinds(event) else None
    of_this_turn = row.occurrence == place.registration.turn or kind == booking.CHANGED
    return TELLERS[kind](turn, desk, place) if of_this_turn and kind in TELLERS else None


def _offer(turn: Turn, desk: Desk, place: Mine) -> Message | None:
    row = place.registration
    stands = row.state == OFFERED and row.offer_until is not None and row.offer_until > turn.now
    return place_now.offer_card(turn, desk, place) if stands else None


def _promoted(turn: Turn, desk: Desk, place: Mine) -> Message | None:
    if place.registration.state != CONFIRMED:
        return None
    card = _ticket(turn, desk, place, "told.promoted", "told.promoted_alt")
    cannot = desk.button(turn, "button.told_cannot", "not_coming", **place_now.of_turn(place))
    others = tuple(action for action in card.actions if not _leads_to(action, "leave_event"))
    return replace(card, actions=(*others, cannot))


def _offer_over(turn: Turn, desk: Desk, place: Mine) -> Message | None:
    row = place.registration
    if row.state != CANCELLED or row.ended_by != "offer":
        return None
    said = desk.say(turn, "mine.offer_ran_out", title=place.event.title, who=ticket_card.who(turn, desk, row))
    return place_now.ended_message(turn, desk, place, said)


def _admitted(turn: Turn, desk: Desk, place: Mine) -> Message | None:
    if place.registration.state != CONFIRMED:
        return None
    return _ticket(turn, desk, place, "told.admitted", "told.admitted_alt")


def _in_line(key: str) -> Teller:
    """Where in the line they stand, under this sentence."""

    def tell(turn: Turn, desk: Desk, place: Mine) -> Message | None:
        row = place.registration
        if row.state != WAITING:
            return None
        number = str(registrations.count_ahead(turn.db, row) + 1)
        said = desk.say(turn, key, title=place.event.title, who=ticket_card.who(turn, desk, row), place=number)
        return Text(said, (place_now.ticket_button(turn, desk, row), *desk.short_buttons(turn)))

    return tell


def _refused(turn: Turn, desk: Desk, place: Mine) -> Message | None:
    if place.registration.state != REFUSED:
        return None
    who = ticket_card.who(turn, desk, place.registration)
    return Text(desk.say(turn, "mine.refused", title=place.event.title, who=who), desk.short_buttons(turn))


def _cancelled_by_staff(turn: Turn, desk: Desk, place: Mine) -> Message | None:
    row = place.registration
    if row.state != CANCELLED or row.ended_by != "staff":
        return None
    who = ticket_card.who(turn, desk, row)
    said = desk.say(turn, "told.cancelled_by_staff", title=place.event.title, who=who)
    return Text(said, desk.short_buttons(turn))


def _moved(turn: Turn, desk: Desk, place: Mine) -> Message | None:
    if place.registration.state == OFFERED:
        return place_now.offer_card(turn, desk, place)
    if place.registration.state not in OPEN:
        return None
    return _ticket(turn, desk, place, "told.moved", "told.moved_alt", state_too=True)


def _changed(turn: Turn, desk: Desk, place: Mine) -> Message | None:
    """Time, place and link as they are now, whichever of them has changed."""
    event, row = place.event, place.registration
    if row.state not in OPEN:
        return None
    actions: list[Action] = [
        *ticket_card.online_link(turn, desk, event, row),
        *ticket_card.map_link(turn, desk, event),
        place_now.ticket_button(turn, desk, row),
        desk.button(turn, "button.mine_leave", "leave_event", r=str(row.id)),
    ]
    return Card(
        title=event.title, text=desk.say(turn, "told.changed", who=ticket_card.who(turn, desk, row)),
        facts=_facts(turn, desk, place), actions=tuple(actions),
        alt=desk.say(turn, "told.changed_alt", title=event.title, when=ticket_card.when(turn, desk, event)),
    )  # fmt: skip


def _called_off(turn: Turn, desk: Desk, place: Mine) -> Message | None:
    row = place.registration
    if place.event.state != events.CALLED_OFF or row.ended_by != "event":
        return None
    said = place_now.called_off_words(turn, desk, place)
    nothing_to_do = desk.say(turn, "told.called_off_rest", who=ticket_card.who(turn, desk, row))
    other = desk.button(turn, "action.list_events", "events")
    return Text(f"{said}\n\n{nothing_to_do}", (other, *desk.short_buttons(turn)))


def _reminder(turn: Turn, desk: Desk, place: Mine) -> Message | None:
    """Whoever has said that they will not come is left in peace."""
    event, row = place.event, place.registration
    if row.state != CONFIRMED or row.coming is False:
        return None
    soon = _how_soon(turn, desk, place)
    facts = list(_facts(turn, desk, place))
    if event.bring.strip():
        facts.append((desk.say(turn, "told.fact_bring"), event.bring.strip()))
    facts.append((desk.say(turn, "mine.fact_code"), row.code))
    actions = (
        desk.button(turn, "button.told_coming", "coming", **place_now.of_turn(place)),
        desk.button(turn, "button.told_not_coming", "not_coming", **place_now.of_turn(place)),
        *ticket_card.online_link(turn, desk, event, row),
        *ticket_card.map_link(turn, desk, event),
        place_now.ticket_button(turn, desk, row),
    )
    who = ticket_card.who(turn, desk, row)
    key = "told.reminder" if row.kind == "self" else "told.reminder_of"
    return Card(
        title=event.title, text=desk.say(turn, key, soon=soon, who=who), facts=tuple(facts), actions=actions,
        alt=desk.say(turn, "told.reminder_alt", soon=soon, title=event.title),
    )  # fmt: skip


def _how_soon(turn: Turn, desk: Desk, place: Mine) -> str:
    """`พรุ่งนี้`, `อีก 2 ชั่วโมง`: as it is now, however late the reminder."""
    starts_at, english = place.event.starts_at, turn.language == "en"
    day, today = clock.bangkok_date(starts_at), clock.bangkok_date(turn.now)
    if day != today:
        return thai_dates.relative_day(day, today, english=english)
    left = starts_at - turn.now
    if left >= HOURS_FROM:
        return desk.say(turn, "told.in_hours", hours=str(round(left / timedelta(hours=1))))
    return desk.say(turn, "told.in_minutes", minutes=str(max(round(left / timedelta(minutes=5)) * 5, 5)))


def _ask_for_stars(turn: Turn, desk: Desk, place: Mine) -> Message | None:
    row = place.registration
    if not feedback.is_asked(turn.db, place.event, row, now=turn.now):
        return None
    key = "told.ask_stars" if row.kind == "self" else "told.ask_stars_of"
    return Card(
        title=place.event.title, text=desk.say(turn, key, who=ticket_card.who(turn, desk, row)),
        actions=event_feedback.star_buttons(turn, desk, row.id),
        alt=desk.say(turn, "told.ask_stars_alt", title=place.event.title),
    )  # fmt: skip


def _ticket(turn: Turn, desk: Desk, place: Mine, key: str, alt: str, *, state_too: bool = False) -> Card:
    """The ticket as it is now, under another sentence."""
    event, row = place.event, place.registration
    card = ticket_card.ticket_card(turn, desk, event, row)
    said = desk.say(turn, key, who=ticket_card.who(turn, desk, row))
    text = f"{said}\n\n{card.text}" if state_too else said
    return replace(card, text=text, alt=desk.say(turn, alt, title=event.title))


def _facts(turn: Turn, desk: Desk, place: Mine) -> tuple[tuple[str, str], ...]:
    facts = ticket_card.event_facts(turn, desk, place.event)
    if place.registration.kind == "self":
        return facts
    return (*facts, (desk.say(turn, "mine.fact_name"), ticket_card.name_of(turn, desk, place.registration)))


def _leads_to(action: Action, name: str) -> bool:
    return getattr(action, "data", "").startswith(f"{name}?")


TELLERS: Mapping[str, Teller] = {
    booking.OFFER: _offer,
    booking.PROMOTED: _promoted,
    booking.OFFER_OVER: _offer_over,
    booking.ADMITTED: _admitted,
    booking.WAITLISTED: _in_line("told.waitlisted"),
    booking.BACK_IN_LINE: _in_line("told.back_in_line"),
    booking.REFUSED: _refused,
    booking.STAFF_CANCELLED: _cancelled_by_staff,
    booking.MOVED: _moved,
    booking.CHANGED: _changed,
}
BUTTONS: Mapping[str, Callable[[Turn, Desk], Reply]] = {"service": told}
