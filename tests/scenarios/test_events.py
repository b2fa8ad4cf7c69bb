"""Somebody looks for an event, in their own words, by buttons and by where they are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import update

from bot import clock
from bot.storage import events
from bot.storage.events import EventRow
from tests.bot.events.making import make_event
from tests.scenarios.house import House
from tests.scenarios.phone import Phone

KHUN_TAN, DOI_LUANG = {"latitude": 19.84, "longitude": 100.27}, {"latitude": 20.11, "longitude": 100.10}


@pytest.fixture
def two_events(house: House) -> Iterator[House]:
    """Next month, where no other scenario has any; they are gone afterwards."""
    first = clock.bangkok_date(clock.now()).replace(day=1)
    next_month = datetime.combine((first + timedelta(days=32)).replace(day=10), time(9), clock.BANGKOK)
    with house.db.transaction() as db:
        rows = [
            make_event(
                db, title=title, district=district, programme="media", place_name=title, starts_at=next_month, **place
            )
            for title, district, place in (
                ("คลิปเล่าเรื่องขุนตาล", "khun_tan", KHUN_TAN),
                ("คลิปเล่าเรื่องดอยหลวง", "doi_luang", DOI_LUANG),
            )
        ]
        numbers = [row.id for row in rows]
    yield house
    with house.db.transaction() as db:
        db.execute(update(EventRow).where(EventRow.id.in_(numbers)).values(state=events.DRAFT))


@pytest.mark.usefixtures("two_events")
def test_an_event_is_found_and_looked_at(known: Phone) -> None:
    found = known.say("เดือนหน้ามีอะไรที่ขุนตาลบ้าง")
    assert "ที่อำเภอขุนตาล มี 1 งานค่ะ" in found.words
    assert "เหลือ 10 ที่" in found.words
    assert {"วันไหนก็ได้", "อำเภอไหนก็ได้", "ใกล้ฉัน"} <= set(found.choices)

    details = known.press("รายละเอียด")
    assert "คลิปเล่าเรื่องขุนตาล" in details.words
    assert details.links["ดูแผนที่"].endswith("query=19.84,100.27")
    assert [message["type"] for message in details.messages] == ["flex", "location"]

    elsewhere = known.say("เดือนหน้ามีกิจกรรมที่ดอยหลวงไหม")
    assert "คลิปเล่าเรื่องดอยหลวง" in elsewhere.words
    near = known.send("location", **KHUN_TAN)
    assert near.words.index("คลิปเล่าเรื่องขุนตาล") < near.words.index("คลิปเล่าเรื่องดอยหลวง")
    assert "ไม่ถึง 1 กม." in near.words


@pytest.mark.usefixtures("two_events")
def test_what_only_sounds_like_it_is_answered_as_ever(known: Phone) -> None:
    assert "งานค่ะ" not in known.say("เสาร์หน้ามีงานแต่งที่ขุนตาล ไปไม่ได้").words
