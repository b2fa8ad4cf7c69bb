"""The code that staff read to somebody whose LINE account is a new one: typed here, their place is theirs again."""

from __future__ import annotations

import re
from dataclasses import replace

from bot import masking
from bot.conversation.turn import GroupTurn, Reply, Turn
from bot.events import mine, moving, refusals
from bot.events.mine import Mine, TooManyGuesses
from bot.events.moving import CLAIM_LENGTH
from bot.events.registration import CODE_LETTERS
from bot.messages import Message
from bot.storage import events
from handlers import group, place_now, ticket_card
from handlers.desk import Desk

MOST_GUESSES = 5
"""In an hour, by one person; counted in the database, so that nothing said in between wipes them out."""
_GAP = r"[\s.\-–]{0,2}"
_WORD = r"(?:รหัส|โค้ด|โค๊ด|\bcode\b|บัตร|รับบัตร|ย้ายบัตร|ย้าย)"
# With the word before it, one letter too few or too many is still meant as a code, and so is a letter that none has.
_NAMED = re.compile(
    rf"{_WORD}(?:\s?(?:รหัส|code|คือ|บัตร|เก่า|เดิม|is|my))*[\s:=\"'“”]{{0,4}}(?P<code>[0-9A-Z](?:{_GAP}[0-9A-Z]){{8,10}})"
    r"[\s\"'“”.!]{0,3}(?:ค่ะ|คะ|ครับ|คับ|จ้า)?",
    re.IGNORECASE,
)
_BARE = re.compile(rf"(?P<code>[{CODE_LETTERS}](?:{_GAP}[{CODE_LETTERS}]){{{CLAIM_LENGTH - 1}}})", re.IGNORECASE)


def find_code(text: str) -> str | None:
    """A code by itself, or behind the word for it. Digits alone are none without that word: they may be anything."""
    text = masking.plain(text).strip()
    found = _NAMED.fullmatch(text)
    if found is None:
        found = _BARE.fullmatch(text)
        if found is None or not any(one.isalpha() for one in found["code"]):
            return None
    return "".join(one for one in found["code"].upper() if one.isalnum())


def has_code(turn: Turn) -> bool:
    return turn.incoming.kind == "text" and find_code(turn.incoming.text) is not None


def code_given(turn: Turn, desk: Desk) -> Reply:
    """The message is no question, and is not kept as one."""
    code, person_id = find_code(turn.incoming.text) or "", turn.speaker.person_id
    if _BARE.fullmatch(masking.plain(turn.incoming.text).strip()):  # its letters are no English words
        turn = replace(turn, incoming=replace(turn.incoming, text=""))
    try:
        mine.take_guess(
            turn.db, desk.vault, what=mine.CLAIM, person_id=person_id, most=MOST_GUESSES, now=turn.now
        )  # fmt: skip
        outcome = moving.claim(turn.db, desk.vault, code=code, person_id=person_id, now=turn.now)
    except TooManyGuesses as refused:
        said = desk.say(turn, "mine.claim_too_many", until=ticket_card.until(turn, refused.until))
        return place_now.say(turn, desk, said)
    except refusals.NoSuchRegistration:
        return place_now.say(turn, desk, desk.say(turn, "mine.claim_wrong"))
    except refusals.AlreadyThere:
        return place_now.say(turn, desk, desk.say(turn, "mine.claim_already"), place_now.mine_button(turn, desk))
    mine.forget_guesses(turn.db, desk.vault, what=mine.CLAIM, person_id=person_id)
    event = events.find(turn.db, outcome.registration.event_id)
    if event is None:
        return place_now.not_there(turn, desk)
    said = desk.say(turn, "mine.claimed", who=ticket_card.who(turn, desk, outcome.registration))
    return place_now.stands_now(turn, desk, Mine(outcome.registration, event), before=said)


def refuse_in_group(desk: Desk, turn: GroupTurn) -> tuple[Message, ...]:
    return group.refuse_code(desk, turn, find_code=find_code, key="mine.claim_in_group")
