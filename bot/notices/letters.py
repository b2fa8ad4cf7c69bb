"""A notice that writes itself from an event, for its author to change: what is known of the event, and no more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from enum import StrEnum
from functools import cache
from importlib import resources
from urllib.parse import urlsplit

import yaml

from bot import clock, thai_dates
from bot.notices import links
from bot.notices.checks import LONGEST_TITLE
from bot.notices.content import Bubble, Content, one_line, shorten
from bot.storage.events import EventRow

LANGUAGES = ("th", "en")
LONGEST_SUMMARY, LONGEST_PLACE, LONGEST_BRING = 200, 120, 150


class LetterKind(StrEnum):
    INVITATION = "invitation"
    SEATS = "seats"
    """A reminder that one can still come, and how many seats are left."""
    THANKS = "thanks"
    """To those who were there, when it is over."""


@cache
def words_of(language: str) -> Mapping[str, str]:
    """What every notice says beside its author's words; and, in Thai, what letters are made of."""
    name = f"letters.{language if language in LANGUAGES else LANGUAGES[0]}.yaml"
    said = yaml.safe_load(resources.files(__package__).joinpath(name).read_text(encoding="utf-8"))
    return {str(key): str(sentence).strip() for key, sentence in said.items()}


def letter_for(
    event: EventRow, *, district: str, programme: str, base_url: str, seats_left: int | None,
    kind: LetterKind = LetterKind.INVITATION,
) -> Content:  # fmt: skip
    """`district` and `programme`: their names, empty where there is none. `seats_left`: None where their number has no
    limit."""
    if kind is LetterKind.THANKS:
        return _thanks(event)
    title, whole = shorten(one_line(event.title), LONGEST_TITLE), one_line(event.title)
    paragraphs = [
        _say("letter.long_title", title=whole) if title != whole else "",
        _beginning(event, programme, seats_left, kind),
        shorten(one_line(_first_paragraph(event.summary)), LONGEST_SUMMARY) if kind is LetterKind.INVITATION else "",
        "\n".join(_facts(event, district, seats_left, kind)),
        _say("end.look" if _is_full(event, seats_left) else "end.sign_up", button=_say("button.event")),
    ]
    page = _page(event, base_url)
    text = "\n\n".join(filter(None, paragraphs))
    return Content((Bubble("card", text, title, link=page, label=_say("button.page") if page else ""),))


def _say(key: str, **facts: str) -> str:
    return words_of("th")[key].format_map(facts)


def _thanks(event: EventRow) -> Content:
    title = one_line(event.title)
    text = _say("letter.thanks", title=title, when=_days(event))
    return Content((Bubble("card", text, _say("letter.thanks_title")),), event_button=False)


def _beginning(event: EventRow, programme: str, seats_left: int | None, kind: LetterKind) -> str:
    if kind is LetterKind.INVITATION:
        return _say("letter.invitation_of", programme=programme) if programme else _say("letter.invitation")
    if seats_left is None or event.admits_each:
        return _say("letter.seats_open")
    if seats_left > 0:
        return _say("letter.seats_left", seats=f"{seats_left:,}")
    return _say("letter.seats_line" if event.has_waiting_list else "letter.seats_full")


def _facts(event: EventRow, district: str, seats_left: int | None, kind: LetterKind) -> Iterator[str]:
    yield _say("fact.when", when=_when(event))
    yield _say("fact.where", where=_where(event, district))
    if event.bring and kind is LetterKind.INVITATION:
        yield _say("fact.bring", bring=shorten(one_line(event.bring), LONGEST_BRING))
    if event.minors in ("adults", "guardian"):
        yield _say(f"fact.{event.minors}")
    if kind is LetterKind.INVITATION:
        yield from _seats(event, seats_left)
    if event.opens_at is not None:
        yield _say("fact.opens", date=thai_dates.date_and_time(event.opens_at))
    if event.closes_at is not None:
        yield _say("fact.closes", date=thai_dates.date_and_time(event.closes_at))


def _seats(event: EventRow, seats_left: int | None) -> Iterator[str]:
    if event.admits_each:
        yield _say("fact.admits_each")
    elif seats_left is not None and seats_left > 0:
        yield _say("fact.seats_left", seats=f"{seats_left:,}")
    elif seats_left is not None:
        yield _say("fact.seats_line" if event.has_waiting_list else "fact.seats_full")


def _is_full(event: EventRow, seats_left: int | None) -> bool:
    """And one cannot wait for a seat either."""
    return seats_left is not None and seats_left <= 0 and not event.has_waiting_list and not event.admits_each


def _when(event: EventRow) -> str:
    """With the hour at which the first day begins, where it is more than one."""
    said, hour = thai_dates.span(event.starts_at, event.ends_at), thai_dates.hour(event.starts_at)
    return said if hour in said or hour == "00:00" else _say("fact.begins", when=said, hour=hour)


def _days(event: EventRow) -> str:
    first = clock.bangkok_date(event.starts_at)
    last = clock.bangkok_date(event.ends_at - timedelta(hours=thai_dates.SMALL_HOURS))
    if last <= first:
        return thai_dates.weekday_date(first)
    return _say("fact.days", days=thai_dates.days(first, last))


def _where(event: EventRow, district: str) -> str:
    place = shorten(one_line(event.place_name or event.place_address), LONGEST_PLACE)
    parts = [place] if place else []
    if district and district not in place:
        parts.append(_say("fact.district", district=district))
    if event.online_link:
        parts.append(_say("fact.online_too" if parts else "fact.online"))
    return " ".join(parts) or _say("fact.place_open")


def _page(event: EventRow, base_url: str) -> str:
    """The event's own page; empty where it has no address that people may be led to, as on a desk."""
    address = f"{base_url}/e/{event.public_id}"
    return address if links.judge(address, (urlsplit(base_url).hostname or "",)).ok else ""


def _first_paragraph(text: str) -> str:
    return text.replace("\r\n", "\n").strip().partition("\n\n")[0]
