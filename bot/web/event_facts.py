"""An event in words, the same on every public page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import clock, thai_dates
from bot.events.search import Door, Seats
from bot.storage.events import EventRow, EventSessionRow
from bot.web.pages import is_english, language, say
from bot.web.wording import THAI
from knowledge.pack import Pack

MAPS = "https://www.google.com/maps/search/?api=1&query="
STANDING = {
    Door.ASK: "seats.ask",
    Door.LINE: "seats.line",
    Door.FULL: "seats.full",
    Door.CLOSED: "seats.closed",
    Door.BEGUN: "seats.begun",
}


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    value: str
    rows: tuple[tuple[str, str], ...] = ()
    """Several of one kind, each with a name of its own."""


def when(event: EventRow) -> str:
    """With the hour at which the first day begins, where it is more than one."""
    said = thai_dates.span(event.starts_at, event.ends_at, english=is_english())
    hour = f"{clock.in_bangkok(event.starts_at):%H:%M}"
    return said if hour in said or _whole_days(event) else say("when.starts", when=said, hour=hour)


def days(event: EventRow) -> str:
    """The dates alone; what ends in the small hours belongs to the day on which it began."""
    first, end = clock.in_bangkok(event.starts_at), clock.in_bangkok(event.ends_at)
    last = (end - timedelta(microseconds=1)).date()
    one_night = last == first.date() + timedelta(days=1) and end.hour < thai_dates.SMALL_HOURS
    if last <= first.date() or one_night:
        return thai_dates.weekday_date(first.date(), english=is_english())
    return say("when.days", days=thai_dates.days(first.date(), last, english=is_english()))


def moment(at: datetime) -> str:
    return thai_dates.date_and_time(at, english=is_english())


def where(event: EventRow, pack: Pack | None) -> str:
    district = next((one.name for one in (pack.districts if pack else ()) if one.id == event.district), None)
    parts = [event.place_name, event.place_address]
    if district is not None and district[THAI] not in "".join(parts):
        parts.append(say("where.district", district=district.get(language()) or district[THAI]))
    if event.online_link:
        parts.append(say("where.online"))
    return " · ".join(dict.fromkeys(filter(None, parts))) or say("where.open")


def map_link(event: EventRow) -> str:
    if event.latitude is None or event.longitude is None:
        return ""
    return f"{MAPS}{event.latitude},{event.longitude}"


def programme(event: EventRow, pack: Pack | None) -> str:
    name = next((one.name for one in (pack.programmes if pack else ()) if one.id == event.programme), None)
    return (name.get(language()) or name[THAI]) if name is not None else ""


def people(number: int) -> str:
    return say("people.one") if number == 1 else say("people.many", number=f"{number:,}")


def part_name(part: EventSessionRow, number: int) -> str:
    return part.title or say("fact.part", number=number)


def parts(sessions: list[EventSessionRow]) -> tuple[Fact, ...]:
    if not sessions:
        return ()
    rows = tuple(
        (part_name(part, number), thai_dates.span(part.starts_at, part.ends_at, english=is_english()))
        for number, part in enumerate(sessions, start=1)
    )
    return (Fact(say("fact.parts"), "", rows),)


def optional(label: str, value: str) -> tuple[Fact, ...]:
    return (Fact(say(label), value),) if value.strip() else ()


def seats_left(event: EventRow, seats: Seats) -> str:
    if seats.door is Door.NOT_YET and event.opens_at is not None:
        return say("seats.not_yet", date=_on(event.opens_at))
    if seats.door is Door.OPEN:
        return say("seats.open") if seats.left is None else say("seats.left", count=f"{seats.left:,}")
    return say(STANDING[seats.door])


def _on(at: datetime) -> str:
    return f"{'on ' if is_english() else ''}{thai_dates.weekday_date(clock.bangkok_date(at), english=is_english())}"


def _whole_days(event: EventRow) -> bool:
    return all(f"{clock.in_bangkok(at):%H:%M}" == "00:00" for at in (event.starts_at, event.ends_at))
