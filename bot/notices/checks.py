"""What is wrong with a notice before anybody is sent it: faults as data, for others to word."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import quote, urlsplit

import regex

from bot.notices import links, pictures
from bot.notices.content import NAME, Bubble, Content, graphemes
from bot.storage.events import CALLED_OFF, DRAFT, EventRow

MOST_BUBBLES = 3
LONGEST_TEXT, LONGEST_TITLE, LONGEST_LABEL = 1_000, 60, 20
"""In letters as people count them. People read on phones."""
MOST_LINES = 60
TEXT_UNITS, TITLE_UNITS, LABEL_UNITS = 3_000, 300, 160
"""In UTF-16 units, for letters may carry any number of marks. LINE takes 5,000 in a text; this is what surely goes into
one card, as large as it gets on its way, so that a notice is never more messages than it has bubbles."""
NAME_UNITS = 60
"""What a name may come to."""
LONGEST_LINK, LONGEST_PICTURE = 1_000, 2_000
"""LINE's, of addresses as they are sent."""
NOBODY = -1
"""In place of a bubble's number: the notice as a whole."""

_VISIBLE = regex.compile(r"[^\s\p{Z}\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]")
_CONTROLS = regex.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
"""Among them what turns the direction of writing: it can show an address from behind."""
_LINE_BREAKS = regex.compile(r"[\n\t]")
_BRACES = regex.compile(r"\{[^{}\n]{0,40}\}|｛[^｛｝\n]{0,40}｝")
_LOOPBACK = ("127.0.0.1", "localhost")
_KEPT_IN_ADDRESSES = "%/?#[]@!$&'()*+,;=:~"


class Reason(StrEnum):
    NO_BUBBLES = "no_bubbles"
    TOO_MANY_BUBBLES = "too_many_bubbles"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    """`detail`: letters, and how many there may be, as in `1043/1000`."""
    TOO_MANY_MARKS = "too_many_marks"
    """Not too many letters, but too many vowels and tone marks on them."""
    TOO_MANY_LINES = "too_many_lines"
    CONTROL_CHARACTER = "control_character"
    """`detail`: its number, as in `U+202E`."""
    PLACEHOLDER = "placeholder"
    """Braces around something else than the one word that is filled in, or where nothing is. `detail`: as it stands."""
    ONLY_IN_CARDS = "only_in_cards"
    LINK_SCHEME = "link_scheme"
    """Of these, `detail` is the address as it stands; see `links.Reason`."""
    LINK_USER_INFO = "link_user_info"
    LINK_LOOK_ALIKE = "link_look_alike"
    LINK_GLUED = "link_glued"
    LINK_SHORTENER = "link_shortener"
    LINK_NOT_ALLOWED = "link_not_allowed"
    LINK_PORT = "link_port"
    EVENT_DRAFT = "event_draft"
    EVENT_CALLED_OFF = "event_called_off"
    EVENT_OVER = "event_over"


@dataclass(frozen=True, slots=True)
class Fault:
    """`bubble` counts from 0, or is NOBODY; `field` is one of a bubble's, `bubbles` or `event`."""

    bubble: int
    field: str
    reason: Reason
    detail: str = ""


def find_faults(
    content: Content, *, event: EventRow | None, domains: Collection[str], now: datetime
) -> list[Fault]:  # fmt: skip
    """In the order in which they are met. `domains`: see `links.judge`."""
    faults = [*_of_the_whole(content), *_of_the_event(content, event, now)]
    for number, bubble in enumerate(content.bubbles[:MOST_BUBBLES]):
        for field, reason, detail in _of_a_bubble(bubble, domains):
            faults.append(Fault(number, field, reason, detail))
    return faults


_Found = Iterator[tuple[str, Reason, str]]


def _of_the_whole(content: Content) -> Iterator[Fault]:
    if not content.bubbles:
        yield Fault(NOBODY, "bubbles", Reason.NO_BUBBLES)
    if len(content.bubbles) > MOST_BUBBLES:
        yield Fault(NOBODY, "bubbles", Reason.TOO_MANY_BUBBLES, f"{len(content.bubbles)}/{MOST_BUBBLES}")


def _of_the_event(content: Content, event: EventRow | None, now: datetime) -> Iterator[Fault]:
    """What is over can still be spoken of, in thanks, but not be led to."""
    if event is None:
        return
    if event.state == DRAFT:
        yield Fault(NOBODY, "event", Reason.EVENT_DRAFT)
    elif event.state == CALLED_OFF:
        yield Fault(NOBODY, "event", Reason.EVENT_CALLED_OFF)
    elif event.ends_at <= now and content.event_button:
        yield Fault(NOBODY, "event", Reason.EVENT_OVER)


def _of_a_bubble(bubble: Bubble, domains: Collection[str]) -> _Found:
    if not _VISIBLE.search(bubble.text):
        yield "text", Reason.EMPTY, ""
    if bubble.text.count("\n") >= MOST_LINES:
        yield "text", Reason.TOO_MANY_LINES, f"{bubble.text.count(chr(10)) + 1}/{MOST_LINES}"
    if bubble.kind == "text":
        for field, words in (("title", bubble.title), ("picture", bubble.picture)):
            if words:
                yield field, Reason.ONLY_IN_CARDS, ""
    yield from _of_words("text", bubble.text, LONGEST_TEXT, TEXT_UNITS, domains)
    yield from _of_words("title", bubble.title, LONGEST_TITLE, TITLE_UNITS, domains)
    yield from _of_words("label", bubble.label, LONGEST_LABEL, LABEL_UNITS, domains)
    yield from _of_address("link", bubble.link, LONGEST_LINK, domains)
    yield from _of_address("picture", bubble.picture, LONGEST_PICTURE, domains)


def _of_words(field: str, words: str, most: int, units: int, domains: Collection[str]) -> _Found:
    words = words.replace("\r\n", "\n")
    letters = graphemes(words)
    if letters > most:
        yield field, Reason.TOO_LONG, f"{letters}/{most}"
    elif _units(words) > units:
        yield field, Reason.TOO_MANY_MARKS, f"{_units(words)}/{units}"
    yield from _of_characters(field, words, one_line=field != "text")
    for braces in _BRACES.findall(words.replace(NAME, "") if field in ("text", "title") else words):
        yield field, Reason.PLACEHOLDER, braces
    for found in links.find_links(words.replace(NAME, "name")):
        reason = links.judge(found.address, domains, may_dial=False).reason
        if reason is not None:
            yield field, Reason(f"link_{reason}"), found.text


def _of_address(field: str, address: str, most: int, domains: Collection[str]) -> _Found:
    if not address:
        return
    yield from _of_characters(field, address, one_line=True)
    for braces in _BRACES.findall(address):
        yield field, Reason.PLACEHOLDER, braces
    sent = len(quote(address, safe=_KEPT_IN_ADDRESSES, errors="replace"))
    if sent > most:
        yield field, Reason.TOO_LONG, f"{sent}/{most}"
    if field == "picture" and _is_our_picture(address, domains):
        return
    reason = links.judge(address, domains, may_dial=field == "link").reason
    if reason is not None:
        yield field, Reason(f"link_{reason}"), address[:LONGEST_LINK]


def _is_our_picture(address: str, domains: Collection[str]) -> bool:
    """One that was put up here. On this machine itself it has no https: only a simulator of LINE's fetches it there."""
    parts = urlsplit(address)
    ours = parts.hostname in domains and parts.username is None and pictures.is_path(parts.path) and not parts.query
    return ours and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK))


def _of_characters(field: str, words: str, *, one_line: bool) -> _Found:
    found = _CONTROLS.search(words) or (_LINE_BREAKS.search(words) if one_line else None)
    if found:
        yield field, Reason.CONTROL_CHARACTER, f"U+{ord(found[0]):04X}"


def _units(words: str) -> int:
    """As they may come to with a name in them."""
    plain = words.replace(NAME, "")
    names = (len(words) - len(plain)) // len(NAME)
    return len(plain.encode("utf-16-le", errors="surrogatepass")) // 2 + names * NAME_UNITS
