"""How many come: another number for a place that one has, pressed or typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from bot import masking
from bot.conversation.turn import Reply, Turn
from bot.events import mine, refusals, registration
from bot.events.mine import Mine
from bot.messages import Action, Text
from bot.storage.registrations import CONFIRMED, PENDING, WAITING
from handlers import dialogue, place_now, ticket_card
from handlers.desk import Desk
from handlers.dialogue import Step

PARTY_STEP = "party:size"
MOST_CHOICES = 10
CHANGEABLE = frozenset({PENDING, WAITING, CONFIRMED})
_NUMBERS = (
    "หนึ่ง one เดียว", "สอง two", "สาม three", "สี่ four", "ห้า five", "หก six", "เจ็ด seven", "แปด eight", "เก้า nine",
    "สิบ ten",
)  # fmt: skip
NUMBER_WORDS = {word: number for number, words in enumerate(_NUMBERS, start=1) for word in words.split()}
_SIZE = re.compile(
    r"(?:เปลี่ยนเป็น|เป็น|ไป|มา|ทั้งหมด|รวม|กัน|เหลือ|แค่|เอา|we are|just|only|\s){0,6}"
    r"(?P<size>[0-9]{1,4}|[ก-๙]{2,6}?|[a-z]{3,5})\s?(?:คน|ที่นั่ง|ที่|ท่าน|people|persons?|seats?)?"
    r"(?:\s|ค่ะ|คะ|ครับ|คับ|จ้า|นะ|เลย|เท่านั้น|please){0,4}",
    re.IGNORECASE,
)


def ask_for_size(turn: Turn, desk: Desk) -> Reply:
    place = place_now.find_mine(turn)
    if place is None:
        return place_now.not_there(turn, desk)
    if place.registration.state not in CHANGEABLE:
        return place_now.stands_now(turn, desk, place)
    if place.event.starts_at <= turn.now:
        return place_now.too_late(turn, desk, place)
    memory = dialogue.begin(turn, PARTY_STEP, r=str(place.registration.id))
    return Reply((_size_question(replace(turn, memory=memory), desk, place),), memory)


def keeping(leave: Callable[[Turn, Desk], Reply]) -> Callable[[Turn, Desk], Reply]:
    """Leaving this dialogue leaves the place as it is, and says so: nobody shall think that it was cancelled."""

    def answer(turn: Turn, desk: Desk) -> Reply:
        if turn.memory.step != PARTY_STEP:
            return leave(turn, desk)
        number, memory = int(turn.memory.data["r"]), turn.memory.without_step()
        place = mine.find(turn.db, registration_id=number, person_id=turn.speaker.person_id)
        if place is None:
            return leave(turn, desk)
        cancel = desk.button(turn, "button.mine_leave", "leave_event", r=str(number))
        choices = (place_now.ticket_button(turn, desk, place.registration), cancel, *desk.short_buttons(turn))
        return Reply((Text(desk.say(turn, "mine.size_kept"), choices),), memory)

    return answer


def size_pressed(turn: Turn, desk: Desk) -> Reply:
    number, size = place_now.argument(turn, "r"), place_now.argument(turn, "n")
    if number is None or size is None:
        return place_now.not_there(turn, desk)
    return _change_size(turn, desk, number, size)


def size_typed(turn: Turn, desk: Desk) -> Reply:
    size = read_size(turn.incoming.text)
    if size is not None:
        return _change_size(turn, desk, int(turn.memory.data["r"]), size)
    if turn.understanding is not None and turn.understanding.decision.kind == "answer":
        return dialogue.answer_in_between(turn, desk, SIZE)
    return Reply((_ask_size_again(turn, desk, "mine.size_unread"),), turn.memory)


def read_size(text: str) -> int | None:
    """`3`, `๓ คน`, `มากันสามคนค่ะ`."""
    found = _SIZE.fullmatch(masking.plain(text).strip().lower())
    if found is None:
        return None
    return int(found["size"]) if found["size"].isdigit() else NUMBER_WORDS.get(found["size"])


def _size_question(turn: Turn, desk: Desk, place: Mine) -> Text:
    row = place.registration
    said = desk.say(
        turn, "mine.ask_size", title=place.event.title, who=ticket_card.who(turn, desk, row),
        people=ticket_card.people(turn, desk, row.party_size),
    )  # fmt: skip
    return Text(said, _size_choices(turn, desk, place))


def _ask_size_again(turn: Turn, desk: Desk, key: str = "mine.size_waiting") -> Text:
    number = int(turn.memory.data["r"])
    place = mine.find(turn.db, registration_id=number, person_id=turn.speaker.person_id)
    choices = _size_choices(turn, desk, place) if place else (_keep_button(turn, desk),)
    return Text(desk.say(turn, key), choices)


def _size_choices(turn: Turn, desk: Desk, place: Mine) -> tuple[Action, ...]:
    row = place.registration
    most = registration.LARGEST_CLASS if row.kind == "class" else place.event.party_most
    sizes = [size for size in range(1, min(most, MOST_CHOICES) + 1) if size != row.party_size]
    return (*(_size_button(turn, desk, row.id, size) for size in sizes), _keep_button(turn, desk))


def _keep_button(turn: Turn, desk: Desk) -> Action:
    return dialogue.button(turn, desk, "button.mine_same_size", "leave")


def _size_button(turn: Turn, desk: Desk, registration_id: int, size: int) -> Action:
    label = ticket_card.people(turn, desk, size)
    return desk.press(turn, label, "party_is", r=str(registration_id), n=str(size))


def _change_size(turn: Turn, desk: Desk, registration_id: int, size: int) -> Reply:
    """The dialogue about it is over then, another one is not."""
    if turn.memory.step == PARTY_STEP:
        turn = replace(turn, memory=turn.memory.without_step())
    person_id = turn.speaker.person_id
    place = mine.find(turn.db, registration_id=registration_id, person_id=person_id)
    if place is None:
        return place_now.not_there(turn, desk)
    before = place.registration.party_size
    try:
        outcome = registration.change_party(
            turn.db, registration_id=registration_id, party_size=size, now=turn.now, person_id=person_id
        )
    except refusals.NotEnoughSeats as refused:
        return _not_enough(turn, desk, place, refused.left)
    except refusals.PartyTooLarge as refused:
        return _wrong_size(turn, desk, place, size, refused.most)
    except refusals.EventOver:
        return place_now.too_late(turn, desk, place)
    except refusals.NotInThatState:
        return place_now.stands_now(turn, desk, place)
    people = ticket_card.people(turn, desk, outcome.registration.party_size)
    said = desk.say(turn, "mine.size_changed" if outcome.new else "mine.size_same", people=people)
    if outcome.new and place.event.asks_companions and size > before:
        said = f"{said}\n{desk.say(turn, 'mine.names_at_door')}"
    return place_now.stands_now(turn, desk, place, before=said)


def _not_enough(turn: Turn, desk: Desk, place: Mine, free: int) -> Reply:
    row = place.registration
    now = ticket_card.people(turn, desk, row.party_size)
    if not free:
        return place_now.say(
            turn, desk, desk.say(turn, "mine.no_more_seats", people=now), place_now.ticket_button(turn, desk, row)
        )  # fmt: skip
    total = row.party_size + free
    said = desk.say(turn, "mine.some_more_seats", people=now, free=str(free), total=str(total))
    return place_now.say(
        turn, desk, said, _size_button(turn, desk, row.id, total), place_now.ticket_button(turn, desk, row)
    )


def _wrong_size(turn: Turn, desk: Desk, place: Mine, size: int, most: int) -> Reply:
    number = str(place.registration.id)
    if size < 1:
        leave = desk.button(turn, "button.mine_leave", "leave_event", r=number)
        return place_now.say(turn, desk, desk.say(turn, "mine.size_none"), leave)
    said = desk.say(turn, "mine.size_too_large", most=str(most))
    return place_now.say(turn, desk, said, desk.button(turn, "button.mine_party", "party", r=number))


SIZE = Step(PARTY_STEP, take=size_typed, ask_again=_ask_size_again, hold=lambda turn: {})  # noqa: ARG005 - holds nothing
STEPS = (SIZE,)
BUTTONS: Mapping[str, Callable[[Turn, Desk], Reply]] = {"party": ask_for_size, "party_is": size_pressed}
