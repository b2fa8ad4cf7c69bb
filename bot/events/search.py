"""What is on: by programme, district, period and nearness, and whether one can register for it now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from bot import clock
from bot.events import openness, refusals, seats
from bot.storage import events, registrations
from bot.storage.events import EventRow
from bot.storage.registrations import RegistrationRow
from knowledge.district_map import great_circle_km
from knowledge.geography import Geography, Point

MOST = 300
"""So many coming events are looked through, and counted, at most."""
MOST_PLACES = 50
MOST_LINES = 1_000
NOWHERE = float("inf")


class Door(StrEnum):
    """Whether somebody who comes now may register."""

    OPEN = "open"
    ASK = "ask"
    """Staff decide about each, whatever the number of seats."""
    LINE = "line"
    """No seat is free, and one may wait for one."""
    FULL = "full"
    NOT_YET = "not_yet"
    CLOSED = "closed"
    BEGUN = "begun"


OPEN_DOORS = frozenset({Door.OPEN, Door.ASK, Door.LINE})


@dataclass(frozen=True, slots=True)
class Seats:
    """`left` is None where their number has no limit."""

    door: Door
    left: int | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for; all that is set has to fit. `near` sorts, and leaves nothing out."""

    programme: str | None = None
    districts: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    near: Point | None = None

    @property
    def has_period(self) -> bool:
        return self.first is not None and self.last is not None

    def is_past(self, today: date) -> bool:
        return self.last is not None and self.last < today

    def at_any_time(self) -> Wanted:
        return replace(self, first=None, last=None)


@dataclass(frozen=True, slots=True)
class Coming:
    """An event, and how far it is from where somebody is, None where nobody knows."""

    event: EventRow
    km: float | None = None


@dataclass(frozen=True, slots=True)
class Alternatives:
    """Where nothing fits. `next` is of the same kind and place at another time; `districts` have some of that kind and
    time, the nearest first, with their number; `coming` is how many there are at all."""

    next: EventRow | None
    districts: tuple[tuple[str, int], ...]
    coming: int


def list_wanted(db: Session, wanted: Wanted, *, now: datetime, geography: Geography | None = None) -> list[Coming]:
    """At most `MOST`, the next one first; or the nearest first: those on a map by distance, then by their district."""
    found = _list(db, wanted, now=now)
    if wanted.near is None:
        return [Coming(event) for event in found]
    return _nearest_first(found, wanted.near, geography)


def list_alternatives(db: Session, wanted: Wanted, *, now: datetime, geography: Geography | None) -> Alternatives:
    today = clock.bangkok_date(now)
    other_times = _list(db, wanted.at_any_time(), now=now, limit=1) if wanted.has_period else []
    around: tuple[tuple[str, int], ...] = ()
    if wanted.districts and not wanted.is_past(today):
        counts = Counter(event.district for event in _list(db, replace(wanted, districts=()), now=now))
        nearness = _distances_between(geography, wanted.districts)
        known = [(name, count) for name, count in counts.items() if name and name not in wanted.districts]
        around = tuple(sorted(known, key=lambda item: (nearness.get(item[0], NOWHERE), item[0])))
    return Alternatives(next(iter(other_times), None), around, len(_list(db, Wanted(), now=now)))


def count_by_programme(db: Session, wanted: Wanted, *, now: datetime) -> Counter[str]:
    """Of what fits but for the programme."""
    return Counter(event.programme or "" for event in _list(db, replace(wanted, programme=None), now=now))


def count_by_district(db: Session, wanted: Wanted, *, now: datetime) -> Counter[str]:
    """Of what fits but for the district."""
    return Counter(event.district or "" for event in _list(db, replace(wanted, districts=()), now=now))


def list_open(db: Session, *, now: datetime) -> list[Coming]:
    """Those that one can register for, or wait for, now."""
    found = _list(db, Wanted(), now=now)
    doors = seats_of(db, found, now=now)
    return [Coming(event) for event in found if doors[event.id].door in OPEN_DOORS]


def get_shown(db: Session, event_id: int, *, now: datetime) -> EventRow:
    """An event that anybody may look at. Raises NoSuchEvent, CalledOff, EventOver."""
    event = openness.check_on(events.find(db, event_id))
    if event.ends_at <= now:
        raise refusals.EventOver
    return event


def seats_of(db: Session, found: Sequence[EventRow], *, now: datetime) -> dict[int, Seats]:
    """By the event's id. Two queries for all of them, and two more for each that has both a line and a free seat."""
    taken = registrations.count_seats_of(db, [event.id for event in found])
    free = {event.id: max(event.capacity - taken.get(event.id, 0), 0) for event in found if event.capacity is not None}
    if any(free.get(event.id) and event.has_waiting_list for event in found):
        lines = set(registrations.list_events_with_a_line(db, limit=MOST_LINES, now=now))
        for event in found:
            if event.id in lines and free.get(event.id):
                free[event.id] = seats.left_for_newcomers(db, event)
    return {event.id: Seats(_door(event, free.get(event.id), now), free.get(event.id)) for event in found}


def own_places(db: Session, person_id: int, event_ids: Collection[int]) -> dict[int, RegistrationRow]:
    """The registrations that are this person's own, open ones, by event."""
    rows = registrations.list_of_person(db, person_id, limit=MOST_PLACES)
    return {row.event_id: row for row in rows if row.kind == "self" and row.event_id in event_ids}


def _door(event: EventRow, left: int | None, now: datetime) -> Door:
    if event.starts_at <= now:
        return Door.BEGUN
    if event.opens_at is not None and now < event.opens_at:
        return Door.NOT_YET
    if event.closes_at is not None and event.closes_at <= now:
        return Door.CLOSED
    if event.admits_each:
        return Door.ASK
    if left is None or left > 0:
        return Door.OPEN
    return Door.LINE if event.has_waiting_list else Door.FULL


def _list(db: Session, wanted: Wanted, *, now: datetime, limit: int = MOST) -> list[EventRow]:
    after, before = now, None
    if wanted.first is not None:
        after = max(now, _midnight(wanted.first))
    if wanted.last is not None:
        before = _midnight(wanted.last + timedelta(days=1))
    return events.list_coming(
        db, after=after, before=before, programme=wanted.programme, districts=wanted.districts, limit=limit
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.BANGKOK)


def _nearest_first(found: Sequence[EventRow], here: Point, geography: Geography | None) -> list[Coming]:
    areas = geography.districts if geography is not None else {}
    to_district = {
        name: min((great_circle_km(here, point) for point in area.points), default=NOWHERE)
        for name, area in areas.items()
    }
    order = []
    for position, event in enumerate(found):
        if event.latitude is not None and event.longitude is not None:
            km = great_circle_km(here, Point("", event.latitude, event.longitude))
            order.append((0, km, position, Coming(event, km)))
        else:
            order.append((1, to_district.get(event.district or "", NOWHERE), position, Coming(event)))
    return [coming for *_, coming in sorted(order, key=lambda item: item[:3])]


def _distances_between(geography: Geography | None, districts: Collection[str]) -> dict[str, float]:
    """From these to every district: of their nearest points, in kilometres."""
    areas = geography.districts if geography is not None else {}
    ours = [point for name in districts if name in areas for point in areas[name].points]
    return {
        name: min((great_circle_km(point, other) for point in ours for other in area.points), default=NOWHERE)
        for name, area in areas.items()
    }
