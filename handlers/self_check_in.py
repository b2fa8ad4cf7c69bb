"""Checking oneself in with the code on the wall: `เช็กอิน 123456`, or the six digits alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from bot import masking, thai_dates
from bot.conversation.turn import Reply, Turn
from bot.events import check_in, mine, refusals, wall_codes
from bot.events.check_in import SELF, CheckedIn
from bot.events.mine import Mine, TooManyGuesses
from bot.messages import Action, Text
from handlers import place_now, ticket_card
from handlers.desk import Desk

MOST_GUESSES = 10
"""In an hour, by one person."""
GOOD_FOR = timedelta(hours=1)
"""What is pressed after the code was right is still pressed at the door."""
MOST_CHOICES = 10
_WORD = r"(?:เช[็]?[กคฃ]\s?-?อิ[้่]?น|เช็กชื่อ|\bcheck\s?-?\s?in\b)"
_DIGITS = r"[0-9](?:[\s.\-]{0,2}[0-9]){5}"
_NAMED = re.compile(
    rf"(?:ขอ|ขอ\s)?{_WORD}(?:\s?(?:รหัส|โค้ด|เลข|code))?[\s:=\"'“”]{{0,4}}(?P<code>[0-9](?:[\s.\-]{{0,2}}[0-9]){{4,6}})"
    r"(?:\s?(?:ค่ะ|คะ|ครับ|คับ|จ้า))?",
    re.IGNORECASE,
)
_BARE = re.compile(rf"(?P<code>{_DIGITS})")
_ALONE = re.compile(rf"(?:ขอ|อยาก|จะ)?\s?{_WORD}(?:\s?(?:ค่ะ|คะ|ครับ|คับ|จ้า|หน่อย))*", re.IGNORECASE)


def find_code(text: str) -> str | None:
    """The digits behind the word, in any digits; one too few or too many is a wrong code, and no question."""
    found = _NAMED.fullmatch(masking.plain(text).strip())
    return _digits(found["code"]) if found else None


def has_code(desk: Desk, turn: Turn) -> bool:
    """Six digits alone mean it where this person has a place today; in the middle of a dialogue, which may wait for a
    number, only those that are on the wall. The word alone asks how."""
    if turn.incoming.kind != "text":
        return False
    text = masking.plain(turn.incoming.text).strip()
    if _NAMED.fullmatch(text):
        return True
    bare, alone = _BARE.fullmatch(text), _ALONE.fullmatch(text)
    if bare and turn.memory.step is not None:
        return bool(_find(turn, desk, _digits(bare["code"])))
    return bool(bare or alone) and bool(_list_here(turn))


def code_given(turn: Turn, desk: Desk) -> Reply:
    """Everybody of the party is counted; a button corrects it."""
    text = masking.plain(turn.incoming.text).strip()
    found = _NAMED.fullmatch(text) or _BARE.fullmatch(text)
    if found is None:
        return place_now.say(turn, desk, desk.say(turn, "mine.door_how"))
    code, person_id = _digits(found["code"]), turn.speaker.person_id
    try:
        mine.take_guess(turn.db, desk.vault, what=mine.WALL, person_id=person_id, most=MOST_GUESSES, now=turn.now)
    except TooManyGuesses:
        return place_now.say(turn, desk, desk.say(turn, "mine.door_too_many"))
    here = _find(turn, desk, code)
    if not here:
        event = wall_codes.find_event(turn.db, desk.vault, code, turn.now)
        if event is None:
            return place_now.say(turn, desk, desk.say(turn, "mine.door_wrong"))
        said = desk.say(turn, "mine.door_no_place", title=event.title)
        return place_now.say(turn, desk, said, place_now.mine_button(turn, desk))
    mine.forget_guesses(turn.db, desk.vault, what=mine.WALL, person_id=person_id)
    return _come_in(turn, desk, here)


def here_pressed(turn: Turn, desk: Desk) -> Reply:
    """A neighbour who came along, or how many have come."""
    place, people = place_now.find_mine(turn), place_now.argument(turn, "n")
    if place is None or turn.pressed is None or turn.now - turn.pressed.made_at > GOOD_FOR:
        return place_now.not_there(turn, desk) if place is None else _at_the_desk(turn, desk)
    if place.event.ends_at <= turn.now:
        return place_now.stands_now(turn, desk, place)
    if people is None:
        return _come_in(turn, desk, [place])
    try:
        done = check_in.correct(
            turn.db, registration_id=place.registration.id, people=people, key=_key(turn), now=turn.now,
            by_staff=False,
        )  # fmt: skip
    except refusals.Refused:
        return _at_the_desk(turn, desk)
    said = desk.say(turn, "mine.door_corrected", people=ticket_card.people(turn, desk, done.people))
    return place_now.say(turn, desk, said, *_correction(turn, desk, place))


def fewer_pressed(turn: Turn, desk: Desk) -> Reply:
    place = place_now.find_mine(turn)
    if place is None:
        return place_now.not_there(turn, desk)
    party, number = place.registration.party_size, str(place.registration.id)
    sizes = range(party, max(party - MOST_CHOICES, 0), -1)
    choices = [
        desk.press(turn, ticket_card.people(turn, desk, size), "here", r=number, n=str(size)) for size in sizes
    ]  # fmt: skip
    return Reply((Text(desk.say(turn, "mine.door_how_many"), tuple(choices)),), turn.memory)


def _find(turn: Turn, desk: Desk, code: str) -> list[Mine]:
    """This person's places at the event whose wall shows the code."""
    here = _list_here(turn)
    return [one for one in here if wall_codes.is_valid(desk.vault, one.event.id, code, turn.now)]


def _list_here(turn: Turn) -> list[Mine]:
    return mine.list_here(turn.db, person_id=turn.speaker.person_id, now=turn.now)


def _come_in(turn: Turn, desk: Desk, here: Sequence[Mine]) -> Reply:
    """Oneself and one's class, or the only one there is; of neighbours, whoever has come is pressed."""
    own = [one for one in here if one.registration.kind != "neighbour"]
    coming = own or (list(here) if len(here) == 1 else [])
    lines: list[str] = []
    choices: list[Action] = []
    for place in coming:
        try:
            done = check_in.check_in(
                turn.db, registration_id=place.registration.id, at=turn.now, way=SELF, staff_id=None, key=_key(turn),
                now=turn.now,
            )  # fmt: skip
        except refusals.Refused:
            lines.append(desk.say(turn, "mine.door_ask_staff"))
            continue
        lines.append(_checked_in(turn, desk, place, done))
        choices += _correction(turn, desk, place)
    others = [one for one in here if one not in coming]
    if others:
        lines.append(desk.say(turn, "mine.door_others"))
        choices += [_here_button(turn, desk, one) for one in others]
    return place_now.say(turn, desk, "\n".join(lines), *choices)


def _checked_in(turn: Turn, desk: Desk, place: Mine, done: CheckedIn) -> str:
    who, people = ticket_card.who(turn, desk, place.registration), ticket_card.people(turn, desk, done.people)
    if done.earlier is not None and not done.new:
        at = thai_dates.time_of_day(done.earlier, english=turn.language == "en")
        return desk.say(turn, "mine.door_before", title=place.event.title, who=who, people=people, at=at)
    return desk.say(turn, "mine.door_in", title=place.event.title, who=who, people=people)


def _correction(turn: Turn, desk: Desk, place: Mine) -> list[Action]:
    if place.registration.party_size == 1:
        return []
    return [desk.button(turn, "button.mine_fewer", "here_fewer", r=str(place.registration.id))]


def _here_button(turn: Turn, desk: Desk, place: Mine) -> Action:
    label = desk.say(turn, "mine.also_here", name=ticket_card.name_of(turn, desk, place.registration))
    return desk.press(turn, label, "here", r=str(place.registration.id))


def _at_the_desk(turn: Turn, desk: Desk) -> Reply:
    return place_now.say(turn, desk, desk.say(turn, "mine.door_ask_staff"))


def _key(turn: Turn) -> str:
    return f"{SELF}/{turn.incoming.event_id}"


def _digits(text: str) -> str:
    return "".join(one for one in text if one.isdigit())


BUTTONS: Mapping[str, Callable[[Turn, Desk], Reply]] = {"here": here_pressed, "here_fewer": fewer_pressed}
