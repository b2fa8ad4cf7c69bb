"""Calendars of other programs, and our own, brought in."""

from __future__ import annotations

import time as machine_time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.events import planning
from bot.events.calendar import event_calendar
from bot.events.event_draft import Plan
from bot.events.exchange_faults import ImportFault, ImportRefused, Reason
from bot.storage import events
from bot.storage.engine import Database
from bot.thai_date_reading import CannotRead
from tests.bot.events.making import make_event
from tests.bot.events.test_exchange import FULL, PACK, bring_in, create, exported, outcomes, plan_of, read
from tests.builders import NOON

MORNING = datetime(2026, 11, 28, 2, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 27, 17, tzinfo=UTC)
NOT_IN_A_CALENDAR = {
    "online_link": "", "capacity": None, "party_most": 1, "opens_at": None, "closes_at": None, "has_waiting_list": True,
    "offer_minutes": 180, "admits_each": False, "phone_rule": "optional", "asks_district": False,
    "asks_companions": False, "for_classes": False, "minors": "any", "purpose": "", "retention_days": 90,
    "reminder_minutes": (1440, 120), "asks_feedback": True, "gives_certificate": False, "sessions": (), "questions": (),
}  # fmt: skip


def a_calendar(*events_of_it: str, before: str = "") -> bytes:
    told = "".join(f"BEGIN:VEVENT\n{lines.strip()}\nEND:VEVENT\n" for lines in events_of_it)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{before}{told}END:VCALENDAR\n".replace("\n", "\r\n").encode()


def values_of(lines: str, before: str = "") -> dict[str, object]:
    batch = read(a_calendar(lines, before=before), "ics")
    assert batch.faults == ()
    return dict(batch.events[0].values)


def times_of(lines: str, before: str = "") -> tuple[object, object]:
    values = values_of(lines, before)
    return values["starts_at"], values["ends_at"]


def faults_of(data: bytes) -> list[ImportFault]:
    try:
        return list(read(data, "ics").faults)
    except ImportRefused as refused:
        return list(refused.faults)


def test_what_is_exported_is_imported_without_a_difference(database: Database) -> None:
    with database.transaction() as db:
        create(db)
        make_event(db, state=events.CALLED_OFF, called_off_why="ฝน", called_off_at=NOON)
        make_event(db, place_name="", online_link="https://meeting.example.org/x")
        data = exported(db, "ics")
        assert sorted(outcomes(bring_in(db, data, "ics"))) == ["called off", "same", "same"]


def test_what_is_exported_makes_the_same_events_elsewhere(database: Database) -> None:
    with database.transaction() as db:
        event = create(db)
        data = exported(db, "ics")
        db.delete(event)
        db.flush()
        assert outcomes(bring_in(db, data, "ics")) == ["new"]
        made = events.find_by_source(db, event.public_id)
        assert made is not None
        assert plan_of(db, made) == replace(FULL, **NOT_IN_A_CALENDAR)
        assert outcomes(bring_in(db, data, "ics")) == ["same"]


LETTERS = st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" \\,;:\"'"), max_size=40)
WORDS = LETTERS.map(lambda text: " ".join(text.split())).filter(lambda text: "://" not in text)


@settings(max_examples=80, deadline=None)
@given(WORDS.filter(bool), WORDS, WORDS, WORDS.filter(bool), st.integers(0, 500_000), st.integers(1, 9_000))
def test_any_event_survives_a_calendar(
    title: str, summary: str, bring: str, place: str, start: int, minutes: int
) -> None:
    starts_at = MORNING + timedelta(minutes=start)
    row = events.EventRow(
        public_id="0123456789abcdef", state=events.PUBLISHED, version=1, called_off_why="", title=title,
        summary=summary, bring=bring, place_name=place, place_address="", online_link="", contact="",
        programme=None, district=None, latitude=None, longitude=None, starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
    )  # fmt: skip
    data = event_calendar([row], base_url="https://bot.example.org", now=NOON)
    values = read(data, "ics").events[0].values
    assert values == {
        "title": title, "summary": summary, "bring": bring, "place_name": place, "place_address": "",
        "starts_at": row.starts_at, "ends_at": row.ends_at,
    }  # fmt: skip


def test_an_event_of_another_program_is_read() -> None:
    assert values_of(
        "UID:a@google.com\nSUMMARY:เวที\\, แม่สาย\\; ใหญ่\n"
        "DESCRIPTION:หนึ่ง\\nสอง ยาว\n  มาก\n"
        "LOCATION:หอประชุม\\n1 หมู่ 2\\nแม่สาย\nGEO:20.4;99.9\nCATEGORIES:ข่าว,Forums\nCONFERENCE;VALUE=URI:https://meet.example.org/x\n"
        "DTSTART;TZID=Asia/Bangkok:20261128T090000\nDTEND;TZID=Asia/Bangkok:20261128T120000\n"
        "BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT10M\nEND:VALARM"
    ) == {
        "title": "เวที, แม่สาย; ใหญ่", "summary": "หนึ่ง\nสอง ยาว มาก", "bring": "", "place_name": "หอประชุม",
        "place_address": "1 หมู่ 2 แม่สาย", "latitude": 20.4, "longitude": 99.9, "programme": "forum",
        "online_link": "https://meet.example.org/x", "starts_at": MORNING, "ends_at": MORNING + timedelta(hours=3),
    }  # fmt: skip


def test_a_link_for_a_place_is_a_link() -> None:
    values = values_of("SUMMARY:x\nLOCATION:https://meet.example.org/x")
    assert (values["place_name"], values["online_link"]) == ("", "https://meet.example.org/x")


OWN_ZONE = (
    "BEGIN:VTIMEZONE\nTZID:Our Place\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0630\nTZOFFSETTO:+0630\n"
    "END:STANDARD\nEND:VTIMEZONE\n"
)
TIMES = {
    "UTC": "DTSTART:20261128T020000Z\nDTEND:20261128T050000Z",
    "floating": "DTSTART:20261128T090000\nDTEND:20261128T120000",
    "Windows": "DTSTART;TZID=SE Asia Standard Time:20261128T090000\nDTEND;TZID=SE Asia Standard Time:20261128T120000",
    "elsewhere": "DTSTART;TZID=Asia/Tokyo:20261128T110000\nDTEND;TZID=Europe/Berlin:20261128T060000",
    "named globally": "DTSTART;TZID=/example.org/Asia/Bangkok:20261128T090000\nDURATION:PT3H",
    "a zone of its own": "DTSTART;TZID=Our Place:20261128T083000\nDTEND;TZID=Our Place:20261128T113000",
    "lasting": "DTSTART:20261128T020000Z\nDURATION:PT3H",
    "Buddhist year": "DTSTART:25691128T090000\nDTEND:25691128T120000",
    "with seconds": "DTSTART:20261128T020059Z\nDTEND:20261128T050001Z",
}


@pytest.mark.parametrize("name", TIMES)
def test_times_of_any_zone_are_understood(name: str) -> None:
    assert times_of(TIMES[name], OWN_ZONE) == (MORNING, MORNING + timedelta(hours=3))


def test_whole_days_are_days_in_bangkok() -> None:
    assert times_of("DTSTART;VALUE=DATE:20261128") == (MIDNIGHT, MIDNIGHT + timedelta(days=1))
    two = times_of("DTSTART;VALUE=DATE:20261128\nDTEND;VALUE=DATE:20261130")
    assert two == (MIDNIGHT, MIDNIGHT + timedelta(days=2))
    assert times_of("DTSTART;VALUE=DATE:20261128\nDURATION:P2D") == two


REFUSED = {
    "a rule": ("RRULE:FREQ=WEEKLY", "RRULE", Reason.REPEATS),
    "more days": ("RDATE:20261205T020000Z", "RDATE", Reason.REPEATS),
    "one of a series": ("RECURRENCE-ID:20261128T020000Z", "RECURRENCE-ID", Reason.REPEATS),
    "unknown zone": ("DTSTART;TZID=Mars/Base:20261128T090000", "DTSTART", Reason.UNKNOWN_ZONE),
    "no day": ("DTSTART:20261328T090000", "DTSTART", Reason.MALFORMED),
    "no place on earth": ("GEO:abc", "GEO", Reason.MALFORMED),
    "lasting less than nothing": ("DTSTART:20261128T020000Z\nDURATION:-PT3H", "DURATION", Reason.MALFORMED),
    "a day that was never": ("DTSTART:25720229T090000\nDTEND:20290301T090000", "DTSTART", "no_such_date"),
    "too long ago": ("DTSTART:10261128T090000Z\nDTEND:10261128T100000Z", "DTSTART", "no_such_year"),
    "letter that cannot be shown": ("LOCATION:x\ue000", "LOCATION", Reason.UNREADABLE_LETTER),
    "too long id": ("UID:" + "x" * 201, "UID", Reason.TOO_LONG),
}


@pytest.mark.parametrize("name", REFUSED)
def test_an_event_is_refused_with_line_property_and_reason(name: str) -> None:
    lines, column, reason = REFUSED[name]
    fault = faults_of(a_calendar("SUMMARY:ดี", f"SUMMARY:เวที\n{lines}"))[0]
    said = fault.reason.fault.value if isinstance(fault.reason, CannotRead) else fault.reason
    assert (fault.row, fault.column, said) == (7, column, reason)


def test_a_cancelled_event_is_not_called_off_by_a_file(database: Database) -> None:
    with database.transaction() as db:
        event = make_event(db)
        known = f"UID:{event.public_id}@civicbot\nSUMMARY:x\nSTATUS:CANCELLED"
        with pytest.raises(ImportRefused) as refused:
            bring_in(db, a_calendar(known), "ics")
        assert [fault.reason for fault in refused.value.faults] == [Reason.CALLS_OFF]
        assert outcomes(bring_in(db, a_calendar("UID:other\nSUMMARY:x\nSTATUS:CANCELLED"), "ics")) == ["called off"]


def test_a_start_without_an_end_is_refused(sqlite_database: Database) -> None:
    with pytest.raises(ImportRefused) as refused, sqlite_database.transaction() as db:
        bring_in(db, a_calendar("SUMMARY:x\nDTSTART:20261128T020000Z"), "ics")
    assert [(fault.row, fault.column, str(fault.reason)) for fault in refused.value.faults] == [(4, "DTEND", "half")]


def test_what_a_calendar_does_not_say_stays(database: Database) -> None:
    with database.transaction() as db:
        event = create(db)
        steps = bring_in(db, a_calendar(f"UID:{event.public_id}@civicbot\nSUMMARY:ใหม่"), "ics")
        assert [step.changed for step in steps] == [("title",)]
        assert plan_of(db, event) == replace(FULL, title="ใหม่")


def test_the_same_calendar_again_changes_what_it_made(database: Database) -> None:
    with database.transaction() as db:
        assert outcomes(bring_in(db, a_calendar("UID:a@x\nSUMMARY:ก"), "ics")) == ["new"]
        assert outcomes(bring_in(db, a_calendar("UID:a@x\nSUMMARY:ข"), "ics")) == ["changed"]
        assert [planning.read_plan(db, event) for event in events.list_all(db, limit=9)] == [Plan(title="ข")]


SLOW_ZONE = OWN_ZONE.replace("END:STANDARD", "RRULE:FREQ=SECONDLY\nEND:STANDARD")
FOLDED_ZONE = SLOW_ZONE.replace("BEGIN:VTIMEZONE", "BEGIN:VTIME\n ZONE")
HOSTILE: dict[str, tuple[bytes, Reason]] = {
    "not a calendar": (b"hello", Reason.UNREADABLE),
    "empty": (b"", Reason.EMPTY),
    "no events": (a_calendar(), Reason.EMPTY),
    "cut short": (a_calendar("SUMMARY:x")[:-20], Reason.UNREADABLE),
    "second one cut short": (a_calendar("SUMMARY:x") + b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", Reason.UNREADABLE),
    "nonsense": (a_calendar("foo bar"), Reason.MALFORMED),
    "ends twice": (a_calendar("SUMMARY:x") + b"END:VCALENDAR\r\n", Reason.UNREADABLE),
    "too deep": (b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 5_000, Reason.UNREADABLE),
    "disguised": (a_calendar("SUMMARY:x", before=OWN_ZONE.replace("BEGIN:V", "BEGIN;X=1:V")), Reason.UNREADABLE),
    "TIS-620": ("BEGIN:VCALENDAR\nX:เวที".encode("tis-620"), Reason.WRONG_ENCODING),
    "too large": (b"x" * 5_000_001, Reason.TOO_LARGE),
    "too many": (a_calendar(*["SUMMARY:x"] * 2_001), Reason.TOO_MANY_ROWS),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_calendar_is_refused(name: str) -> None:
    data, reason = HOSTILE[name]
    assert [fault.reason for fault in faults_of(data)] == [reason]


@pytest.mark.parametrize("zone", [SLOW_ZONE, FOLDED_ZONE, SLOW_ZONE.replace("V", "v"), "BEGIN:VTIMEZONE\n"])
def test_a_zone_that_would_take_for_ever_is_not_reckoned_with(zone: str) -> None:
    started = machine_time.process_time()
    faults_of(a_calendar("SUMMARY:x\nDTSTART;TZID=Our Place:20261128T083000", before=zone))
    assert machine_time.process_time() - started < 5


def test_the_programmes_of_another_calendar_say_nothing() -> None:
    assert "programme" not in values_of("SUMMARY:x\nCATEGORIES:ข่าว\nCATEGORIES:Forums")
    assert PACK.programmes[0].id == values_of("SUMMARY:x\nCATEGORIES:เวที")["programme"]
