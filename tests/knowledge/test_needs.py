from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from knowledge.needs import TAIL, WINDOW, halves, windows


@given(st.text(alphabet="กขค \n", min_size=1, max_size=2_000))
def test_windows_cover_the_whole_text(text: str) -> None:
    *parts, _, _, _ = windows(text)
    assert "".join(parts).split() == text.split() or "".join("".join(parts).split()) == "".join(text.split())
    assert all(len(part) <= WINDOW for part in parts)


def test_windows_end_with_the_texts_end() -> None:
    text = "คำ " * 500 + "ศูนย์เปิดกี่โมง"
    *_, tail, end, last = windows(text)
    assert (tail, end, last) == (text[-TAIL:], text[-WINDOW:], "ศูนย์เปิดกี่โมง")


def test_halves_cut_at_question_marks_lines_and_connectors() -> None:
    assert halves("ศูนย์อยู่ไหน?เปิดกี่โมง", ("และ",)) == [("ศูนย์อยู่ไหน", "เปิดกี่โมง")]
    assert halves("ศูนย์อยู่ไหน\nเปิดกี่โมง", ()) == [("ศูนย์อยู่ไหน", "เปิดกี่โมง")]
    assert halves("ศูนย์อยู่ไหนและเปิดกี่โมง", ("และ",)) == [("ศูนย์อยู่ไหน", "เปิดกี่โมง")]


def test_halves_do_not_cut_inside_english_words() -> None:
    assert halves("who owns the land here", ("and",)) == []


def test_halves_too_short_to_be_a_need_are_left_out() -> None:
    assert halves("เปิดกี่โมง?ๆ", ()) == []
