from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.thai import LONGEST, normalise, other_keyboard, shorten, skeleton, without_dots

THAI = st.text(alphabet=[chr(code) for code in range(0x0E01, 0x0E5C)] + list(" .aA1๑\u200b"), max_size=60)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("สวัสดีคร้าบบบบบ!!", "สวัสดีคร้าบ"),
        ("เเม่สาย", "แม่สาย"),
        ("น้ํา นํ้า น้ำ", "น้ำ น้ำ น้ำ"),
        ("ที่่", "ที่"),
        ("มากๆ", "มาก"),
        ("๑๕ ประเด็น", "15 ประเด็น"),
        ("ศูนย์\u200bเปิด", "ศูนย์เปิด"),
        ("QR  Code?", "qr code"),
        ("ศตจ.ปชช.", "ศตจ.ปชช."),
        ("สินเชื่อออนไลน์", "สินเชื่อออนไลน์"),
        ("👋", ""),
    ],
)
def test_normalise_writes_one_spelling(written: str, read: str) -> None:
    assert normalise(written) == read


@given(st.one_of(THAI, st.text(max_size=60)))
def test_normalise_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@given(st.text(max_size=60))
def test_normalise_leaves_no_capital_and_no_outer_space(text: str) -> None:
    read = normalise(text)
    assert read == read.strip()
    assert read == read.lower()


def test_shorten_keeps_beginning_and_end() -> None:
    text = "ก" * 4_000 + "ข" * 4_000 + "ค"
    short = shorten(text)
    assert len(short) <= LONGEST
    assert (short[0], short[-1]) == ("ก", "ค")


@pytest.mark.parametrize("letter", ["่", "1", "ำ", "เ", "\u0e4d", "."])
def test_normalise_of_a_long_run_is_quick(letter: str) -> None:
    started = time.process_time()
    normalise(letter * 100_000)
    assert time.process_time() - started < 0.5


def test_skeleton_merges_what_sounds_alike() -> None:
    assert skeleton("ประชาธิปไตย") == skeleton("ปะชาทิปใตย").replace("ปะ", "ปละ", 1)
    assert skeleton("ศูนย์") == skeleton("สูน")


def test_without_dots_joins_an_abbreviation() -> None:
    assert without_dots("ศตจ.ปชช.") == "ศตจปชช"


def test_other_keyboard_turns_both_ways() -> None:
    assert other_keyboard("l;ylfu") == "สวัสดี"
    assert other_keyboard("้ำสสน") == "hello"
