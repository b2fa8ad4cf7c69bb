"""What is coming: by programme, district, period and nearness, with the seats that are left."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from bot.events import refusals, search
from bot.events.search import Alternatives, Door, Seats, Wanted
from bot.storage import events
from bot.storage.engine import Database
from bot.storage.events import EventRow
from bot.vault import Vault
from knowledge.geography import Area, Geography, Point
from tests.bot.events.making import IN_A_WEEK, a_person, make_event, sign_up
from tests.builders import NOON

DECEMBER = Wanted(first=date(2026, 12, 1), last=date(2026, 12, 31))
MAE_SAI, MAE_CHAN, PHAN = (20.43, 99.88), (20.15, 99.85), (19.55, 99.74)
MAP = Geography(
    "57",
    {
        name: Area((Point(name, *spot),))
        for name, spot in {"mae_sai": MAE_SAI, "mae_chan": MAE_CHAN, "phan": PHAN}.items()
    },
    {},
)


def titles(db: Session, wanted: Wanted, *, now: datetime = NOON) -> list[str]:
    return [coming.event.title for coming in search.list_wanted(db, wanted, now=now, geography=MAP)]


def at(db: Session, title: str, starts_at: datetime, **more: Any) -> EventRow:
    return make_event(db, title=title, starts_at=starts_at, **more)


def test_what_is_coming_is_listed_with_the_next_first(database: Database) -> None:
    with database.transaction() as db:
        at(db, "ทีหลัง", NOON + timedelta(days=9))
        at(db, "ก่อน", NOON + timedelta(days=2))
        at(db, "กำลังจัด", NOON - timedelta(hours=1))
        at(db, "จบแล้ว", NOON - timedelta(days=1))
        at(db, "ร่าง", IN_A_WEEK, state=events.DRAFT)
        at(db, "งดจัด", IN_A_WEEK, state=events.CALLED_OFF)
        assert titles(db, Wanted()) == ["กำลังจัด", "ก่อน", "ทีหลัง"]


def test_programme_district_and_period_have_to_fit_together(database: Database) -> None:
    with database.transaction() as db:
        at(db, "ใช่", datetime(2026, 12, 5, 2, tzinfo=UTC))
        at(db, "เดือนก่อน", datetime(2026, 11, 28, 2, tzinfo=UTC))
        at(db, "เรื่องอื่น", datetime(2026, 12, 5, 2, tzinfo=UTC), programme="media")
        at(db, "ที่อื่น", datetime(2026, 12, 5, 2, tzinfo=UTC), district="phan")
        wanted = replace(DECEMBER, programme="forum", districts=("mae_sai",))
        assert titles(db, wanted) == ["ใช่"]
        assert titles(db, replace(wanted, districts=("mae_sai", "phan"))) == ["ใช่", "ที่อื่น"]


@pytest.mark.parametrize(
    ("starts", "hours", "inside"),
    [
        (datetime(2026, 11, 30, 16, 59, tzinfo=UTC), 0.01, False),  # the last minute of November in Bangkok
        (datetime(2026, 11, 30, 17, 0, tzinfo=UTC), 1, True),
        (datetime(2026, 12, 31, 16, 59, tzinfo=UTC), 3, True),
        (datetime(2026, 12, 31, 17, 0, tzinfo=UTC), 1, False),
        (datetime(2026, 11, 30, 2, 0, tzinfo=UTC), 48, True),  # still on in December
    ],
)
def test_a_period_is_of_days_in_bangkok(database: Database, starts: datetime, hours: float, *, inside: bool) -> None:
    with database.transaction() as db:
        at(db, "งาน", starts, ends_at=starts + timedelta(hours=hours))
        assert bool(titles(db, DECEMBER)) is inside


def test_the_nearest_come_first_then_those_whose_district_is_near(database: Database) -> None:
    with database.transaction() as db:
        at(db, "พาน", NOON + timedelta(days=1), district="phan", latitude=PHAN[0], longitude=PHAN[1])
        at(db, "ออนไลน์", NOON + timedelta(days=2), district=None)
        at(db, "แม่จัน ไม่มีแผนที่", NOON + timedelta(days=3), district="mae_chan")
        at(db, "แม่สาย ไม่มีแผนที่", NOON + timedelta(days=4), district="mae_sai")
        at(db, "แม่สาย", NOON + timedelta(days=5), latitude=MAE_SAI[0], longitude=MAE_SAI[1])
        found = search.list_wanted(db, Wanted(near=Point("", *MAE_SAI)), now=NOON, geography=MAP)
        assert [(coming.event.title, coming.km and round(coming.km)) for coming in found] == [
            ("แม่สาย", 0), ("พาน", 99), ("แม่สาย ไม่มีแผนที่", None), ("แม่จัน ไม่มีแผนที่", None), ("ออนไลน์", None)
        ]  # fmt: skip


def test_where_nothing_fits_the_next_and_the_districts_around_are_known(database: Database) -> None:
    with database.transaction() as db:
        soon = at(db, "ที่นี่ เดือนนี้", NOON + timedelta(days=1), district="mae_sai")
        at(db, "ไกล", datetime(2026, 12, 5, tzinfo=UTC), district="phan")
        at(db, "ใกล้", datetime(2026, 12, 6, tzinfo=UTC), district="mae_chan")
        at(db, "ใกล้อีก", datetime(2026, 12, 7, tzinfo=UTC), district="mae_chan")
        wanted = replace(DECEMBER, districts=("mae_sai",))
        assert search.list_alternatives(db, wanted, now=NOON, geography=MAP) == Alternatives(
            soon, (("mae_chan", 2), ("phan", 1)), 4
        )
        past = Wanted(districts=("mae_sai",), first=date(2026, 10, 1), last=date(2026, 10, 31))
        assert search.list_alternatives(db, past, now=NOON, geography=MAP) == Alternatives(soon, (), 4)
        nothing = Wanted(programme="media")
        assert search.list_alternatives(db, nothing, now=NOON, geography=None) == Alternatives(None, (), 4)


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("values", "door", "left"),
    [
        ({}, Door.OPEN, 10),
        ({"capacity": None}, Door.OPEN, None),
        ({"capacity": 0}, Door.LINE, 0),
        ({"capacity": 0, "has_waiting_list": False}, Door.FULL, 0),
        ({"capacity": 0, "admits_each": True}, Door.ASK, 0),
        ({"opens_at": NOON + HOUR}, Door.NOT_YET, 10),
        ({"opens_at": NOON}, Door.OPEN, 10),
        ({"closes_at": NOON}, Door.CLOSED, 10),
        ({"starts_at": NOON}, Door.BEGUN, 10),
    ],
)
def test_the_door_and_the_seats(database: Database, values: dict[str, Any], door: Door, left: int | None) -> None:
    with database.transaction() as db:
        event = make_event(db, **values)
        assert search.seats_of(db, [event], now=NOON) == {event.id: Seats(door, left)}


def test_taken_seats_are_gone_and_those_kept_for_the_line_are_not_offered(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        open_one, with_line = make_event(db), make_event(db, capacity=3)
        sign_up(db, vault, open_one, a_person(db, 1), party=4)
        sign_up(db, vault, with_line, a_person(db, 2), party=2)
        sign_up(db, vault, with_line, a_person(db, 3), party=3)  # is offered the one seat, and it is kept
        found = search.seats_of(db, [open_one, with_line], now=NOON)
        assert found == {open_one.id: Seats(Door.OPEN, 6), with_line.id: Seats(Door.LINE, 0)}


def test_a_free_seat_at_night_belongs_to_who_waits(database: Database, vault: Vault) -> None:
    night = NOON + timedelta(hours=11)
    with database.transaction() as db:
        event = make_event(db, capacity=3)
        sign_up(db, vault, event, a_person(db, 1), party=2)
        sign_up(db, vault, event, a_person(db, 2), party=1, now=night)
        sign_up(db, vault, event, a_person(db, 3), party=1, now=night)
        event.capacity = 4
        db.flush()
        assert search.seats_of(db, [event], now=night) == {event.id: Seats(Door.LINE, 0)}


def test_what_is_open_is_what_one_can_register_or_wait_for(database: Database) -> None:
    with database.transaction() as db:
        at(db, "เปิด", IN_A_WEEK)
        at(db, "รอคิว", IN_A_WEEK, capacity=0)
        at(db, "เต็ม", IN_A_WEEK, capacity=0, has_waiting_list=False)
        at(db, "ยังไม่เปิด", IN_A_WEEK, opens_at=NOON + HOUR)
        assert [coming.event.title for coming in search.list_open(db, now=NOON)] == ["เปิด", "รอคิว"]


def test_one_s_own_place_is_known_and_a_neighbour_s_is_none(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        mine, hers = make_event(db), make_event(db)
        person = a_person(db, 1)
        row = sign_up(db, vault, mine, person).registration
        sign_up(db, vault, hers, person, kind="neighbour")
        assert search.own_places(db, person, [mine.id, hers.id]) == {mine.id: row}


def test_what_nobody_may_look_at_is_refused(database: Database) -> None:
    with database.transaction() as db:
        draft = make_event(db, state=events.DRAFT)
        called_off = make_event(db, state=events.CALLED_OFF, called_off_why="ฝนตกหนัก")
        over = make_event(db, starts_at=NOON - timedelta(days=1))
        shown = make_event(db)
        assert search.get_shown(db, shown.id, now=NOON) is shown
        for number in (draft.id, 0, 10**18):
            with pytest.raises(refusals.NoSuchEvent):
                search.get_shown(db, number, now=NOON)
        with pytest.raises(refusals.CalledOff) as refused:
            search.get_shown(db, called_off.id, now=NOON)
        assert refused.value.why == "ฝนตกหนัก"
        with pytest.raises(refusals.EventOver):
            search.get_shown(db, over.id, now=NOON)


def test_counts_leave_their_own_filter_out(database: Database) -> None:
    with database.transaction() as db:
        make_event(db)
        make_event(db, programme="media", district="phan")
        wanted = Wanted(programme="forum", districts=("mae_sai",))
        assert search.count_by_programme(db, wanted, now=NOON) == {"forum": 1}
        assert search.count_by_district(db, replace(wanted, programme=None), now=NOON) == {"mae_sai": 1, "phan": 1}


def test_seats_take_as_many_queries_for_three_events_as_for_one(sqlite_database: Database) -> None:
    asked: list[str] = []
    event.listen(sqlite_database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    with sqlite_database.transaction() as db:
        rows = [make_event(db) for _ in range(3)]
        counts = []
        for number in (1, 3):
            asked.clear()
            search.seats_of(db, rows[:number], now=NOON)
            counts.append(len(asked))
        assert counts == [2, 2]
