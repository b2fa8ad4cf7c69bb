"""What a person is told by the bot's messages: how their place stands, and for how many. Read from the very messages
that LINE took, by the wording that they were made from."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from bot.storage.registrations import CANCELLED, CONFIRMED, OFFERED, WAITING
from handlers import wording

NO_PLACE = "no place"
"""Never had one, or not any more."""
FEWER = "offered fewer"
"""An offer after whose end, as it says itself, one is back in the line."""
_FROM_KEYS: Mapping[str, str] = {
    "told.promoted_alt": CONFIRMED,
    "mine.no_more_seats": CONFIRMED,
    "mine.some_more_seats": CONFIRMED,
    "mine.offer_back_in_line": WAITING,
    "told.back_in_line": WAITING,
    "mine.left": NO_PLACE,
    "mine.left_to_others": NO_PLACE,
    "mine.offer_declined": NO_PLACE,
    "mine.offer_ran_out": NO_PLACE,
    "mine.you_left": NO_PLACE,
    "signup.full": NO_PLACE,
    "signup.too_few_left": NO_PLACE,
}
_STATES: Mapping[str, str] = {
    "mine.state_confirmed": CONFIRMED,
    "mine.state_waiting": WAITING,
    "mine.state_cancelled": NO_PLACE,
}
_SAYING_NOTHING = (
    "signup.done", "signup.already", "signup.waiting", "mine.offer_taken", "mine.offer_waits", "mine.size_changed",
    "mine.size_same", "mine.as_it_is", "mine.has_seat",
    "mine.ask_leave", "mine.ask_size", "mine.give_to_line", "mine.give_back",
    "signup.notice_alt", "signup.unfinished",
    "signup.ask_name", "signup.ask_party", "signup.summary_alt", "signup.earlier", "signup.stale",
    "stale.button", "stale.button.again", "preferences.ask_alt",
)  # fmt: skip
"""Headlines above the card that says it, questions, and buttons that lead nowhere any more."""


@dataclass(frozen=True, slots=True)
class Told:
    """`people` is None where the message does not say for how many."""

    state: str
    people: int | None = None


class Unread(Exception):
    """A message of which this proof does not know what it says: a wording that it has to learn."""


def _pattern(key: str, *, whole: bool = False) -> re.Pattern[str]:
    sentence = wording.load("th").sentences[key]
    parts = [re.escape(text) + (".+?" if name else "") for text, name, _, _ in string.Formatter().parse(sentence)]
    return re.compile("".join(parts) + ("$" if whole else ""), re.DOTALL)


def _tickets() -> dict[re.Pattern[str], str]:
    """The line that stands for a ticket where cards cannot be shown ends with how it stands."""
    before, _, _ = wording.load("th").sentences["mine.ticket_alt"].partition("{state}")
    found = {}
    for key, state in _STATES.items():
        pattern = re.escape(before).replace(re.escape("{title}"), ".+?") + _pattern(key, whole=True).pattern
        found[re.compile(pattern, re.DOTALL)] = state
    return found


_SAYS = {**_tickets(), **{_pattern(key): state for key, state in _FROM_KEYS.items()}}


def last_told(delivered: Sequence[Sequence[Mapping[str, Any]]], *, title: str) -> Told | None:
    """The latest of all that says how the place stands. None: nothing does yet. Raises Unread."""
    for messages in reversed(delivered):
        for message in reversed(messages):
            told = read(message, title=title)
            if told is not None:
                return told
    return None


def read(message: Mapping[str, Any], *, title: str) -> Told | None:
    """None where it says nothing of it. Raises Unread."""
    pressed = buttons_of(message)
    if "offer_yes" in pressed:
        return Told(FEWER if "offer_wait" in pressed else OFFERED)
    words = str(message.get("altText") or message.get("text") or "")
    for pattern, state in _SAYS.items():
        if pattern.search(words):
            return Told(state, _people_of(message) if state in {CONFIRMED, WAITING} else None)
    if _says_nothing(words, title):
        return None
    raise Unread(words)


def _says_nothing(words: str, title: str) -> bool:
    """The event's own card is called like the event."""
    return words == title or any(pattern.search(words) for pattern in _NOTHING)


_NOTHING = [_pattern(key) for key in _SAYING_NOTHING]


def stands(state: str | None, *, whole_only: bool, told: Told | None) -> bool:
    """Whether what was told is how it is; `state` None: there is no registration."""
    now = NO_PLACE if state in {None, CANCELLED} else state
    said = told.state if told is not None else NO_PLACE
    if said == FEWER:
        return now == OFFERED or (now == WAITING and whole_only)
    return said == now


def _people_of(message: Mapping[str, Any]) -> int | None:
    """The number behind the label of the party, on the card."""
    texts = list(_texts(message.get("contents")))
    label = wording.load("th").sentences["mine.fact_party"]
    if label not in texts[:-1]:
        return None
    number = re.match(r"\d+", texts[texts.index(label) + 1])
    return int(number[0]) if number else None


def buttons_of(part: object) -> dict[str, list[tuple[str, Mapping[str, str]]]]:
    """The data of every button of ours in it, with its arguments, by what it does."""
    found: dict[str, list[tuple[str, Mapping[str, str]]]] = {}
    for data in _postbacks(part):
        action, _, rest = data.partition("?")
        arguments = dict(parse_qsl(rest.partition("~")[0], keep_blank_values=True))
        found.setdefault(action, []).append((data, arguments))
    return found


def _postbacks(part: object) -> Iterator[str]:
    if isinstance(part, Mapping):
        if part.get("type") == "postback":
            yield str(part["data"])
        for value in part.values():
            yield from _postbacks(value)
    elif isinstance(part, list):
        for value in part:
            yield from _postbacks(value)


def _texts(part: object) -> Iterator[str]:
    if isinstance(part, Mapping):
        if part.get("type") == "text":
            yield str(part["text"])
        for value in part.values():
            yield from _texts(value)
    elif isinstance(part, list):
        for value in part:
            yield from _texts(value)


def outline(messages: Sequence[Mapping[str, Any]]) -> str:
    """The words of each, and what its buttons do, for whoever looks for a fault."""
    said = [str(message.get("altText") or message.get("text"))[:60].replace("\n", " ") for message in messages]
    return f"{' / '.join(said)} [{', '.join(buttons_of(list(messages)))}]"
