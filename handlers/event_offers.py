"""The answers to a seat that was offered. One that time has passed by is answered with how it is now."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.conversation.turn import Reply, Turn
from bot.events import mine, refusals, registration
from bot.events.mine import Mine
from bot.events.registration import Outcome
from bot.messages import Text
from bot.storage.registrations import CONFIRMED, OFFERED
from handlers import place_now, ticket_card
from handlers.desk import Desk
from handlers.typed import plain_words

TAKE_WORDS = frozenset({"รับที่นั่ง", "ขอรับที่นั่ง"})
WORDS = TAKE_WORDS | {"รับ", "รับเลย", "เอา", "ไม่รับ", "ไม่เอา", "ไม่ไปแล้ว"}
"""What may be typed to an offer."""
MOST_SHOWN = 3
About = tuple[int, int | None]
"""The registration that is answered, and its turn when its buttons were made."""


def is_answered(turn: Turn) -> bool:
    """True for a word that may be meant for a seat that is offered now: it may be for nothing else, then."""
    if turn.memory.step is not None or turn.incoming.kind != "text" or plain_words(turn.incoming.text) not in WORDS:
        return False
    return bool(mine.list_offered(turn.db, person_id=turn.speaker.person_id, now=turn.now))


def answered(turn: Turn, desk: Desk) -> Reply:
    """The very words of the button take the seat, where only one can be meant; else the buttons are shown."""
    places = mine.list_offered(turn.db, person_id=turn.speaker.person_id, now=turn.now)
    first = places[0].registration
    if plain_words(turn.incoming.text) in TAKE_WORDS and len(places) == 1 and first.seats >= first.party_size:
        return _take(turn, desk, (first.id, first.turn))
    cards = [place_now.now_message(turn, desk, place) for place in places[:MOST_SHOWN]]
    return Reply((Text(desk.say(turn, "mine.offer_press")), *cards), turn.memory)


def accepted(turn: Turn, desk: Desk) -> Reply:
    return _take(turn, desk, _pressed(turn))


def _take(turn: Turn, desk: Desk, about: About) -> Reply:
    def take(place: Mine) -> Outcome:
        return registration.accept_offer(
            turn.db, registration_id=place.registration.id, now=turn.now, person_id=turn.speaker.person_id
        )

    return _answer(turn, desk, about, take, "mine.offer_taken")


def declined(turn: Turn, desk: Desk) -> Reply:
    def give_back(place: Mine) -> Outcome:
        return registration.decline_offer(
            turn.db, registration_id=place.registration.id, keeps_waiting=False, now=turn.now,
            person_id=turn.speaker.person_id,
        )  # fmt: skip

    return _answer(turn, desk, _pressed(turn), give_back, "mine.offer_declined")


def waits_on(turn: Turn, desk: Desk) -> Reply:
    """For the whole party. Whoever is offered all that they asked for has nothing to wait for."""

    def wait(place: Mine) -> Outcome:
        if place.registration.seats >= place.registration.party_size:
            raise refusals.OfferOver
        return registration.decline_offer(
            turn.db, registration_id=place.registration.id, keeps_waiting=True, now=turn.now,
            person_id=turn.speaker.person_id,
        )  # fmt: skip

    return _answer(turn, desk, _pressed(turn), wait, "mine.offer_waits")


def _pressed(turn: Turn) -> About:
    return place_now.argument(turn, "r") or 0, place_now.argument(turn, "t")


def _answer(turn: Turn, desk: Desk, about: About, act: Callable[[Mine], Outcome], key: str) -> Reply:
    number, in_turn = about
    try:
        place = mine.get_locked(turn.db, registration_id=number, person_id=turn.speaker.person_id)
    except refusals.NoSuchRegistration:
        return place_now.not_there(turn, desk)
    if place.registration.turn != in_turn or place.registration.state != OFFERED:
        return _as_it_is(turn, desk, place)
    try:
        outcome = act(place)
    except refusals.OfferOver:
        return _as_it_is(turn, desk, place)
    who, seats = ticket_card.who(turn, desk, outcome.registration), outcome.registration.party_size
    people = ticket_card.people(turn, desk, seats)
    said = desk.say(turn, key, title=place.event.title, who=who, people=people)
    if key == "mine.offer_declined":
        return place_now.say(turn, desk, said, place_now.mine_button(turn, desk))
    return place_now.stands_now(turn, desk, place, before=said)


def _as_it_is(turn: Turn, desk: Desk, place: Mine) -> Reply:
    key = "mine.has_seat" if place.registration.state == CONFIRMED else "mine.as_it_is"
    return place_now.stands_now(turn, desk, place, before=desk.say(turn, key))


BUTTONS: Mapping[str, Callable[[Turn, Desk], Reply]] = {
    "offer_yes": accepted,
    "offer_no": declined,
    "offer_wait": waits_on,
}
