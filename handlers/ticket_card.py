"""A registration as people see it: the ticket with its code, whose place it is, and how it stands."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from bot import clock, thai_dates
from bot.conversation.turn import Turn
from bot.events import forms
from bot.line.cutting import shorten
from bot.messages import Action, Card, Link
from bot.storage import registrations
from bot.storage.events import EventRow
from bot.storage.registrations import CONFIRMED, PENDING, WAITING, RegistrationRow
from bot.vault import Unreadable
from handlers.desk import Desk

LONGEST_NAME, LONGEST_PLACE = 60, 300
MAPS = "https://www.google.com/maps/search/?api=1&query="
_A_DATE, _AN_HOUR = re.compile(r"(\d{1,2}) (\S+) (\d{4})"), re.compile(r"(\d\d:\d\d) (น\.)")
_BEFORE_HOURS = re.compile(r"(?<=\d{4}),? (?=เวลา |เริ่ม |ทั้งวัน|begins |all day|\d\d:)")


def ticket_card(turn: Turn, desk: Desk, event: EventRow, registration: RegistrationRow) -> Card:
    """The place as it is now; with its picture to show at the door where there is a seat."""
    seated = registration.state == CONFIRMED
    stands = state_words(turn, desk, event, registration)
    return Card(
        title=event.title, text=stands, actions=_actions(turn, desk, event, registration),
        alt=desk.say(turn, "mine.ticket_alt", title=event.title, state=stands),
        picture=f"{ticket_address(desk, registration)}/qr.png" if seated else None, picture_shape="square",
        facts=ticket_facts(turn, desk, event, registration),
    )  # fmt: skip


def ticket_facts(
    turn: Turn, desk: Desk, event: EventRow, registration: RegistrationRow
) -> tuple[tuple[str, str], ...]:  # fmt: skip
    facts = [
        *event_facts(turn, desk, event),
        (desk.say(turn, "mine.fact_name"), name_of(turn, desk, registration)),
        (desk.say(turn, "mine.fact_party"), people(turn, desk, registration.party_size)),
    ]
    if registration.state == CONFIRMED:
        facts.append((desk.say(turn, "mine.fact_code"), registration.code))
    return tuple(facts)


def event_facts(turn: Turn, desk: Desk, event: EventRow) -> tuple[tuple[str, str], ...]:
    """When and where."""
    return (
        (desk.say(turn, "mine.fact_when"), in_lines(when(turn, desk, event))),
        (desk.say(turn, "mine.fact_where"), where(turn, desk, event)),
    )


def when(turn: Turn, desk: Desk, event: EventRow) -> str:
    """With the hour at which the first day begins, where it is more than one."""
    english = turn.language == "en"
    said = thai_dates.span(event.starts_at, event.ends_at, english=english)
    hour = thai_dates.hour(event.starts_at)
    return said if hour in said else desk.say(turn, "mine.starts_at", when=said, hour=hour)


def in_lines(said: str) -> str:
    """For a narrow column: the hours stand below the day, and no line ends within a date."""
    together = _AN_HOUR.sub("\\1\u00a0\\2", _A_DATE.sub("\\1\u00a0\\2\u00a0\\3", said))
    return _BEFORE_HOURS.sub("\n", together)


def where(turn: Turn, desk: Desk, event: EventRow) -> str:
    names = {named.id: named.name for named in turn.catalogue.pack.districts}
    district = names.get(event.district or "")
    parts = [event.place_name, event.place_address]
    if district is not None and district["th"] not in "".join(parts):
        parts.append(desk.say(turn, "mine.district", district=district.get(turn.language) or district["th"]))
    if event.online_link:
        parts.append(desk.say(turn, "mine.online"))
    known = list(dict.fromkeys(filter(None, parts)))
    return shorten(" · ".join(known), units=LONGEST_PLACE) if known else desk.say(turn, "mine.place_open")


def map_link(turn: Turn, desk: Desk, event: EventRow) -> tuple[Action, ...]:
    if event.latitude is None or event.longitude is None:
        return ()
    return (Link(desk.say(turn, "button.mine_map"), f"{MAPS}{event.latitude},{event.longitude}"),)


def online_link(turn: Turn, desk: Desk, event: EventRow, registration: RegistrationRow) -> tuple[Action, ...]:
    """Only for those who have a place."""
    if not event.online_link or registration.state != CONFIRMED:
        return ()
    return (Link(desk.say(turn, "button.mine_online"), event.online_link),)


def ticket_address(desk: Desk, registration: RegistrationRow) -> str:
    """Whoever knows it has the ticket."""
    return f"{desk.base_url}/t/{registration.ticket}"


def calendar_link(turn: Turn, desk: Desk, event: EventRow) -> Link:
    return Link(desk.say(turn, "button.mine_calendar"), f"{desk.base_url}/e/{event.public_id}.ics")


def name_of(turn: Turn, desk: Desk, registration: RegistrationRow) -> str:
    """Whoever comes, or the class."""
    try:
        form = forms.opened(desk.vault, registration)
    except Unreadable:
        return desk.say(turn, "mine.somebody")
    words = f"{form.school.name} {form.school.level}".strip() if form.school is not None else form.name
    return shorten(words, units=LONGEST_NAME) or desk.say(turn, "mine.somebody")


def who(turn: Turn, desk: Desk, registration: RegistrationRow) -> str:
    """`คุณ`, or the name of the neighbour or of the class, to be said after `ของ` or `for`."""
    return desk.say(turn, "mine.you") if registration.kind == "self" else name_of(turn, desk, registration)


def people(turn: Turn, desk: Desk, number: int) -> str:
    return desk.say(turn, "mine.one_person") if number == 1 else desk.say(turn, "mine.people", number=str(number))


def until(turn: Turn, moment: datetime) -> str:
    """`วันนี้ 15:00 น.`, `พรุ่งนี้ 09:00 น.`, else the date."""
    english = turn.language == "en"
    day, today = clock.bangkok_date(moment), clock.bangkok_date(turn.now)
    if day - today > timedelta(days=1):
        return thai_dates.date_and_time(moment, english=english)
    hour = thai_dates.time_of_day(moment, english=english)
    return f"{thai_dates.relative_day(day, today, english=english)} {hour}"


def state_words(turn: Turn, desk: Desk, event: EventRow, registration: RegistrationRow) -> str:
    """How it stands, in a few words."""
    match registration.state:
        case registrations.CONFIRMED:
            return desk.say(turn, "mine.state_confirmed")
        case registrations.WAITING:
            place = registrations.count_ahead(turn.db, registration) + 1
            return desk.say(turn, "mine.state_waiting", place=str(place))
        case registrations.OFFERED:
            return _offered(turn, desk, event, registration)
        case registrations.PENDING:
            return desk.say(turn, "mine.state_pending")
        case registrations.REFUSED:
            return desk.say(turn, "mine.state_refused")
    return desk.say(turn, "mine.state_cancelled")


def _offered(turn: Turn, desk: Desk, event: EventRow, registration: RegistrationRow) -> str:
    deadline = until(turn, registration.offer_until or event.starts_at)
    name = who(turn, desk, registration)
    if registration.seats < registration.party_size:
        seats = str(registration.seats)
        return desk.say(turn, "mine.state_offered_fewer", who=name, seats=seats, until=deadline)
    return desk.say(turn, "mine.state_offered", who=name, until=deadline)


def _actions(turn: Turn, desk: Desk, event: EventRow, registration: RegistrationRow) -> tuple[Action, ...]:
    """What is still possible; nothing can be changed once the event has begun."""
    number = str(registration.id)
    actions: list[Action] = []
    if registration.state == CONFIRMED:
        actions += [
            *online_link(turn, desk, event, registration),
            Link(desk.say(turn, "button.mine_page"), ticket_address(desk, registration)),
            calendar_link(turn, desk, event),
        ]
    if event.starts_at <= turn.now:
        return tuple(actions)
    if registration.state in {CONFIRMED, WAITING, PENDING} and _may_be_more(event, registration):
        actions.append(desk.button(turn, "button.mine_party", "party", r=number))
    if registration.state in registrations.OPEN:
        actions.append(desk.button(turn, "button.mine_leave", "leave_event", r=number))
    return tuple(actions)


def _may_be_more(event: EventRow, registration: RegistrationRow) -> bool:
    return registration.kind == "class" or event.party_most > 1 or registration.party_size > 1
