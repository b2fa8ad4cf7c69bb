from __future__ import annotations

import string
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.line import limits
from bot.notices import letters
from bot.notices.checks import Reason, find_faults
from bot.notices.content import Bubble, Content
from bot.notices.letters import LetterKind, letter_for
from bot.storage.events import PUBLISHED, EventRow

BASE = "https://bot.example.org"
DOMAINS = frozenset({"bot.example.org"})
NINE = datetime(2026, 11, 28, 2, 0, tzinfo=UTC)
"""A Saturday, nine o'clock in Bangkok."""


def an_event(**changes: Any) -> EventRow:
    values: dict[str, Any] = {
        "public_id": "a1b2c3", "state": PUBLISHED, "title": "เวทีคุยเรื่องน้ำ", "summary": "คุยกันเรื่องน้ำในหมู่บ้าน\n\nมีน้ำชา",
        "place_name": "หอประชุมอำเภอแม่สาย", "place_address": "", "online_link": "", "bring": "แก้วน้ำ",
        "starts_at": NINE, "ends_at": NINE + timedelta(hours=3), "has_waiting_list": True, "admits_each": False,
        "minors": "any", "opens_at": None, "closes_at": None,
    }  # fmt: skip
    return EventRow(**{**values, **changes})


def letter(
    kind: LetterKind = LetterKind.INVITATION, *, district: str = "แม่สาย", programme: str = "เวทีแลกเปลี่ยนเรียนรู้",
    base_url: str = BASE, seats_left: int | None = 12, **changes: Any,
) -> Content:  # fmt: skip
    return letter_for(
        an_event(**changes), district=district, programme=programme, base_url=base_url, seats_left=seats_left, kind=kind
    )


def text_of(content: Content) -> str:
    (bubble,) = content.bubbles
    return bubble.text


def test_an_invitation_says_what_is_known_of_the_event() -> None:
    text = """ชวนมางานเวทีแลกเปลี่ยนเรียนรู้กันค่ะ

คุยกันเรื่องน้ำในหมู่บ้าน

วันเวลา: วันเสาร์ที่ 28 พฤศจิกายน 2569 เวลา 09:00–12:00 น.
สถานที่: หอประชุมอำเภอแม่สาย
นำมาด้วย: แก้วน้ำ
ที่นั่ง: เหลือ 12 ที่ (นับตอนเขียนข่าวนี้)

สนใจกดปุ่ม "ดูงานและลงทะเบียน" ได้เลยนะคะ"""
    page = "https://bot.example.org/e/a1b2c3"
    assert letter() == Content((Bubble("card", text, "เวทีคุยเรื่องน้ำ", link=page, label="เปิดหน้าเว็บของงาน"),))


def test_an_invitation_makes_nothing_up() -> None:
    bare = letter(
        district="",
        programme="",
        base_url="http://127.0.0.1:8000",
        seats_left=None,
        summary="",
        place_name="",
        bring="",
    )
    text = """ชวนมาร่วมงานนี้กันค่ะ

วันเวลา: วันเสาร์ที่ 28 พฤศจิกายน 2569 เวลา 09:00–12:00 น.
สถานที่: จะแจ้งอีกครั้ง

สนใจกดปุ่ม "ดูงานและลงทะเบียน" ได้เลยนะคะ"""
    assert bare == Content((Bubble("card", text, "เวทีคุยเรื่องน้ำ"),))


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"place_name": "ศาลากลางบ้าน"}, "สถานที่: ศาลากลางบ้าน อำเภอแม่สาย"),
        ({"place_name": "", "place_address": "12 หมู่ 3"}, "สถานที่: 12 หมู่ 3 อำเภอแม่สาย"),
        ({"online_link": "https://meet.example.org/x"}, "สถานที่: หอประชุมอำเภอแม่สาย (มีทางออนไลน์ด้วย)"),
        ({"online_link": "x", "place_name": "", "district": ""}, "สถานที่: จัดทางออนไลน์"),
        (
            {"ends_at": NINE + timedelta(days=1, hours=6)},
            "วันเวลา: 28–29 พฤศจิกายน 2569 เริ่ม 09:00 น.",
        ),
        (
            {"starts_at": NINE - timedelta(hours=9), "ends_at": NINE + timedelta(hours=15)},
            "วันเวลา: วันเสาร์ที่ 28 พฤศจิกายน 2569 ทั้งวัน",
        ),
        ({"minors": "adults"}, "ใครมาได้: เฉพาะผู้ใหญ่"),
        ({"minors": "guardian"}, "ใครมาได้: เด็กและเยาวชนมาได้ แต่ต้องให้ผู้ปกครองอนุญาต"),
        ({"admits_each": True}, "ลงทะเบียน: เจ้าหน้าที่ตอบรับทีละคน"),
        ({"seats_left": 1_200}, "ที่นั่ง: เหลือ 1,200 ที่ (นับตอนเขียนข่าวนี้)"),
        ({"seats_left": 0}, "ที่นั่ง: เต็มแล้ว แต่ลงชื่อรอคิวได้"),
        ({"seats_left": 0, "has_waiting_list": False}, "ที่นั่ง: เต็มแล้ว"),
        ({"opens_at": NINE - timedelta(days=7)}, "เริ่มลงทะเบียน: 21 พฤศจิกายน 2569 เวลา 09:00 น."),
        ({"closes_at": NINE - timedelta(days=1)}, "ลงทะเบียนได้ถึง: 27 พฤศจิกายน 2569 เวลา 09:00 น."),
        ({"bring": "• บัตร\n• ปากกา"}, "นำมาด้วย: • บัตร • ปากกา"),
    ],
)
def test_a_letter_has_a_line_for_each_thing(changes: dict[str, Any], line: str) -> None:
    assert line in text_of(letter(**changes)).splitlines()


def test_the_link_that_only_registrants_may_have_is_not_told() -> None:
    assert "meet" not in str(letter(online_link="https://meet.example.org/x").to_json())


@pytest.mark.parametrize(
    ("changes", "beginning", "end"),
    [
        ({"seats_left": 3}, "งานนี้ยังมีที่ว่างค่ะ เหลือ 3 ที่ (นับตอนเขียนข่าวนี้)", "สนใจ"),
        ({"seats_left": None}, "งานนี้ยังลงทะเบียนได้อยู่ค่ะ", "สนใจ"),
        ({"seats_left": 3, "admits_each": True}, "งานนี้ยังลงทะเบียนได้อยู่ค่ะ", "สนใจ"),
        ({"seats_left": 0}, "งานนี้ที่นั่งเต็มแล้วค่ะ แต่ยังลงชื่อรอคิวได้", "สนใจ"),
        ({"seats_left": 0, "has_waiting_list": False}, "งานนี้ที่นั่งเต็มแล้วค่ะ", "อยากรู้เพิ่ม"),
    ],
)
def test_a_reminder_says_how_many_seats_are_left(changes: dict[str, Any], beginning: str, end: str) -> None:
    first, facts, last = text_of(letter(LetterKind.SEATS, **changes)).split("\n\n")
    assert (first, last.startswith(end)) == (beginning, True)
    assert len(facts.splitlines()) == 2


def test_thanks_are_for_an_event_that_is_over() -> None:
    thanks = letter(LetterKind.THANKS)
    assert text_of(thanks).splitlines()[0] == ("ขอบคุณมากค่ะ ที่มางาน “เวทีคุยเรื่องน้ำ” เมื่อวันเสาร์ที่ 28 พฤศจิกายน 2569")
    after = NINE + timedelta(days=1)
    assert find_faults(thanks, event=an_event(), domains=DOMAINS, now=after) == []
    two_days = text_of(letter(LetterKind.THANKS, ends_at=NINE + timedelta(days=1)))
    assert "เมื่อวันที่ 28–29 พฤศจิกายน 2569" in two_days


def test_a_long_title_is_shortened_and_stands_whole_in_the_text() -> None:
    (bubble,) = letter(title="เวที " * 30).bubbles
    assert limits.graphemes(bubble.title) <= 60
    assert bubble.title.endswith("เวที…")
    assert bubble.text.startswith(f"งาน “{('เวที ' * 30).strip()}”\n\n")


WORDS = st.text(
    st.sampled_from("กำที่ abc12\n\r\t\u202e\x00😀") | st.characters(categories=["L", "M", "N", "Z"]), max_size=300
)


@settings(max_examples=40, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(LetterKind), st.lists(WORDS, min_size=4, max_size=4), st.none() | st.integers(0, 9_999),
    st.sampled_from(["any", "adults", "guardian"]), st.booleans(),
)  # fmt: skip
def test_a_letter_can_be_sent_as_it_is(
    kind: LetterKind, words: list[str], seats: int | None, minors: str, each: bool
) -> None:
    title, summary, place, bring = words
    written = letter(
        kind, title=f"งาน{title[:180]}", summary=summary * 5, place_name=place[:190], bring=bring * 5, minors=minors,
        seats_left=seats, admits_each=each, opens_at=NINE, closes_at=NINE,
    )  # fmt: skip
    faults = find_faults(written, event=an_event(), domains=DOMAINS, now=NINE)
    # a single letter may have any number of marks
    assert [fault for fault in faults if fault.reason is not Reason.TOO_MANY_MARKS] == []


def test_what_is_wrong_in_an_event_is_told_of_its_letter() -> None:
    written = letter(summary="ลงทะเบียนที่ bit.ly/abc", title="งาน {name}")
    faults = find_faults(written, event=an_event(), domains=DOMAINS, now=NINE)
    assert {(fault.field, fault.reason) for fault in faults} == {
        ("text", Reason.LINK_SHORTENER), ("title", Reason.PLACEHOLDER),
    }  # fmt: skip


def placeholders(sentence: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_the_english_words_are_those_that_every_notice_has() -> None:
    thai, english = letters.words_of("th"), letters.words_of("en")
    shared = {key for key in thai if key.startswith(("button.", "said."))}
    assert set(english) == shared
    assert {key: placeholders(thai[key]) for key in shared} == {key: placeholders(english[key]) for key in shared}
    assert letters.words_of("ja") == thai


@pytest.mark.parametrize("language", letters.LANGUAGES)
def test_labels_fit_a_button(language: str) -> None:
    labels = {key: text for key, text in letters.words_of(language).items() if key.startswith("button.")}
    assert {key: text for key, text in labels.items() if limits.graphemes(text) > limits.LABEL_GRAPHEMES} == {}
