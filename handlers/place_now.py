"""How somebody's place stands now: what is said to whoever asks for it, or presses a button that time has passed by."""

from __future__ import annotations

from bot.conversation.postback import read_number
from bot.conversation.turn import Reply, Turn
from bot.events import mine, waiting_list
from bot.events.mine import Mine
from bot.messages import Action, Card, Message, Text
from bot.storage import events
from bot.storage.registrations import CANCELLED, OFFERED, OPEN, REFUSED, RegistrationRow
from handlers import ticket_card
from handlers.desk import Desk

ENDED_BY = {"person": "mine.you_left", "staff": "mine.staff_ended", "offer": "mine.offer_ran_out"}


def find_mine(turn: Turn) -> Mine | None:
    """The registration that the button is about, if it is this person's."""
    number = argument(turn, "r")
    if number is None:
        return None
    return mine.find(turn.db, registration_id=number, person_id=turn.speaker.person_id)


def argument(turn: Turn, name: str) -> int | None:
    return read_number(turn.pressed.arguments.get(name)) if turn.pressed else None


def say(turn: Turn, desk: Desk, sentence: str, *choices: Action) -> Reply:
    return Reply((Text(sentence, (*choices, *desk.short_buttons(turn))),), turn.memory)


def not_there(turn: Turn, desk: Desk) -> Reply:
    """It does not exist, or is somebody else's: nobody is told which."""
    return say(turn, desk, desk.say(turn, "mine.not_there"), mine_button(turn, desk))


def stands_now(turn: Turn, desk: Desk, place: Mine, *, before: str = "") -> Reply:
    """`before` is said first."""
    message = now_message(turn, desk, place)
    if isinstance(message, Text) and before:
        message = Text(f"{before}\n{message.text}", message.choices)
    messages: tuple[Message, ...] = (message,) if isinstance(message, Text) or not before else (Text(before), message)
    return Reply(messages, turn.memory)


def now_message(turn: Turn, desk: Desk, place: Mine) -> Card | Text:
    event, row = place.event, place.registration
    ended = _ended_words(turn, desk, place)
    if ended is not None:
        return ended_message(turn, desk, place, ended)
    if row.state == OFFERED:
        return offer_card(turn, desk, place)
    return ticket_card.ticket_card(turn, desk, event, row)


def ended_message(turn: Turn, desk: Desk, place: Mine, words: str) -> Text:
    """With the way back, where there is one."""
    if not _may_come_back(turn, place):
        return Text(words, desk.short_buttons(turn))
    choices = (event_button(turn, desk, place), *desk.short_buttons(turn))
    return Text(f"{words}\n{desk.say(turn, 'mine.may_come_back')}", choices)


def offer_card(turn: Turn, desk: Desk, place: Mine) -> Card:
    """A seat that is kept for somebody who waited, and what they may say to it; fewer seats than they asked for are
    explained."""
    event, row = place.event, place.registration
    who = ticket_card.who(turn, desk, row)
    until = ticket_card.until(turn, row.offer_until or event.starts_at)
    seats, party = str(row.seats), str(row.party_size)
    wait: tuple[Action, ...] = ()
    if row.seats < row.party_size:
        text = desk.say(turn, "mine.offer_fewer", who=who, seats=seats, party=party, until=until)
        yes = desk.press(turn, desk.say(turn, "button.mine_take_some", number=seats), "offer_yes", **of_turn(place))
        wait = (desk.press(turn, desk.say(turn, "button.mine_wait", number=party), "offer_wait", **of_turn(place)),)
    else:
        text = desk.say(turn, "mine.offer", who=who, people=ticket_card.people(turn, desk, row.seats), until=until)
        yes = desk.button(turn, "button.mine_take", "offer_yes", **of_turn(place))
    return Card(
        title=event.title, text=text, facts=ticket_card.event_facts(turn, desk, event),
        actions=(yes, *wait, desk.button(turn, "button.mine_decline", "offer_no", **of_turn(place))),
        alt=desk.say(turn, "mine.offer_alt", title=event.title, until=until),
    )  # fmt: skip


def of_turn(place: Mine) -> dict[str, str]:
    """What a button carries that is about the place as it is now."""
    return {"r": str(place.registration.id), "t": str(place.registration.turn)}


def too_late(turn: Turn, desk: Desk, place: Mine) -> Reply:
    """It has begun: nothing is changed from the chat any more."""
    if place.event.ends_at <= turn.now:
        return stands_now(turn, desk, place)
    return say(turn, desk, desk.say(turn, "mine.has_begun", title=place.event.title))


def mine_button(turn: Turn, desk: Desk) -> Action:
    return desk.button(turn, "button.mine", "mine")


def ticket_button(turn: Turn, desk: Desk, row: RegistrationRow) -> Action:
    return desk.button(turn, "button.mine_ticket", "booked", r=str(row.id))


def event_button(turn: Turn, desk: Desk, place: Mine) -> Action:
    return desk.button(turn, "button.mine_event", "event", i=str(place.event.id))


def _ended_words(turn: Turn, desk: Desk, place: Mine) -> str | None:
    """None while there is a place, or one in the line."""
    event, row = place.event, place.registration
    title = event.title
    if event.state == events.CALLED_OFF:
        return called_off_words(turn, desk, place)
    if event.ends_at <= turn.now:
        return desk.say(turn, "mine.over", title=title, when=ticket_card.when(turn, desk, event))
    if row.state == REFUSED:
        return desk.say(turn, "mine.refused", title=title, who=ticket_card.who(turn, desk, row))
    if row.state == CANCELLED:
        key = ENDED_BY.get(row.ended_by or "", "mine.staff_ended")
        return desk.say(turn, key, title=title, who=ticket_card.who(turn, desk, row))
    if row.state == OFFERED and row.offer_until is not None and row.offer_until <= turn.now:
        key = "mine.offer_back_in_line" if waiting_list.keeps_its_place(turn.db, row) else "mine.offer_ran_out"
        return desk.say(turn, key, title=title, who=ticket_card.who(turn, desk, row))
    return None


def called_off_words(turn: Turn, desk: Desk, place: Mine) -> str:
    event = place.event
    said = desk.say(turn, "mine.called_off", title=event.title, when=ticket_card.when(turn, desk, event))
    why = event.called_off_why.strip()
    return f"{said}\n{desk.say(turn, 'mine.called_off_why', why=why)}" if why else said


def _may_come_back(turn: Turn, place: Mine) -> bool:
    event, row = place.event, place.registration
    closes_at = min(filter(None, (event.closes_at, event.starts_at)))
    return event.state == events.PUBLISHED and closes_at > turn.now and row.state not in {*OPEN, REFUSED}
