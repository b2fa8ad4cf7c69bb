"""Events as an iCalendar file, for people's own calendars and for other programs.

It holds what anybody may see: no online link, and nothing of those who have registered.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, time, timedelta

from icalendar import Calendar, Event, Timezone, TimezoneStandard

from bot import clock
from bot.events.event_draft import is_dated
from bot.storage import events as stored
from bot.storage.events import EventRow

PRODUCT = "-//civicbot//events//TH"
UID_HOST = "civicbot"
ONLINE = "ออนไลน์"
CALLED_OFF = "(ยกเลิกแล้ว)"
BRING, MORE = "สิ่งที่ต้องเตรียมมา: ", "รายละเอียดและการลงทะเบียน: "
PROGRAMME, DISTRICT = "X-CIVICBOT-PROGRAMME", "X-CIVICBOT-DISTRICT"
_STATUS = {stored.DRAFT: "TENTATIVE", stored.PUBLISHED: "CONFIRMED", stored.CALLED_OFF: "CANCELLED"}
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\x85\u2028\u2029]")
_DESCRIBED = re.compile(rf"(?P<summary>.*?)(?:(?:\A|\n\n){BRING}(?P<bring>.*?))?(?:(?:\A|\n\n){MORE}\S+)?\Z", re.DOTALL)


def event_calendar(events: Sequence[EventRow], *, base_url: str, now: datetime) -> bytes:
    """In the order given. Drafts without a day are left out: no calendar has a place for them."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(_bangkok())
    for event in events:
        if is_dated(event):
            calendar.add_component(_entry(event, base_url=base_url, now=now))
    return bytes(calendar.to_ical(sorted=False))


def uid_of(event: EventRow) -> str:
    """The same for ever, whatever changes in the event and wherever the bot is served."""
    return f"{event.public_id}@{UID_HOST}"


def described(text: str) -> tuple[str, str]:
    """Summary and what to bring, of a description that was written here; of any other, all of it and nothing."""
    found = _DESCRIBED.match(text)
    return (found["summary"], found["bring"] or "") if found else (text, "")


def _bangkok() -> Timezone:
    """Without daylight saving: one rule for all years."""
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", clock.BANGKOK.key)
    standard.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001 - local, as the format has it
    for name in ("tzoffsetfrom", "tzoffsetto"):
        standard.add(name, timedelta(hours=7))
    standard.add("tzname", "+07")
    zone.add_component(standard)
    return zone


def _entry(event: EventRow, *, base_url: str, now: datetime) -> Event:
    entry = Event()
    entry.add("uid", uid_of(event))
    entry.add("sequence", event.version)
    entry.add("dtstamp", now)
    entry.add("status", _STATUS[event.state])
    title = _line(event.title)
    entry.add("summary", f"{CALLED_OFF} {title}" if event.state == stored.CALLED_OFF else title)
    _add_times(entry, event)
    place = "\n".join(filter(None, (_line(event.place_name), _line(event.place_address))))
    link = f"{base_url.rstrip('/')}/e/{event.public_id}" if event.state != stored.DRAFT else ""
    for name, value in (
        ("location", place or (ONLINE if event.online_link else "")), ("description", _description(event, link)),
        ("url", link), ("contact", _line(event.contact)), (PROGRAMME, event.programme), (DISTRICT, event.district),
    ):  # fmt: skip
        if value:
            entry.add(name, value)
    if event.latitude is not None and event.longitude is not None:
        entry.add("geo", (event.latitude, event.longitude))
    return entry


def _add_times(entry: Event, event: EventRow) -> None:
    start, end = clock.in_bangkok(event.starts_at), clock.in_bangkok(event.ends_at)
    if start.time() == end.time() == time():
        entry.add("dtstart", start.date())
        entry.add("dtend", end.date())
    else:
        entry.add("dtstart", start)
        entry.add("dtend", end)


def _description(event: EventRow, link: str) -> str:
    why = event.called_off_why if event.state == stored.CALLED_OFF else ""
    said = (why, event.summary, event.bring and BRING + event.bring, link and MORE + link)
    return "\n\n".join(_plain(text) for text in said if text)


def _plain(text: str) -> str:
    """A letter that ends a line for some reader must not begin a property of its own."""
    return _CONTROL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))


def _line(text: str) -> str:
    return " ".join(_plain(text).split())
