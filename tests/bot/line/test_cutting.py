from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.line import limits
from bot.line.cutting import clean, clean_line, opening, shorten, shorten_label, split_text

FAMILY = "👩\u200d👩\u200d👧\u200d👦"
MARKED = "ก" + "\u0e47" * 400
PIECES = st.sampled_from(["ก", "ที่", "น้ำ ", "a ", "\n", "\n\n", FAMILY, "e\u0301", "😀", MARKED])
MIXED = st.lists(PIECES, max_size=60).map("".join)


@pytest.mark.parametrize(
    ("given_text", "cleaned"),
    [
        ("  ได้ค่ะ\n", "ได้ค่ะ"),
        ("หนึ่ง\r\nสอง\rสาม", "หนึ่ง\nสอง\nสาม"),
        ("ก\x00ข\x1b[0m\tค", "กข[0m\tค"),
        ("ครึ่ง\ud83d", "ครึ่ง\ufffd"),
        (f"ครบ{FAMILY}", f"ครบ{FAMILY}"),
        (" \n\u200b\ufe0f\u2800\u3164 ", ""),
        ("", ""),
        ("\u0e49", "\u0e49"),
    ],
)
def test_text_is_cleaned_of_what_is_no_text(given_text: str, cleaned: str) -> None:
    assert clean(given_text) == cleaned


def test_a_line_has_no_breaks() -> None:
    assert clean_line(" บ้านเลขที่ 1\n\n หมู่ 2 ") == "บ้านเลขที่ 1 หมู่ 2"


@pytest.mark.parametrize(
    ("text", "shortened"),
    [
        ("สั้น", "สั้น"),
        ("ที่" * 20, "ที่" * 20),
        ("ที่" * 21, "ที่" * 19 + "…"),
        (FAMILY * 12, FAMILY * 12),
        (FAMILY * 20, FAMILY * 14 + "…"),
        ("กก " * 10, "กก กก กก กก กก กก ก…"),
    ],
)
def test_a_label_is_cut_between_graphemes(text: str, shortened: str) -> None:
    assert shorten_label(text) == shortened


def test_a_single_letter_with_marks_without_end_is_cut_all_the_same() -> None:
    shortened = shorten_label(MARKED)
    assert (limits.utf16_units(shortened), shortened[0], shortened[-1]) == (limits.LABEL_UNITS, "ก", "…")


@given(MIXED, st.integers(3, 300), st.integers(2, 40))
def test_what_is_shortened_keeps_within_both_limits(text: str, units: int, graphemes: int) -> None:
    shortened = shorten(text, units=units, graphemes=graphemes)
    assert limits.utf16_units(shortened) <= units
    assert limits.graphemes(shortened) <= graphemes
    assert text.startswith(shortened.removesuffix("…"))


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", []),
        ("สั้น", ["สั้น"]),
        ("a" * 60 + "\n\n" + "b" * 60, ["a" * 60, "b" * 60]),
        ("a" * 60 + "\n" + "b" * 10 + " " + "c" * 60, ["a" * 60, "b" * 10 + " " + "c" * 60]),
        ("a" * 60 + " " + "b" * 60, ["a" * 60, "b" * 60]),
        ("a\n\n" + "ที่" * 60, ["a\n\n" + "ที่" * 32, "ที่" * 28]),
        ("😀" * 80, ["😀" * 49, "😀" * 31]),
    ],
    ids=["nothing", "short", "paragraph", "line", "blank", "early paragraph", "nowhere"],
)
def test_a_long_text_is_cut_where_it_hurts_least(text: str, pieces: list[str]) -> None:
    assert split_text(text, 100) == pieces


def test_one_grapheme_beyond_the_limit_is_cut_and_comes_to_an_end() -> None:
    pieces = split_text(MARKED * 3, 100)
    assert "".join(pieces) == MARKED * 3
    assert max(map(len, pieces)) <= 100


@given(st.text(min_size=1, max_size=12_000) | MIXED)
def test_splitting_keeps_within_the_limit_and_every_visible_letter(text: str) -> None:
    pieces = split_text(text, 100)
    assert all(0 < limits.utf16_units(piece) <= 100 for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("หมายถึงเรื่องไหนคะ กดเลือกได้เลยค่ะ", "หมายถึงเรื่องไหนคะ กดเลือกได้เลยค่ะ"),
        (
            "ได้ค่ะ ศูนย์เปิดวันจันทร์ถึงวันศุกร์ แปดโมงครึ่งถึงสี่โมงเย็นค่ะ โทรมาก่อนได้นะคะ",
            "ได้ค่ะ ศูนย์เปิดวันจันทร์ถึงวันศุกร์ แปดโมงครึ่งถึงสี่โมงเย็นค่ะ",
        ),
        (
            "ที่อยู่ของศูนย์คือบ้านเลขที่ 1 หมู่ 2 ตำบลเวียง อำเภอเมือง\nโทร. 053 000 000",
            "ที่อยู่ของศูนย์คือบ้านเลขที่ 1 หมู่ 2 ตำบลเวียง อำเภอเมือง",
        ),
        ("เปิด 08.30 น. ถึง 16.30 น. ทุกวันจันทร์ถึงวันศุกร์ ยกเว้นวันหยุด", "เปิด 08.30 น. ถึง 16.30 น. ทุกวันจันทร์ถึงวันศุกร์ ยกเว้นวันหยุด"),
        (
            "Yes. Anybody may come to a forum, and nothing has to be paid. Bring a friend.",
            "Yes. Anybody may come to a forum, and nothing has to be paid.",
        ),
    ],
    ids=["short", "particle", "line", "abbreviations", "english"],
)
def test_the_opening_says_something_and_no_more(text: str, begins: str) -> None:
    assert opening(text) == begins
