"""Events as other programs read them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from icalendar import Calendar, Event

from bot import clock
from bot.events.calendar import described, event_calendar
from bot.storage import events
from bot.storage.events import EventRow
from tests.builders import NOON

MORNING = datetime(2026, 11, 28, 2, tzinfo=UTC)
ADDRESS = "https://bot.example.org/e/0123456789abcdef"


def an_event(**changes: Any) -> EventRow:
    values: dict[str, Any] = {
        "public_id": "0123456789abcdef", "state": events.PUBLISHED, "title": "เวทีแม่สาย", "summary": "", "bring": "",
        "contact": "", "place_name": "หอประชุม", "place_address": "", "online_link": "", "called_off_why": "",
        "programme": None, "district": None, "latitude": None, "longitude": None, "version": 3,
        "starts_at": MORNING, "ends_at": MORNING + timedelta(hours=3),
    }  # fmt: skip
    return EventRow(**{**values, **changes})


def written(*rows: EventRow) -> bytes:
    return event_calendar(rows, base_url="https://bot.example.org", now=NOON)


def entry(event: EventRow) -> Event:
    return Calendar.from_ical(written(event)).events[0]


def test_an_event_is_told_in_bangkok_time() -> None:
    lines = written(an_event()).decode().split("\r\n")
    assert "DTSTART;TZID=Asia/Bangkok:20261128T090000" in lines
    assert "DTEND;TZID=Asia/Bangkok:20261128T120000" in lines
    assert [line for line in lines if line.startswith("TZOFFSETTO")] == ["TZOFFSETTO:+0700"]


def test_the_same_event_has_the_same_uid_and_a_later_sequence() -> None:
    first, later = entry(an_event()), entry(an_event(version=4, title="ใหม่"))
    assert [(str(one["uid"]), one["sequence"]) for one in (first, later)] == [
        ("0123456789abcdef@civicbot", 3), ("0123456789abcdef@civicbot", 4),
    ]  # fmt: skip


def test_an_event_says_all_that_anybody_may_know() -> None:
    told = entry(
        an_event(
            summary="คุยกัน; เรื่องน้ำ, เรื่องไฟ\nและป่า", bring="ร่ม", contact="ศูนย์", place_address="1 หมู่ 2",
            latitude=20.4, longitude=99.9, online_link="https://meeting.example.org/secret", programme="forum",
        )
    )  # fmt: skip
    assert str(told["location"]) == "หอประชุม\n1 หมู่ 2"
    assert str(told["description"]) == (
        "คุยกัน; เรื่องน้ำ, เรื่องไฟ\nและป่า\n\nสิ่งที่ต้องเตรียมมา: ร่ม\n\nรายละเอียดและการลงทะเบียน: " + ADDRESS
    )
    assert (str(told["url"]), str(told["status"]), str(told["contact"])) == (ADDRESS, "CONFIRMED", "ศูนย์")
    assert (told["geo"].latitude, told["geo"].longitude) == (20.4, 99.9)


def test_the_link_to_a_meeting_is_never_told() -> None:
    made = written(an_event(place_name="", online_link="https://meeting.example.org/secret"))
    assert b"secret" not in made
    assert str(Calendar.from_ical(made).events[0]["location"]) == "ออนไลน์"


def test_an_event_that_is_called_off_is_cancelled() -> None:
    told = entry(an_event(state=events.CALLED_OFF, called_off_why="ฝนตกหนัก"))
    assert (str(told["status"]), str(told["summary"])) == ("CANCELLED", "(ยกเลิกแล้ว) เวทีแม่สาย")
    assert str(told["description"]).startswith("ฝนตกหนัก\n\n")


def test_a_draft_has_no_public_page() -> None:
    told = entry(an_event(state=events.DRAFT))
    assert (str(told["status"]), "url" in told, "description" in told) == ("TENTATIVE", False, False)


def test_whole_days_are_days() -> None:
    midnight = datetime(2026, 11, 27, 17, tzinfo=UTC)
    told = entry(an_event(starts_at=midnight, ends_at=midnight + timedelta(days=2)))
    assert (told["dtstart"].dt, told["dtend"].dt) == (date(2026, 11, 28), date(2026, 11, 30))


def test_a_draft_without_a_day_is_left_out() -> None:
    undated = an_event(state=events.DRAFT, ends_at=MORNING)
    assert [str(one["summary"]) for one in Calendar.from_ical(written(undated, an_event())).events] == ["เวทีแม่สาย"]


def test_lines_are_folded_and_no_letter_ends_one() -> None:
    title = "ก" * 60 + "\rATTENDEE:mailto:x@example.org\x85\u2028"
    made = written(an_event(title=title))
    assert max(len(line) for line in made.split(b"\r\n")) <= 75
    assert str(Calendar.from_ical(made).events[0]["summary"]) == "ก" * 60 + " ATTENDEE:mailto:x@example.org"
    assert b"\nATTENDEE" not in made


def test_a_description_is_taken_apart_again() -> None:
    texts: list[tuple[str, str]] = [("", ""), ("ก\n\nข", ""), ("", "ร่ม\n\nหมวก"), ("ก\n\nข", "ร่ม")]
    read: Callable[[EventRow], str] = lambda event: str(entry(event)["description"])  # noqa: E731
    assert [described(read(an_event(summary=summary, bring=bring))) for summary, bring in texts] == texts
    assert described("สิ่งที่ต้องเตรียมมา ร่ม") == ("สิ่งที่ต้องเตรียมมา ร่ม", "")


def test_the_zone_is_that_of_the_clock() -> None:
    assert str(entry(an_event())["dtstart"].params["tzid"]) == clock.BANGKOK.key
