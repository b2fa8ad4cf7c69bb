from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.notices import links
from bot.notices.checks import NOBODY, Fault, Reason, find_faults
from bot.notices.content import NAME, Bubble, Content
from bot.storage.events import CALLED_OFF, DRAFT, PUBLISHED, EventRow
from tests.builders import NOON

DOMAINS = frozenset({"centre.go.th"})
GOOD = Bubble("card", f"สวัสดีคุณ{NAME} มากันนะคะ\nดูที่ www.centre.go.th ค่ะ", "งานใหญ่", "https://centre.go.th/a.png")


def faults_of(*bubbles: Bubble, event: EventRow | None = None, event_button: bool = True) -> list[Fault]:
    return find_faults(Content(bubbles, event_button), event=event, domains=DOMAINS, now=NOON)


def faults_in(field: str, words: str, *, kind: Any = "card") -> list[tuple[Reason, str]]:
    """Of one field of a bubble that is good otherwise."""
    (*faults,) = faults_of(Bubble(**{"kind": kind, "text": "ก", field: words}))
    assert {(fault.bubble, fault.field) for fault in faults} <= {(0, field)}
    return [(fault.reason, fault.detail) for fault in faults]


def an_event(**changes: Any) -> EventRow:
    values = {"state": PUBLISHED, "starts_at": NOON, "ends_at": NOON + timedelta(hours=1)}
    return EventRow(**{**values, **changes})


def test_a_good_notice_has_no_fault() -> None:
    link = Bubble("text", "โทรมาได้ค่ะ { ก", link="tel:053-711-123")
    assert (
        faults_of(GOOD, link, Bubble("text", "😀\n\nค่ะ", link="https://centre.go.th/x", label="ดูเลย"), event=an_event())
        == []
    )


def test_a_notice_has_one_to_three_bubbles() -> None:
    assert faults_of() == [Fault(NOBODY, "bubbles", Reason.NO_BUBBLES)]
    assert faults_of(GOOD, GOOD, GOOD, GOOD) == [Fault(NOBODY, "bubbles", Reason.TOO_MANY_BUBBLES, "4/3")]


@pytest.mark.parametrize("words", ["", "  \n", "\u200b\ufe0f", "\u2800\u3164"])
def test_a_text_in_which_nothing_can_be_seen_is_a_fault(words: str) -> None:
    assert (Reason.EMPTY, "") in faults_in("text", words)


@pytest.mark.parametrize(("field", "most"), [("text", 1_000), ("title", 60), ("label", 20)])
def test_letters_are_counted_as_people_count_them(field: str, most: int) -> None:
    assert faults_in(field, "ที่" * most) == []
    assert faults_in(field, "ที่" * (most + 1)) == [(Reason.TOO_LONG, f"{most + 1}/{most}")]


def test_marks_and_names_count_as_what_they_come_to() -> None:
    assert faults_in("text", ("ก" + "\u0e48" * 4) * 601) == [(Reason.TOO_MANY_MARKS, "3005/3000")]
    assert faults_in("text", "ก" + NAME * 49) == []
    assert faults_in("text", "ก" + NAME * 50) == [(Reason.TOO_MANY_MARKS, "3001/3000")]
    assert faults_in("label", "👩\u200d👩\u200d👧\u200d👦" * 15) == [(Reason.TOO_MANY_MARKS, "165/160")]


def test_lines_are_counted() -> None:
    assert faults_in("text", "\n".join("ก" * 60)) == []
    assert faults_in("text", "\r\n".join("ก" * 61)) == [(Reason.TOO_MANY_LINES, "61/60")]


@pytest.mark.parametrize(
    "words", ["{name}", "{ชือ}", "{ ชื่อ }", "{}", "{7*7}", "{user.__class__}", "｛ชื่อ｝", "{ชื่อ\u200b}", "{$}"]
)
@pytest.mark.parametrize("field", ["text", "title", "label"])
def test_a_placeholder_that_is_none_is_told_as_it_stands(field: str, words: str) -> None:
    assert faults_in(field, f"ก{words}") == [(Reason.PLACEHOLDER, words)]


def test_the_name_stands_in_texts_and_titles_only() -> None:
    assert faults_in("title", NAME) == []
    assert faults_in("label", NAME) == [(Reason.PLACEHOLDER, NAME)]
    assert faults_in("text", "{{" + NAME[1:]) == []
    assert faults_in("text", "{" + NAME + "}") == [(Reason.PLACEHOLDER, "{}")]


@pytest.mark.parametrize("words", ["{ชื่อ", "ก } ข {", "{ชื่อ\n}", "{" + "ก" * 41 + "}"])
def test_braces_that_hold_no_word_are_ordinary_writing(words: str) -> None:
    assert faults_in("text", words) == []


@pytest.mark.parametrize(
    ("words", "told"),
    [("ก\x00", "U+0000"), ("ก\rข", "U+000D"), ("\u202eก", "U+202E"), ("ก\u2028ข", "U+2028"), ("ก\ud83d", "U+D83D")],
)
@pytest.mark.parametrize("field", ["text", "title", "label"])
def test_control_characters_are_told_by_their_number(field: str, words: str, told: str) -> None:
    assert faults_in(field, words) == [(Reason.CONTROL_CHARACTER, told)]


def test_line_breaks_are_for_texts_only() -> None:
    assert faults_in("text", "ก\r\nข\n\tค") == []
    assert faults_in("title", "ก\nข") == [(Reason.CONTROL_CHARACTER, "U+000A")]
    assert (Reason.CONTROL_CHARACTER, "U+000A") in faults_in("link", "https://centre.go.th/\na")


def test_titles_and_pictures_are_for_cards_only() -> None:
    assert faults_in("title", "ก", kind="text") == [(Reason.ONLY_IN_CARDS, "")]
    assert faults_in("picture", "https://centre.go.th/a.png", kind="text") == [(Reason.ONLY_IN_CARDS, "")]


@pytest.mark.parametrize("field", ["text", "title", "label"])
def test_every_address_in_the_words_is_judged(field: str) -> None:
    assert faults_in(field, "bit.ly/a x.org") == [
        (Reason.LINK_SHORTENER, "bit.ly/a"),
        (Reason.LINK_NOT_ALLOWED, "x.org"),
    ]
    assert faults_in(field, "tel:191") == [(Reason.LINK_SCHEME, "tel:191")]


def test_a_name_may_not_become_part_of_an_address() -> None:
    assert [reason for reason, _ in faults_in("text", f"www.{NAME}.com")] == [Reason.LINK_NOT_ALLOWED]
    assert [reason for reason, _ in faults_in("text", f"{NAME}.ly/a")] == [Reason.LINK_NOT_ALLOWED]
    assert [reason for reason, _ in faults_in("link", f"https://centre.go.th/{NAME}")] == [Reason.PLACEHOLDER]


def test_every_reason_against_a_link_has_its_word_here() -> None:
    assert {Reason(f"link_{reason}") for reason in links.Reason} == {
        reason for reason in Reason if reason.startswith("link_")
    }


def test_links_and_pictures_keep_to_line_s_lengths_as_they_are_sent() -> None:
    assert faults_in("link", "https://centre.go.th/".ljust(1_000, "a")) == []
    assert faults_in("link", "https://centre.go.th/".ljust(1_001, "a")) == [(Reason.TOO_LONG, "1001/1000")]
    assert faults_in("link", "https://centre.go.th/" + "ก" * 109) == [(Reason.TOO_LONG, "1002/1000")]
    assert faults_in("picture", "https://centre.go.th/".ljust(2_001, "a")) == [(Reason.TOO_LONG, "2001/2000")]


@pytest.mark.parametrize("address", ["http://centre.go.th/a.png", "tel:191", "data:image/png,a", "a.png"])
def test_a_picture_has_an_https_address(address: str) -> None:
    reasons = {reason for reason, _ in faults_in("picture", address)}
    assert reasons <= {Reason.LINK_SCHEME, Reason.LINK_NOT_ALLOWED}
    assert reasons


def test_an_event_that_people_cannot_come_to_is_a_fault() -> None:
    for changes, reason in (
        ({"state": DRAFT}, Reason.EVENT_DRAFT),
        ({"state": CALLED_OFF}, Reason.EVENT_CALLED_OFF),
        ({"ends_at": NOON}, Reason.EVENT_OVER),
    ):
        assert faults_of(GOOD, event=an_event(**changes)) == [Fault(NOBODY, "event", reason)]


def test_an_event_that_is_over_can_be_spoken_of_without_its_button() -> None:
    assert faults_of(GOOD, event=an_event(ends_at=NOON), event_button=False) == []
    assert faults_of(GOOD, event=an_event(state=CALLED_OFF), event_button=False) != []


@settings(max_examples=100, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.text(st.sampled_from("{}ช่ือ bit.ly/\n\u202e\ud83d\x00ก") | st.characters(), max_size=40),
        min_size=5,
        max_size=5,
    )
)
def test_faults_are_found_in_anything(words: list[str]) -> None:
    for kind in ("text", "card"):
        for fault in faults_of(Bubble(kind, *words)):
            assert (fault.bubble, fault.reason in Reason) == (0, True)
