"""The pieces that a model knows: packed numbers must find exactly what a dictionary would."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.known_pieces import UNKNOWN, LongPieces, ShortPieces, from_array, know

SHORT = st.text(
    st.characters(max_codepoint=0xFFFF, exclude_categories=("Cs",), exclude_characters="\0\n"), min_size=1, max_size=4
)
ANY = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0\n"), max_size=7)


@settings(derandomize=True, max_examples=200)
@given(st.lists(SHORT, unique=True), st.lists(ANY))
def test_packed_pieces_are_found_as_in_a_dictionary(known: list[str], asked: list[str]) -> None:
    known.sort()
    asked += known
    found = know(known)
    assert isinstance(found, ShortPieces)
    assert found.find(asked).tolist() == LongPieces(known).find(asked).tolist()


@pytest.mark.parametrize("pieces", [["ก", "กกกกก"], ["ก", "😀"]])
def test_what_does_not_fit_into_a_number_is_kept_as_text(pieces: list[str]) -> None:
    known = know(pieces)
    assert isinstance(known, LongPieces)
    assert known.find([*pieces, "ข"]).tolist() == [0, 1, UNKNOWN]


def test_a_longer_piece_is_not_taken_for_the_known_beginning_of_it() -> None:
    assert know(["กขคง"]).find(["กขคงจ", "กขค", "กขคง"]).tolist() == [UNKNOWN, UNKNOWN, 0]


@pytest.mark.parametrize("pieces", [[], ["ก", "กข"], ["ก", "กขคงจ"]])
def test_stored_pieces_are_the_same_again(pieces: list[str]) -> None:
    known = know(pieces)
    again = from_array(known.array)
    assert type(again) is type(known)
    assert len(again) == len(pieces)
    assert again.find([*pieces, "ฮ"]).tolist() == [*range(len(pieces)), UNKNOWN]
