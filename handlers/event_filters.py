"""What somebody looks for among the events: as a button carries it, in words, and the buttons that change it."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta

from bot import clock, thai_dates
from bot.conversation.memory import FORGOTTEN_AFTER
from bot.conversation.turn import Turn
from bot.events.search import Wanted
from bot.messages import Action, AskLocation, PickDate
from handlers.desk import Desk
from knowledge.geography import Point
from knowledge.pack import Named

MOST_DISTRICTS = 3
NEAR_DIGITS = 2
"""Of degrees: about a kilometre. Nobody needs to know it better, and the button lies in a chat."""


def written(wanted: Wanted) -> dict[str, str]:
    """As the arguments of a button."""
    given = {
        "p": wanted.programme,
        "d": ",".join(wanted.districts[:MOST_DISTRICTS]),
        "f": wanted.first.isoformat() if wanted.first else None,
        "l": wanted.last.isoformat() if wanted.last else None,
        "n": _spot(wanted.near) if wanted.near else None,
    }
    return {name: value for name, value in given.items() if value}


def read(turn: Turn, arguments: Mapping[str, str]) -> Wanted:
    """What a button carries. Programmes and districts that are no more are left out; a day picked with it counts.

    Where somebody is, is known for as long as their conversation lasts: after that the button has forgotten it.
    """
    pack = turn.catalogue.pack
    programme = arguments.get("p")
    districts = {district.id for district in pack.districts}
    first, last = _day(arguments.get("f")), _day(arguments.get("l"))
    picked = _day(turn.incoming.picked)
    if picked is not None:
        first = last = picked
    fresh = turn.pressed is None or turn.now - turn.pressed.made_at <= FORGOTTEN_AFTER
    return Wanted(
        programme=programme if programme in {known.id for known in pack.programmes} else None,
        districts=tuple(name for name in arguments.get("d", "").split(",") if name in districts)[:MOST_DISTRICTS],
        first=first if last is not None else None,
        last=last if first is not None else None,
        near=_point(arguments.get("n")) if fresh else None,
    )


def rounded(latitude: float, longitude: float) -> Point:
    return Point("", round(latitude, NEAR_DIGITS), round(longitude, NEAR_DIGITS))


def described(turn: Turn, desk: Desk, wanted: Wanted) -> str:
    """`กิจกรรมเดือนธันวาคม 2569 ที่อำเภอแม่สาย`: what was understood, for the start of a sentence."""
    pack = turn.catalogue.pack
    if wanted == Wanted():
        return desk.say(turn, "events.what_all")
    what = desk.say(turn, "events.what")
    for programme in pack.programmes:
        if programme.id == wanted.programme:
            what = desk.say(turn, "events.what_programme", programme=named(turn, programme))
    if wanted.first is not None and wanted.last is not None:
        what = desk.say(turn, "events.with_when", what=what, when=_when(turn, desk, wanted.first, wanted.last))
    alone = wanted.programme is None and not wanted.has_period
    if wanted.districts:
        where = where_words(turn, desk, wanted.districts)
        what = (
            desk.say(turn, "events.only_where", where=where)
            if alone
            else desk.say(turn, "events.with_where", what=what, where=where)
        )
    if wanted.near is None:
        return what
    if alone and not wanted.districts:
        return desk.say(turn, "events.only_near")
    return desk.say(turn, "events.with_near", what=what)


def where_words(turn: Turn, desk: Desk, districts: tuple[str, ...]) -> str:
    """`อำเภอแม่สาย และอำเภอแม่จัน`."""
    names = [desk.say(turn, "events.district", district=district_name(turn, district)) for district in districts]
    words = names[0] if names else ""
    for name in names[1:]:
        words = desk.say(turn, "events.and", one=words, other=name)
    return words


def district_name(turn: Turn, district_id: str) -> str:
    return next((named(turn, known) for known in turn.catalogue.pack.districts if known.id == district_id), district_id)


def named(turn: Turn, thing: Named) -> str:
    return thing.name.get(turn.language) or thing.name["th"]


def ways_to_change(turn: Turn, desk: Desk, wanted: Wanted) -> tuple[Action, ...]:
    """Taking back what is set, then setting more: at most ten."""
    return (*_taken_back(turn, desk, wanted), *_set(turn, desk, wanted))


def _taken_back(turn: Turn, desk: Desk, wanted: Wanted) -> list[Action]:
    less = []
    if wanted.has_period:
        less.append(("button.events_any_time", wanted.at_any_time()))
    if wanted.programme:
        less.append(("button.events_any_kind", replace(wanted, programme=None)))
    if wanted.districts:
        less.append(("button.events_any_place", replace(wanted, districts=())))
    if wanted.near:
        less.append(("button.events_by_date", replace(wanted, near=None)))
    if len(less) > 1:
        less = [*less[:3], ("button.events_all", Wanted())]
    return [desk.button(turn, key, "events", **written(other)) for key, other in less]


def _set(turn: Turn, desk: Desk, wanted: Wanted) -> list[Action]:
    today = clock.bangkok_date(turn.now)
    monday = today - timedelta(days=today.weekday())
    periods = [
        ("button.events_week", monday, monday + timedelta(days=6)),
        ("button.events_month", *_month(today)),
    ]
    more: list[Action] = [
        desk.button(turn, key, "events", **written(replace(wanted, first=first, last=last)))
        for key, first, last in periods
        if (first, last) != (wanted.first, wanted.last)
    ]
    pick = desk.buttons.encode("events", now=turn.now, **written(wanted.at_any_time()))
    more.append(
        PickDate(desk.say(turn, "button.events_pick"), pick, initial=today.isoformat(), min=today.isoformat())
    )  # fmt: skip
    if wanted.programme is None:
        more.append(desk.button(turn, "button.events_kind", "events", c="p", **written(wanted)))
    if not wanted.districts:
        more.append(desk.button(turn, "button.events_place", "events", c="d", **written(wanted)))
    if wanted.near is None:
        more.append(AskLocation(desk.say(turn, "button.events_here")))
    return more


def _when(turn: Turn, desk: Desk, first: date, last: date) -> str:
    english = turn.language == "en"
    if first == last:
        return desk.say(turn, "events.when_day", day=thai_dates.weekday_date(first, english=english))
    if (first, last) == _month(first):
        month = thai_dates.long_date(first, english=english).partition(" ")[2]
        return desk.say(turn, "events.when_month", month=month)
    if (first, last) == (date(first.year, 1, 1), date(first.year, 12, 31)):
        year = first.year if english else thai_dates.buddhist_year(first)
        return desk.say(turn, "events.when_year", year=str(year))
    return desk.say(turn, "events.when_days", days=thai_dates.days(first, last, english=english))


def _month(day: date) -> tuple[date, date]:
    return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _day(text: str | None) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(text) if text else None
    return None


def _spot(point: Point) -> str:
    return f"{point.latitude:.{NEAR_DIGITS}f},{point.longitude:.{NEAR_DIGITS}f}"


def _point(text: str | None) -> Point | None:
    with suppress(ValueError):
        latitude, longitude = map(float, (text or "").split(","))
        return Point("", latitude, longitude)
    return None
