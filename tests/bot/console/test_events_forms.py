"""What is typed into an event's form, read: times, places on a map; and two people's forms brought together."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import clock, thai_dates
from bot.console import event_forms, event_merging, event_words
from bot.console.event_forms import Filled
from bot.console.event_maps import MapFault, read_map, write_map
from bot.console.event_times import read_edge, read_span, write_end, write_moment
from bot.events import event_checks
from bot.events.event_checks import Fault
from bot.events.event_draft import Asked, Part, Plan

TODAY = date(2026, 11, 24)
NINE, NOON = (datetime(2026, 11, 28, hour, tzinfo=clock.BANGKOK) for hour in (9, 12))
PLAN = Plan(
    title="เวที", starts_at=NINE, ends_at=NOON, latitude=19.9072, longitude=99.831, capacity=20, bring="หมวก\nน้ำ",
    closes_at=NINE - timedelta(hours=2), reminder_minutes=(1440, 60), sessions=(Part("เช้า", NINE, NOON, 4),),
    questions=(Asked("มาอย่างไร", "choice", ("รถ", "เดิน"), required=True, id=7), Asked("กี่ขวบ", "number", id=8)),
)  # fmt: skip


@pytest.mark.parametrize(
    ("starts", "ends", "said"),
    [
        ("28 พ.ย. 69 9.00", "12.00", "วันเสาร์ที่ 28 พฤศจิกายน 2569 เวลา 09:00–12:00 น."),
        ("28 พ.ย. 69 9.00-12.00", "", "วันเสาร์ที่ 28 พฤศจิกายน 2569 เวลา 09:00–12:00 น."),
        ("28 พ.ย. 69 9.00-12.00", "เที่ยง", "วันเสาร์ที่ 28 พฤศจิกายน 2569 เวลา 09:00–12:00 น."),
        ("เสาร์ที่ ๒๘ พ.ย. บ่ายสอง", "สี่โมงเย็น", "วันเสาร์ที่ 28 พฤศจิกายน 2569 เวลา 14:00–16:00 น."),
        ("28/11/2569 09:00", "30 พ.ย. 69 16.00", "28–30 พฤศจิกายน 2569"),
        ("28 พ.ย. 69 18.00", "ตีสอง", "วันเสาร์ที่ 28 พฤศจิกายน 2569 เวลา 18:00 น. ถึง 02:00 น. ของวันรุ่งขึ้น"),
        ("28 พ.ย. 69 8.00", "24.00", "วันเสาร์ที่ 28 พฤศจิกายน 2569 เวลา 08:00–24:00 น."),
    ],
)
def test_a_span_is_read_as_people_type_it(starts: str, ends: str, said: str) -> None:
    start, end = read_span(starts, ends, today=TODAY)
    assert isinstance(start, datetime)
    assert isinstance(end, datetime)
    assert thai_dates.span(start, end) == said


@pytest.mark.parametrize(
    ("starts", "ends", "sentence"),
    [
        ("บ่ายสอง", "", "เข้าใจเวลาว่า 14:00 น. แต่ยังไม่มีวันที่ค่ะ เขียนแบบนี้ได้ค่ะ: 28 พ.ย. 69 9.00"),
        ("28 พ.ย. 69", "", "เข้าใจว่าเป็นวันเสาร์ที่ 28 พฤศจิกายน 2569 แต่ยังไม่มีเวลาค่ะ เติมต่อท้าย เช่น 9.00 หรือ บ่ายสอง"),
        ("29 ก.พ. 69 9.00", "", "เดือนกุมภาพันธ์ 2569 ไม่มีวันที่ 29 ค่ะ ดูปฏิทินอีกครั้งนะคะ"),
        ("จันทร์ 28 พ.ย. 69 9.00", "", "28 พฤศจิกายน 2569 เป็นวันเสาร์ ไม่ใช่วันจันทร์ค่ะ"),
        ("28 พ.ย. 45 9.00", "", "ปี “45” บอกไม่ได้ว่าเป็น พ.ศ. หรือ ค.ศ. ค่ะ เขียนให้ครบสี่ตัวนะคะ"),
        ("28 พ.ย. 69 9.00", "8.00", "เวลาเลิก 08:00 น. อยู่ก่อนหรือตรงกับเวลาเริ่ม 09:00 น. ค่ะ"),
        ("28 พ.ย. 69 9.00", "เย็น ๆ", "อ่าน “เย็น ๆ” ไม่ออกค่ะ เขียนแบบนี้ได้ค่ะ: 28 พ.ย. 69 9.00"),
        ("วันไหนก็ได้", "", "อ่าน “วันไหนก็ได้” ไม่ออกค่ะ เขียนแบบนี้ได้ค่ะ: 28 พ.ย. 69 9.00"),
        (
            "28 พ.ย. 69 9.00-12.00", "13.00",
            "มีเวลาเลิกสองที่ค่ะ ช่องเริ่มบอกว่า 28 พฤศจิกายน 2569 เวลา 12:00 น. ช่องเลิกบอกว่า 28 พฤศจิกายน 2569 เวลา 13:00 น. "  # noqa: ISC004
            "ลบออกที่หนึ่งนะคะ",
        ),
    ],
)  # fmt: skip
def test_what_is_not_read_is_told_with_what_was_understood(starts: str, ends: str, sentence: str) -> None:
    found = [one for one in read_span(starts, ends, today=TODAY) if one is not None and not isinstance(one, datetime)]
    assert [event_words.form_fault(one) for one in found] == [sentence]


def test_a_day_alone_opens_in_the_first_and_closes_in_the_last_minute() -> None:
    opens = read_edge("1 ธ.ค. 69", today=TODAY, closes=False)
    closes = read_edge("1 ธ.ค. 69", today=TODAY, closes=True)
    assert isinstance(opens, datetime)
    assert isinstance(closes, datetime)
    assert [thai_dates.date_and_time(one) for one in (opens, closes)] == [
        "1 ธันวาคม 2569 เวลา 00:00 น.", "1 ธันวาคม 2569 เวลา 23:59 น."
    ]  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2099, 1, 1)),  # noqa: DTZ001 - put into Bangkok's time below
    st.integers(1, 9 * 24 * 60),
)
def test_what_is_written_into_the_fields_is_read_back(start: datetime, minutes: int) -> None:
    start = start.replace(second=0, microsecond=0, tzinfo=clock.BANGKOK)
    end = start + timedelta(minutes=minutes)
    assert read_span(write_moment(start), write_end(start, end), today=TODAY) == (start, end)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_nothing_typed_breaks_the_reading(one: str, other: str) -> None:
    filled = Filled({"starts": one, "ends": other, "map": other, "opens": one, "capacity": other})
    event_forms.read(filled, today=TODAY, base=Plan())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("19.9072, 99.8310", (19.9072, 99.831)), ("(19.9072,99.8310)", (19.9072, 99.831)), ("๑๙.๙ ๙๙.๘", (19.9, 99.8)),
        ("https://www.google.com/maps/@19.9072,99.8310,15z", (19.9072, 99.831)),
        (
            "https://www.google.com/maps/place/X/@19.1,99.1,17z/data=!3m1!4b1!4m6!3m5!1s0!8m2!3d19.9072!4d99.831",
            (19.9072, 99.831),
        ),
        ("https://maps.google.com/?q=19.9072,99.8310", (19.9072, 99.831)),
        ("https://www.google.com/maps/search/?api=1&query=19.9072%2C99.8310", (19.9072, 99.831)),
        ("https://www.google.com/maps/search/19.9072,+99.8310", (19.9072, 99.831)),
        ("https://www.openstreetmap.org/#map=15/19.9072/99.8310", (19.9072, 99.831)),
        ("https://www.openstreetmap.org/?mlat=19.9072&mlon=99.8310", (19.9072, 99.831)),
        ("geo:19.9072,99.8310", (19.9072, 99.831)),
        ("https://maps.app.goo.gl/AbC123", MapFault.SHORT_LINK), ("99.8310, 19.9072", MapFault.SWAPPED),
        ("51.5, -0.12", MapFault.ABROAD),
        ("ศาลากลางบ้าน", MapFault.UNREADABLE), ("19.9", MapFault.UNREADABLE), ("", None),
    ],
)  # fmt: skip
def test_a_place_on_the_map_is_read(text: str, found: object) -> None:
    assert read_map(text) == found


def test_coordinates_are_written_as_they_are_read() -> None:
    assert read_map(write_map(19.9072, 99.831)) == (19.9072, 99.831)


def test_a_form_left_alone_changes_nothing() -> None:
    """To the second, as the event was stored."""
    seconds = timedelta(seconds=30)
    plan = replace(PLAN, starts_at=NINE + seconds, ends_at=NOON + seconds, closes_at=NINE - seconds)
    for one in (PLAN, plan, Plan(), replace(PLAN, ends_at=NINE + timedelta(days=3))):
        read = event_forms.read(event_forms.of_plan(one), today=TODAY, base=one)
        assert (read.plan, read.faults) == (one, {})


def test_a_session_with_a_time_alone_is_on_the_day_before_it() -> None:
    filled = event_forms.of_plan(Plan())
    filled.fields |= {"starts": "28 พ.ย. 69 9.00", "ends": "29 พ.ย. 69 16.00"}
    filled.sessions = [
        {"id": "", "title": "หนึ่ง", "starts": "9.00", "ends": "12.00"},
        {"id": "", "title": "สอง", "starts": "29 พ.ย. 69 9.00-10.00", "ends": ""},
        {"id": "", "title": "สาม", "starts": "บ่ายโมง", "ends": "16.00"},
    ]
    parts = event_forms.read(filled, today=TODAY, base=Plan()).plan.sessions
    assert [thai_dates.span(part.starts_at, part.ends_at) for part in parts if part.starts_at] == [
        "วันเสาร์ที่ 28 พฤศจิกายน 2569 เวลา 09:00–12:00 น.", "วันอาทิตย์ที่ 29 พฤศจิกายน 2569 เวลา 09:00–10:00 น.",
        "วันอาทิตย์ที่ 29 พฤศจิกายน 2569 เวลา 13:00–16:00 น.",
    ]  # fmt: skip


def test_every_reason_has_a_sentence() -> None:
    names = (*event_words.LABELS, *event_words.FIELD_OF, "sessions.0", "questions.0", "questions.0.choices")
    for name in names:
        for reason in Fault:
            assert event_words.fault(name, reason).strip()
    for field in (*event_checks.LONGEST, *event_checks.RANGES):
        assert field in event_words.LABELS


def changed(**fields: str) -> Filled:
    filled = event_forms.of_plan(PLAN)
    filled.fields |= fields
    return filled


def test_what_only_one_has_changed_is_taken_from_each() -> None:
    merged = event_merging.merge(event_forms.of_plan(PLAN), changed(title="ของฉัน"), changed(contact="ของเขา"))
    assert merged.filled == changed(title="ของฉัน", contact="ของเขา")
    assert (merged.theirs, merged.taken) == ({}, ("contact",))


def test_what_both_have_changed_stands_with_both_values() -> None:
    merged = event_merging.merge(event_forms.of_plan(PLAN), changed(title="ของฉัน"), changed(title="ของเขา"))
    assert merged.filled.fields["title"] == "ของฉัน"
    assert merged.theirs == {"title": "ของเขา"}
    alike = event_merging.merge(event_forms.of_plan(PLAN), changed(title="เหมือน"), changed(title="เหมือน"))
    assert (alike.theirs, alike.taken) == ({}, ())


def test_start_and_end_of_two_people_are_not_mixed() -> None:
    was = event_forms.of_plan(PLAN)
    merged = event_merging.merge(was, changed(starts="28 พ.ย. 69 10.00"), changed(ends="15:00"))
    assert (merged.filled.fields["starts"], merged.filled.fields["ends"]) == ("28 พ.ย. 69 10.00", "12:00")
    assert merged.theirs == {"starts": "28 พ.ย. 2569 09:00", "ends": "15:00"}


def test_questions_of_both_are_kept() -> None:
    was, mine, theirs = (event_forms.of_plan(PLAN) for _ in range(3))
    mine.questions[0] = {**mine.questions[0], "label": "เดินทางอย่างไร"}
    theirs.questions = [theirs.questions[0], {"id": "9", "label": "ใหม่", "kind": "text", "choices": "", "required": ""}]
    merged = event_merging.merge(was, mine, theirs)
    assert [(row["id"], row["label"]) for row in merged.filled.questions] == [
        ("7", "เดินทางอย่างไร"), ("", "กี่ขวบ"), ("9", "ใหม่")
    ]  # fmt: skip
    assert merged.theirs == {"questions": "มาอย่างไร · choice · รถ, เดิน\nใหม่ · text"}


@pytest.mark.parametrize("text", ["", "{", "[]", "[1, 2, 3]", '[{}, [{"a": 1}], 5]', "null"])
def test_a_spoilt_record_of_the_form_is_none(text: str) -> None:
    assert event_forms.of_json(text) is None
